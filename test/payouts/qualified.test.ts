import fc from "fast-check";
import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { readQualified } from "../../src/chain/qualifier.ts";
import { NotQualifiedError, openPayoutRule } from "../../src/payouts/index.ts";
import type { PayoutChoice, PayoutRound } from "../../src/payouts/rule.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { computed, neighbours, roundOf, ruleChain, type RuleChain } from "./support/rules.ts";

let chain: RuleChain;
beforeAll(async () => {
  chain = await ruleChain();
});

/** One of each kind, with all that it can do. */
const INNER: readonly (readonly [name: string, inner: PayoutChoice])[] = [
  ["quadratic", { id: "quadratic", args: [false] }],
  ["quadratic, surplus paid", { id: "quadratic", args: [true] }],
  ["a ceiling, a floor and two supporters", { id: "capped", args: [4_000n, 20n, 2n, 0n, true] }],
  ["a multiple of the gifts", { id: "capped", args: [10_000n, 0n, 1n, 2n, false] }],
  ["a least match", { id: "minimum", args: [150n] }],
  [
    "prizes",
    {
      id: "tiers",
      args: [
        [1n, 2n],
        [300n, 100n],
      ],
    },
  ],
];

async function makeQualifier(numbers: readonly number[]): Promise<Address> {
  const { address, write } = await chain.viem.deployContract("ToyQualifier", [1n]);
  const words = new Map<bigint, bigint>();
  for (const number of numbers) {
    const index = BigInt(number >> 8);
    words.set(index, (words.get(index) ?? 0n) | (1n << BigInt(number & 255)));
  }
  for (const [index, word] of words) await write.setQualified([index, word]);
  return address;
}

/** Chain and software agree, with one hint and no other; and so do they with the inner rule over the list without the others. */
async function agree(
  inner: PayoutChoice,
  round: PayoutRound,
  numbers: readonly number[],
  cuts: readonly number[] = [],
) {
  const qualifier = await makeQualifier(numbers);
  const choice = { ...inner, qualifier };
  const isQualified = await readQualified(chain.writer.read, qualifier, round.projects);
  const { hint, budget, matches } = computed(choice, round, isQualified);
  const rule = await chain.at(choice);
  const answer = await chain.divide(rule, round, hint, cuts);
  expect({ budget: answer.budget, matches: answer.matches }).toEqual({ budget, matches });
  const others = hint === "0x" ? (["0x00"] as const) : neighbours(hint);
  for (const other of await chain.budgets(rule, round, others, cuts)) expect(other).toBeUndefined();
  const kept = {
    ...round,
    projects: round.projects.filter(({ project }) => numbers.includes(project)),
  };
  const alone = await chain.divide(await chain.at(inner), kept, hint);
  expect({ budget: alone.budget, state: alone.state }).toEqual({ budget, state: answer.state });
  expect(matches).toEqual(
    round.projects.map(({ project }) => {
      const place = kept.projects.findIndex((one) => one.project === project);
      return place < 0 ? 0n : alone.matches[place];
    }),
  );
  return { hint, budget, matches };
}

/** Numbers that lie in several words of 256, in order. */
const numbered = (round: PayoutRound, step: number): PayoutRound => ({
  ...round,
  projects: round.projects.map((one, i) => ({ ...one, project: i * step })),
});

// Weights 30, 12, 12, 2, 0.
const FIVE = [[3n, 3n, 1n], [2n, 3n], [3n, 2n], [1n, 1n], [4n]] as const;

describe("PAYOUT-4 by hand", () => {
  test("the match of those that are not qualified goes to the others; a round of nobody pays nothing", async () => {
    const round = roundOf(420n, 1n, FIVE);
    const inner: PayoutChoice = { id: "quadratic", args: [true] };
    expect((await agree(inner, round, [0, 1, 2, 3, 4])).matches).toEqual([225n, 90n, 90n, 15n, 0n]);
    expect(await agree(inner, round, [0, 1, 4])).toEqual({
      hint: "0x",
      budget: 420n,
      matches: [300n, 120n, 0n, 0n, 0n],
    });
    expect(await agree(inner, round, [4])).toMatchObject({ budget: 0n });
  });

  test("of two tied for a prize the smaller number has it, by the number in the registry, not by the place among the qualified", async () => {
    const round = numbered(roundOf(1_000n, 1n, FIVE), 300);
    const prize: PayoutChoice = { id: "tiers", args: [[1n], [100n]] };
    expect((await agree(prize, round, [300, 600])).matches).toEqual([0n, 100n, 0n, 0n, 0n]);
    expect((await agree(prize, round, [600, 900])).matches).toEqual([0n, 0n, 100n, 0n, 0n]);
    const { hint } = await agree(prize, round, [600, 900]);
    expect(BigInt(hint) & 0xffffn).toBe(65_535n - 600n);
  });

  test.each(INNER)(
    "%s: a hint is accepted where nobody is qualified, or only weights of 0, with any pool",
    async (_, inner) => {
      for (const available of [0n, 1n, 1_000n])
        for (const numbers of [[], [4]]) await agree(inner, roundOf(available, 3n, FIVE), numbers);
    },
  );

  test("what its software needs to know it asks for", () => {
    const choice: PayoutChoice = {
      id: "quadratic",
      args: [true],
      qualifier: `0x${"11".repeat(20)}`,
    };
    expect(() => openPayoutRule(choice)).toThrow(NotQualifiedError);
  });
});

const lists = fc.array(fc.array(fc.bigInt(1n, 4n), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 9,
});

test.each(INNER)(
  "PAYOUT-4 %s: exactly one hint for any list and any qualified",
  async (_, inner) => {
    await fc.assert(
      fc.asyncProperty(
        lists,
        fc.bigInt(0n, 2_000n),
        fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
        fc.constantFrom(1, 100, 256),
        fc.array(fc.nat(9), { maxLength: 2 }),
        async (ballots, available, flags, step, cuts) => {
          const round = numbered(roundOf(available, 2n, ballots), step);
          const numbers = round.projects.filter((__, i) => flags[i]).map(({ project }) => project);
          await agree(
            inner,
            round,
            numbers,
            cuts.map((cut) => Math.min(cut, ballots.length)),
          );
        },
      ),
      { numRuns: 12 },
    );
  },
);

describe("PAYOUT-4 the contract", () => {
  test("takes no list before its qualifier is frozen, and none that never is", async () => {
    const later = 1n << 40n;
    const qualifier = await chain.viem.deployContract("ToyQualifier", [later]);
    const inner = await chain.at({ id: "quadratic", args: [true] });
    const early = await chain.viem.deployContract("QualifiedPayout", [inner, qualifier.address]);
    expect(await early.read.freezeTime()).toBe(later);
    await expectRevert(early.read.begin(["0x", 1n, 1n]), "NotFrozenYet");
    const never = await chain.viem.deployContract("ToyQualifier", [0n]);
    await expectRevert(
      chain.viem.deployContract("QualifiedPayout", [inner, never.address]),
      "NeverFrozen",
    );
  });

  test("takes only a rule and a qualifier that are there", async () => {
    const [inner, qualifier] = [
      await chain.at({ id: "quadratic", args: [true] }),
      (await chain.viem.deployContract("ToyQualifier", [1n])).address,
    ];
    const nobody: Address = `0x${"22".repeat(20)}`;
    // Frozen it is, as a qualifier is; but it says nothing of projects, and no list of results would ever be taken.
    const registry = await chain.viem.deployContract("ProjectRegistry", [nobody, 1n, 0n]);
    for (const args of [
      [nobody, qualifier],
      [inner, nobody],
      [inner, registry.address],
    ] as const)
      await expect(chain.viem.deployContract("QualifiedPayout", args)).rejects.toThrow();
  });
});

test("PAYOUT-1 supporters alone: with a ceiling of the whole pool it is quadratic funding among those that have them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.bigInt(1n, 1n << 20n), { minLength: 1, maxLength: 4 }), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.bigInt(1n, 1n << 60n),
      fc.bigInt(1n, 4n),
      fc.boolean(),
      (ballots, available, least, paySurplus) => {
        const round = roundOf(available, 3n, ballots);
        const isSupported = ({ votes, credits }: { votes: bigint; credits: bigint }) =>
          votes * votes >= least * credits;
        const supported = { ...round, projects: round.projects.filter(isSupported) };
        const plain = computed({ id: "quadratic", args: [paySurplus] }, supported);
        const own = computed({ id: "capped", args: [10_000n, 0n, least, 0n, paySurplus] }, round);
        expect(own.budget).toBe(plain.budget);
        expect(own.matches.filter((_, i) => isSupported(round.projects[i] as never))).toEqual(
          plain.matches,
        );
        expect(
          own.matches.filter(
            (match, i) => match !== 0n && !isSupported(round.projects[i] as never),
          ),
        ).toEqual([]);
      },
    ),
  );
});
