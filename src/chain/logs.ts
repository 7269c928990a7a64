import { parseEventLogs, type AbiEvent, type Address } from "viem";
import { BaseError } from "../errors.ts";
import { readChainId, type ReadClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";

/** A round's decoded events, in chain order. */
export type RoundEvent = ReturnType<typeof parseEventLogs<typeof iRoundAbi, true>>[number];

export class LogRangeError extends BaseError {
  constructor(from: bigint, cause: unknown) {
    super(`The RPC refuses the logs of block ${from}, a single block.`, {
      fix: "It may keep no logs at all, or none that old: use another RPC URL, or give several with --rpc.",
      cause,
    });
  }
}

/** The node left logs out without a word: some cut long answers short, and some are behind. */
export class MissingLogsError extends BaseError {
  constructor(what: string) {
    super(`The RPC's logs lack ${what} that the contract has.`, {
      fix: "It may cut long answers short, or be behind: try again in a moment, or use another RPC URL. Nothing was sent.",
    });
  }
}

/** The shape of a question with or without a filter: viem types one by its event. */
declare const ALL: {
  readonly address: Address;
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
};

/** Blocks asked for at first; halved when a node refuses, doubled again when it answers. */
const FIRST_RANGE = 5_000n;
const MAX_RANGE = 50_000n;
/** What a node refused once it mostly refuses again: larger ranges, and all logs at once, are tried only after so many answers. */
const ANSWERS_BEFORE_GROWTH = 50;

/** What a node takes, as far as it has shown: kept as long as its client, so that no reader pays for what another has found out. */
export type Reach = {
  range: bigint;
  most: bigint;
  /** To questions of the full range, since the last refusal. */
  answers: number;
  /** To all questions for ranges. */
  answered: number;
  /** Whether it refused all logs at once when it was last asked for them, and answered otherwise. */
  refusesAll: boolean;
  /** With how many answers it is asked for all at once again. */
  askAllWith: number;
};
const reaches = new WeakMap<ReadClient, Reach>();

export function getReach(client: ReadClient): Reach {
  const known = reaches.get(client);
  if (known !== undefined) return known;
  const reach: Reach = {
    ...{ range: FIRST_RANGE, most: MAX_RANGE, answers: 0 },
    ...{ answered: 0, refusesAll: false, askAllWith: 0 },
  };
  reaches.set(client, reach);
  return reach;
}

/** After a refusal of so many blocks. Another reader of the same client may have found out more meanwhile. */
export function halveReach(client: ReadClient, blocks: bigint): void {
  const reach = getReach(client);
  const half = blocks / 2n;
  reach.range = half < reach.range ? half : reach.range;
  reach.most = reach.range;
  reach.answers = 0;
}

/** Only logs of this event with these indexed arguments; a list is a choice. */
export type LogFilter = {
  readonly event: AbiEvent;
  readonly args: Readonly<Record<string, unknown>>;
};

/** Which blocks to read. */
export type LogRange = {
  readonly from: bigint;
  readonly to: bigint;
  readonly filter?: LogFilter | undefined;
  readonly onProgress?: ((block: bigint) => void) | undefined;
};

/**
 * An address's logs in `[from, to]`, in chain order, read in block ranges that adapt to what the node allows.
 * @throws LogRangeError, RpcUnreachableError
 */
export async function readLogs(
  client: ReadClient,
  address: Address,
  { from, to, filter, onProgress }: LogRange,
) {
  const parts: Awaited<ReturnType<ReadClient["getLogs"]>>[] = [];
  for await (const logs of eachLogs(client, address, { from, to, filter, onProgress }))
    parts.push(logs);
  return parts.flat();
}

/** The same, one answer of the node's after the other. @throws LogRangeError, RpcUnreachableError */
export async function* eachLogs(
  client: ReadClient,
  address: Address,
  { from, to, filter, onProgress }: LogRange,
) {
  const reach = getReach(client);
  for (let start = from; start <= to; ) {
    const end = start + reach.range - 1n < to ? start + reach.range - 1n : to;
    let logs: Awaited<ReturnType<ReadClient["getLogs"]>>;
    try {
      logs = await client.getLogs({
        address,
        ...filter,
        fromBlock: start,
        toBlock: end,
      } as typeof ALL);
    } catch (cause) {
      await readChainId(client); // a silent node would be asked for ever smaller ranges, and keep its caller waiting
      if (end === start) throw new LogRangeError(start, cause);
      halveReach(client, end - start + 1n);
      continue;
    }
    reach.answered++;
    // A short answer shows nothing: it would have been given anyway.
    if (end - start + 1n === reach.range) {
      if (++reach.answers % ANSWERS_BEFORE_GROWTH === 0 && reach.most < MAX_RANGE) reach.most *= 2n;
      reach.range = reach.range * 2n < reach.most ? reach.range * 2n : reach.most;
    }
    start = end + 1n;
    yield logs;
    onProgress?.(end);
  }
}

/**
 * All logs of an address from a block on: at once where the node allows it, else in ranges; then by `inRanges`, for who would otherwise read
 * all ranges again for the next choice of logs. @throws LogRangeError, RpcUnreachableError
 */
export async function readAllLogs(
  client: ReadClient,
  address: Address,
  from: bigint,
  filter?: LogFilter,
  inRanges: LogFilter | "everything" | undefined = filter,
) {
  const reach = getReach(client);
  const asksAll = reach.answered >= reach.askAllWith;
  // Asked for together: a client that batches needs one request for both.
  const [to, all] = await Promise.all([
    client.getBlockNumber(),
    !asksAll
      ? undefined
      : client
          .getLogs({
            address,
            ...filter,
            fromBlock: from,
            toBlock: "latest",
          } as unknown as typeof ALL)
          .catch(() => undefined),
  ]);
  if (all !== undefined) {
    reach.refusesAll = false;
    return all;
  }
  const logs = await readLogs(client, address, {
    from,
    to,
    filter: inRanges === "everything" ? undefined : inRanges,
  }).catch((error: unknown) => {
    if (error instanceof LogRangeError) reach.refusesAll = true;
    throw error;
  });
  // Only now: one that does not answer at all has refused nothing.
  if (asksAll) {
    reach.refusesAll = true;
    reach.askAllWith = reach.answered + ANSWERS_BEFORE_GROWTH;
  }
  return logs;
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
