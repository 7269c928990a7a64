import { quadraticMatch, sum, type MatchResult, type ProjectTotals, type SurplusRule } from "./quadratic.ts";
import { requireRange } from "./errors.ts";

export type SettlementRequest = {
  readonly unit: bigint;
  /** What each sponsor added; their sum is the pool. */
  readonly sponsors: readonly bigint[];
  readonly coordinatorFee: bigint;
  readonly surplus: SurplusRule;
  /** Credits that all donors bought, spent or not. */
  readonly totalCredits: bigint;
  /** The whole result list, eligible or not. */
  readonly projects: readonly (ProjectTotals & { readonly eligible: boolean })[];
};

/** Every payment of a finalized round, in token units; they add up to contributions + pool (MONEY-8). */
export type Settlement = {
  readonly fee: bigint;
  /** By project in the list; 0 for an ineligible one. */
  readonly payouts: readonly bigint[];
  /** By sponsor (MONEY-4). */
  readonly refunds: readonly bigint[];
  /** To `remainderTo` once all others are paid (MONEY-5). */
  readonly remainder: bigint;
  readonly match: MatchResult;
};

/** Where every unit of a finalized round goes (MONEY-2 to MONEY-5). @throws AmountRangeError, ImpossibleTotalsError */
export function settle({ unit, sponsors, coordinatorFee, surplus, totalCredits, projects }: SettlementRequest): Settlement {
  const pool = sum(sponsors);
  requireRange("The pool", pool, 0n, 128);
  const fee = coordinatorFee < pool ? coordinatorFee : pool;
  const eligible = projects.filter((project) => project.eligible);
  const match = quadraticMatch({ unit, available: pool - fee, surplus, projects: eligible });
  const payouts = projects.map((project) => {
    const i = eligible.indexOf(project);
    return i < 0 ? 0n : (match.contributions[i] as bigint) + (match.matches[i] as bigint);
  });
  const refunds = sponsors.map((amount) => (pool === 0n ? 0n : (amount * match.surplus) / pool));
  const remainder = unit * totalCredits - sum(match.contributions) + match.dust + match.surplus - sum(refunds);
  return { fee, payouts, refunds, remainder, match };
}
