import type { Address, Hex } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** One entry of a finalized round's result list with its Merkle path (MONEY-10). */
export type ClaimRequest = { readonly round: Address } & ProjectClaim;

/** What a project's claim shows. */
export type ProjectClaim = {
  readonly project: bigint;
  readonly votes: bigint;
  readonly credits: bigint;
  readonly path: readonly Hex[];
};

/** Pays a project, to its fixed address (PHASE-8, MONEY-10). Anyone may send it. */
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

/** The call that pays many projects, each for itself (MONEY-13). */
export const claimBatchCall = (round: Address, claims: readonly ProjectClaim[]) =>
  ({
    address: round,
    abi: iRoundAbi,
    functionName: "claimBatch",
    args: [claims.map(({ path, ...claim }) => ({ ...claim, merkleProof: path }))],
  }) as const;
