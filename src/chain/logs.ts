import { parseEventLogs, type Address } from "viem";
import { BaseError } from "../errors.ts";
import { chainIdOf, type ReadClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";

/** A round's decoded events, in chain order. */
export type RoundEvent = ReturnType<typeof parseEventLogs<typeof iRoundAbi, true>>[number];

export class LogRangeError extends BaseError {
  constructor(from: bigint, cause: unknown) {
    super(`The RPC refuses the logs of block ${from}, a single block.`, { fix: "Use another RPC URL.", cause });
  }
}

/** Blocks asked for at first; halved when a node refuses, doubled again when it answers. */
const FIRST_RANGE = 5_000n;
const MAX_RANGE = 50_000n;

/**
 * A round's events in `[from, to]`, read in bounded block ranges that adapt to what the node allows.
 * @throws LogRangeError, RpcUnreachableError
 */
export async function readEvents(
  client: ReadClient,
  address: Address,
  { from, to, onProgress }: { readonly from: bigint; readonly to: bigint; readonly onProgress?: ((block: bigint) => void) | undefined },
): Promise<RoundEvent[]> {
  const events: RoundEvent[] = [];
  let range = FIRST_RANGE;
  for (let start = from; start <= to; ) {
    const end = start + range - 1n < to ? start + range - 1n : to;
    try {
      const logs = await client.getLogs({ address, fromBlock: start, toBlock: end });
      events.push(...parseEventLogs({ abi: iRoundAbi, logs, strict: true }));
      start = end + 1n;
      range = range * 2n < MAX_RANGE ? range * 2n : MAX_RANGE;
      onProgress?.(end);
    } catch (cause) {
      await chainIdOf(client); // a silent node would be asked for ever smaller ranges, and keep its caller waiting
      if (end === start) throw new LogRangeError(start, cause);
      range = (end - start + 1n) / 2n;
    }
  }
  return events;
}
