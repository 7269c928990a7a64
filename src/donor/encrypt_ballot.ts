import type { Point } from "../crypto/curve.ts";
import { randomBelow } from "../crypto/random.ts";
import { NONCE_LOW_BITS } from "../params.ts";
import type { Ballot } from "../protocol/ballot.ts";
import { deriveContext, deriveTag } from "../protocol/context.ts";
import { generateKeyPair, type KeyPair } from "../protocol/key.ts";
import { createMessages, MAX_PAGES, type BallotEnd } from "../protocol/message.ts";
import type { RoundRef } from "../protocol/round_ref.ts";

/** What every ballot of a round needs. */
export type EncryptRequest = {
  readonly round: RoundRef;
  /** C, checked to be in the prime-order subgroup (KEY-3). */
  readonly coordinatorKey: Point;
  readonly ballot: Ballot;
  /** Items as CMD-4 has them counted: `finalItems` for a new tag, else `settledItems`. */
  readonly itemsSeen: number;
};

export type EncryptedBallot = {
  /** To be published in this order. */
  readonly messages: readonly (readonly bigint[])[];
  /** Where the ballot ends, for pages to be appended to it later. */
  readonly end: BallotEnd;
};

/** A ballot in the place of the tag's earlier one, signed by the current key, which `newKey` succeeds; or pages to append to it. */
export function encryptBallot({
  round,
  coordinatorKey,
  ballot,
  itemsSeen,
  tag,
  signer,
  newKey,
  appendTo,
}: EncryptRequest & {
  readonly tag: bigint;
  readonly signer: KeyPair;
  readonly newKey: Point;
  readonly appendTo?: BallotEnd | undefined;
}): EncryptedBallot {
  const base = randomBelow((1n << BigInt(NONCE_LOW_BITS)) - BigInt(MAX_PAGES));
  const messages = createMessages({
    ctx: deriveContext(round),
    coordinatorKey,
    tag,
    signer,
    newKey,
    ballot,
    itemsSeen,
    appendTo,
    drawNonceBase: () => base,
  });
  const first =
    appendTo === undefined
      ? (BigInt(itemsSeen) << BigInt(NONCE_LOW_BITS)) + base
      : appendTo.nonce + 1n;
  const pos = Math.max(
    appendTo?.pos ?? 0,
    ...[...ballot].filter(([, votes]) => votes !== 0n).map(([project]) => project + 1),
  );
  return { messages, end: { nonce: first + BigInt(messages.length - 1), pos } };
}

/**
 * A new donor's ballot: a throw-away key signs it together with the rotation to the lasting key, and is forgotten here. The gift has to be
 * made under `key`, which can do nothing any more once these messages are on the chain.
 */
export function encryptFirstBallot({
  payer,
  lasting,
  ...request
}: EncryptRequest & { readonly payer: `0x${string}`; readonly lasting: Point }): EncryptedBallot & {
  readonly key: Point;
  readonly tag: bigint;
} {
  for (;;) {
    const throwAway = generateKeyPair();
    const tag = deriveTag(payer, throwAway.publicKey);
    if (tag === 0n) continue; // the contract refuses it; one key in 2^64
    return {
      ...encryptBallot({ ...request, tag, signer: throwAway, newKey: lasting }),
      key: throwAway.publicKey,
      tag,
    };
  }
}
