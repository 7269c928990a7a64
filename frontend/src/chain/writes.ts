import type { Config } from "wagmi";
import { getAccount, getConnectorClient, switchChain } from "wagmi/actions";
import { isAddressEqual, type Address } from "viem";
import { getCapabilities, sendCalls, sendTransaction, waitForCallsStatus } from "viem/actions";
import type { WriteClient } from "../../../src/index.ts";
import { listCodes } from "../causes.ts";
import { readClient } from "./read_client.ts";

/** The wallet is on another account than the one that has to act. */
export class OtherAccountError extends Error {
  override readonly name = "OtherAccountError";
}

/** The wallet is on another chain and stays there: its owner declined, or it cannot change. */
export class OtherChainError extends Error {
  override readonly name = "OtherChainError";
}

/** What a wallet answers for an owner who does not want to (EIP-1193). */
const DECLINED = 4001;
/** A wallet that says it has changed the chain, and has not, is waited for no longer. */
const SWITCH_MS = 60_000;

/** Asks the wallet to change to a chain, and tells it what that is where it does not know (EIP-3085). @throws OtherChainError */
export async function toChain(config: Config, chainId: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<never>(
    (_, reject) => (timer = setTimeout(() => reject(new OtherChainError()), SWITCH_MS)),
  );
  try {
    await Promise.race([switchChain(config, { chainId }), patience]);
  } catch (cause) {
    // wagmi calls every failure to add a chain a refusal by the user; only the wallet knows.
    throw new OtherChainError(undefined, listCodes(cause).at(-1) === DECLINED ? { cause } : {});
  } finally {
    clearTimeout(timer);
  }
}

type Wallet = WriteClient["wallet"];

/**
 * A client that sends from `account` on the round's chain, for the library's calls. Asks the wallet to change the chain if needed.
 * @throws OtherAccountError, OtherChainError
 */
export async function writeClient(
  config: Config,
  chainId: number,
  account: Address,
): Promise<WriteClient> {
  const { address, connector } = getAccount(config);
  if (address === undefined || connector === undefined || !isAddressEqual(address, account))
    throw new OtherAccountError();
  // The wallet itself is asked: it may have changed without telling.
  if ((await connector.getChainId()) !== chainId) await toChain(config, chainId);
  // What the library asks of a wallet that holds its own keys, and no more: all that wallets can do is much for every donor to load.
  const wallet = (await getConnectorClient(config, { account, chainId })).extend((client) => ({
    sendTransaction: ((transaction) =>
      sendTransaction(client, transaction)) as Wallet["sendTransaction"],
    getCapabilities: ((parameters) =>
      getCapabilities(client, parameters)) as Wallet["getCapabilities"],
    sendCalls: ((calls) => sendCalls(client, calls)) as Wallet["sendCalls"],
    waitForCallsStatus: ((parameters) =>
      waitForCallsStatus(client, parameters)) as Wallet["waitForCallsStatus"],
  }));
  return {
    read: readClient(config, chainId),
    wallet: wallet as unknown as Wallet,
    chainId,
  };
}
