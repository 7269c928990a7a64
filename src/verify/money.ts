import { erc20Abi, formatUnits, zeroAddress, type Address } from "viem";
import type { ReadClient } from "../chain/client.ts";
import { iPayoutRuleAbi, iRoundAbi } from "../chain/generated/abis.ts";
import { wasEligible, type RoundHistory, type TallyHistory } from "../chain/history.ts";
import type { Parts } from "../chain/parts.ts";
import type { RoundConfig } from "../chain/provenance.ts";
import { readToken } from "../chain/token.ts";
import { ImpossibleTotalsError } from "../matching/errors.ts";
import { quadraticMatch, type MatchRequest, type MatchResult } from "../matching/quadratic.ts";
import type { OptionResult } from "../round/semantics.ts";
import { expectEqual, expectTrue, Mismatch } from "./report.ts";

export type FinishedRound = {
  readonly config: RoundConfig;
  readonly history: RoundHistory;
  readonly results: readonly OptionResult[];
  /** The payout rule, by its address (PROV-5). */
  readonly rule: Parts["payoutRule"];
};

/**
 * MONEY-2 to MONEY-8 for a finalized round: what was paid in, what each project may claim by the round's payout rule, and
 * that the round holds all that is still due.
 * @throws Mismatch
 */
export async function checkMoney(client: ReadClient, round: Address, finished: FinishedRound): Promise<string> {
  const { config, history, results } = finished;
  const spent = results.reduce((sum, { credits }) => sum + credits, 0n);
  const credits = new Map<bigint, bigint>();
  for (const link of history.links) if (link.kind !== "message") credits.set(link.tag, link.credits);
  const total = [...credits.values()].reduce((sum, c) => sum + c, 0n);
  expectTrue(spent <= total, `the result spends ${spent} credits, but only ${total} were bought`);
  if (config.token === zeroAddress) return `${spent} of ${total} credits spent; the round carries no money`;

  const tally = history.tally as TallyHistory;
  const at = { address: round, abi: iRoundAbi } as const;
  const [settlement, pool, balance] = await Promise.all([
    client.readContract({ ...at, functionName: "settlement" }),
    client.readContract({ ...at, functionName: "pool" }),
    client.readContract({ address: config.token, abi: erc20Abi, functionName: "balanceOf", args: [round] }),
  ]);
  expectEqual("the pool", pool, history.funded.reduce((sum, { amount }) => sum + amount, 0n));
  expectEqual("the fee", settlement.fee, config.coordinatorFee < pool ? config.coordinatorFee : pool);
  expectEqual("what is available for matching", settlement.available, pool - settlement.fee);
  expectTrue(settlement.budget <= settlement.available, "the budget exceeds the pool");

  const eligible = results.filter(({ option }) => wasEligible(tally, option));
  const matches = await matchesOf(client, round, finished, eligible, settlement);
  const matched = matches.reduce((sum, match) => sum + match, 0n);
  expectTrue(matched <= settlement.budget, `matches of ${matched} exceed the budget of ${settlement.budget}`);
  for (const { project, payout, matched: paid } of history.claims) {
    const i = eligible.findIndex(({ option }) => BigInt(option) === project);
    expectTrue(i >= 0, `project ${project} was paid without being in the result`);
    expectEqual(`the match paid to project ${project}`, paid, matches[i] as bigint);
    expectEqual(`the payout of project ${project}`, payout, config.unit * (eligible[i] as OptionResult).credits + paid);
  }
  const claimed = new Set(history.claims.map(({ project }) => Number(project)));
  expectEqual("the number of projects paid", history.claims.length, claimed.size);
  // What is left after the last project goes to the remainder (MONEY-5).
  const paidMatch = history.claims.reduce((sum, { matched: one }) => sum + one, 0n);
  expectEqual("what is left of the budget", settlement.budgetLeft, claimed.size === eligible.length ? 0n : settlement.budget - paidMatch);
  const unclaimed = eligible.filter(({ option }) => !claimed.has(option)).reduce((sum, { credits: c }) => sum + config.unit * c, 0n);
  const due = unclaimed + settlement.budgetLeft + settlement.surplusLeft + settlement.remainder;
  expectTrue(balance >= due, `the round holds ${balance}, but ${due} is still due`);
  const { symbol, decimals } = await readToken(client, config.token);
  const text = (amount: bigint) => `${formatUnits(amount, decimals)} ${symbol}`;
  return `${text(total * config.unit)} contributed, ${text(pool)} in the pool; ${history.claims.length} of ${eligible.length} projects paid; ${text(balance)} held, ${text(due)} due at least`;
}

/**
 * What the round's payout rule gives each project. This version's rules are recomputed here (MONEY-3); of any other rule, which cannot
 * be, the answers are taken as they are.
 * @throws Mismatch
 */
async function matchesOf(
  client: ReadClient,
  round: Address,
  { config, rule }: FinishedRound,
  eligible: readonly OptionResult[],
  { available, budget }: { readonly available: bigint; readonly budget: bigint },
): Promise<readonly bigint[]> {
  if (rule.kind === "return" || rule.kind === "pay") {
    const expected = quadratic({ unit: config.unit, available, surplus: rule.kind, projects: eligible });
    expectEqual("the budget", budget, expected.budget);
    return expected.matches;
  }
  const sums = await client.readContract({ address: round, abi: iRoundAbi, functionName: "payoutSums" });
  const at = { address: config.payoutRule, abi: iPayoutRuleAbi, functionName: "matchOf" } as const;
  return Promise.all(eligible.map(({ votes, credits }) => client.readContract({ ...at, args: [sums, available, config.unit, votes, credits] })));
}

/** @throws Mismatch where the totals are none of any ballots */
function quadratic(request: MatchRequest): MatchResult {
  try {
    return quadraticMatch(request);
  } catch (error) {
    throw error instanceof ImpossibleTotalsError ? new Mismatch(error.shortMessage) : error;
  }
}
