import type { Address } from "viem";
import type { ReadClient } from "./client.ts";
import { foldHistory, type RoundHistory } from "./history.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { MissingLogsError, readEvents, type RoundEvent } from "./logs.ts";
import { creationBlock } from "./creation_block.ts";

/** A round's events with the history that they tell, from block `from` to block `to`. */
export type ReadHistory = {
  readonly events: readonly RoundEvent[];
  readonly history: RoundHistory;
  readonly from: bigint;
  readonly to: bigint;
};

/**
 * Reads a round's whole history. `from` is a block at or before the round's creation; where it is not given it is looked for, at best by the event
 * of the `factory`. That the node gave all of it is checked where the history is read up to the latest block.
 * @throws NotARoundError, LogRangeError, MissingLogsError, RpcUnreachableError
 */
export async function readHistory(
  client: ReadClient,
  round: Address,
  options: {
    readonly from?: bigint | undefined;
    readonly factory?: Address | undefined;
    readonly to?: bigint | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  } = {},
): Promise<ReadHistory> {
  const from = options.from ?? (await creationBlock(client, round, { factory: options.factory }));
  // Before the logs are read: what comes meanwhile is in them, and not counted here.
  const links = await client.readContract({
    address: round,
    abi: iRoundAbi,
    functionName: "links",
  });
  const to = options.to ?? (await client.getBlockNumber());
  const events = await readEvents(client, round, {
    from,
    to,
    onProgress: (block) => options.onProgress?.(Number(block - from) + 1, Number(to - from) + 1),
  });
  const history = foldHistory(events);
  if (options.to === undefined && history.links.length < links)
    throw new MissingLogsError(
      `${links - history.links.length} of ${links} contributions and messages`,
    );
  return { events, history, from, to };
}
