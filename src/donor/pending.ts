import { isAddressEqual, type Address, type Hex } from "viem";
import type { ReadClient } from "../chain/client.ts";
import { finalBlock, type Finality } from "../chain/finality.ts";
import { readEvents } from "../chain/logs.ts";
import { decodeMessage, encodeMessage, type MessageWords } from "../protocol/message.ts";
import type { RoundRef } from "../protocol/round_ref.ts";
import type { EncryptedBallot } from "./encrypt_ballot.ts";

/**
 * An encrypted ballot on its way: what is needed to send it again if it is lost, comes in another order or is taken back with a block, and nothing
 * more. The messages are encrypted to the coordinator and signed by a key that may be forgotten: no ballot can be read from this. As
 * JSON can hold it.
 */
export type Pending = {
  readonly round: RoundRef;
  /** The account that gives or has given. */
  readonly payer: Address;
  /** In decimal. */
  readonly tag: string;
  readonly messages: readonly (readonly string[])[];
  /** The block in which the messages were made, in decimal: they are looked for from there on. */
  readonly sinceBlock: string;
  /** What is to be paid once the messages are on the chain: token units and the throw-away key's point in decimal. Nothing for a changed ballot. */
  readonly gift?: {
    readonly key: { readonly x: string; readonly y: string };
    readonly amount: string;
    readonly gateData: Hex;
    /** A relay contributes, whose account the payer is. */
    readonly byRelay?: boolean;
  };
};

export type PendingStatus = {
  /** What still has to be published, in this order. */
  readonly unsent: readonly MessageWords[];
  /** Whether the gift is on the chain; true where there is none to come. */
  readonly contributed: boolean;
  /** Messages of anybody else that have come since these were sealed: among so many they are, for who goes by the time. */
  readonly others: number;
  /** Whether all of it is in blocks that are not taken back. */
  readonly final: boolean;
};

/** A ballot as it is kept until the chain has it. */
export function createPending(
  { messages }: Pick<EncryptedBallot, "messages">,
  {
    tag,
    sinceBlock,
    gift,
    ...place
  }: Omit<Pending, "messages" | "tag" | "sinceBlock" | "gift"> & {
    readonly tag: bigint;
    readonly sinceBlock: bigint;
    readonly gift?: Pending["gift"];
  },
): Pending {
  return {
    ...place,
    tag: String(tag),
    sinceBlock: String(sinceBlock),
    messages: messages.map(encodeMessage),
    ...(gift === undefined ? {} : { gift }),
  };
}

/**
 * Where each of a ballot's messages stands in what was published, word for word, each after the one before it; undefined from the first
 * that is missing on. A page that came before the one before it has no effect (SEM-6): it has to be published again.
 */
export function placesInOrder(
  messages: readonly MessageWords[],
  published: readonly MessageWords[],
): (number | undefined)[] {
  const texts = published.map((words) => encodeMessage(words).join());
  let from = 0;
  return messages.map((words) => {
    const place = from < 0 ? -1 : texts.indexOf(encodeMessage(words).join(), from);
    from = place < 0 ? -1 : place + 1;
    return place < 0 ? undefined : place;
  });
}

/**
 * Where a ballot stands, by the chain alone: no record of what was done here is trusted or kept. The node is asked for the round's events,
 * like anybody's, and for nothing that names the tag: before the gift nobody but the donor knows it.
 */
export async function pendingStatus(
  read: ReadClient,
  finality: Finality,
  { round, payer, tag, messages, sinceBlock, gift }: Pending,
): Promise<PendingStatus> {
  const final = BigInt((await finalBlock(read, finality)).number);
  const events = await readEvents(read, round.address, {
    from: BigInt(sinceBlock),
    to: await read.getBlockNumber({ cacheTime: 0 }), // a kept number would hide what another tab has just sent
  });
  const published = events.filter((event) => event.eventName === "MessagePublished");
  const wanted = messages.map(decodeMessage);
  const own = new Set(wanted.map((words) => encodeMessage(words).join()));
  const places = placesInOrder(
    wanted,
    published.map(({ args }) => args.words),
  );
  const contribution = events.find(
    (event) =>
      event.eventName === "Contributed" &&
      String(event.args.tag) === tag &&
      isAddressEqual(event.args.payer, payer),
  );
  const missing = places.indexOf(undefined);
  const isFinal = (block: bigint | undefined) => block !== undefined && block <= final;
  return {
    unsent: missing < 0 ? [] : wanted.slice(missing),
    contributed: gift === undefined || contribution !== undefined,
    others: published.filter(
      ({ args, blockNumber }) =>
        blockNumber > BigInt(sinceBlock) && !own.has(encodeMessage(args.words).join()),
    ).length,
    final:
      places.every((place) => place !== undefined && isFinal(published[place]?.blockNumber)) &&
      (gift === undefined || isFinal(contribution?.blockNumber)),
  };
}
