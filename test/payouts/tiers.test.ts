import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { quadraticWeight } from "../../src/matching/quadratic.ts";
import type { PayoutChoice, PayoutRound } from "../../src/payouts/rule.ts";
import { tiers } from "../../src/payouts/tiers.ts";
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

const NOBODY = (1n << 144n) - 1n;
type Table = readonly (readonly [size: bigint, prize: bigint])[];
const choose = (table: Table): PayoutChoice => ({
  id: "tiers",
  args: [table.map(([size]) => size), table.map(([, prize]) => prize)],
});
const keyOf = (weight: bigint, project: number) => (weight << 16n) + 65_535n - BigInt(project);

const agree = async (table: Table, round: PayoutRound, cuts: number[] = []) =>
  (await agreeOn(chain, choose(table), round, cuts)).told;

// Weights 30, 12, 12, 2, 0.
const FIVE = [[3n, 3n, 1n], [2n, 3n], [3n, 2n], [1n, 1n], [4n]] as const;

describe("PAYOUT-3 by hand", () => {
  test("the largest weights have the prizes; of equal ones the smaller number comes first", async () => {
    const round = roundOf(1_000n, 1n, FIVE);
    expect(
      await agree(
        [
          [1n, 500n],
          [1n, 200n],
          [1n, 100n],
        ],
        round,
      ),
    ).toEqual({
      hint: words(keyOf(30n, 0), keyOf(12n, 1), keyOf(12n, 2)),
      budget: 800n,
      matches: [500n, 200n, 100n, 0n, 0n],
    });
    expect((await agree([[2n, 300n]], round)).matches).toEqual([300n, 300n, 0n, 0n, 0n]);
    const later = {
      ...round,
      projects: round.projects.map((one) => ({ ...one, project: 2 * one.project + 1 })),
    };
    expect((await agree([[2n, 300n]], later)).matches).toEqual([300n, 300n, 0n, 0n, 0n]);
  });

  test("nobody without a weight wins; places stay empty", async () => {
    const round = roundOf(1_000n, 1n, FIVE);
    expect(
      await agree(
        [
          [1n, 100n],
          [2n, 50n],
          [9n, 20n],
          [3n, 10n],
        ],
        round,
      ),
    ).toEqual({
      hint: words(keyOf(30n, 0), keyOf(12n, 2), keyOf(2n, 3), keyOf(2n, 3)),
      budget: 220n,
      matches: [100n, 50n, 50n, 20n, 0n],
    });
    const alone = roundOf(1_000n, 1n, [[4n], [9n]]);
    expect(
      await agree(
        [
          [1n, 100n],
          [1n, 50n],
        ],
        alone,
      ),
    ).toEqual({
      hint: words(NOBODY, NOBODY),
      budget: 0n,
      matches: [0n, 0n],
    });
  });

  test("a pool that does not cover the prizes won shrinks all in the same proportion", async () => {
    const table: Table = [
      [1n, 600n],
      [2n, 300n],
    ];
    expect(await agree(table, roundOf(1_000n, 1n, FIVE))).toMatchObject({
      budget: 1_000n,
      matches: [500n, 250n, 250n, 0n, 0n],
    });
    expect((await agree(table, roundOf(1_200n, 1n, FIVE))).matches[0]).toBe(600n);
    expect((await agree(table, roundOf(1_199n, 1n, FIVE))).matches).toEqual([
      599n,
      299n,
      299n,
      0n,
      0n,
    ]);
    for (const available of [0n, 1n]) await agree(table, roundOf(available, 1n, FIVE));
  });

  test("votes against win nothing", async () => {
    const round = roundOf(100n, 1n, [
      [3n, 3n],
      [-3n, -3n],
      [2n, -2n],
    ]);
    expect((await agree([[3n, 10n]], round)).matches).toEqual([10n, 0n, 0n]);
  });

  test("the contract tells its table, whatever the number of tiers", async () => {
    for (let count = 1; count <= 8; count++) {
      const table: Table = Array.from({ length: count }, (_, i) => [BigInt(i + 1), BigInt(99 - i)]);
      const rule = await chain.viem.getContractAt("TieredPayout", await chain.at(choose(table)));
      expect([await rule.read.sizes(), await rule.read.prizes()]).toEqual([
        table.map(([size]) => Number(size)),
        table.map(([, prize]) => prize),
      ]);
      await agree(table, roundOf(10_000n, 1n, FIVE));
    }
  });

  test.each<[string, Table]>([
    ["no tier", []],
    ["nine tiers", Array.from({ length: 9 }, () => [1n, 1n] as const)],
    [
      "a tier without places",
      [
        [1n, 5n],
        [0n, 5n],
      ],
    ],
    [
      "a prize of 0",
      [
        [1n, 5n],
        [1n, 0n],
      ],
    ],
    [
      "a prize larger than the one before",
      [
        [1n, 5n],
        [1n, 6n],
      ],
    ],
  ])("%s is refused by the constructor", async (_, table) => {
    await expect(
      chain.viem.deployContract("TieredPayout", [
        table.map(([size]) => Number(size)),
        table.map(([, prize]) => prize),
      ]),
    ).rejects.toThrow(/WrongSettings/);
  });

  test("the setting takes as many tiers as the constructor does: one to eight", async () => {
    for (let count = 0; count <= 10; count++) {
      const table = Array.from({ length: count }, (_, i) => [i + 1, BigInt(100 - i)] as const);
      const text = table.map(([size, prize]) => `${size}x${prize}`).join(",");
      const isTaken = count >= 1 && count <= 8;
      let isRead = true;
      try {
        tiers.argsFrom({ tiers: text }, BigInt);
      } catch {
        isRead = false;
      }
      const deployed = chain.viem.deployContract("TieredPayout", [
        table.map(([size]) => size),
        table.map(([, prize]) => prize),
      ]);
      expect([count, isRead]).toEqual([count, isTaken]);
      if (isTaken) await deployed;
      else await expect(deployed).rejects.toThrow(/WrongSettings/);
    }
  });

  test("lists of different lengths are refused by the constructor", async () => {
    await expect(chain.viem.deployContract("TieredPayout", [[1], [5n, 4n]])).rejects.toThrow(
      /WrongSettings/,
    );
  });
});

const small = fc.record({
  ballots: fc.array(fc.array(fc.bigInt(1n, 2n), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 4,
  }),
  sizes: fc.array(fc.bigInt(1n, 2n), { minLength: 1, maxLength: 2 }),
});

test("PAYOUT-3 of all hints exactly one is accepted", async () => {
  await fc.assert(
    fc.asyncProperty(small, async ({ ballots, sizes }) => {
      const table = sizes.map((size, i) => [size, 10n - BigInt(i)] as const);
      const round = roundOf(100n, 1n, ballots);
      // Every key of a project, each with its neighbours, nobody's, and none.
      const keys = [
        ...new Set([
          0n,
          1n,
          NOBODY - 1n,
          NOBODY,
          ...round.projects.flatMap((project) => {
            const key = keyOf(quadraticWeight(project), project.project);
            return [key - 1n, key, key + 1n];
          }),
        ]),
      ];
      const hints = sizes
        .reduce<bigint[][]>(
          (lists) => lists.flatMap((list) => keys.map((key) => [...list, key])),
          [[]],
        )
        .map((list) => words(...list));
      const answers = await chain.budgets(await chain.at(choose(table)), round, hints);
      expect(hints.filter((_, i) => answers[i] !== undefined)).toEqual([
        computed(choose(table), round).hint,
      ]);
    }),
    { numRuns: 40 },
  );
});
