import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import {
  keccak256,
  numberToHex,
  toHex,
  type Address,
  type EIP1193Provider,
  type Hex,
  type PrivateKeyAccount,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectRead, connectWrite, type ReadClient, type WriteClient } from "../chain/client.ts";
import { INSTALLATION } from "../installation.ts";

/** A development chain inside this process: every transaction is a block of its own, time moves when told to. Prague rules. */
export type DevnetChain = {
  readonly provider: EIP1193Provider;
  readonly read: ReadClient;
  /** A client for the account with this name, which has coin for gas. The same name is the same account in every run. */
  readonly as: (name: string) => Promise<WriteClient>;
  readonly now: () => Promise<bigint>;
  /** Mines a block at `time`, in seconds; does nothing if that has passed. */
  readonly warpTo: (time: bigint) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Coin that each account gets, in wei: enough for any gas here. */
const GAS_MONEY = 1_000n * 10n ** 18n;
/** Room for the largest batches; a block holds one transaction. */
const BLOCK_GAS = 60_000_000n;

export async function startDevnetChain({
  chainId = 31337,
}: {
  readonly chainId?: number;
} = {}): Promise<DevnetChain> {
  const hre = await createHardhatRuntimeEnvironment(
    {
      networks: {
        default: {
          type: "edr-simulated",
          chainType: "l1",
          hardfork: "prague",
          chainId,
          accounts: [],
          blockGasLimit: BLOCK_GAS,
          initialBaseFeePerGas: 0,
        },
      },
    },
    {},
    INSTALLATION,
  );
  const connection = await hre.network.create();
  const provider = connection.provider as unknown as EIP1193Provider;
  const request = (method: string, params: readonly unknown[]) =>
    connection.provider.request({ method, params: [...params] });
  const read = connectRead(provider);
  const now = async () => (await read.getBlock()).timestamp;
  return {
    provider,
    read,
    now,
    as: async (name) => {
      const account = devnetAccount(name);
      await request("hardhat_setBalance", [account.address, numberToHex(GAS_MONEY)]);
      return connectWrite(provider, account);
    },
    warpTo: async (time) => {
      if (time <= (await now())) return;
      await request("evm_setNextBlockTimestamp", [numberToHex(time)]);
      await request("evm_mine", []);
    },
    close: () => connection.close(),
  };
}

/** The account of a name on devnets. Its key is public knowledge: never use it elsewhere. */
export function devnetAccount(name: string): PrivateKeyAccount {
  return privateKeyToAccount(devnetKey(name));
}

export const devnetKey = (name: string): Hex => keccak256(toHex(`tacit devnet: ${name}`));

export const devnetAddress = (name: string): Address => devnetAccount(name).address;
