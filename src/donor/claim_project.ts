import { bytesToHex, parseEventLogs, type Address, type TransactionReceipt } from "viem";
import { claim, claimBatchCall, type ProjectClaim } from "../chain/claim.ts";
import { claimRest, type Due } from "../chain/claim_rest.ts";
import type { WriteClient } from "../chain/client.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { ContractRefusedError, errorName, refusal, send } from "../chain/send.ts";
import { MOST_TRANSACTION_GAS } from "../params.ts";
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

/** A project that was left unpaid, and the name of the error with which the round or a token refused it. */
export type SkippedProject = { readonly project: bigint; readonly reason: string };

export type ClaimOutcome = {
  /** With each project's share of its call's gas. */
  readonly paid: readonly (ProjectPayment & { readonly gasUsed: bigint })[];
  /** They have lost nothing: whoever could not be paid now can be paid later. */
  readonly skipped: readonly SkippedProject[];
};

export type ClaimsRequest = {
  readonly round: Address;
  readonly results: readonly ProjectResult[];
  readonly places: Iterable<number>;
  /** A single project that has nothing to claim, as somebody else has paid it meanwhile, is skipped as one of several would be. */
  readonly skipPaid?: boolean;
  /** Told of each payment once it is mined. */
  readonly onPaid?: (payment: ProjectPayment) => void;
};

/** Projects in one call at most: about seven million of gas with the rules of this version. */
const MOST_CLAIMS = 100;

/**
 * Pays the projects at some places of a finalized round's result list, many in a transaction; what cannot be paid is skipped (MONEY-13). Anyone
 * may send it, and send it again: what is paid is not paid twice.
 * @throws ContractRefusedError where payments are not open, and where only one project is asked for and cannot be paid
 */
export async function claimProjects(
  client: WriteClient,
  { round, results, places, skipPaid = false, onPaid }: ClaimsRequest,
): Promise<ClaimOutcome> {
  const { pathTo } = resultsTree(results);
  const claims = Array.from(places, (place): ProjectClaim => {
    const { project, votes, credits } = results[place] as ProjectResult;
    const path = pathTo(place).map((node) => bytesToHex(node));
    return { project: BigInt(project), votes, credits, path };
  });
  const outcomes: ClaimOutcome[] = [];
  const waiting = Array.from({ length: Math.ceil(claims.length / MOST_CLAIMS) }, (_, i) =>
    claims.slice(i * MOST_CLAIMS, (i + 1) * MOST_CLAIMS),
  );
  for (let batch; (batch = waiting.shift()) !== undefined; ) {
    const gas = batch.length === 1 ? 0n : await batchGas(client, round, batch);
    if (gas === undefined) {
      const half = Math.ceil(batch.length / 2);
      waiting.unshift(batch.slice(0, half), batch.slice(half));
      continue;
    }
    const outcome =
      batch.length > 1
        ? await payBatch(client, round, batch, gas)
        : await payOne(
            client,
            round,
            batch[0] as ProjectClaim,
            (reason) => claims.length > 1 || (skipPaid && reason === "NotClaimable"),
          );
    outcomes.push(outcome);
    for (const { gasUsed: _, ...payment } of outcome.paid) onPaid?.(payment);
  }
  return {
    paid: outcomes.flatMap(({ paid }) => paid),
    skipped: outcomes.flatMap(({ skipped }) => skipped),
  };
}

/** Gas for a batch, or nothing where it needs more than a transaction may have: a payout rule may take two million for each project. */
async function batchGas(
  { read, wallet }: WriteClient,
  round: Address,
  batch: readonly ProjectClaim[],
): Promise<bigint | undefined> {
  try {
    const call = { ...claimBatchCall(round, batch), account: wallet.account };
    const gas = await read.estimateContractGas(call as never);
    const ample = gas + gas / 20n;
    return ample > MOST_TRANSACTION_GAS ? undefined : ample;
  } catch (cause) {
    const error = refusal("claimBatch", cause);
    if (error instanceof ContractRefusedError && error.reason === "TooLittleGas") return undefined;
    throw error;
  }
}

async function payBatch(
  client: WriteClient,
  round: Address,
  batch: readonly ProjectClaim[],
  gas: bigint,
): Promise<ClaimOutcome> {
  return readOutcome(await send(client, { ...claimBatchCall(round, batch), gas }));
}

/** @param skips whether a refusal for this reason is told in the outcome, in place of thrown */
async function payOne(
  client: WriteClient,
  round: Address,
  one: ProjectClaim,
  skips: (reason: string) => boolean,
): Promise<ClaimOutcome> {
  try {
    return readOutcome(await claim(client, { round, ...one }));
  } catch (error) {
    if (!(error instanceof ContractRefusedError && skips(error.reason))) throw error;
    return { paid: [], skipped: [{ project: one.project, reason: error.reason }] };
  }
}

function readOutcome({ logs, gasUsed }: TransactionReceipt): ClaimOutcome {
  const paid = parseEventLogs({ abi: iRoundAbi, eventName: "Claimed", logs });
  const skipped = parseEventLogs({ abi: iRoundAbi, eventName: "ClaimSkipped", logs });
  const share = gasUsed / BigInt(Math.max(1, paid.length));
  return {
    paid: paid.map(({ args }) => ({ ...args, gasUsed: share })),
    skipped: skipped.map(({ args: { project, reason } }) => ({
      project,
      reason: errorName(reason),
    })),
  };
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
