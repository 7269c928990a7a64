import {
  estimateContractGas,
  estimateGas,
  getBalance,
  getBlock,
  getBlockNumber,
  getChainId,
  getCode,
  getContractEvents,
  getGasPrice,
  getLogs,
  getProof,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  readContract,
  simulateContract,
  waitForTransactionReceipt,
} from "viem/actions";
import type { Client } from "viem";
import type { Config } from "wagmi";
import type { ReadClient } from "../../../src/index.ts";

/** What the library and the page ask a node for. All that viem can ask would add 38 kB to the first visit (snapshots/page.json). */
export const ACTIONS = {
  estimateContractGas,
  estimateGas,
  getBalance,
  getBlock,
  getBlockNumber,
  getChainId,
  getCode,
  getContractEvents,
  getGasPrice,
  getLogs,
  getProof,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  readContract,
  simulateContract,
  waitForTransactionReceipt,
};

type Action = (client: Client, request: unknown) => unknown;

const made = new WeakMap<Client, ReadClient>();

/** A client for the library, which asks of it nothing but ACTIONS (test/frontend/structure.test.ts). */
export function readClient(config: Config, chainId: number): ReadClient {
  const client = config.getClient({ chainId }) as Client;
  const known = made.get(client);
  if (known !== undefined) return known;
  const reader = withActions(client);
  made.set(client, reader);
  return reader;
}

/** The same of any client. viem's own public client would come to every visitor, as the library's one file for clients names it. */
export const withActions = (client: Client): ReadClient =>
  client.extend((self) =>
    Object.fromEntries(
      Object.entries(ACTIONS).map(([name, action]) => [
        name,
        (request: unknown) => (action as Action)(self as Client, request),
      ]),
    ),
  ) as unknown as ReadClient;
