import {
  BaseError as ViemError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  custom,
  http,
  type Account,
  type EIP1193Provider,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import { BaseError, withoutSecrets } from "../errors.ts";

/** A node to read from, and an account to write with where one is given. Made by `connect`. */
export interface ReadClient extends PublicClient {} // an interface keeps its name in declarations and in the reference
export type WriteClient = {
  readonly read: ReadClient;
  readonly wallet: WalletClient<Transport, undefined, Account>;
  readonly chainId: number;
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

/** Where a node is: a URL, or a provider in this process. */
export type Node = string | EIP1193Provider;

const createTransport = (node: Node): Transport =>
  typeof node === "string" ? http(node, { retryCount: 3, timeout: 30_000 }) : custom(node);
const nameNode = (node: Node): string =>
  typeof node === "string" ? withoutSecrets(node) : "the devnet";

/**
 * A client for reading. Nothing is sent yet.
 * @example
 * ```ts
 * const client = connectRead("https://rpc.example");
 * const { phase, items } = await readProgress(client, round);
 * ```
 */
export function connectRead(node: Node): ReadClient {
  return createPublicClient({
    transport: createTransport(node),
    pollingInterval: 500,
    cacheTime: 0,
  });
}

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
const isRevert = (error: Error): boolean =>
  error instanceof ViemError &&
  error.walk(
    (cause) => cause instanceof ContractFunctionRevertedError && cause.data !== undefined,
  ) !== null;

/** For a view's failure: a contract without the view is another contract; a node without an answer says nothing of it. */
export function unlessSilent(error: unknown): undefined {
  if (isTransport(error)) throw error;
}
