import { sum, computeWeights, type MatchRequest, type ProjectTotals } from "./quadratic.ts";

/** Parts of the whole in which a ceiling is given. */
export const WHOLE_BPS = 10_000n;

/** The settings of the capped rule (PAYOUT-1); its contract says more of each. */
export type CappedSettings = {
  /** The ceiling of a match in 1/10,000 of the pool, in [1, 10,000]. */
  readonly capBps: bigint;
  /** The least match of a project below its ceiling, in token units. 0 with `maxTimes`, and where a surplus returns. */
  readonly floorAmount: bigint;
  /** Supporters that T²/S must prove, at least 1. */
  readonly minSupporters: bigint;
  /** The ceiling as a multiple of what donors gave; 0 for none. */
  readonly maxTimes: bigint;
  readonly paySurplus: boolean;
};

export type CappedResult = {
  /** The rate λ = p/q, token units of match for a unit of weight; q = 0 where every project with a weight is at its ceiling. */
  readonly p: bigint;
  readonly q: bigint;
  /** Projects that count and are below their ceilings. */
  readonly below: bigint;
  readonly budget: bigint;
  readonly matches: readonly bigint[];
};

type Entry = { readonly weight: bigint; readonly ceiling: bigint };

/**
 * Quadratic funding with a ceiling and a floor (PAYOUT-1): min(C_j, λ·w_j) with the λ that uses the pool up, then the least match for
 * all below their ceilings, taken from the others below them in proportion to what they have above it.
 * @throws AmountRangeError
 */
export function cappedMatch(
  request: Pick<MatchRequest, "unit" | "available" | "projects">,
  settings: CappedSettings,
): CappedResult {
  const { unit, available, projects } = request;
  const { capBps, floorAmount, minSupporters, maxTimes, paySurplus } = settings;
  const cap = (available * capBps) / WHOLE_BPS;
  const weights = computeWeights(request);
  const entries = projects.map((project, i): Entry | undefined => {
    const own = maxTimes * unit * project.credits;
    return hasSupporters(project, minSupporters)
      ? { weight: weights[i] as bigint, ceiling: maxTimes === 0n || own > cap ? cap : own }
      : undefined;
  });
  const counted = entries.filter((entry) => entry !== undefined);
  const { p, q } = computeRate(counted, unit, available, paySurplus);
  const isCapped = ({ weight, ceiling }: Entry) => weight > 0n && weight * p >= ceiling * q;
  const below = counted.filter((entry) => !isCapped(entry));
  const count = BigInt(below.length);
  const floor = count === 0n ? 0n : least(floorAmount, cap, p / count);
  const above = below.filter(({ weight }) => weight * p >= floor * q);
  /** What all together have above the floor, times q. */
  const excess = sum(above.map(({ weight }) => weight * p - floor * q));
  const matchOf = (entry: Entry | undefined): bigint => {
    if (entry === undefined) return 0n;
    if (isCapped(entry)) return entry.ceiling;
    const own = entry.weight * p - floor * q;
    if (own <= 0n) return floor;
    return floor === 0n ? (entry.weight * p) / q : floor + (own * (p - count * floor)) / excess;
  };
  const caps = sum(counted.filter(isCapped).map(({ ceiling }) => ceiling));
  const weight = sum(below.map((entry) => entry.weight));
  return {
    p,
    q,
    below: count,
    // At the rate `unit` that is all that is asked for.
    budget: q === 0n ? caps + count * floor : caps + (paySurplus ? p : (p * weight) / q),
    matches: entries.map(matchOf),
  };
}

/** λ: those reach their ceilings first that have the lowest for their weights. */
function computeRate(
  entries: readonly Entry[],
  unit: bigint,
  available: bigint,
  paySurplus: boolean,
): { readonly p: bigint; readonly q: bigint } {
  if (
    !paySurplus &&
    sum(entries.map(({ weight, ceiling }) => least(ceiling, unit * weight))) <= available
  )
    return { p: unit, q: 1n };
  let [p, q] = [available, sum(entries.map(({ weight }) => weight))];
  const order = entries
    .filter(({ weight }) => weight > 0n)
    .toSorted((a, b) => compare(a.ceiling * b.weight, b.ceiling * a.weight));
  for (const { weight, ceiling } of order) {
    if (weight * p < ceiling * q) break;
    p -= ceiling;
    q -= weight;
  }
  return { p, q };
}

/** T²/S is at most the number of supporters, so that more than m - 1 are proved by T² ≥ m·S. */
function hasSupporters({ votes, credits }: ProjectTotals, least: bigint): boolean {
  return votes > 0n && votes * votes >= least * credits;
}

function least(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((a, b) => (b < a ? b : a), first);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
