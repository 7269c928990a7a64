import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { PayoutChoice } from "../../src/payouts/rule.ts";
import { agree, roundOf, ruleChain, type RuleChain } from "./support/rules.ts";

let chain: RuleChain;
beforeAll(async () => {
  chain = await ruleChain();
});

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Each rule with settings as large as it takes; `unit` is the round's. */
const RULES: readonly {
  readonly rule: string;
  readonly mostVotes: number;
  readonly choose: (unit: bigint) => fc.Arbitrary<PayoutChoice>;
  readonly holds?: (choice: PayoutChoice, matches: readonly bigint[]) => boolean;
}[] = [
  {
    rule: "PAYOUT-1 capped",
    mostVotes: 8,
    choose: (unit) =>
      fc
        .record({
          capBps: oneOf(10_000n, 3_000n, 500n, 50n),
          supporters: oneOf(1n, 2n, 4n),
          kind: oneOf("floor", "times", "return", "both"),
          amount: fc.bigInt(0n, 1n << 16n),
        })
        .map(({ capBps, supporters, kind, amount }) => ({
          id: "capped",
          args: [
            capBps,
            kind === "floor" ? amount * unit : 0n,
            supporters,
            kind === "times" || kind === "both" ? amount : 0n,
            kind === "floor" || kind === "times",
          ],
        })),
  },
  {
    rule: "PAYOUT-2 minimum",
    mostVotes: 8,
    choose: () => fc.bigInt(1n, 1n << 86n).map((least) => ({ id: "minimum", args: [least] })),
    holds: ({ args: [least] }, matches) =>
      matches.every((match) => match === 0n || match >= (least as bigint)),
  },
  {
    rule: "PAYOUT-3 tiers",
    mostVotes: 3,
    choose: () =>
      fc
        .array(fc.tuple(fc.bigInt(1n, 9n), fc.bigInt(1n, 1n << 86n)), {
          minLength: 1,
          maxLength: 8,
        })
        .map((tiers) => ({
          id: "tiers",
          args: [
            tiers.map(([size]) => size),
            tiers.map(([, prize]) => prize).toSorted((a, b) => (a > b ? -1 : 1)),
          ],
        })),
  },
];

test.each(RULES)(
  "$rule: chain and software agree on large lists, in whatever pieces they come",
  async ({ mostVotes, choose, holds }) => {
    const rounds = fc
      .record({
        ballots: fc.array(
          fc.array(fc.bigInt(1n, 1n << 24n), { minLength: 1, maxLength: mostVotes }),
          { minLength: 1, maxLength: 40 },
        ),
        available: fc.bigInt(0n, 1n << 90n),
        unit: fc.bigInt(1n, 1n << 40n),
        cuts: fc.array(fc.nat(40), { maxLength: 3 }),
      })
      .chain((round) => choose(round.unit).map((choice) => ({ ...round, choice })));
    await fc.assert(
      fc.asyncProperty(rounds, async ({ ballots, available, unit, cuts, choice }) => {
        const { told } = await agree(
          chain,
          choice,
          roundOf(available, unit, ballots),
          cuts.map((cut) => Math.min(cut, ballots.length)),
        );
        expect(holds?.(choice, told.matches) ?? true).toBe(true);
      }),
      { numRuns: 60 },
    );
  },
);
