import { CREDITS_BITS, MAX_PROJECTS } from "../params.ts";
import { ImpossibleTotalsError, requireRange, TooManyProjectsError } from "./errors.ts";

/** Bound of pool and unit (PARAM-5), and of S (TALLY-6). */
const MONEY_BITS = 128;

/** An eligible project's published totals (SEM-11): T and S. */
export type ProjectTotals = { readonly votes: bigint; readonly credits: bigint };

/** What happens to a pool larger than quadratic funding asks for (MONEY-3). */
export type SurplusRule = "return" | "pay";

export type MatchRequest = {
  /** Token units of one voice credit. */
  readonly unit: bigint;
  /** The pool without the coordinator's fee (MONEY-2), in token units. */
  readonly available: bigint;
  readonly surplus: SurplusRule;
  /** Eligible projects only. */
  readonly projects: readonly ProjectTotals[];
};

/** All in token units, but for W. */
export type MatchResult = {
  /** unit·S_j. */
  readonly contributions: readonly bigint[];
  /** match_j, rounded down. */
  readonly matches: readonly bigint[];
  /** W = Σ w_j. */
  readonly totalWeight: bigint;
  /** What the matches may use: Σ match_j + dust. */
  readonly budget: bigint;
  /** available - budget: goes back to the sponsors (MONEY-4). */
  readonly surplus: bigint;
  /** What rounding leaves of the budget, below one token unit a project; to `remainderTo` (MONEY-5). */
  readonly dust: bigint;
};

/** w_j = T_j² - S_j (MONEY-3): twice the sum of products of every two donors' votes. 0 for a project with T ≤ 0 or T² ≤ S. */
export function quadraticWeight({ votes, credits }: ProjectTotals): bigint {
  return votes <= 0n || votes * votes <= credits ? 0n : votes * votes - credits;
}

/**
 * The quadratic payout rule (MONEY-2, MONEY-3), exact.
 *
 * - Every intermediate product is below 2^256 under the bounds of PARAM-5, as the contract needs.
 * - With "return" and a pool that suffices, every project gets what quadratic funding asks for; otherwise the whole pool
 * is shared in proportion to w.
 *
 * @throws AmountRangeError
 * @example
 * ```ts
 * const { matches } = quadraticMatch({ unit: 100n, available: 1_000n, surplus: "return", projects: [{ votes: 5n, credits: 13n }] });
 * ```
 */
export function quadraticMatch({ unit, available, surplus, projects }: MatchRequest): MatchResult {
  const weights = computeWeights({ unit, available, projects });
  const totalWeight = sum(weights);
  const asked = unit * totalWeight;
  const inFull = surplus === "return" && asked <= available;
  const budget = totalWeight === 0n ? 0n : inFull ? asked : available;
  const matches = weights.map((w) =>
    inFull ? unit * w : totalWeight === 0n ? 0n : (w * available) / totalWeight,
  );
  return {
    contributions: projects.map(({ credits }) => unit * credits),
    matches,
    totalWeight,
    budget,
    surplus: available - budget,
    dust: budget - sum(matches),
  };
}

/** w of each project, after all numbers of the request are found in their bounds. @throws AmountRangeError */
export function computeWeights({
  unit,
  available,
  projects,
}: Pick<MatchRequest, "unit" | "available" | "projects">): bigint[] {
  requireRange("The unit", unit, 1n, MONEY_BITS);
  requireRange("The pool", available, 0n, MONEY_BITS);
  return projects.map((project, index) => {
    const { votes, credits } = project;
    requireRange(`The credits of project ${index}`, credits, 0n, MONEY_BITS);
    requireRange(`The votes of project ${index}`, votes < 0n ? -votes : votes, 0n, CREDITS_BITS);
    return quadraticWeight(project);
  });
}

/** Refuses totals that no votes without signs can have: a mistyped T or S. @throws ImpossibleTotalsError */
export function requirePossible(projects: readonly ProjectTotals[]): void {
  for (const [i, { votes, credits }] of projects.entries()) {
    const why = impossibility(votes, credits);
    if (why !== undefined) throw new ImpossibleTotalsError(i, votes, credits, why);
  }
}

/** What sums of whole numbers and of their squares cannot be. */
function impossibility(votes: bigint, credits: bigint): string | undefined {
  if (votes < 0n) return "votes are at least 0";
  if (votes * votes < credits) return "the square of the votes is at least the credits";
  if (credits < votes) return "each vote costs at least one credit";
  return (votes - credits) % 2n === 0n
    ? undefined
    : "a number and its square are both even or both odd, and so are their sums";
}

/** @throws TooManyProjectsError */
export function requireProjects(count: number): void {
  if (count > MAX_PROJECTS) throw new TooManyProjectsError(count);
}

export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
