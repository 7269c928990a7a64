import {
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  getAbiItem,
  numberToHex,
  toFunctionSelector,
  type Abi,
  type AbiEvent,
  type AbiFunction,
  type Address,
  type EIP1193Provider,
  type Hex,
} from "viem";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";

/** One answer of a contract's view, in place of the true one. */
export type ViewLie = {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly result: unknown;
};
export type ToldEvent = { readonly eventName: string; readonly args: unknown };

/** What a node says that is not so; of anything else it tells the truth. */
export type Lies = {
  readonly views?: readonly ViewLie[];
  /** Code by address. */
  readonly code?: Readonly<Record<Address, Hex>>;
  /** All events of a round, all in one block. */
  readonly events?: {
    readonly round: Address;
    readonly block: bigint;
    readonly told: readonly ToldEvent[];
  };
};

type Request = { readonly method: string; readonly params?: readonly unknown[] };

/** A node that answers by a true one, but for its lies. */
export function lyingProvider(truth: EIP1193Provider, lies: () => Lies): EIP1193Provider {
  const request = async ({ method, params = [] }: Request): Promise<unknown> => {
    const { views = [], code = {}, events } = lies();
    if (method === "eth_call") {
      const { to, data } = params[0] as { to: Address; data: Hex };
      const lie = views.find(
        ({ address, abi, functionName }) =>
          same(address, to) &&
          data.startsWith(
            toFunctionSelector(getAbiItem({ abi, name: functionName }) as AbiFunction),
          ),
      );
      if (lie !== undefined)
        return encodeFunctionResult({
          abi: lie.abi,
          functionName: lie.functionName,
          result: lie.result,
        } as never);
    } else if (method === "eth_getCode") {
      const lie = Object.entries(code).find(([address]) => same(address, params[0] as Address));
      if (lie !== undefined) return lie[1];
    } else if (method === "eth_getLogs" && events !== undefined) {
      const { address, fromBlock, toBlock } = params[0] as {
        address: Address;
        fromBlock: Hex;
        toBlock: Hex;
      };
      if (same(address, events.round))
        return BigInt(fromBlock) <= events.block && events.block <= BigInt(toBlock)
          ? events.told.map((event, i) => encodeLog(events.round, events.block, event, i))
          : [];
    }
    return truth.request({ method, params } as never);
  };
  return { request } as unknown as EIP1193Provider;
}

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();

function encodeLog(
  address: Address,
  block: bigint,
  { eventName, args }: ToldEvent,
  index: number,
): object {
  const abi = getAbiItem({ abi: iRoundAbi, name: eventName as "Funded" }) as AbiEvent;
  const data = abi.inputs.filter(({ indexed }) => indexed !== true);
  return {
    address,
    topics: encodeEventTopics({ abi: [abi], eventName, args } as never),
    data: encodeAbiParameters(
      data,
      data.map(({ name }) => (args as Record<string, unknown>)[name as string]),
    ),
    blockNumber: numberToHex(block),
    blockHash: numberToHex(block, { size: 32 }),
    transactionHash: numberToHex(block, { size: 32 }),
    transactionIndex: "0x0",
    logIndex: numberToHex(index),
    removed: false,
  };
}
