import { zeroHash, type Address, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import { unlessSilent, type ReadClient, type WriteClient } from "./client.ts";
import { balanceCheckerAbi } from "./generated/abis.ts";
import { readHeader } from "./header.ts";
import { send } from "./send.ts";

export class BlockAheadError extends BaseError {
  constructor(blockNumber: bigint) {
    super(
      `Block ${blockNumber}, at whose end balances count, is not there yet with another after it.`,
      {
        fix: "Wait for it, and a block more, then repeat the command.",
      },
    );
  }
}

export class StateAwayError extends BaseError {
  constructor(blockNumber: bigint, cause: unknown) {
    super(`The node gives no proof of the state at block ${blockNumber}.`, {
      fix: "Ask one that keeps old states (an archive node) and knows eth_getProof, with --rpc.",
      cause,
    });
  }
}

/** Whether it is pinned from which storage a checker reads balances (GATE-14); not where there is no such checker. */
export async function isPinned(client: ReadClient, checker: Address): Promise<boolean> {
  const root = await client
    .readContract({ address: checker, abi: balanceCheckerAbi, functionName: "storageRoot" })
    .catch(unlessSilent);
  return root !== undefined && root !== zeroHash;
}

/** Pins the storage that a checker reads balances from (GATE-14), unless that is done. @throws BlockAheadError, StateAwayError, ContractRefusedError */
export async function pinBalances(
  { read, ...client }: WriteClient,
  checker: Address,
): Promise<Hex> {
  const at = { address: checker, abi: balanceCheckerAbi } as const;
  const pinned = await read.readContract({ ...at, functionName: "storageRoot" });
  if (pinned !== zeroHash) return pinned;
  const [blockNumber, token] = await Promise.all([
    read.readContract({ ...at, functionName: "blockNumber" }),
    read.readContract({ ...at, functionName: "token" }),
  ]);
  if ((await read.getBlockNumber({ cacheTime: 0 })) <= blockNumber)
    throw new BlockAheadError(blockNumber);
  const [header, accountProof] = await Promise.all([
    readHeader(read, blockNumber),
    readAccountProof(read, token, blockNumber),
  ]);
  await send({ read, ...client }, {
    ...at,
    functionName: "pin",
    args: [header, accountProof],
  } as never);
  return read.readContract({ ...at, functionName: "storageRoot" });
}

async function readAccountProof(
  read: ReadClient,
  address: Address,
  blockNumber: bigint,
): Promise<readonly Hex[]> {
  try {
    return (await read.getProof({ address, storageKeys: [], blockNumber })).accountProof;
  } catch (cause) {
    unlessSilent(cause);
    throw new StateAwayError(blockNumber, cause);
  }
}
