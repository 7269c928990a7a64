import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Address } from "viem";
import { BaseError } from "../errors.ts";
import { encodeMessage, type MessageWords } from "../protocol/message.ts";

/** What a relay asks of who hands it messages: work for this epoch, of so many bits a part. */
export type StampChallenge = { readonly epoch: string; readonly bits: number };

/** A proof of work over one epoch, one round and these very messages: for each message `STAMP_PARTS` integers below 2^32. */
export type Stamp = { readonly epoch: string; readonly work: readonly number[] };

/** Makes stamps; the page's does it in a worker. @throws StampTooDearError */
export type StampMaker = (
  challenge: StampChallenge,
  what: { readonly round: Address; readonly messages: readonly MessageWords[] },
) => Promise<Stamp>;

export class StampTooDearError extends BaseError {
  constructor(bits: number) {
    super(`The relay asks for work of ${bits} bits a message part, more than ${MOST_STAMP_BITS}.`, {
      fix: "Try again later, use another relay, or publish from an account that nobody connects with you.",
    });
  }
}

/** Several small searches instead of a long one: the time for all of them varies by a third of what one would. */
export const STAMP_PARTS = 8;

/**
 * Bits of a part where a relay has little to do: 8·2^14 = 131,072 hashes a message, about 0.3 s of a computer's core and a second or two of a
 * phone's. Ordinary SHA-256 because checking it must cost a server nothing: memory-hard work would let a flood of false stamps do what the flood
 * of messages did. Special hardware is a thousand times faster; against it stand the limits a network and a round, not this.
 */
export const LEAST_STAMP_BITS = 14;

/** What a client does at most: about 5 minutes of a core. A relay that asks for more is refused. */
export const MOST_STAMP_BITS = 24;

/** Hashes between two looks at the clock and pauses for others, so that a page without a worker does not stand still. */
const SLICE = 16_384;

/** What a stamp is for: 32 bytes over epoch, round and messages. */
export function stampSeed(
  epoch: string,
  { round, messages }: { readonly round: Address; readonly messages: readonly MessageWords[] },
): Uint8Array {
  return sha256(
    utf8ToBytes(
      JSON.stringify([
        "tacit relay stamp",
        epoch,
        round.toLowerCase(),
        messages.map(encodeMessage),
      ]),
    ),
  );
}

/** Work for as many messages as there are, without anything that names their sender. @throws StampTooDearError */
export const makeStamp: StampMaker = async ({ epoch, bits }, what) => {
  if (!(bits <= MOST_STAMP_BITS)) throw new StampTooDearError(bits);
  const block = allocateBlock(stampSeed(epoch, what));
  const work: number[] = [];
  for (let part = 0; part < STAMP_PARTS * what.messages.length; part++) {
    let found = -1;
    for (let from = 0; found < 0; from += SLICE) {
      for (let nonce = from; nonce < from + SLICE && found < 0; nonce++)
        if (isWork(block, part, nonce, bits)) found = nonce;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    work.push(found);
  }
  return { epoch, work };
};

/** Whether every part has its work. The same time whether it has or not. */
export function hasStamp(
  { epoch, work }: Stamp,
  bits: number,
  what: { readonly round: Address; readonly messages: readonly MessageWords[] },
): boolean {
  if (work.length !== STAMP_PARTS * what.messages.length) return false;
  const block = allocateBlock(stampSeed(epoch, what));
  return !work.map((nonce, part) => isWork(block, part, nonce, bits)).includes(false);
}

/** seed ‖ part ‖ nonce, big-endian; below 56 bytes, so that a hash is one block. */
function allocateBlock(seed: Uint8Array): DataView {
  const bytes = new Uint8Array(seed.length + 8);
  bytes.set(seed);
  return new DataView(bytes.buffer);
}

function isWork(block: DataView, part: number, nonce: number, bits: number): boolean {
  block.setUint32(32, part);
  block.setUint32(36, nonce);
  const hash = sha256(new Uint8Array(block.buffer));
  return (
    (((hash[0] as number) << 24) |
      ((hash[1] as number) << 16) |
      ((hash[2] as number) << 8) |
      (hash[3] as number)) >>>
      0 <
    2 ** (32 - bits)
  );
}
