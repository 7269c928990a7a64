import { BOUNDED_WORD_BITS, CHALLENGE_BITS, DOMAIN, L } from "../params.ts";
import { recomputeCommitment, multiplyBase, type Point } from "./curve.ts";
import { mod } from "./field.ts";
import { hash } from "./poseidon.ts";
import { randomScalar } from "./random.ts";

/** What a signature covers besides its own commitment and key: the message's R, the command's first 7 words, ctx (SIG-1). */
export type SignedContent = {
  readonly R: Point;
  readonly words: readonly bigint[];
  readonly ctx: bigint;
};

export type Signature = { readonly e: bigint; readonly s: bigint };

/** SIG-1: h over the commitment R', R, key, header, newKey, ballot words and ctx. All 14 inputs are words. */
export function signatureHash(
  commitment: Point,
  key: Point,
  { R, words, ctx }: SignedContent,
): bigint {
  return hash(DOMAIN.signature, [
    commitment.x,
    commitment.y,
    R.x,
    R.y,
    key.x,
    key.y,
    ...words,
    ctx,
  ]);
}

/** SIG-2: E = 2^128 + 2·(e mod 2^128) + 1, odd and below 2^129. */
export function challengeScalar(e: bigint): bigint {
  const low = e & ((1n << BigInt(CHALLENGE_BITS)) - 1n);
  return (1n << BigInt(CHALLENGE_BITS)) + 2n * low + 1n;
}

/** SIG-2's h for given (e, s): the signature is valid under key iff the answer equals e. Total: any words e, s, any curve point key. */
export function recomputeHash({ e, s }: Signature, key: Point, content: SignedContent): bigint {
  return signatureHash(recomputeCommitment(s, challengeScalar(e), key), key, content);
}

/** SIG-3. `secret` in [1, L), key = secret·B. About three draws. `drawScalar` is replaced by tests that need fixed vectors. */
export function sign(
  secret: bigint,
  key: Point,
  content: SignedContent,
  drawScalar: () => bigint = randomScalar,
): Signature {
  for (;;) {
    const k = drawScalar();
    const e = signatureHash(multiplyBase(k), key, content);
    if (e >> BigInt(BOUNDED_WORD_BITS) === 0n)
      return { e, s: mod(k + challengeScalar(e) * secret, L) };
  }
}
