import type { Address } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Gives a donor of an aborted or cancelled round everything back (MONEY-7). Anyone may send it. */
export async function refund(
  client: WriteClient,
  { round, tag }: { readonly round: Address; readonly tag: bigint },
) {
  return send(client, { address: round, abi: iRoundAbi, functionName: "refund", args: [tag] });
}

/** Gives a sponsor its share of the surplus, or everything, back (MONEY-4, MONEY-7). Anyone may send it. */
export async function refundSponsor(
  client: WriteClient,
  { round, sponsor }: { readonly round: Address; readonly sponsor: Address },
) {
  return send(client, {
    address: round,
    abi: iRoundAbi,
    functionName: "refundSponsor",
    args: [sponsor],
  });
}
