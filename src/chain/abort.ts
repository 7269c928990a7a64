import type { Address } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Ends a round whose tally deadline has passed (PHASE-6). Anyone may send it. */
export async function abort(client: WriteClient, { round }: { readonly round: Address }) {
  return send(client, { address: round, abi: iRoundAbi, functionName: "abort", args: [] });
}
