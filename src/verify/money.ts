import { erc20Abi, formatUnits, zeroAddress, type Address } from "viem";
import { unlessSilent, type ReadClient } from "../chain/client.ts";
import { iPayoutRuleAbi, iRoundAbi } from "../chain/generated/abis.ts";
import { wasEligible, type RoundHistory, type TallyHistory } from "../chain/history.ts";
import type { Parts } from "../chain/parts.ts";
import { openReadPayoutRule, readPayoutRule } from "../chain/payout.ts";
import type { RoundConfig } from "../chain/provenance.ts";
import { readToken } from "../chain/token.ts";
import { ImpossibleTotalsError } from "../matching/errors.ts";
import { requirePossible } from "../matching/quadratic.ts";
import { isShareable } from "../matching/settle.ts";
import type { PayoutKind } from "../payouts/rule.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { encodeResult } from "../transcript/results.ts";
import { expectEqual, expectTrue, Mismatch, type Found } from "./report.ts";

export type FinishedRound = {
  readonly config: RoundConfig;
  readonly history: RoundHistory;
  readonly results: readonly ProjectResult[];
  /** The payout rule, by its address (PROV-5). */
  readonly rule: Parts["payoutRule"];
  /** Kinds of rules that are recomputed; by default all that this version knows. */
  readonly payouts?: readonly PayoutKind[] | undefined;
};

/**
 * MONEY-2 to MONEY-8 for a finalized round: what was paid in, what each project may claim by the round's payout rule, and
 * that the round holds all that is still due.
 * @throws Mismatch
 */
export async function checkMoney(
  client: ReadClient,
  round: Address,
  finished: FinishedRound,
): Promise<Found> {
  const { config, history, results } = finished;
  const spent = results.reduce((sum, { credits }) => sum + credits, 0n);
  const credits = new Map<bigint, bigint>();
  for (const link of history.links)
    if (link.kind !== "message") credits.set(link.tag, link.credits);
  const total = [...credits.values()].reduce((sum, c) => sum + c, 0n);
  expectTrue(spent <= total, `the result spends ${spent} credits, but only ${total} were bought`);
  if (config.token === zeroAddress && config.poolToken === zeroAddress)
    return {
      detail: `${spent} of ${total} credits spent; the round carries no money`,
      values: { spent: String(spent), credits: String(total) },
    };

  const tally = history.tally as TallyHistory;
  const at = { address: round, abi: iRoundAbi } as const;
  const [settlement, pool] = await Promise.all([
    client.readContract({ ...at, functionName: "settlement" }),
    client.readContract({ ...at, functionName: "pool" }),
  ]);
  expectEqual(
    "the pool",
    pool,
    history.funded.reduce((sum, { amount }) => sum + amount, 0n),
  );
  expectEqual(
    "the fee",
    settlement.fee,
    config.coordinatorFee < pool ? config.coordinatorFee : pool,
  );
  expectEqual("what is available for matching", settlement.available, pool - settlement.fee);
  expectTrue(settlement.budget <= settlement.available, "the budget exceeds the pool");

  const unit = config.token === zeroAddress ? 0n : config.unit;
  const eligible = results.filter(({ project }) => wasEligible(tally, project));
  const leftovers = unit * (total - eligible.reduce((sum, { credits: c }) => sum + c, 0n));
  const shared = config.shareLeftovers && isShareable(settlement.budget, eligible.length);
  expectEqual("what is shared of the leftovers", settlement.leftovers, shared ? leftovers : 0n);
  const matches = await recomputeMatches(client, round, finished, eligible, settlement);
  const matched = matches.reduce((sum, match) => sum + match, 0n);
  expectTrue(
    matched <= settlement.budget,
    `matches of ${matched} exceed the budget of ${settlement.budget}`,
  );
  let claimed = 0n;
  for (const [n, { project, given, shared: share, matched: paid }] of history.claims.entries()) {
    const i = eligible.findIndex((result) => BigInt(result.project) === project);
    expectTrue(i >= 0, `project ${project} was paid without being in the result`);
    const last =
      shared &&
      n === eligible.length - 1 &&
      settlement.budget - claimed - (matches[i] as bigint) < BigInt(eligible.length);
    expectEqual(
      `the match paid to project ${project}`,
      paid,
      last ? settlement.budget - claimed : (matches[i] as bigint),
    );
    expectEqual(
      `what project ${project} was given`,
      given,
      unit * (eligible[i] as ProjectResult).credits,
    );
    expectEqual(
      `project ${project}'s share of the leftovers`,
      share,
      shared
        ? (leftovers * (claimed + paid)) / settlement.budget -
            (leftovers * claimed) / settlement.budget
        : 0n,
    );
    claimed += paid;
  }
  const paidProjects = new Set(history.claims.map(({ project }) => Number(project)));
  expectEqual("the number of projects paid", history.claims.length, paidProjects.size);
  expectEqual(
    "the number of projects still to be paid",
    settlement.claimsLeft,
    eligible.length - paidProjects.size,
  );
  // What is left after the last project goes to the remainder (MONEY-5).
  expectEqual(
    "what is left of the budget",
    settlement.budgetLeft,
    paidProjects.size === eligible.length ? 0n : settlement.budget - claimed,
  );
  const unpaid = eligible
    .filter(({ project }) => !paidProjects.has(project))
    .reduce((sum, { credits: c }) => sum + unit * c, 0n);
  const unshared =
    shared && settlement.claimsLeft > 0
      ? leftovers - (leftovers * claimed) / settlement.budget
      : 0n;
  const due = unpaid + unshared + settlement.remainder;
  const poolDue = settlement.budgetLeft + settlement.surplusLeft + settlement.poolRemainder;
  const held = await requireHeld(client, round, config, due, poolDue);
  const [paid, projects] = [history.claims.length, eligible.length];
  const tell = async (address: Address, amount: bigint) => {
    if (address === zeroAddress) return [];
    const { symbol, decimals } = await readToken(client, address);
    return [{ amount: formatUnits(amount, decimals), symbol }];
  };
  const given = unit * eligible.reduce((sum, { credits: c }) => sum + c, 0n);
  const [added, gifts, match] = await Promise.all([
    tell(config.poolToken, pool),
    tell(config.token, given),
    tell(config.poolToken, matched),
  ]);
  return {
    detail: [
      `${total} credits bought`,
      ...added.map(({ amount, symbol }) => `${amount} ${symbol} in the pool`),
      ...gifts.map(({ amount, symbol }) => `${amount} ${symbol} given to projects`),
      ...match.map(({ amount, symbol }) => `${amount} ${symbol} of matches`),
      `${paid} of ${projects} projects paid`,
      ...held.map((one) => `${one.held} ${one.symbol} held, ${one.due} ${one.symbol} due at least`),
    ].join("; "),
    values: {
      credits: String(total),
      pool: added,
      given: gifts,
      matched: match,
      paid,
      projects,
      held,
    },
  };
}

/** That the round holds what is due, in each of its tokens. Says how much that is. @throws Mismatch */
async function requireHeld(
  client: ReadClient,
  round: Address,
  { token, poolToken }: RoundConfig,
  due: bigint,
  poolDue: bigint,
): Promise<{ readonly symbol: string; readonly held: string; readonly due: string }[]> {
  const dues = new Map<Address, bigint>();
  for (const [address, amount] of [
    [token, due],
    [poolToken, poolDue],
  ] as const)
    if (address !== zeroAddress) dues.set(address, (dues.get(address) ?? 0n) + amount);
  return Promise.all(
    [...dues].map(async ([address, amount]) => {
      const balance = await client.readContract({
        address,
        abi: erc20Abi,
        functionName: "balanceOf",
        args: [round],
      });
      expectTrue(
        balance >= amount,
        `the round holds ${balance} of ${address}, but ${amount} is still due`,
      );
      const { symbol, decimals } = await readToken(client, address);
      return { symbol, held: formatUnits(balance, decimals), due: formatUnits(amount, decimals) };
    }),
  );
}

/**
 * What the round's payout rule gives each project. Rules of a kind that this version knows are recomputed here (MONEY-3, MONEY-11); of
 * any other, which cannot be, the answers are taken as they are; a foreign rule that says it is of a known kind must answer as that kind does,
 * and one with a qualifier as its bits say now (PAYOUT-4).
 * @throws Mismatch
 */
async function recomputeMatches(
  client: ReadClient,
  round: Address,
  { config, rule, history, payouts }: FinishedRound,
  eligible: readonly ProjectResult[],
  { available, budget }: { readonly available: bigint; readonly budget: bigint },
): Promise<readonly bigint[]> {
  if (config.poolToken === zeroAddress) return eligible.map(() => 0n);
  const asked = { unit: config.unit, available, projects: eligible };
  const own = rule.kind === "known" ? await openReadPayoutRule(client, rule, eligible) : undefined;
  const known = own ?? (await readPayoutRule(client, config.payoutRule, eligible, payouts));
  // What a qualifier says now need not be what it said when the results were listed (PAYOUT-4): then the contract answers otherwise.
  const isCertain = rule.kind === "known" && rule.qualifier === undefined;
  const answers = isCertain ? [] : await askRule(client, round, config, eligible, available);
  if (known === undefined || eligible.length === 0) return answers;
  if (!config.allowSigns) requireBallots(eligible);
  expectEqual("the hint for the payout rule", history.tally?.hint as string, known.hint(asked));
  expectEqual("the budget", budget, known.budget(asked));
  const matches = eligible.map((_, place) => known.matchOf(asked, place));
  // That a foreign rule is of a kind is its own word: its answers must be those of that kind, before anything is claimed by them.
  for (const [i, answer] of answers.entries())
    expectEqual(
      `the payout rule's match for project ${eligible[i]?.project}`,
      answer,
      matches[i] as bigint,
    );
  return matches;
}

/** What a foreign rule answers now for each eligible project; one that it fails to answer for counts as 0 to the round (MONEY-11). */
async function askRule(
  client: ReadClient,
  round: Address,
  { payoutRule, unit }: RoundConfig,
  eligible: readonly ProjectResult[],
  available: bigint,
): Promise<readonly bigint[]> {
  const state = await client.readContract({
    address: round,
    abi: iRoundAbi,
    functionName: "payoutState",
  });
  const at = { address: payoutRule, abi: iPayoutRuleAbi, functionName: "matchOf" } as const;
  return Promise.all(
    eligible.map(
      async (entry) =>
        (await client
          .readContract({ ...at, args: [state, available, unit, encodeResult(entry)] })
          .catch(unlessSilent)) ?? 0n,
    ),
  );
}

/** @throws Mismatch where the totals are none of any ballots without signs */
function requireBallots(eligible: readonly ProjectResult[]): void {
  try {
    requirePossible(eligible);
  } catch (error) {
    throw error instanceof ImpossibleTotalsError ? new Mismatch(error.shortMessage) : error;
  }
}
