import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, votesForAmount } from "../../src/matching/allocate.ts";
import { BudgetExceededError, VotesRangeError } from "../../src/matching/errors.ts";
import { sum } from "../../src/matching/quadratic.ts";
import { integerSqrt } from "../../src/matching/sqrt.ts";

test("integer square root is exact", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 1n << 300n), (n) => {
      const root = integerSqrt(n);
      expect(root * root <= n && n < (root + 1n) * (root + 1n)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.bigInt(1n, 1n << 100n), (r) => {
      expect([integerSqrt(r * r - 1n), integerSqrt(r * r), integerSqrt(r * r + 1n)]).toEqual([
        r - 1n,
        r,
        r,
      ]);
    }),
  );
  expect([0n, 1n, 2n, 3n, 4n].map(integerSqrt)).toEqual([0n, 1n, 1n, 1n, 2n]);
});

describe("BAL-3: votes from money", () => {
  test("by hand: floor of the root of whole units", () => {
    expect(
      [0n, 99n, 100n, 399n, 400n, 899n, 900n].map((amount) => votesForAmount(amount, 100n)),
    ).toEqual([0n, 0n, 1n, 1n, 2n, 2n, 3n]);
  });

  test("a vote that no entry can say is refused (BAL-1)", () => {
    expect(votesForAmount(((1n << 29n) - 1n) ** 2n, 1n)).toBe((1n << 29n) - 1n);
    expect(() => votesForAmount(1n << 58n, 1n)).toThrow(VotesRangeError);
  });

  test("by hand: what is left lifts the project that rounding hurt most", () => {
    // Roots of 8, 6, 10: 2.83, 2.45, 3.16; floors 2, 2, 3 cost 17 of 24; 2 -> 3 costs 5; 2.45 and 3.16 round down anyway.
    expect(allocate([8n, 6n, 10n], 1n, 24n)).toEqual({
      votes: [3n, 2n, 3n],
      spent: 22n,
      unspent: 2n,
    });
    // Roots 1.73 and 1.73: floors cost 2 of 6, one lift costs 3, the second does not fit; ties go to the first.
    expect(allocate([3n, 3n], 1n, 6n)).toEqual({ votes: [2n, 1n], spent: 5n, unspent: 1n });
  });

  test("SEM-9: never over budget, each vote less than one from its root, none for nothing", () => {
    const amounts = fc.array(fc.bigInt(0n, 1n << 50n), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        amounts,
        fc.bigInt(1n, 1n << 20n),
        fc.bigInt(0n, 1n << 20n),
        (list, unit, spare) => {
          const credits = (sum(list) + unit - 1n) / unit + spare;
          const { votes, spent, unspent } = allocate(list, unit, credits);
          expect(spent).toBe(sum(votes.map((v) => v * v)));
          expect(spent + unspent).toBe(credits);
          expect(unspent >= 0n).toBe(true);
          votes.forEach((v, i) => {
            const amount = list[i] as bigint;
            expect(
              (v + 1n) ** 2n * unit > amount && (v === 0n || (v - 1n) ** 2n * unit < amount),
            ).toBe(true);
            if (amount === 0n) expect(v).toBe(0n);
          });
        },
      ),
    );
  });

  test("amounts beyond the credits are refused", () => {
    expect(() => allocate([60n, 41n], 10n, 10n)).toThrow(BudgetExceededError);
    expect(() => allocate([60n, 41n], 10n, 10n)).toThrow(/11 voice credits, but the donor has 10/);
  });

  test("a vote that costs exactly what is left is given", () => {
    expect(allocate([3n, 3n, 3n], 1n, 9n)).toEqual({ votes: [2n, 2n, 1n], spent: 9n, unspent: 0n });
    expect(allocate([3n], 1n, 4n)).toEqual({ votes: [2n], spent: 4n, unspent: 0n });
    expect(allocate([3n], 1n, 3n)).toEqual({ votes: [1n], spent: 1n, unspent: 2n });
  });
});
