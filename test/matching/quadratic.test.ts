import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AmountRangeError, ImpossibleTotalsError } from "../../src/matching/errors.ts";
import { quadraticMatch, requirePossible, sum } from "../../src/matching/quadratic.ts";
import { divideQuadratically, settle } from "../../src/matching/settle.ts";
import { quadraticRule } from "../../src/payouts/quadratic.ts";

// Three projects: votes (1,1,1,1), (4), (3,2). T = 4, 4, 5; S = 4, 16, 13; w = 12, 0, 12; W = 24.
const projects = [
  { votes: 4n, credits: 4n },
  { votes: 4n, credits: 16n },
  { votes: 5n, credits: 13n },
];

test("MONEY-11: one solution serves all projects of a round, so that a long list takes no longer than it must", () => {
  let solved = 0;
  const round = {
    unit: 10n,
    projects: projects.map((totals, project) => ({ project, ...totals })),
    get available() {
      solved++;
      return 1_000n;
    },
  };
  const rule = quadraticRule("pay");
  const matches = () => round.projects.map((_, place) => rule.matchOf(round, place));
  const first = matches();
  const reads = solved;
  expect(first).toEqual([500n, 0n, 500n]);
  for (let again = 0; again < 10; again++) expect(matches()).toEqual(first);
  expect(solved).toBe(reads);
  expect(rule.budget({ ...round, available: 7n })).toBe(7n);
});

describe("quadratic rule by hand", () => {
  test("MONEY-3: a pool that suffices pays what is asked and returns the rest", () => {
    const result = quadraticMatch({ unit: 10n, available: 1000n, surplus: "return", projects });
    expect(result.contributions).toEqual([40n, 160n, 130n]);
    expect(result.matches).toEqual([120n, 0n, 120n]);
    expect(result).toMatchObject({ totalWeight: 24n, budget: 240n, surplus: 760n, dust: 0n });
  });

  test("MONEY-3: exactly enough is enough, one unit less is shared out", () => {
    expect(
      quadraticMatch({ unit: 10n, available: 240n, surplus: "return", projects }),
    ).toMatchObject({ matches: [120n, 0n, 120n], surplus: 0n, dust: 0n });
    expect(
      quadraticMatch({ unit: 10n, available: 239n, surplus: "return", projects }),
    ).toMatchObject({ matches: [119n, 0n, 119n], budget: 239n, surplus: 0n, dust: 1n });
  });

  test("MONEY-3: with the surplus paid, the whole pool is shared", () => {
    expect(quadraticMatch({ unit: 10n, available: 1000n, surplus: "pay", projects })).toMatchObject(
      { matches: [500n, 0n, 500n], budget: 1000n, surplus: 0n, dust: 0n },
    );
  });

  test("MONEY-3: W = 0 matches nothing, whatever the surplus rule", () => {
    for (const surplus of ["return", "pay"] as const) {
      const alone = quadraticMatch({
        unit: 3n,
        available: 100n,
        surplus,
        projects: [{ votes: 4n, credits: 16n }],
      });
      expect(alone).toMatchObject({
        contributions: [48n],
        matches: [0n],
        totalWeight: 0n,
        budget: 0n,
        surplus: 100n,
        dust: 0n,
      });
      expect(quadraticMatch({ unit: 3n, available: 0n, surplus, projects: [] })).toMatchObject({
        matches: [],
        budget: 0n,
        surplus: 0n,
      });
    }
  });

  test("PARAM-5: what is out of bounds is refused by name", () => {
    const request = { unit: 1n, available: 1n, surplus: "pay", projects } as const;
    expect(() => quadraticMatch({ ...request, unit: 0n })).toThrow(AmountRangeError);
    expect(() => quadraticMatch({ ...request, available: 1n << 128n })).toThrow(
      /The pool is 340282366920938463463374607431768211456/,
    );
    // Only votes against a project can make T ≤ 0 or T² ≤ S: then it has no weight.
    for (const totals of [
      { votes: 2n, credits: 5n },
      { votes: -5n, credits: 5n },
      { votes: 0n, credits: 2n },
    ]) {
      expect(
        quadraticMatch({ ...request, projects: [totals, { votes: 3n, credits: 5n }] }).matches[0],
      ).toBe(0n);
    }
    for (const [totals, why] of [
      [{ votes: 2n, credits: 5n }, /square of the votes/],
      [{ votes: -5n, credits: 5n }, /at least 0/],
      [{ votes: 6n, credits: 5n }, /at least one credit/],
      [{ votes: 4n, credits: 5n }, /both even or both odd/],
      [{ votes: 5n, credits: 6n }, /both even or both odd/],
    ] as const) {
      expect(() => requirePossible([totals])).toThrow(ImpossibleTotalsError);
      expect(() => requirePossible([totals])).toThrow(why);
    }
    for (const totals of [...projects, { votes: 0n, credits: 0n }, { votes: 1n, credits: 1n }])
      expect(() => requirePossible([totals])).not.toThrow();
    expect(() =>
      quadraticMatch({ ...request, projects: [{ votes: 1n << 64n, credits: 5n }] }),
    ).toThrow(AmountRangeError);
  });
});

describe("settlement", () => {
  test("MONEY-2, MONEY-4, MONEY-5: fee first, odd units of surplus and unspent credits to the remainder", () => {
    const listed = projects.map((project, i) => ({ ...project, eligible: i !== 1 }));
    const { fee, payouts, refunds, remainder } = settle({
      unit: 10n,
      sponsors: [300n, 33n],
      coordinatorFee: 20n,
      divide: divideQuadratically("return"),
      totalCredits: 40n,
      projects: listed,
    });
    expect(fee).toBe(20n);
    expect(payouts).toEqual([160n, 0n, 250n]); // 40 + 120; not eligible; 130 + 120
    expect(refunds).toEqual([65n, 7n]); // surplus 333 - 20 - 240 = 73: 73·300/333 = 65.7, 73·33/333 = 7.2
    expect(remainder).toBe(231n); // 10·(40 - 17) unspent or ineligible, 1 of the surplus
    expect(fee + sum(payouts) + sum(refunds) + remainder).toBe(400n + 333n);
  });

  test("MONEY-2: a fee above the pool takes the pool and no more", () => {
    const { fee, payouts, refunds } = settle({
      unit: 1n,
      sponsors: [5n],
      coordinatorFee: 9n,
      divide: divideQuadratically("pay"),
      totalCredits: 33n,
      projects: projects.map((p) => ({ ...p, eligible: true })),
    });
    expect([fee, payouts, refunds]).toEqual([5n, [4n, 16n, 13n], [0n]]);
  });

  test("MONEY-8: payments add up to contributions + pool, and no payment is negative", () => {
    const votes = fc.array(fc.bigInt(0n, (1n << 29n) - 1n), { maxLength: 6 });
    const project = fc.record({ votes, eligible: fc.boolean() });
    const money = fc.bigInt(0n, 1n << 90n);
    fc.assert(
      fc.property(
        fc.array(project, { maxLength: 8 }),
        fc.bigInt(1n, 1n << 40n),
        fc.array(money, { maxLength: 4 }),
        money,
        fc.bigInt(0n, 1n << 32n),
        fc.constantFrom("return" as const, "pay" as const),
        (ballots, unit, sponsors, coordinatorFee, unspent, surplus) => {
          const list = ballots.map((b) => ({
            votes: sum(b.votes),
            credits: sum(b.votes.map((v) => v * v)),
            eligible: b.eligible,
          }));
          const totalCredits = sum(list.map((p) => p.credits)) + unspent;
          const { fee, payouts, refunds, remainder, match } = settle({
            unit,
            sponsors,
            coordinatorFee,
            divide: divideQuadratically(surplus),
            totalCredits,
            projects: list,
          });
          expect(fee + sum(payouts) + sum(refunds) + remainder).toBe(
            unit * totalCredits + sum(sponsors),
          );
          for (const payment of [fee, ...payouts, ...refunds, remainder])
            expect(payment >= 0n).toBe(true);
          expect(match.dust < BigInt(Math.max(1, list.length))).toBe(true);
        },
      ),
    );
  });
});
