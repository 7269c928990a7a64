import { isAddressEqual, type Address, type Hex } from "viem";
import { iRoundAbi, readEvents, type ReadClient } from "../../../../src/index.ts";
import { finalBlock } from "../../chain/settle.ts";
import type { SiteChain } from "../../config/site.ts";
import { open, seal, wipe } from "../../storage/vault.ts";

/**
 * A gift on its way: what is needed to send it again if the page is closed or the chain takes a block back, and nothing more.
 * The messages are sealed to the coordinator and signed by a key that is forgotten already: no ballot can be read from this.
 */
export type Pending = {
  readonly chainId: number;
  readonly round: Address;
  readonly payer: Address;
  /** The throw-away key's point and tag, in decimal. */
  readonly key: { readonly x: string; readonly y: string };
  readonly tag: string;
  readonly messages: readonly (readonly string[])[];
  /** Token units, in decimal. */
  readonly amount: string;
  readonly gateData: Hex;
  /** The block in which the messages were made: they are looked for from there on. */
  readonly sinceBlock: string;
};

export type PendingStatus = {
  /** The messages from the first that the chain does not show on: a page counts only after the one before it (SEM-6). */
  readonly unsent: Pending["messages"];
  readonly contributed: boolean;
  readonly final: boolean;
};

type Place = { readonly chainId: number; readonly address: Address };
const isAt = ({ chainId, address }: Place) => (one: Pending) => one.chainId === chainId && isAddressEqual(one.round, address);

export async function findPending(place: Place): Promise<Pending | undefined> {
  return (await open<Pending[]>("pending"))?.find(isAt(place));
}

export async function keepPending(pending: Pending): Promise<void> {
  const at = isAt({ chainId: pending.chainId, address: pending.round });
  const others = ((await open<Pending[]>("pending")) ?? []).filter((one) => !at(one));
  await seal("pending", [...others, pending]);
}

export async function wipePending(place: Place): Promise<void> {
  const at = isAt(place);
  const others = ((await open<Pending[]>("pending")) ?? []).filter((one) => !at(one));
  await (others.length === 0 ? wipe("pending") : seal("pending", others));
}

/** Where a gift stands, by the chain alone: no record of what was done here is trusted or kept. */
export async function pendingStatus(read: ReadClient, chain: SiteChain, pending: Pending): Promise<PendingStatus> {
  const final = await finalBlock(read, chain);
  const from = BigInt(pending.sinceBlock);
  const events = await readEvents(read, pending.round, { from, to: await read.getBlockNumber() });
  const blocks = pending.messages.map((words) => events.find((event) => event.eventName === "MessagePublished" && String(event.args.words[0]) === words[0])?.blockNumber);
  const donor = await read.readContract({ address: pending.round, abi: iRoundAbi, functionName: "donors", args: [BigInt(pending.tag)] });
  const contributed = isAddressEqual(donor.payer, pending.payer);
  const contribution = events.find((event) => event.eventName === "Contributed" && String(event.args.tag) === pending.tag)?.blockNumber;
  const first = blocks.findIndex((block) => block === undefined);
  return {
    unsent: first < 0 ? [] : pending.messages.slice(first),
    contributed,
    final: contributed && contribution !== undefined && contribution <= final && blocks.every((block) => block !== undefined && block <= final),
  };
}
