import {
  createPublicClient,
  createWalletClient,
  custom,
  fallback,
  http,
  type Account,
  type EIP1193Provider,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import { BaseError, withoutSecrets } from "../errors.ts";
import { findRevert } from "./revert.ts";

/** A node to read from, and an account to write with where one is given. Made by `connect`. */
export interface ReadClient extends PublicClient {} // an interface keeps its name in declarations and in the reference
export type WriteClient = {
  readonly read: ReadClient;
  readonly wallet: WalletClient<Transport, undefined, Account>;
  readonly chainId: number;
  /** How long a transaction is waited for, in milliseconds, before it is said to be under way still. */
  readonly patience?: number;
};

export class RpcUnreachableError extends BaseError {
  constructor(where: string, cause: unknown) {
    super(`The RPC at ${where} does not answer.`, {
      fix: "Check the URL and that the node runs, then repeat the command; nothing was lost.",
      cause,
    });
  }
}

export class WrongChainError extends BaseError {
  constructor(expected: number, found: number) {
    super(`The RPC serves chain ${found}, not chain ${expected}.`, {
      fix: "Give the RPC URL of the right chain.",
    });
  }
}

/** The nodes that are to stand in for each other are of different chains. */
export class ChainsDifferError extends BaseError {
  constructor(chains: readonly (readonly [url: string, chainId: number])[]) {
    super("The RPC URLs serve different chains.", {
      fix: "Give only those of one chain. Nothing was sent.",
      details: chains.map(([url, chainId]) => `chain ${chainId}: ${withoutSecrets(url)}`),
    });
  }
}

/** Where a node is: a URL, several that stand in for each other in this order, or a provider in this process. */
export type Node = string | readonly string[] | EIP1193Provider;

/** Calls in one request: of what is asked at once. */
const BATCH_SIZE = 100;

function createTransport(node: Node, isBatched = false): Transport {
  const at = (url: string) =>
    http(url, {
      retryCount: 3,
      timeout: 30_000,
      ...(isBatched ? { batch: { batchSize: BATCH_SIZE } } : {}),
    });
  if (typeof node === "string") return at(node);
  return "request" in node ? custom(node) : fallback(node.map(at), { retryCount: 0 });
}

function nameNode(node: Node): string {
  if (typeof node === "string") return withoutSecrets(node);
  return "request" in node ? "the devnet" : node.map((url) => withoutSecrets(url)).join(" or ");
}

/**
 * A client for reading. Nothing is sent yet.
 * @example
 * ```ts
 * const client = connectRead("https://rpc.example");
 * const { phase, items } = await readProgress(client, round);
 * ```
 */
export function connectRead(node: Node): ReadClient {
  return createReader(createTransport(node));
}

/** Asks nobody but the node: a contract that sends its reader to a server of its own choice (EIP-3668) is answered with a failure. */
const createReader = (transport: Transport): ReadClient =>
  createPublicClient({ transport, pollingInterval: 500, cacheTime: 0, ccipRead: false });

/** Nodes of one chain, ready to be read from. */
export type OpenNodes = {
  readonly read: ReadClient;
  readonly chainId: number;
  readonly transport: Transport;
};

/**
 * Asks each of several nodes which chain it serves, and reads from those that answer, the first before the others; in batches where all
 * of them take those. `onSilent` hears of those that are left out, without what stands in their URLs.
 * @throws RpcUnreachableError if none answers, ChainsDifferError, WrongChainError if `expectedChain` is given and differs
 */
export async function openNodes(
  urls: readonly string[],
  {
    chain,
    onSilent,
  }: { readonly chain?: number | undefined; readonly onSilent?: (where: string) => void } = {},
): Promise<OpenNodes> {
  const answers = await Promise.all(urls.map(askNode));
  const live = urls.flatMap((url, i) => {
    const answer = answers[i];
    return answer === undefined || answer instanceof Error ? [] : [{ url, ...answer }];
  });
  const [first] = live;
  if (first === undefined) throw new RpcUnreachableError(nameNode(urls), answers[0]);
  if (live.some(({ chainId }) => chainId !== first.chainId))
    throw new ChainsDifferError(live.map(({ url, chainId }) => [url, chainId]));
  if (chain !== undefined && chain !== first.chainId)
    throw new WrongChainError(chain, first.chainId);
  for (const [i, url] of urls.entries())
    if (answers[i] instanceof Error) onSilent?.(withoutSecrets(url));
  const transport = createTransport(
    live.length === 1 ? first.url : live.map(({ url }) => url),
    live.every(({ takesBatches }) => takesBatches),
  );
  return { read: createReader(transport), chainId: first.chainId, transport };
}

/** A node's chain, and whether it takes several calls in one request; why it does not answer. */
async function askNode(
  url: string,
): Promise<{ readonly chainId: number; readonly takesBatches: boolean } | Error> {
  const ask = (isBatched: boolean) => {
    const read = createPublicClient({
      transport: http(url, { retryCount: 1, timeout: 15_000, batch: isBatched }),
      ccipRead: false,
    });
    // Two at once are a batch; one alone would not be.
    return Promise.all(isBatched ? [read.getChainId(), read.getGasPrice()] : [read.getChainId()]);
  };
  try {
    return { chainId: (await ask(true))[0] as number, takesBatches: true };
  } catch {
    return ask(false).then(
      ([chainId]) => ({ chainId: chainId as number, takesBatches: false }),
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
  }
}

/** An account on open nodes. */
export const createWriter = (
  { read, chainId, transport }: OpenNodes,
  account: Account,
): WriteClient => ({
  read,
  chainId,
  wallet: createWalletClient({ account, transport, pollingInterval: 500 }),
});

/**
 * A client for reading and, with `account`, writing.
 * @throws RpcUnreachableError, WrongChainError if `expectedChain` is given and differs
 */
export async function connectWrite(
  node: Node,
  account: Account,
  expectedChain?: number,
): Promise<WriteClient> {
  const read = connectRead(node);
  const chainId = await readChainId(read, nameNode(node));
  if (expectedChain !== undefined && chainId !== expectedChain)
    throw new WrongChainError(expectedChain, chainId);
  return {
    read,
    chainId,
    wallet: createWalletClient({ account, transport: createTransport(node), pollingInterval: 500 }),
  };
}

/** @throws RpcUnreachableError */
export async function readChainId(read: ReadClient, where = "the given address"): Promise<number> {
  try {
    return await read.getChainId();
  } catch (cause) {
    throw new RpcUnreachableError(where, cause);
  }
}

/** Whether the node did not answer, as opposed to answering that a call fails, whatever words a contract gives as its reason. */
export const isTransport = (error: unknown): boolean =>
  error instanceof Error &&
  !isRevert(error) &&
  /HTTP request failed|fetch failed|timed? ?out/i.test(error.message);

/** Reverts with a reason carry data. Without data it may be an internal error of the node, in its own words. */
const isRevert = (error: Error): boolean => findRevert(error)?.data !== undefined;

/** For a view's failure: a contract without the view is another contract; a node without an answer says nothing of it. */
export function unlessSilent(error: unknown): undefined {
  if (isTransport(error)) throw error;
}
