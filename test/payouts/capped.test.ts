import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { CappedSettings } from "../../src/matching/capped.ts";
import { quadraticMatch } from "../../src/matching/quadratic.ts";
import type { PayoutChoice, PayoutRound } from "../../src/payouts/rule.ts";
import { byLoop } from "./support/loop.ts";
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

const PLAIN: CappedSettings = {
  capBps: 10_000n,
  floorAmount: 0n,
  minSupporters: 1n,
  maxTimes: 0n,
  paySurplus: true,
};
const choose = (settings: Partial<CappedSettings>): PayoutChoice => {
  const { capBps, floorAmount, minSupporters, maxTimes, paySurplus } = { ...PLAIN, ...settings };
  return { id: "capped", args: [capBps, floorAmount, minSupporters, maxTimes, paySurplus] };
};

async function agree(settings: Partial<CappedSettings>, round: PayoutRound, cuts: number[] = []) {
  const { told, state } = await agreeOn(chain, choose(settings), round, cuts);
  return { ...told, state };
}

// Weights 30, 12, 12, 2, 0 of 56.
const FIVE = [[3n, 3n, 1n], [2n, 3n], [3n, 2n], [1n, 1n], [4n]] as const;

describe("PAYOUT-1 by hand", () => {
  test("a ceiling of 25 %, the rest shared by weight; one word less or more of the hint is refused", async () => {
    // C = 140. 30·560/56 = 300 is more: R = 420, W = 26. 12·420/26 = 193.8 is more too: R = 140, W = 2. 2·140/2 = 140 = C: all at their ceilings.
    expect((await agree({ capBps: 2_500n }, roundOf(560n, 1n, FIVE))).matches).toEqual([
      140n,
      140n,
      140n,
      140n,
      0n,
    ]);
    // C = 280: R = 280, W = 26: 129.2, 129.2, 21.5.
    expect((await agree({ capBps: 5_000n }, roundOf(560n, 1n, FIVE))).matches).toEqual([
      280n,
      129n,
      129n,
      21n,
      0n,
    ]);
  });

  test("a floor is taken from those that have more, in proportion to how much more", async () => {
    const { matches, budget } = await agree(
      { capBps: 5_000n, floorAmount: 40n },
      roundOf(560n, 1n, FIVE),
    );
    // Two get 40; the others have 240 of 280 left, 100 each above the floor of 40 + 40, so 120 each.
    expect({ matches, budget }).toEqual({ matches: [280n, 100n, 100n, 40n, 40n], budget: 560n });
  });

  test("where all below the ceiling have just the floor, they get just that", async () => {
    const three = [
      [1n, 1n],
      [1n, 1n],
      [1n, 1n],
    ] as const;
    const { matches } = await agree({ floorAmount: 20n }, roundOf(60n, 1n, three));
    expect(matches).toEqual([20n, 20n, 20n]);
  });

  test("a hint that says full funding where the pool is too small for it is refused", async () => {
    const round = roundOf(50n, 1n, FIVE); // 56 would be full
    const rule = await chain.at(choose({ paySurplus: false }));
    const full = [3n, 4n, 5n].map((n) => words(1n, 1n, n));
    expect(await chain.budgets(rule, round, full)).toEqual([undefined, undefined, undefined]);
  });

  test("a floor that the pool cannot pay shrinks to an equal share, and to the ceiling", async () => {
    const { matches } = await agree({ floorAmount: 1_000n }, roundOf(561n, 1n, FIVE));
    // 112 each is all of it but one unit, of which nobody has a whole one.
    expect(matches).toEqual([112n, 112n, 112n, 112n, 112n]);
    expect(
      (await agree({ capBps: 1_000n, floorAmount: 1_000n }, roundOf(560n, 1n, FIVE))).matches,
    ).toEqual([56n, 56n, 56n, 56n, 56n]);
  });

  test("supporters are proved by T² ≥ m·S; two are more than one whose votes are all of one donor", async () => {
    const round = roundOf(560n, 1n, FIVE);
    expect((await agree({ minSupporters: 2n }, round)).matches[4]).toBe(0n);
    expect((await agree({ minSupporters: 2n, floorAmount: 9n }, round)).matches[4]).toBe(0n);
    expect((await agree({ floorAmount: 9n }, round)).matches[4]).toBe(9n);
    // 7² ≥ 2·19, but 7² < 3·19: that one is the first of three who does not give as much.
    expect((await agree({ minSupporters: 3n }, round)).matches).toEqual([0n, 0n, 0n, 0n, 0n]);
  });

  test("no match is more than a multiple of what donors gave", async () => {
    // S = 19, 13, 13, 2, 16: at most 57, 39, 39, 6, and all of the pool is not used.
    const round = roundOf(560n, 1n, FIVE);
    expect(await agree({ maxTimes: 3n }, round)).toMatchObject({
      matches: [57n, 39n, 39n, 6n, 0n],
      budget: 141n,
    });
    expect((await agree({ maxTimes: 3n, capBps: 900n }, round)).matches).toEqual([
      50n,
      39n,
      39n,
      6n,
      0n,
    ]);
    // 190, 130, 130, 20: R = 380 of 570 without the first, W = 26: 175 is more than 130.
    expect((await agree({ maxTimes: 10n }, roundOf(465n, 1n, FIVE))).matches).toEqual([
      190n,
      127n,
      127n,
      20n,
      0n,
    ]);
  });

  test("a surplus returns: a match is at most unit·w", async () => {
    const round = roundOf(1_000n, 10n, FIVE);
    expect(await agree({ paySurplus: false, capBps: 2_000n }, round)).toMatchObject({
      matches: [200n, 120n, 120n, 20n, 0n],
      budget: 460n,
      hint: words(10n, 1n, 4n),
    });
    expect(
      await agree({ paySurplus: false, capBps: 5_000n }, { ...round, available: 500n }),
    ).toMatchObject({
      matches: [250n, 115n, 115n, 19n, 0n],
      budget: 500n,
    });
    // Exactly enough, and one unit short.
    expect((await agree({ paySurplus: false }, { ...round, available: 560n })).hint).toBe(
      words(10n, 1n, 5n),
    );
    expect((await agree({ paySurplus: false }, { ...round, available: 559n })).hint).toBe(
      words(559n, 56n, 5n),
    );
  });

  test("nothing to divide, nobody to divide it among, and nobody who outweighs anybody", async () => {
    for (const settings of [
      {},
      { capBps: 1n },
      { paySurplus: false },
      { floorAmount: 7n },
      { maxTimes: 2n },
    ]) {
      for (const available of [0n, 1n, 2n])
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
          await agree(settings, roundOf(available, 1n, ballots));
      await agree(settings, roundOf(10n ** 30n, 1n, [[4n], [1n]]));
      await agree(settings, roundOf((1n << 128n) - 1n, (1n << 128n) - 1n, FIVE));
    }
  });

  test("votes against: who has more of them has no match, and no floor", async () => {
    const round = roundOf(100n, 1n, [
      [3n, 3n],
      [-3n, -3n],
      [2n, -2n],
      [5n, -1n],
    ]);
    expect((await agree({ floorAmount: 5n }, round)).matches).toEqual([100n, 0n, 0n, 0n]);
  });

  test("a list whose sums no result has is refused at once", async () => {
    const rule = await chain.at(choose({}));
    const huge = { project: 0, votes: (1n << 64n) - 1n, credits: 1n };
    const round = { available: 1n, unit: 1n, projects: [huge, { ...huge, project: 1 }] };
    expect(await chain.budgets(rule, round, [words(0n, 0n, 0n), words(1n, 1n, 2n)])).toEqual([
      undefined,
      undefined,
    ]);
    const times = await chain.at(choose({ maxTimes: 1n }));
    const caps = { ...round, available: (1n << 128n) - 1n, unit: (1n << 128n) - 1n };
    expect(await chain.budgets(times, caps, [words(0n, 0n, 0n)])).toEqual([undefined]);
  });

  test.each([
    ["no ceiling", { capBps: 0n }],
    ["a ceiling above the pool", { capBps: 10_001n }],
    ["no supporters", { minSupporters: 0n }],
    ["a floor beside a multiple", { floorAmount: 1n, maxTimes: 1n }],
    ["a floor beside a surplus that returns", { floorAmount: 1n, paySurplus: false }],
  ])("%s is refused by the constructor", async (_, settings) => {
    await expect(
      chain.viem.deployContract("CappedPayout", choose(settings).args as never),
    ).rejects.toThrow(/WrongSettings/);
  });
});

const votes = fc.array(fc.bigInt(1n, 2n), { minLength: 1, maxLength: 2 });
const small = fc.record({
  ballots: fc.array(votes, { minLength: 1, maxLength: 3 }),
  available: fc.bigInt(0n, 6n),
  unit: fc.bigInt(1n, 3n),
  capBps: fc.constantFrom(10_000n, 5_000n, 3_400n, 900n),
  minSupporters: fc.constantFrom(1n, 1n, 2n),
  kind: fc.constantFrom("floor", "times", "return", "both"),
  amount: fc.bigInt(0n, 5n),
});
const settingsOf = ({ kind, amount }: { kind: string; amount: bigint }) => ({
  floorAmount: kind === "floor" ? amount : 0n,
  maxTimes: kind === "times" || kind === "both" ? amount : 0n,
  paySurplus: kind === "floor" || kind === "times",
});

test("PAYOUT-1 of all hints exactly one is accepted, and it is the one that software gives", async () => {
  await fc.assert(
    fc.asyncProperty(
      small,
      async ({ ballots, available, unit, capBps, minSupporters, ...more }) => {
        const settings = { capBps, minSupporters, ...settingsOf(more) };
        const round = roundOf(available, unit, ballots);
        const choice = choose(settings);
        const weight = quadraticMatch({ ...round, surplus: "pay" }).totalWeight;
        const hints = upTo(available > unit ? available : unit).flatMap((p) =>
          upTo(weight + 1n).flatMap((q) =>
            upTo(BigInt(ballots.length) + 1n).map((n) => words(p, q, n)),
          ),
        );
        const answers = await chain.budgets(await chain.at(choice), round, hints);
        const accepted = hints.filter((_, i) => answers[i] !== undefined);
        expect(accepted).toEqual([computed(choice, round).hint]);
      },
    ),
    { numRuns: 25 },
  );
});

test("PAYOUT-1 the limit of the loop that caps and hands on, and the floor after it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.bigInt(1n, 1n << 20n), { minLength: 1, maxLength: 6 }), {
        maxLength: 12,
      }),
      fc.bigInt(0n, 1n << 70n),
      fc.bigInt(1n, 10_000n),
      fc.bigInt(0n, 1n << 68n),
      (ballots, available, capBps, floorAmount) => {
        const round = roundOf(available, 1n, ballots);
        expect(computed(choose({ capBps, floorAmount }), round).matches).toEqual(
          byLoop(round, capBps, floorAmount),
        );
      },
    ),
    { numRuns: 300 },
  );
});

const upTo = (last: bigint): bigint[] =>
  Array.from({ length: Number(last) + 1 }, (_, i) => BigInt(i));
