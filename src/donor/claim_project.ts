import { bytesToHex, parseEventLogs, type Address } from "viem";
import { claim } from "../chain/claim.ts";
import { claimRest, type Due } from "../chain/claim_rest.ts";
import type { WriteClient } from "../chain/client.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { ContractRefusedError } from "../chain/send.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { resultsTree } from "../transcript/results_tree.ts";

/** What a project was paid: `given` and its share of the leftovers in the contributions' token, `matched` in the pool's. */
export type ProjectPayment = {
  readonly project: bigint;
  readonly recipient: Address;
  readonly matchRecipient: Address;
  readonly given: bigint;
  readonly shared: bigint;
  readonly matched: bigint;
};

export type ClaimsRequest = {
  readonly round: Address;
  readonly results: readonly ProjectResult[];
  readonly places: Iterable<number>;
  /** Goes on where somebody else has paid a project meanwhile. */
  readonly skipPaid?: boolean;
  /** Told of each payment once it is mined. */
  readonly onPaid?: (payment: ProjectPayment) => void;
};

/**
 * Pays the projects at some places of a finalized round's result list, one transaction each (MONEY-10). Anyone may send it.
 * @throws ContractRefusedError at the first that has nothing to claim, unless those are skipped; those before it are paid
 */
export async function claimProjects(
  client: WriteClient,
  { round, results, places, skipPaid = false, onPaid }: ClaimsRequest,
) {
  const { pathTo } = resultsTree(results);
  const paid: (ProjectPayment & { readonly gasUsed: bigint })[] = [];
  for (const place of places) {
    const { project, votes, credits } = results[place] as ProjectResult;
    const path = pathTo(place).map((node) => bytesToHex(node));
    const request = { round, project: BigInt(project), votes, credits, path };
    const receipt = await claim(client, request).catch((error: unknown) => {
      const isPaid = error instanceof ContractRefusedError && error.reason === "NotClaimable";
      if (!isPaid || !skipPaid) throw error;
      return undefined;
    });
    if (receipt === undefined) continue;
    const { logs, gasUsed } = receipt;
    for (const { args } of parseEventLogs({ abi: iRoundAbi, eventName: "Claimed", logs })) {
      paid.push({ ...args, gasUsed });
      onPaid?.(args);
    }
  }
  return paid;
}

/** Sends what may be due already; whether it was. Other refusals are thrown. */
export async function ifDue(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (error instanceof ContractRefusedError && error.reason === "NothingToPay") return false;
    throw error;
  }
}

/** Pays what else the round owes (MONEY-2, MONEY-5, MONEY-6), each to its fixed address. @returns those that were due */
export async function claimDues(
  client: WriteClient,
  round: Address,
  dues: readonly Due[],
): Promise<Due[]> {
  const paid: Due[] = [];
  for (const due of dues) if (await ifDue(() => claimRest(client, { round, due }))) paid.push(due);
  return paid;
}
