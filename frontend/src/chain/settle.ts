import type { Address } from "viem";
import { iRoundAbi, type ReadClient } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";

const POLL_MS = 1_500;

/** The newest block that is not taken back (SiteChain.finality). */
export async function finalBlock(read: ReadClient, { finality }: Pick<SiteChain, "finality">): Promise<bigint> {
  if (finality === "finalized") return (await read.getBlock({ blockTag: "finalized" })).number;
  const head = await read.getBlockNumber();
  return head > BigInt(finality) ? head - BigInt(finality) : 0n;
}

/**
 * Items of a round at its last final block; 0 before the round was there. Enough for a new tag's first messages, which no nonce
 * precedes (CMD-4).
 */
export async function finalItems(read: ReadClient, round: Address, chain: SiteChain): Promise<number> {
  const blockNumber = await finalBlock(read, chain);
  return read.readContract({ address: round, abi: iRoundAbi, functionName: "items", blockNumber }).catch(() => 0);
}

/**
 * How many items the round has, once all that there are now are final (CMD-4): a later message's nonce made from fewer could be lower
 * than that of an earlier one, one made from items that a chain takes back could come before its time (SEM-6, SEM-7).
 * Calls `onWait` whenever it has to wait.
 */
export async function settledItems(read: ReadClient, round: Address, chain: SiteChain, onWait: () => void): Promise<number> {
  const now = await read.readContract({ address: round, abi: iRoundAbi, functionName: "items" });
  for (;;) {
    const final = now === 0 ? 0 : await finalItems(read, round, chain);
    if (final >= now) return final;
    onWait();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
