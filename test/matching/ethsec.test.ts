import { expect, test } from "vitest";
import { allocate, votesForAmount } from "../../src/matching/allocate.ts";
import { directQuadraticFunding } from "../../src/matching/direct.ts";
import { quadraticMatch, sum } from "../../src/matching/quadratic.ts";
import { donations, expectedMatches, names, POOL, reason } from "../helpers/real_round.ts";
import { describeUnless } from "../helpers/unless.ts";

/** Smallest donation of the data, $1, in tenths of a dollar: the bounds below grow with smaller ones. */
const LEAST = 10n;

describeUnless(reason, "the real round", () => {
  const wei = expectedMatches("qf_eligible_nolimits").map(
    (match) => BigInt(Math.round(match * 1e9)) * 10n ** 9n,
  );

  test("direct arithmetic agrees with the published matches to 10^-9 ETH each", () => {
    expect([
      names.length,
      donations.length,
      new Set(donations.map(({ donor }) => donor)).size,
    ]).toEqual([134, 8341, 1927]);
    expect(donations.every(({ amount }) => amount >= LEAST)).toBe(true);
    // 1.5 gwei: half of one from rounding the published number to gwei, the rest for its double-precision error (10^-14 of 121 ETH).
    directQuadraticFunding(donations, names.length, POOL).matches.forEach((match, i) => {
      expect(distance(match, wei[i] as bigint), names[i]).toBeLessThan(1_500_000_000n);
    });
  });

  /*
   * Bound. With n units to the tenth of a dollar a donation a becomes v = floor(√(a·n)) votes, and r = √(a·n) ≥ √(LEAST·n), so
   * v > r - 1 ≥ r·(1 - ε) with ε = 1/√(LEAST·n). w = T² - S = Σ_{i≠k} v_i·v_k has no negative term, so each project's w lies in
   * [(1-ε)²·w*, w*] of its exact w*, and so does W. Hence match/match* lies in [(1-ε)², (1-ε)⁻²], and the match is rounded down
   * by less than a wei. So |match - match*| ≤ match*·((1-ε)⁻² - 1) + 1, about 2ε.
   */
  test.each([
    { name: "$0.01", perTenth: 10n, percent: 24 }, // ε = 1/10
    { name: "$0.00001", perTenth: 10_000n, percent: 0.64 }, // ε = 1/316
    { name: "$0.0000001", perTenth: 1_000_000n, percent: 0.064 },
    { name: "$0.000000001", perTenth: 100_000_000n, percent: 0.0064 },
  ])(
    "MONEY-3: integer votes at unit $name keep all 134 matches within $percent %",
    ({ perTenth, percent }) => {
      const exact = directQuadraticFunding(donations, names.length, POOL).matches;
      const projects = names.map(() => ({ votes: 0n, credits: 0n }));
      for (const { project, amount } of donations) {
        const votes = votesForAmount(amount * perTenth, 1n);
        const totals = projects[project] as { votes: bigint; credits: bigint };
        totals.votes += votes;
        totals.credits += votes * votes;
      }
      const { matches, dust, surplus } = quadraticMatch({
        unit: 1n,
        available: POOL,
        surplus: "pay",
        projects,
      });
      const epsilon = 1 / Math.sqrt(Number(LEAST * perTenth));
      const bound = (1 - epsilon) ** -2 - 1;
      expect(bound * 100).toBeLessThan(percent);
      let worst = 0;
      matches.forEach((match, i) => {
        const difference = Number(distance(match, exact[i] as bigint));
        expect(difference, names[i]).toBeLessThanOrEqual(Number(exact[i]) * bound + 1);
        worst = Math.max(worst, difference / Number(exact[i]));
      });
      expect(worst).toBeGreaterThan(0);
      expect(surplus).toBe(0n);
      expect(dust).toBeLessThan(134n);
    },
  );

  /*
   * Bound. allocate() keeps each v within 1 of r, so within r·(1 ± ε): w lies in [(1-ε)²·w*, (1+ε)²·w*], and match/match* in
   * [((1-ε)/(1+ε))², ((1+ε)/(1-ε))²].
   */
  test("SEM-9, MONEY-3: with every donor's credits split by allocate(), matches stay within 1.3 % at $0.00001", () => {
    const perTenth = 10_000n;
    const exact = directQuadraticFunding(donations, names.length, POOL).matches;
    const projects = names.map(() => ({ votes: 0n, credits: 0n }));
    for (const own of Map.groupBy(donations, ({ donor }) => donor).values()) {
      const amounts = own.map(({ amount }) => amount * perTenth);
      const { votes } = allocate(amounts, 1n, sum(amounts));
      own.forEach(({ project }, i) => {
        const totals = projects[project] as { votes: bigint; credits: bigint };
        totals.votes += votes[i] as bigint;
        totals.credits += (votes[i] as bigint) ** 2n;
      });
    }
    const { matches } = quadraticMatch({ unit: 1n, available: POOL, surplus: "pay", projects });
    const epsilon = 1 / Math.sqrt(Number(LEAST * perTenth));
    const bound = ((1 + epsilon) / (1 - epsilon)) ** 2 - 1;
    expect(bound).toBeLessThan(0.013);
    matches.forEach((match, i) =>
      expect(Number(distance(match, exact[i] as bigint)), names[i]).toBeLessThanOrEqual(
        Number(exact[i]) * bound + 1,
      ),
    );
  });
});

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}
