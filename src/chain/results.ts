import { bytesToHex, zeroAddress, type Address } from "viem";
import { accountFor, type Accounts } from "../matching/accounts.ts";
import { sum } from "../matching/quadratic.ts";
import { shareOut } from "../matching/settle.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { decodeResult, encodeResult } from "../transcript/results.ts";
import { resultsTree } from "../transcript/results_tree.ts";
import { unlessSilent, type ReadClient } from "./client.ts";
import { iPayoutRuleAbi, iRoundAbi } from "./generated/abis.ts";
import { MissingLogsError } from "./logs.ts";
import { wasEligible, type RoundHistory, type TallyHistory } from "./history.ts";
import type { RoundConfig } from "./provenance.ts";

/** What the round gives a rule for one match. */
const MATCH = { gas: 2_000_000n } as const;

/** One project of a finished round; money in token units. */
export type ResultLine = {
  readonly project: number;
  /** Its place in the result list, which its claim needs. */
  readonly place: number;
  readonly votes: bigint;
  readonly credits: bigint;
  readonly eligible: boolean;
  /** What donors gave it: unit·credits; 0 where it is not eligible, or the round has no token. */
  readonly contributed: bigint;
  /** In the pool's token. */
  readonly matched: bigint;
  /** Its share of what donors left unspent (MONEY-5). */
  readonly shared: bigint;
  /** Whether it was paid. Before, match and share are those that it gets if the projects claim in list order: within a unit of any other. */
  readonly claimed: boolean;
};

/** The result of a finished round with all its money. */
export type RoundResults = {
  readonly list: readonly ProjectResult[];
  readonly lines: readonly ResultLine[];
  readonly budget: bigint;
  readonly available: bigint;
  readonly fee: bigint;
  /** W, where the rule is the quadratic one (MONEY-3). */
  readonly totalWeight: bigint;
  readonly accounts: Accounts;
};

/**
 * The result as the contract holds it: entries from the history, what is not paid yet by the round's own payout rule.
 * @throws MissingLogsError where the history is not the whole result, or does not hold all of the pool
 */
export async function readResults(
  client: ReadClient,
  {
    round,
    config,
    history: { tally, claims, funded },
  }: {
    readonly round: Address;
    readonly config: RoundConfig;
    readonly history: Pick<RoundHistory, "tally" | "claims" | "funded">;
  },
): Promise<RoundResults> {
  const at = { address: round, abi: iRoundAbi } as const;
  const list = (tally?.entries ?? []).map(decodeResult);
  const [settlement, state, pool, totalCredits, root] = await Promise.all([
    client.readContract({ ...at, functionName: "settlement" }),
    client.readContract({ ...at, functionName: "payoutState" }),
    client.readContract({ ...at, functionName: "pool" }),
    client.readContract({ ...at, functionName: "totalCredits" }),
    client.readContract({ ...at, functionName: "resultsRoot" }),
  ]);
  if (bytesToHex(resultsTree(list).root) !== root)
    throw new MissingLogsError("entries of the result");
  if (sum(funded.map(({ amount }) => amount)) !== pool)
    throw new MissingLogsError("part of the matching pool");
  const { available, budget, fee, leftovers } = settlement;
  const paid = new Map(claims.map((claim) => [Number(claim.project), claim]));
  const eligible = list.filter(({ project }) => wasEligible(tally as TallyHistory, project));
  const unpaid = eligible.filter(({ project }) => !paid.has(project));
  const claimed = sum(claims.map(({ matched }) => matched));
  const matches = await Promise.all(
    unpaid.map(async (entry) =>
      config.poolToken === zeroAddress
        ? 0n
        : ((await client
            .readContract({
              address: config.payoutRule,
              abi: iPayoutRuleAbi,
              functionName: "matchOf",
              args: [state, available, config.unit, encodeResult(entry)],
              ...MATCH,
            })
            // To the round, a rule that does not answer says 0.
            .catch(unlessSilent)) ?? 0n),
    ),
  );
  const due = withinBudget(matches, budget - claimed);
  const dues =
    leftovers === 0n
      ? due.map((matched) => ({ matched, share: 0n }))
      : shareOut({ matches: due, budget, claimed, projects: eligible.length }, leftovers);
  const byProject = new Map(unpaid.map(({ project }, i) => [project, dues[i]]));
  const unit = config.token === zeroAddress ? 0n : config.unit;
  const listed = new Set(eligible);
  const lines = list.map((entry, place): ResultLine => {
    const { project, votes, credits } = entry;
    const [claim, later] = [paid.get(project), byProject.get(project)];
    const isEligible = listed.has(entry);
    return {
      project,
      place,
      votes,
      credits,
      eligible: isEligible,
      contributed: isEligible ? unit * credits : 0n,
      matched: claim?.matched ?? later?.matched ?? 0n,
      shared: claim?.shared ?? later?.share ?? 0n,
      claimed: claim !== undefined,
    };
  });
  const sponsors = new Map<Address, bigint>();
  for (const { sponsor, amount } of funded)
    sponsors.set(sponsor, (sponsors.get(sponsor) ?? 0n) + amount);
  return {
    list,
    lines,
    budget,
    available,
    fee,
    totalWeight: state[0],
    accounts: accountFor({
      unit,
      totalCredits,
      pool,
      fee,
      budget,
      sponsors: [...sponsors.values()],
      projects: lines,
    }),
  };
}

/** What the round pays of what a rule asks for, in the order of claims: never more than is left. */
function withinBudget(matches: readonly bigint[], budget: bigint): bigint[] {
  let left = budget;
  return matches.map((match) => {
    const paid = match < left ? match : left;
    left -= paid;
    return paid;
  });
}
