import {
  quadraticMatch,
  sum,
  type MatchResult,
  type ProjectTotals,
  type SurplusRule,
} from "./quadratic.ts";
import { requireRange } from "./errors.ts";

export type SettlementRequest = {
  readonly unit: bigint;
  /** What each sponsor added; their sum is the pool. */
  readonly sponsors: readonly bigint[];
  readonly coordinatorFee: bigint;
  readonly surplus: SurplusRule;
  /** Whether leftovers are shared among the projects (MONEY-5). */
  readonly shareLeftovers?: boolean;
  /** Credits that all donors bought, spent or not. */
  readonly totalCredits: bigint;
  /** The whole result list, eligible or not. */
  readonly projects: readonly (ProjectTotals & { readonly eligible: boolean })[];
};

/** Every payment of a finalized round, in token units; they add up to contributions + pool (MONEY-8). */
export type Settlement = {
  readonly fee: bigint;
  /** By project in the list, match and share of the leftovers in it; 0 for an ineligible one. */
  readonly payouts: readonly bigint[];
  /** By project in the list: its share of the leftovers, when projects claim in this order (MONEY-5). */
  readonly shares: readonly bigint[];
  /** By sponsor (MONEY-4). */
  readonly refunds: readonly bigint[];
  /** To `remainderTo` once all others are paid (MONEY-5). */
  readonly remainder: bigint;
  readonly match: MatchResult;
};

/** Where every unit of a finalized round goes (MONEY-2 to MONEY-5). @throws AmountRangeError */
export function settle({
  unit,
  sponsors,
  coordinatorFee,
  surplus,
  shareLeftovers = false,
  totalCredits,
  projects,
}: SettlementRequest): Settlement {
  const pool = sum(sponsors);
  requireRange("The pool", pool, 0n, 128);
  const fee = coordinatorFee < pool ? coordinatorFee : pool;
  const eligible = projects.filter((project) => project.eligible);
  const match = quadraticMatch({ unit, available: pool - fee, surplus, projects: eligible });
  const leftovers = unit * totalCredits - sum(match.contributions);
  const shared = shareLeftovers && isShareable(match.budget, eligible.length);
  const claims = shared
    ? shareOut(match, leftovers)
    : match.matches.map((matched) => ({ matched, share: 0n }));
  const shares = projects.map((project) => claims[eligible.indexOf(project)]?.share ?? 0n);
  const payouts = projects.map((project, place) => {
    const i = eligible.indexOf(project);
    return i < 0
      ? 0n
      : (match.contributions[i] as bigint) +
          (claims[i]?.matched as bigint) +
          (shares[place] as bigint);
  });
  const refunds = sponsors.map((amount) => (pool === 0n ? 0n : (amount * match.surplus) / pool));
  const remainder = unit * totalCredits + pool - fee - sum(payouts) - sum(refunds);
  return { fee, payouts, shares, refunds, remainder, match };
}

/** Whether a budget is fine enough to share leftovers by: at least 2^16 units a project (MONEY-5). */
export function isShareable(budget: bigint, projects: number): boolean {
  return budget !== 0n && budget >> 16n >= BigInt(projects);
}

/**
 * What each project gets of a budget and of the leftovers, in the order of their claims: after x units of the budget B,
 * floor(L·x/B) of the leftovers L are given out. What rounding left of the budget goes with the last.
 */
export function shareOut(
  { matches, budget }: Pick<MatchResult, "matches" | "budget">,
  leftovers: bigint,
): { readonly matched: bigint; readonly share: bigint }[] {
  let claimed = 0n;
  return matches.map((match, i) => {
    const isLast = i === matches.length - 1;
    const matched =
      isLast && budget - claimed - match < BigInt(matches.length) ? budget - claimed : match;
    const before = (leftovers * claimed) / budget;
    claimed += matched;
    return { matched, share: (leftovers * claimed) / budget - before };
  });
}
