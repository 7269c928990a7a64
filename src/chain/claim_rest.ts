import type { Address } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** What else than projects a finished round owes, each to its fixed address (MONEY-2, MONEY-5, MONEY-6). */
export type Due = "claimFee" | "claimRemainder" | "claimMessageFees";

export async function claimRest(
  client: WriteClient,
  { round, due }: { readonly round: Address; readonly due: Due },
) {
  return send(client, { address: round, abi: iRoundAbi, functionName: due, args: [] });
}
