import type { Hex } from "viem";
import type { ReadClient } from "./client.ts";

/** Which blocks count as final: what the chain calls so, or those with so many blocks after them. */
export type Finality = "finalized" | number;

export type FinalBlock = {
  readonly number: number;
  readonly hash: Hex;
  readonly timestamp: bigint;
};

/** The last final block. A chain younger than `finality` has block 0. */
export async function finalBlock(client: ReadClient, finality: Finality): Promise<FinalBlock> {
  if (finality === "finalized") return shape(await client.getBlock({ blockTag: "finalized" }));
  const latest = Number(await client.getBlockNumber());
  return shape(await client.getBlock({ blockNumber: BigInt(Math.max(0, latest - finality)) }));
}

const shape = ({
  number,
  hash,
  timestamp,
}: {
  number: bigint;
  hash: Hex;
  timestamp: bigint;
}): FinalBlock => ({ number: Number(number), hash, timestamp });
