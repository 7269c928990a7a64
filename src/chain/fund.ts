import type { Address } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Adds `amount` token units to the matching pool (PHASE-4). Token and `value` as for `contribute`. */
export async function fund(
  client: WriteClient,
  {
    round,
    amount,
    value = 0n,
  }: { readonly round: Address; readonly amount: bigint; readonly value?: bigint },
) {
  return send(client, {
    address: round,
    abi: iRoundAbi,
    functionName: "fund",
    args: [amount],
    value,
  });
}
