import { parseEventLogs, type Address } from "viem";
import { BaseError } from "../errors.ts";
import { readChainId, type ReadClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";

/** A round's decoded events, in chain order. */
export type RoundEvent = ReturnType<typeof parseEventLogs<typeof iRoundAbi, true>>[number];

export class LogRangeError extends BaseError {
  constructor(from: bigint, cause: unknown) {
    super(`The RPC refuses the logs of block ${from}, a single block.`, {
      fix: "Use another RPC URL.",
      cause,
    });
  }
}

/** Blocks asked for at first; halved when a node refuses, doubled again when it answers. */
const FIRST_RANGE = 5_000n;
const MAX_RANGE = 50_000n;
/** What a node refused once it refuses again: larger ranges are tried only after so many answers. */
const ANSWERS_BEFORE_GROWTH = 50;

/** Which blocks to read. */
export type LogRange = {
  readonly from: bigint;
  readonly to: bigint;
  readonly onProgress?: ((block: bigint) => void) | undefined;
};

/**
 * An address's logs in `[from, to]`, in chain order, read in block ranges that adapt to what the node allows.
 * @throws LogRangeError, RpcUnreachableError
 */
export async function readLogs(
  client: ReadClient,
  address: Address,
  { from, to, onProgress }: LogRange,
) {
  const parts: Awaited<ReturnType<ReadClient["getLogs"]>>[] = [];
  let [range, most, answers] = [FIRST_RANGE, MAX_RANGE, 0];
  for (let start = from; start <= to; ) {
    const end = start + range - 1n < to ? start + range - 1n : to;
    try {
      parts.push(await client.getLogs({ address, fromBlock: start, toBlock: end }));
      start = end + 1n;
      if (++answers % ANSWERS_BEFORE_GROWTH === 0 && most < MAX_RANGE) most *= 2n;
      range = range * 2n < most ? range * 2n : most;
      onProgress?.(end);
    } catch (cause) {
      await readChainId(client); // a silent node would be asked for ever smaller ranges, and keep its caller waiting
      if (end === start) throw new LogRangeError(start, cause);
      most = range = (end - start + 1n) / 2n;
      answers = 0;
    }
  }
  return parts.flat();
}

/** All logs of an address from a block on: at once where the node allows it, else in ranges. @throws LogRangeError, RpcUnreachableError */
export async function readAllLogs(client: ReadClient, address: Address, from: bigint) {
  // Asked for together: a client that batches needs one request for both.
  const [to, all] = await Promise.all([
    client.getBlockNumber(),
    client.getLogs({ address, fromBlock: from, toBlock: "latest" }).catch(() => undefined),
  ]);
  return all ?? readLogs(client, address, { from, to });
}

/** A round's decoded events in a range of blocks. @throws LogRangeError, RpcUnreachableError */
export async function readEvents(
  client: ReadClient,
  address: Address,
  range: LogRange,
): Promise<RoundEvent[]> {
  const logs = await readLogs(client, address, range);
  const events = parseEventLogs({ abi: iRoundAbi, logs, strict: true });
  return events;
}
