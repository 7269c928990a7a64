import { sum, computeWeights, type MatchRequest, type ProjectTotals } from "./quadratic.ts";

/** One tier of prizes (PAYOUT-3). */
export type Tier = {
  /** Places, in [1, 2^16). */
  readonly size: bigint;
  /** Of each place, in token units; none larger than that of the tier before. */
  readonly prize: bigint;
};

/** Most tiers of a rule. */
export const MOST_TIERS = 8;
/** The key that nobody's reaches. */
const NOBODY = (1n << 144n) - 1n;

export type TieredResult = {
  /** By tier, the key of its last winner. */
  readonly keys: readonly bigint[];
  readonly budget: bigint;
  readonly matches: readonly bigint[];
};

/**
 * Prizes by the order of weights (PAYOUT-3); of two equal ones the project with the smaller number comes first. A pool that does not
 * suffice shrinks all prizes in the same proportion.
 * @throws AmountRangeError
 */
export function tieredMatch(
  {
    unit,
    available,
    projects,
  }: Pick<MatchRequest, "unit" | "available"> & {
    readonly projects: readonly (ProjectTotals & { readonly project: number })[];
  },
  tiers: readonly Tier[],
): TieredResult {
  const weights = computeWeights({ unit, available, projects });
  const order = weights
    .map((weight, place) => ({
      place,
      key: weight === 0n ? 0n : rankingKey(weight, projects[place]?.project as number),
    }))
    .filter(({ key }) => key > 0n)
    .toSorted((a, b) => (a.key > b.key ? -1 : 1));
  const won = new Map<number, bigint>();
  const keys: bigint[] = [];
  let [next, last] = [0, NOBODY];
  for (const { size, prize } of tiers) {
    const winners = order.slice(next, next + Number(size));
    for (const { place } of winners) won.set(place, prize);
    last = winners.at(-1)?.key ?? last;
    keys.push(last);
    next += winners.length;
  }
  const total = sum([...won.values()]);
  const matches = weights.map((_, place) => {
    const prize = won.get(place) ?? 0n;
    return total <= available ? prize : (prize * available) / total;
  });
  return { keys, budget: total < available ? total : available, matches };
}

/** A total order of projects with a weight: w·2^16 + 65535 - j. */
function rankingKey(weight: bigint, project: number): bigint {
  return (weight << 16n) | BigInt(65_535 - project);
}
