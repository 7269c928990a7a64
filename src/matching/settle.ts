import { quadraticMatch, sum, type ProjectTotals, type SurplusRule } from "./quadratic.ts";
import { requireRange } from "./errors.ts";

/** What a payout rule makes of a pool: the match of each project, and what all together may use, at most `available`. */
export type Divide<P extends ProjectTotals> = (round: {
  readonly unit: bigint;
  readonly available: bigint;
  readonly projects: readonly P[];
}) => { readonly matches: readonly bigint[]; readonly budget: bigint };

/** The quadratic rule, as `settle` takes it. */
export function divideQuadratically(surplus: SurplusRule): Divide<ProjectTotals> {
  return (round) => quadraticMatch({ ...round, surplus });
}

export type SettlementRequest<P extends ProjectTotals> = {
  readonly unit: bigint;
  /** What each sponsor added; their sum is the pool. */
  readonly sponsors: readonly bigint[];
  readonly coordinatorFee: bigint;
  /** The round's payout rule; it sees the eligible projects. */
  readonly divide: Divide<P>;
  /** Whether leftovers are shared among the projects (MONEY-5). */
  readonly shareLeftovers?: boolean;
  /** Credits that all donors bought, spent or not. */
  readonly totalCredits: bigint;
  /** The whole result list, eligible or not. */
  readonly projects: readonly (P & { readonly eligible: boolean })[];
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
  /** Of the eligible projects. */
  readonly match: {
    readonly matches: readonly bigint[];
    readonly budget: bigint;
    /** What the matches leave of the pool, and what rounding leaves of their budget. */
    readonly surplus: bigint;
    readonly dust: bigint;
  };
};

/** Where every unit of a finalized round goes (MONEY-2 to MONEY-5). @throws AmountRangeError */
export function settle<P extends ProjectTotals>({
  unit,
  sponsors,
  coordinatorFee,
  divide,
  shareLeftovers = false,
  totalCredits,
  projects,
}: SettlementRequest<P>): Settlement {
  const pool = sum(sponsors);
  requireRange("The pool", pool, 0n, 128);
  const fee = coordinatorFee < pool ? coordinatorFee : pool;
  const eligible = projects.filter((project) => project.eligible);
  const available = pool - fee;
  const { matches, budget } = divide({ unit, available, projects: eligible });
  const match = { matches, budget, surplus: available - budget, dust: budget - sum(matches) };
  const leftovers = unit * (totalCredits - sum(eligible.map(({ credits }) => credits)));
  const shared = shareLeftovers && isShareable(match.budget, eligible.length);
  const claims = shared
    ? shareOut(match, leftovers)
    : match.matches.map((matched) => ({ matched, share: 0n }));
  const shares = projects.map((project) => claims[eligible.indexOf(project)]?.share ?? 0n);
  const payouts = projects.map((project, place) => {
    const i = eligible.indexOf(project);
    return i < 0
      ? 0n
      : unit * project.credits + (claims[i]?.matched as bigint) + (shares[place] as bigint);
  });
  const refunds = sponsors.map((amount) => (pool === 0n ? 0n : (amount * match.surplus) / pool));
  const remainder = unit * totalCredits + pool - fee - sum(payouts) - sum(refunds);
  return { fee, payouts, shares, refunds, remainder, match };
}

/** Whether a budget is fine enough to share leftovers by: at least 2^16 units a project (MONEY-5). */
export function isShareable(budget: bigint, projects: number): boolean {
  return budget !== 0n && budget >> 16n >= BigInt(projects);
}

export type SharingRequest = {
  /** Of the projects that claim, in the order of their claims. */
  readonly matches: readonly bigint[];
  readonly budget: bigint;
  /** What others have claimed of the budget before. */
  readonly claimed?: bigint;
  /** All eligible projects, those others too. */
  readonly projects?: number;
};

/**
 * What each project gets of a budget and of the leftovers, in the order of their claims: after x units of the budget B,
 * floor(L·x/B) of the leftovers L are given out. What rounding left of the budget goes with the last.
 */
export function shareOut(
  { matches, budget, claimed: before = 0n, projects = matches.length }: SharingRequest,
  leftovers: bigint,
): { readonly matched: bigint; readonly share: bigint }[] {
  let claimed = before;
  return matches.map((match, i) => {
    const isLast = i === matches.length - 1;
    const matched =
      isLast && budget - claimed - match < BigInt(projects) ? budget - claimed : match;
    const before = (leftovers * claimed) / budget;
    claimed += matched;
    return { matched, share: (leftovers * claimed) / budget - before };
  });
}
