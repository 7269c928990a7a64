import { pad, type Address, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import { isTransport, type ReadClient } from "./client.ts";
import { halveReach, getReach } from "./logs.ts";
import { NotARoundError } from "./round.ts";

/** Neither logs nor old state tell when a contract was made. */
export class CreationBlockError extends BaseError {
  constructor(address: Address, cause: unknown) {
    super(`The RPC does not tell in which block ${address} was made.`, {
      fix: "It keeps neither old state nor logs that reach so far back: give a block before the round's creation with --from-block, or another RPC URL.",
      cause,
    });
  }
}

export type CreationSearch = {
  /** The factory that made it, whose event tells the block. */
  readonly factory?: Address | undefined;
  /** A block at or before the creation. */
  readonly since?: bigint | undefined;
};

/**
 * The block in which a round or a registry was made: its factory's event tells it in one question, where the node answers that for the whole
 * chain; else old state does, by bisection; else the event is looked for from the newest block back.
 * @throws NotARoundError, CreationBlockError, RpcUnreachableError
 */
export async function creationBlock(
  client: ReadClient,
  address: Address,
  { factory, since = 0n }: CreationSearch = {},
): Promise<bigint> {
  const asked =
    factory === undefined
      ? undefined
      : await madeBetween(client, factory, address, since, "latest").catch(() => undefined);
  if (asked !== undefined) return asked;
  try {
    return await byOldState(client, address, since);
  } catch (error) {
    if (error instanceof NotARoundError || isTransport(error)) throw error;
    const found =
      factory === undefined ? undefined : await fromNewest(client, factory, address, since);
    if (found === undefined) throw new CreationBlockError(address, error);
    return found;
  }
}

async function byOldState(client: ReadClient, address: Address, since: bigint): Promise<bigint> {
  let high = await client.getBlockNumber();
  if (!(await hasCode(client, address, undefined))) throw new NotARoundError(address);
  let low = since;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (await hasCode(client, address, middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}

async function hasCode(
  client: ReadClient,
  address: Address,
  blockNumber: bigint | undefined,
): Promise<boolean> {
  const code = await client.getCode(
    blockNumber === undefined ? { address } : { address, blockNumber },
  );
  return (code ?? "0x") !== "0x";
}

/** Ranges asked for at most: more would keep the caller waiting for longer than it takes to find the block elsewhere. */
const MOST_RANGES = 500;

async function fromNewest(
  client: ReadClient,
  factory: Address,
  address: Address,
  since: bigint,
): Promise<bigint | undefined> {
  let end = await client.getBlockNumber();
  for (let asked = 0; asked < MOST_RANGES && end >= since; asked++) {
    const { range } = getReach(client);
    const start = end - range + 1n > since ? end - range + 1n : since;
    try {
      const found = await madeBetween(client, factory, address, start, end);
      if (found !== undefined) return found;
      end = start - 1n;
    } catch (error) {
      if (isTransport(error) || start === end) return undefined;
      halveReach(client, end - start + 1n);
    }
  }
  return undefined;
}

/** Both events of a factory name what it made first. */
async function madeBetween(
  client: ReadClient,
  factory: Address,
  address: Address,
  from: bigint,
  to: bigint | "latest",
): Promise<bigint | undefined> {
  const named = pad(address).toLowerCase();
  const logs = (await client.request({
    method: "eth_getLogs",
    params: [
      {
        address: factory,
        fromBlock: hexOf(from),
        toBlock: to === "latest" ? to : hexOf(to),
        topics: [null, named as Hex],
      },
    ],
  })) as readonly { readonly blockNumber: Hex | null; readonly topics: readonly Hex[] }[];
  const block = logs.find(({ topics }) => topics[1]?.toLowerCase() === named)?.blockNumber;
  return block == null ? undefined : BigInt(block);
}

const hexOf = (block: bigint): Hex => `0x${block.toString(16)}`;
