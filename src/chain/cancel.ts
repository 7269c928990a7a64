import type { Address } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** The organiser's notice that the round may be cancelled although there are contributions (PHASE-7). */
export async function announceCancel(client: WriteClient, { round }: { readonly round: Address }) {
  return send(client, { address: round, abi: iRoundAbi, functionName: "announceCancel", args: [] });
}

/** Cancels the round (PHASE-7): everyone gets everything back. */
export async function cancel(client: WriteClient, { round }: { readonly round: Address }) {
  return send(client, { address: round, abi: iRoundAbi, functionName: "cancel", args: [] });
}
