import type { Address } from "viem";
import type { ReadClient } from "../chain/client.ts";
import { finalBlock, type Finality } from "../chain/finality.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";

const POLL_MS = 1_500;

export type NoncePlace = { readonly round: Address; readonly finality: Finality };

/**
 * Items of a round at its last final block; 0 before the round was there. Enough for a new tag's first messages, which no nonce
 * precedes (CMD-4).
 */
export async function finalItems(
  read: ReadClient,
  { round, finality }: NoncePlace,
): Promise<number> {
  const { number } = await finalBlock(read, finality);
  return read
    .readContract({
      address: round,
      abi: iRoundAbi,
      functionName: "items",
      blockNumber: BigInt(number),
    })
    .catch(() => 0);
}

/**
 * How many items the round has, once all that there are now are final (CMD-4): a later message's nonce made from fewer could be lower
 * than that of an earlier one, one made from items that a chain takes back could come before its time (SEM-6, SEM-7).
 * Calls `onWait` whenever it has to wait.
 */
export async function settledItems(
  read: ReadClient,
  place: NoncePlace,
  onWait?: () => void,
): Promise<number> {
  const now = await read.readContract({
    address: place.round,
    abi: iRoundAbi,
    functionName: "items",
  });
  for (;;) {
    const final = now === 0 ? 0 : await finalItems(read, place);
    if (final >= now) return final;
    onWait?.();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
