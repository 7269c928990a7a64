import { erc20Abi, zeroAddress, type Address } from "viem";
import type { ReadClient, WriteClient } from "./client.ts";
import { send } from "./send.ts";

export type TokenFacts = {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
};

/** Symbol and decimals, for display. A token may leave out both: then its address and 0. A round without money counts credits. */
export async function readToken(client: ReadClient, address: Address): Promise<TokenFacts> {
  if (address === zeroAddress) return { address, symbol: "credits", decimals: 0 };
  const at = { address, abi: erc20Abi } as const;
  const [symbol, decimals] = await Promise.all([
    client.readContract({ ...at, functionName: "symbol" }).catch(() => address),
    client.readContract({ ...at, functionName: "decimals" }).catch(() => 0),
  ]);
  return { address, symbol, decimals };
}

export async function readBalance(
  client: ReadClient,
  token: Address,
  holder: Address,
): Promise<bigint> {
  return client.readContract({
    address: token,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [holder],
  });
}

/** Lets `spender` take exactly `amount` of the sender's tokens, unless it may take that much already. */
export async function approve(
  client: WriteClient,
  {
    token,
    spender,
    amount,
  }: { readonly token: Address; readonly spender: Address; readonly amount: bigint },
) {
  const allowed = await client.read.readContract({
    address: token,
    abi: erc20Abi,
    functionName: "allowance",
    args: [client.wallet.account.address, spender],
  });
  if (allowed < amount)
    await send(client, {
      address: token,
      abi: erc20Abi,
      functionName: "approve",
      args: [spender, amount],
    });
}
