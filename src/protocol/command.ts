import { isWord } from "../crypto/field.ts";
import type { Point } from "../crypto/curve.ts";
import { recomputeHash, sign, type SignedContent } from "../crypto/signature.ts";
import { BALLOT, BOUNDED_WORD_BITS, COMMAND_WORDS, HEADER, HEADER_BITS } from "../params.ts";
import { BaseError } from "../errors.ts";

/** The header's fields (CMD-2): tag < 2^64, nonce < 2^48. */
export type Header = { readonly tag: bigint; readonly append: boolean; readonly nonce: bigint };

/** A command as its 9 words (CMD-1): header, newKey.x, newKey.y, ballot[0..3], e, s. Any words: a hostile one need not be well formed. */
export type CommandWords = readonly bigint[];

/** Where each bounded word stands in a command, in the order of the pointer of ROW-3, and its limit (CMD-3). */
export const BOUNDED_WORDS: readonly { readonly index: number; readonly bits: number }[] = [
  { index: 0, bits: HEADER_BITS },
  ...Array.from({ length: BALLOT.words }, (_, i) => ({ index: 3 + i, bits: BOUNDED_WORD_BITS })),
  { index: 7, bits: BOUNDED_WORD_BITS },
  { index: 8, bits: BOUNDED_WORD_BITS },
];

export class FieldRangeError extends BaseError {
  constructor(name: string, value: bigint, bits: number) {
    super(`${name} is ${value}, which does not fit ${bits} bits.`, {
      fix: `Use a value from 0 to 2^${bits} - 1.`,
    });
  }
}

/** CMD-2. @throws FieldRangeError if tag or nonce is out of range. */
export function encodeHeader({ tag, append, nonce }: Header): bigint {
  requireBits("tag", tag, HEADER.tagBits);
  requireBits("nonce", nonce, HEADER.nonceBits);
  return (
    tag |
    (BigInt(append) << BigInt(HEADER.tagBits)) |
    (nonce << BigInt(HEADER.tagBits + HEADER.appendBits))
  );
}

/** CMD-2, for a header below 2^113. */
export function decodeHeader(header: bigint): Header {
  return {
    tag: header & ((1n << BigInt(HEADER.tagBits)) - 1n),
    append: ((header >> BigInt(HEADER.tagBits)) & 1n) === 1n,
    nonce: header >> BigInt(HEADER.tagBits + HEADER.appendBits),
  };
}

/** CMD-3. */
export function isWellFormed(words: CommandWords): boolean {
  return BOUNDED_WORDS.every(({ index, bits }) => (words[index] as bigint) >> BigInt(bits) === 0n);
}

export const readNewKey = (words: CommandWords): Point => ({
  x: words[1] as bigint,
  y: words[2] as bigint,
});
export const readBallotWords = (words: CommandWords): readonly bigint[] =>
  words.slice(3, 3 + BALLOT.words);
export const readSignature = (words: CommandWords) => ({
  e: words[7] as bigint,
  s: words[8] as bigint,
});

/** What the signature of a command covers (SIG-1), given the message's R. */
export function readSignedContent(words: CommandWords, R: Point, ctx: bigint): SignedContent {
  return { R, ctx, words: words.slice(0, 3 + BALLOT.words) };
}

/** SIG-1's h of a command under a key, over the raw words: the signature is valid iff it equals the command's e. */
export function recomputeSignatureHash(
  words: CommandWords,
  key: Point,
  R: Point,
  ctx: bigint,
): bigint {
  return recomputeHash(readSignature(words), key, readSignedContent(words, R, ctx));
}

/** A signed command for message point R (CMD-1, SIG-3). `secret` is the secret of `key`, the donor's current key. */
export function signCommand(
  command: { readonly header: bigint; readonly newKey: Point; readonly ballot: readonly bigint[] },
  signer: { readonly secret: bigint; readonly key: Point },
  {
    R,
    ctx,
    drawScalar,
  }: { readonly R: Point; readonly ctx: bigint; readonly drawScalar?: (() => bigint) | undefined },
): bigint[] {
  const words = [command.header, command.newKey.x, command.newKey.y, ...command.ballot];
  if (words.length !== COMMAND_WORDS - 2 || !words.every(isWord))
    throw new FieldRangeError("a command word", words.find((w) => !isWord(w)) ?? -1n, 253);
  const { e, s } = sign(signer.secret, signer.key, { R, words, ctx }, drawScalar);
  return [...words, e, s];
}

function requireBits(name: string, value: bigint, bits: number): void {
  if (value < 0n || value >> BigInt(bits) !== 0n) throw new FieldRangeError(name, value, bits);
}
