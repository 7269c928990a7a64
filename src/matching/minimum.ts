import { computeWeights, type MatchRequest } from "./quadratic.ts";

export type MinimumResult = {
  /** The smallest weight that is paid; undefined if none is. */
  readonly least: bigint | undefined;
  readonly budget: bigint;
  readonly matches: readonly bigint[];
};

/**
 * Quadratic funding with a least match (PAYOUT-2): the largest weights, as many as possible such that the smallest still gets the
 * minimum; equal ones all or none.
 * @param minimum Token units, at least 1.
 * @throws AmountRangeError
 */
export function minimumMatch(
  request: Pick<MatchRequest, "unit" | "available" | "projects">,
  minimum: bigint,
): MinimumResult {
  const weights = computeWeights(request);
  const { available } = request;
  const largestFirst = [...new Set(weights)]
    .filter((weight) => weight > 0n)
    .toSorted((a, b) => (a > b ? -1 : 1));
  const countOf = new Map<bigint, bigint>();
  for (const weight of weights) countOf.set(weight, (countOf.get(weight) ?? 0n) + 1n);
  let [least, paid] = [undefined as bigint | undefined, 0n];
  for (const weight of largestFirst) {
    const withThese = paid + weight * (countOf.get(weight) as bigint);
    // The share of the smallest falls with each more that is paid, so nobody after the first refused would fit.
    if (weight * available < minimum * withThese) break;
    [least, paid] = [weight, withThese];
  }
  const matches = weights.map((weight) =>
    least === undefined || weight < least ? 0n : (weight * available) / paid,
  );
  return { least, budget: least === undefined ? 0n : available, matches };
}
