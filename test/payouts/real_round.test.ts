import { expect, test } from "vitest";
import { integerSqrt } from "../../src/matching/sqrt.ts";
import { sum } from "../../src/matching/quadratic.ts";
import type { PayoutChoice } from "../../src/payouts/rule.ts";
import { donations, expectedMatches, names, POOL, reason } from "../helpers/real_round.ts";
import { describeUnless } from "../helpers/unless.ts";
import { computed, ruleChain } from "./support/rules.ts";

/** A ceiling of 5 % and a floor of 0.3339 ETH for everybody. */
const CAPPED: PayoutChoice = {
  id: "capped",
  args: [500n, 333_900_000_000_000_000n, 1n, 0n, true],
};

describeUnless(reason, "the real round with a ceiling and a floor", () => {
  /*
   * Votes are square roots of the amount over the unit, rounded down. The finer the unit, the closer they are to the roots: at $0.00001
   * a vote is at most one of 316 (a dollar's) off; at 2^-80 of a tenth one of 2^41, which is the arithmetic of fixed-point roots.
   */
  test.each([
    { name: "$0.00001", perTenth: 10_000n, relative: 5e-4 },
    { name: "2^-80 tenths of a dollar", perTenth: 1n << 80n, relative: 1e-12 },
  ])(
    "PAYOUT-1 all 134 matches within $relative at a unit of $name",
    async ({ perTenth, relative }) => {
      const projects = names.map((_, place) => {
        const votes = donations
          .filter(({ project }) => project === place)
          .map(({ amount }) => integerSqrt(amount * perTenth));
        return { project: place, votes: sum(votes), credits: sum(votes.map((v) => v * v)) };
      });
      const round = { unit: 1n, available: POOL, projects };
      const { hint, budget, matches } = computed(CAPPED, round);
      const expected = expectedMatches("qf_eligible_cap5_floor");
      for (const [i, match] of matches.entries())
        expect(Math.abs(Number(match) / 1e18 / (expected[i] as number) - 1), names[i]).toBeLessThan(
          relative,
        );
      const cap = (POOL * 500n) / 10_000n;
      expect(matches.filter((match) => match === cap)).toHaveLength(5);
      expect(matches.filter((match) => match === 333_900_000_000_000_000n)).toHaveLength(37);
      expect(POOL - sum(matches)).toBeLessThan(134n);
      const chain = await ruleChain();
      expect(await chain.divide(await chain.at(CAPPED), round, hint, [50, 100])).toMatchObject({
        budget,
        matches,
      });
    },
  );
});
