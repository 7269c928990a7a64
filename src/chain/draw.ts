import type { Address } from "viem";
import { BaseError } from "../errors.ts";
import type { ReadClient, WriteClient } from "./client.ts";
import { sortitionCheckerAbi } from "./generated/abis.ts";
import { readHeader } from "./header.ts";
import { send } from "./send.ts";

export class DrawAheadError extends BaseError {
  constructor(drawTime: bigint) {
    super(
      `There is no block later than the time of the draw, ${drawTime} seconds since 1970, with another one after it.`,
      {
        fix: "Wait until that time is past, and a block more, then repeat the command.",
      },
    );
  }
}

/** The first block later than a time: not the newest, whose hash no contract knows yet. @throws DrawAheadError */
async function firstBlockAfter(read: ReadClient, time: bigint): Promise<bigint> {
  const newest = await read.getBlockNumber({ cacheTime: 0 });
  if (newest === 0n) throw new DrawAheadError(time);
  const known = await read.getBlock({ blockNumber: newest - 1n });
  if (known.timestamp <= time) throw new DrawAheadError(time);
  let [low, high] = [0n, known.number];
  while (low < high) {
    const middle = (low + high) / 2n;
    const { timestamp } = await read.getBlock({ blockNumber: middle });
    if (timestamp > time) high = middle;
    else low = middle + 1n;
  }
  return low;
}

/** Pins the randomness by which a checker draws its jury (GATE-11), unless that is done. @throws DrawAheadError, ContractRefusedError */
export async function draw(client: WriteClient, checker: Address): Promise<bigint> {
  const at = { address: checker, abi: sortitionCheckerAbi } as const;
  const pinned = await client.read.readContract({ ...at, functionName: "seed" });
  if (pinned !== 0n) return pinned;
  const drawTime = await client.read.readContract({ ...at, functionName: "drawTime" });
  const first = await firstBlockAfter(client.read, drawTime);
  const headers = [
    await readHeader(client.read, first - 1n),
    await readHeader(client.read, first),
  ] as const;
  await send(client, { ...at, functionName: "pin", args: headers } as never);
  return client.read.readContract({ ...at, functionName: "seed" });
}
