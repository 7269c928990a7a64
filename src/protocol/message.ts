import { isAcceptable, multiplyBase, type Point } from "../crypto/curve.ts";
import { isWord, mod } from "../crypto/field.ts";
import { keystream, sharedPoint, sharedRoot } from "../crypto/keystream.ts";
import { randomBelow, randomScalar } from "../crypto/random.ts";
import { COMMAND_WORDS, MESSAGE_WORDS, NONCE_LOW_BITS } from "../params.ts";
import { packBallot, type Ballot } from "./ballot.ts";
import { encodeHeader, signCommand, type CommandWords } from "./command.ts";
import type { KeyPair } from "./key.ts";

/** A message as its 11 words (MSG-1): R.x, R.y, ct[0..8]. */
export type MessageWords = readonly bigint[];

/** Pages beyond which base + page could overflow the low bits of a nonce (CMD-4). */
export const MAX_PAGES = 4096;

export const readPoint = (message: MessageWords): Point => ({
  x: message[0] as bigint,
  y: message[1] as bigint,
});

/** A message's words as texts, for JSON and storage: hexadecimal with 0x and no leading zeros. */
export const encodeMessage = (message: MessageWords): `0x${string}`[] =>
  message.map((word): `0x${string}` => `0x${word.toString(16)}`);

/** The words that `encodeMessage` wrote. Any number of them: see `isPublishable`. */
export const decodeMessage = (texts: readonly string[]): bigint[] => texts.map(BigInt);

/** What the contract checks at the door (MSG-1): 11 words, R acceptable. */
export function isPublishable(message: MessageWords): boolean {
  return (
    message.length === MESSAGE_WORDS && message.every(isWord) && isAcceptable(readPoint(message))
  );
}

/** Encrypts a command for R = r·B (MSG-1 to MSG-3). `ephemeral` = r must be fresh for every message and forgotten afterwards. */
export function encrypt(
  command: CommandWords,
  ephemeral: bigint,
  coordinatorKey: Point,
  ctx: bigint,
): bigint[] {
  const R = multiplyBase(ephemeral);
  const stream = keystream(sharedPoint(sharedRoot(ephemeral, coordinatorKey)), ctx);
  return [R.x, R.y, ...command.map((word, i) => mod(word + (stream[i] as bigint)))];
}

/** The command in a message that the contract accepted, by the coordinator's secret c. Total: any such message gives 9 words. */
export function decrypt(message: MessageWords, coordinatorSecret: bigint, ctx: bigint): bigint[] {
  return decryptWith(sharedRoot(coordinatorSecret, readPoint(message)), message, ctx);
}

/** The same from root = c·R, the costly part of it. */
export function decryptWith(root: Point, message: MessageWords, ctx: bigint): bigint[] {
  const stream = keystream(sharedPoint(root), ctx);
  return Array.from({ length: COMMAND_WORDS }, (_, i) =>
    mod((message[2 + i] as bigint) - (stream[i] as bigint)),
  );
}

/** Where a published ballot ends: the nonce of its last page and BAL-2's pos after it. Who keeps it learns no votes. */
export type BallotEnd = { readonly nonce: bigint; readonly pos: number };

/** What a donor wants to say: the whole ballot, and the key that shall be valid afterwards. */
export type MessageRequest = {
  readonly ctx: bigint;
  readonly coordinatorKey: Point;
  /** The donor's tag: known before the contribution, as it depends on payer and key only (KEY-7). */
  readonly tag: bigint;
  /** The current key. */
  readonly signer: KeyPair;
  /** The key afterwards; the same point to keep it. */
  readonly newKey: Point;
  readonly ballot: Ballot;
  /** Items on the chain as CMD-4 has them counted. */
  readonly itemsSeen: number;
  /** Where the pages end to which these are appended; left out for a ballot of its own. */
  readonly appendTo?: BallotEnd | undefined;
  /** Randomness, replaced only where fixed vectors are made. */
  readonly drawScalar?: () => bigint;
  readonly drawNonceBase?: () => bigint;
};

/**
 * The messages that carry a ballot, one page each, to be published in this order. Every page but the last keeps the current
 * key and the last sets newKey, so that one secret signs them all.
 * @throws BallotOptionError, BallotVotesError, BallotOrderError, FieldRangeError
 * @example
 * ```ts
 * const [throwAway, lasting] = [generateKeyPair(), generateKeyPair()];
 * const messages = createMessages({
 *   ctx: config.context, coordinatorKey: { x: config.coordinatorKeyX, y: config.coordinatorKeyY },
 *   tag: deriveTag(payer, throwAway.publicKey), signer: throwAway, newKey: lasting.publicKey,
 *   ballot: new Map([[0, 4n], [7, 3n]]), itemsSeen: (await readProgress(client, round)).items,
 * });
 * ```
 */
export function createMessages(request: MessageRequest): bigint[][] {
  const {
    ctx,
    coordinatorKey,
    tag,
    signer,
    newKey,
    ballot,
    itemsSeen,
    appendTo,
    drawScalar = randomScalar,
  } = request;
  const drawNonceBase =
    request.drawNonceBase ??
    (() => randomBelow((1n << BigInt(NONCE_LOW_BITS)) - BigInt(MAX_PAGES)));
  const firstNonce =
    appendTo === undefined
      ? (BigInt(itemsSeen) << BigInt(NONCE_LOW_BITS)) + drawNonceBase()
      : appendTo.nonce + 1n;
  const pages = packBallot(ballot, appendTo?.pos);
  return pages.map((page, i) => {
    const ephemeral = drawScalar();
    const command = signCommand(
      {
        header: encodeHeader({
          tag,
          append: appendTo !== undefined || i > 0,
          nonce: firstNonce + BigInt(i),
        }),
        newKey: i === pages.length - 1 ? newKey : signer.publicKey,
        ballot: page,
      },
      { secret: signer.secret, key: signer.publicKey },
      { R: multiplyBase(ephemeral), ctx, drawScalar },
    );
    return encrypt(command, ephemeral, coordinatorKey, ctx);
  });
}
