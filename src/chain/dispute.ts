import type { Address } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Bytes that a dispute's reason may have (IRoundPhases). */
export const MOST_REASON = 1_024;

/** Makes a finalized round's result void before it is paid (PHASE-10). Only the guardian; `reason` at most MOST_REASON bytes. */
export async function dispute(
  client: WriteClient,
  { round, reason }: { readonly round: Address; readonly reason: string },
) {
  return send(client, { address: round, abi: iRoundAbi, functionName: "dispute", args: [reason] });
}
