import type { Address, Hex } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** One entry of a finalized round's result list with its Merkle path (MONEY-10). */
export type ClaimRequest = {
  readonly round: Address;
  readonly project: bigint;
  readonly votes: bigint;
  readonly credits: bigint;
  readonly path: readonly Hex[];
};

/** Pays a project, to its fixed address (PHASE-8). Anyone may send it. */
export async function claim(
  client: WriteClient,
  { round, project, votes, credits, path }: ClaimRequest,
) {
  return send(client, {
    address: round,
    abi: iRoundAbi,
    functionName: "claim",
    args: [project, votes, credits, path],
  });
}
