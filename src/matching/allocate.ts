import { CREDITS_BITS, MAX_VOTES } from "../params.ts";
import { BudgetExceededError, requireRange, VotesRangeError } from "./errors.ts";
import { sum } from "./quadratic.ts";
import { integerSqrt } from "./sqrt.ts";

/** 1/2 in units of 2^-32. */
const HALF = 1n << 31n;

/** A donor's split in integer votes: Σ votes² = spent ≤ credits. */
export type Allocation = {
  readonly votes: readonly bigint[];
  readonly spent: bigint;
  readonly unspent: bigint;
};

/**
 * The votes that an amount buys: floor(√(amount/unit)), so that votes² credits never cost more than the amount.
 * The unspent part is below 2·votes + 1 credits; relative to the amount it shrinks as √(unit/amount).
 * @throws AmountRangeError, VotesRangeError
 */
export function votesForAmount(amount: bigint, unit: bigint): bigint {
  requireRange("The amount", amount, 0n, 192);
  requireRange("The unit", unit, 1n, 128);
  const votes = integerSqrt(amount / unit);
  if (votes > MAX_VOTES) throw new VotesRangeError(votes, MAX_VOTES);
  return votes;
}

/**
 * Splits a donor's credits over projects by amounts in integer votes, Σ votes² ≤ credits.
 *
 * Every project first gets its votes rounded down. Each rounding leaves credits over; they lift to the nearest integer
 * those projects whose root has a fraction of at least 1/2, the largest fraction first, while the next vote (2v + 1
 * credits) still fits. So |votes - √(amount/unit)| < 1 for each, and a project with amount 0 gets none.
 *
 * @param amounts Token units for each project.
 * @param unit Token units of one voice credit.
 * @param credits What the donor has.
 * @throws BudgetExceededError if the amounts themselves come to more than the credits
 * @example
 * ```ts
 * const { votes, spent } = allocate([900n, 400n], 100n, 13n); // amounts in token units, 100 of them a credit: votes 3 and 2, 13 credits
 * ```
 */
export function allocate(amounts: readonly bigint[], unit: bigint, credits: bigint): Allocation {
  requireRange("The credits", credits, 0n, CREDITS_BITS);
  const floors = amounts.map((amount) => votesForAmount(amount, unit));
  if (sum(amounts) > credits * unit)
    throw new BudgetExceededError((sum(amounts) + unit - 1n) / unit, credits);
  const votes = [...floors];
  let unspent = credits - sum(votes.map((v) => v * v));
  const hurtMostFirst = amounts
    .map((amount, i) => ({ i, fraction: fractionOfRoot(amount, unit, floors[i] as bigint) }))
    .filter(({ fraction }) => fraction >= HALF)
    .sort((a, b) => (a.fraction === b.fraction ? a.i - b.i : a.fraction > b.fraction ? -1 : 1));
  for (const { i } of hurtMostFirst) {
    const v = votes[i] as bigint;
    if (2n * v + 1n > unspent || v === MAX_VOTES) continue;
    votes[i] = v + 1n;
    unspent -= 2n * v + 1n;
  }
  return { votes, spent: credits - unspent, unspent };
}

/** √(amount/unit) - floor in units of 2^-32, rounded down. */
function fractionOfRoot(amount: bigint, unit: bigint, floor: bigint): bigint {
  return integerSqrt((amount << 64n) / unit) - (floor << 32n);
}
