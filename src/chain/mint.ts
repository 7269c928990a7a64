import type { Address } from "viem";
import type { WriteClient } from "./client.ts";
import { testTokenAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Mints test tokens: for development chains, where the token is a TestToken. */
export async function mint(
  client: WriteClient,
  { token, to, amount }: { readonly token: Address; readonly to: Address; readonly amount: bigint },
) {
  return send(client, {
    address: token,
    abi: testTokenAbi,
    functionName: "mint",
    args: [to, amount],
  });
}
