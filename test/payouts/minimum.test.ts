import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { quadraticWeight, sum } from "../../src/matching/quadratic.ts";
import type { PayoutChoice, PayoutRound } from "../../src/payouts/rule.ts";
import {
  agree as agreeOn,
  computed,
  roundOf,
  ruleChain,
  words,
  type RuleChain,
} from "./support/rules.ts";

let chain: RuleChain;
beforeAll(async () => {
  chain = await ruleChain();
});

const NOBODY = (1n << 128n) - 1n;
const choose = (minimum: bigint): PayoutChoice => ({ id: "minimum", args: [minimum] });

/** And nobody has less than the minimum. */
async function agree(minimum: bigint, round: PayoutRound, cuts: number[] = []) {
  const { told } = await agreeOn(chain, choose(minimum), round, cuts);
  expect(told.matches.every((match) => match === 0n || match >= minimum)).toBe(true);
  return told;
}

/** What dropping whoever has least, again and again, leaves; equal ones together. */
function byDropping({ available, projects }: PayoutRound, minimum: bigint): bigint[] {
  const weights = projects.map(quadraticWeight);
  let kept = weights.filter((weight) => weight > 0n);
  for (;;) {
    const total = sum(kept);
    const least = kept.reduce((a, b) => (b < a ? b : a), NOBODY);
    if (kept.length === 0 || least * available >= minimum * total)
      return weights.map((weight) => (kept.includes(weight) ? (weight * available) / total : 0n));
    kept = kept.filter((weight) => weight !== least);
  }
}

// Weights 30, 12, 12, 2, 0 of 56.
const FIVE = [[3n, 3n, 1n], [2n, 3n], [3n, 2n], [1n, 1n], [4n]] as const;

describe("PAYOUT-2 by hand", () => {
  test("who would have less than the minimum has nothing, and equal ones all or none", async () => {
    const round = roundOf(560n, 1n, FIVE);
    expect(await agree(20n, round)).toEqual({
      hint: words(2n),
      budget: 560n,
      matches: [300n, 120n, 120n, 20n, 0n],
    });
    expect((await agree(21n, round)).matches).toEqual([311n, 124n, 124n, 0n, 0n]);
    // 12·560/54 = 124.4; the two with 12 fall together, and the first has all.
    expect((await agree(125n, round)).matches).toEqual([560n, 0n, 0n, 0n, 0n]);
    expect(await agree(561n, round)).toEqual({
      hint: words(NOBODY),
      budget: 0n,
      matches: [0n, 0n, 0n, 0n, 0n],
    });
  });

  test("nothing to divide, nobody to divide it among, and nobody who outweighs anybody", async () => {
    for (const available of [0n, 1n, 2n, NOBODY])
      for (const ballots of [
        FIVE,
        [[1n, 1n]],
        [[4n]],
        [[4n], [9n]],
        [
          [2n, 1n],
          [2n, 1n],
          [2n, 1n],
        ],
      ])
        for (const minimum of [1n, 2n, NOBODY])
          await agree(minimum, roundOf(available, 1n, ballots));
  });

  test("votes against, and lists whose sums no result has", async () => {
    const round = roundOf(100n, 1n, [
      [3n, 3n],
      [-3n, -3n],
      [2n, -2n],
    ]);
    expect((await agree(1n, round)).matches).toEqual([100n, 0n, 0n]);
    const huge = { project: 0, votes: (1n << 64n) - 1n, credits: 1n };
    const beyond = { available: 1n, unit: 1n, projects: [huge, { ...huge, project: 1 }] };
    expect(await chain.budgets(await chain.at(choose(1n)), beyond, [words(1n), words(5n)])).toEqual(
      [undefined, undefined],
    );
  });

  test("a minimum of 0 is refused by the constructor", async () => {
    await expect(chain.viem.deployContract("MinimumPayout", [0n])).rejects.toThrow(/WrongSettings/);
  });
});

const ballots = (most: bigint) =>
  fc.array(fc.array(fc.bigInt(1n, most), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 5,
  });

test("PAYOUT-2 of all hints exactly one is accepted, and it is what dropping the least again and again leaves", async () => {
  await fc.assert(
    fc.asyncProperty(
      ballots(3n),
      fc.bigInt(0n, 40n),
      fc.bigInt(1n, 15n),
      async (lists, available, minimum) => {
        const round = roundOf(available, 1n, lists);
        const most = Math.max(...round.projects.map((project) => Number(quadraticWeight(project))));
        const hints = [
          ...Array.from({ length: most + 2 }, (_, i) => words(BigInt(i))),
          words(NOBODY),
        ];
        const answers = await chain.budgets(await chain.at(choose(minimum)), round, hints);
        const { hint, matches } = computed(choose(minimum), round);
        expect(hints.filter((_, i) => answers[i] !== undefined)).toEqual([hint]);
        expect(matches).toEqual(byDropping(round, minimum));
      },
    ),
    { numRuns: 80 },
  );
});
