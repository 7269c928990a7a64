import { type Config } from "wagmi";
import { getAccount, getWalletClient, switchChain } from "wagmi/actions";
import { isAddressEqual, type Address } from "viem";
import type { WriteClient } from "../../../src/index.ts";
import { readClient } from "./reads.ts";

/** The wallet is on another account than the one that has to act. */
export class OtherAccountError extends Error {
  override readonly name = "OtherAccountError";
}

/**
 * A client that sends from `account` on the round's chain, for the library's calls. Asks the wallet to change the chain if needed.
 * @throws OtherAccountError, and what the wallet throws
 */
export async function writeClient(config: Config, chainId: number, account: Address): Promise<WriteClient> {
  const { address, chainId: current } = getAccount(config);
  if (address === undefined || !isAddressEqual(address, account)) throw new OtherAccountError();
  if (current !== chainId) await switchChain(config, { chainId });
  const wallet = await getWalletClient(config, { account, chainId });
  return { read: readClient(config, chainId), wallet: wallet as unknown as WriteClient["wallet"], chainId };
}
