import { requireRange } from "./errors.ts";
import { sum } from "./quadratic.ts";
import { integerSqrt } from "./sqrt.ts";

/** One donation in token units; several of one donor to one project count as their sum. */
export type Donation = {
  readonly donor: string;
  readonly project: number;
  readonly amount: bigint;
};

/** Fractional bits of the square roots: each root is off by less than 2^-64 of a token unit's root. */
const FRACTION_BITS = 64n;

/** Quadratic funding straight from its definition, to check a round's result against. */
export type DirectResult = {
  /** Σ of amounts by project. */
  readonly contributions: readonly bigint[];
  /** (Σ√c)² - Σc by project, in token units times 2^128. */
  readonly weights: readonly bigint[];
  /** pool·weight/Σ weights, rounded down. */
  readonly matches: readonly bigint[];
};

/**
 * (Σ√c)² - Σc for each project, and the pool shared in proportion to it.
 * Roots are fixed-point, rounded down: a weight's relative error is below 2^-63 for amounts of at least one token unit.
 * @throws AmountRangeError
 * @example
 * ```ts
 * const { matches } = directQuadraticFunding([{ donor: "Ana", project: 0, amount: 900n }, { donor: "Ben", project: 0, amount: 400n }], 1, 1_000n);
 * ```
 */
export function directQuadraticFunding(
  donations: readonly Donation[],
  projectCount: number,
  pool: bigint,
): DirectResult {
  const amounts = Array.from({ length: projectCount }, () => new Map<string, bigint>());
  for (const { donor, project, amount } of donations) {
    requireRange(`The donation of ${donor} to project ${project}`, amount, 0n, 128);
    const byDonor = amounts[project];
    if (byDonor === undefined)
      throw new RangeError(`project ${project} is not below ${projectCount}`);
    byDonor.set(donor, (byDonor.get(donor) ?? 0n) + amount);
  }
  const weights = amounts.map((byDonor) => {
    const roots = [...byDonor.values()].map((amount) =>
      integerSqrt(amount << (2n * FRACTION_BITS)),
    );
    return sum(roots) ** 2n - sum(roots.map((root) => root * root)); // Σ over pairs: a single donor gives exactly 0
  });
  return {
    contributions: amounts.map((byDonor) => sum([...byDonor.values()])),
    weights,
    matches: proportionalShares(weights, pool),
  };
}

/** floor(weight·pool/Σ weights) each; all 0 if the weights are. */
export function proportionalShares(weights: readonly bigint[], pool: bigint): bigint[] {
  const total = sum(weights);
  return weights.map((weight) => (total === 0n ? 0n : (weight * pool) / total));
}
