import fc from "fast-check";
import type { Address } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { deployOutcome } from "../../src/chain/deploy.ts";
import { qvOutcomeBytecode } from "../../src/chain/generated/bytecode.ts";
import { outcomeAddress, readOutcome } from "../../src/chain/outcome.ts";
import { decideVote, type VoteQuestion } from "../../src/votes/outcome.ts";
import { encodeEntry, type Entry } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture, type Setup } from "./support/round.ts";
import { atTime, contribute, finalize } from "./support/steps.ts";

const choice = (...options: number[]): VoteQuestion => ({ kind: "choice", title: "", options });
const number = (
  option: number,
  settings: Partial<Extract<VoteQuestion, { kind: "number" }>> = {},
): VoteQuestion => ({
  ...{ kind: "number", title: "", option, decimals: 0, unit: "" },
  ...{ start: 100n, step: 5n, min: 0n, max: 200n },
  ...settings,
});

const PROJECTS = 260;
const DELISTED = [3, 258];
/** Signs both ways, ties, a delisted option with the most votes, one behind the first 256, one with votes that cancel out. */
const RESULTS: readonly Entry[] = [
  { project: 0, votes: 7n, credits: 29n },
  { project: 1, votes: -9n, credits: 81n },
  { project: 3, votes: 50n, credits: 900n },
  { project: 5, votes: 12n, credits: 50n },
  { project: 9, votes: 0n, credits: 18n },
  { project: 12, votes: 12n, credits: 144n },
  { project: 257, votes: 3n, credits: 9n },
  { project: 258, votes: 60n, credits: 3_600n },
];
const isEligible = (project: number) => !DELISTED.includes(project);

const asWriter = ({ publicClient, deployer }: Setup) =>
  ({ read: publicClient, wallet: deployer, chainId: 31337 }) as unknown as WriteClient;

const load = roundFixture({
  token: "none",
  projects: PROJECTS,
  settings: { allowSigns: true, unit: 1n },
});

/** Voters, and a result that delists what its owner withdrew before the end. */
async function vote(setup: Setup, results: readonly Entry[]): Promise<void> {
  await atTime(setup, setup.start);
  await contribute(setup, setup.alice, 1, 1n << 40n);
  const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
  for (const project of DELISTED) await registry.write.delist([BigInt(project)]);
  await finalize(setup, results);
}

/** The contract's answers to these questions. */
async function ask(
  setup: Setup,
  questions: readonly VoteQuestion[],
  entries: readonly bigint[] = RESULTS.map(encodeEntry),
) {
  const contract = await deployOutcome(asWriter(setup), questions);
  expect(contract).toBe(outcomeAddress(qvOutcomeBytecode, questions));
  const read = setup.publicClient as unknown as ReadClient;
  return readOutcome(read, { contract, round: setup.round.address, entries });
}

describe("what votes decide, on the chain", () => {
  let setup: Setup;
  beforeAll(async () => {
    setup = await load();
    await vote(setup, RESULTS);
  });

  it("VOTE-2 the most votes win; of equal ones the smaller number; a withdrawn option never; none above 0 is no decision", async () => {
    expect(
      await ask(setup, [choice(), choice(0, 12, 257), choice(1, 9), choice(3, 258), choice(40)]),
    ).toEqual([
      { isDecided: true, option: 5, votes: 12n, credits: 50n, value: 0n },
      { isDecided: true, option: 12, votes: 12n, credits: 144n, value: 0n },
      ...Array.from({ length: 3 }, () => ({
        isDecided: false,
        option: 0,
        votes: 0n,
        credits: 0n,
        value: 0n,
      })),
    ]);
  });

  it("VOTE-3 a number moves by its step for each vote, stays within its bounds, and where it began without votes", async () => {
    const values = (
      await ask(setup, [
        number(0),
        number(1),
        number(5, { max: 130n }),
        number(1, { min: 90n }),
        number(40),
        number(3),
        number(1, { start: -7n, step: 2n, min: -30n, max: 0n }),
      ])
    )?.map(({ value }) => value);
    expect(values).toEqual([135n, 55n, 130n, 90n, 100n, 100n, -25n]);
  });

  it("VOTE-4 it is the software's answer for any questions", async () => {
    const anyProject = fc.integer({ min: 0, max: PROJECTS - 1 });
    const big = fc.bigInt({ min: -(1n << 126n), max: 1n << 126n });
    const anyQuestion = fc.oneof(
      fc
        .uniqueArray(anyProject, { maxLength: 12 })
        .map((options) => choice(...options.toSorted((a, b) => a - b))),
      fc
        .tuple(
          fc.constantFrom(...RESULTS.map(({ project }) => project), 77),
          fc.array(big, { minLength: 3, maxLength: 3 }),
          fc.bigInt({ min: 1n, max: 1n << 127n }),
        )
        .map(([option, bounds, step]) => {
          const [min, start, max] = bounds.toSorted((a, b) => (a < b ? -1 : 1)) as [
            bigint,
            bigint,
            bigint,
          ];
          return number(option, { min, start, max, step });
        }),
    );
    for (const questions of fc.sample(fc.array(anyQuestion, { minLength: 30, maxLength: 30 }), {
      numRuns: 6,
      seed: 14,
    }))
      expect(await ask(setup, questions)).toEqual(decideVote(questions, RESULTS, isEligible));
  });

  it("VOTE-4 no other list is taken: a part, another order, a changed or further entry, none", async () => {
    const whole = RESULTS.map(encodeEntry);
    const [first, second, ...rest] = whole as [bigint, bigint, ...bigint[]];
    const changed = encodeEntry({ project: 0, votes: 8n, credits: 29n });
    const further = encodeEntry({ project: 259, votes: 99n, credits: 9_801n });
    for (const entries of [
      whole.slice(1),
      whole.slice(0, -1),
      [second, first, ...rest],
      [changed, second, ...rest],
      [...whole, further],
      [first, ...whole],
      [...whole, first],
      [],
    ])
      await expect(ask(setup, [choice()], entries)).rejects.toThrow("NotTheResults");
  });

  it("VOTE-1 VOTE-4 questions that make no sense have no contract", async () => {
    const none = { options: [] as number[], start: 0n, step: 0n, min: 0n, max: 0n };
    const asked = { isNumber: true, options: [0], start: 5n, step: 1n, min: 0n, max: 9n };
    const make = (...questions: unknown[]) =>
      setup.viem.deployContract("QvOutcome", [questions as never]);
    for (const questions of [
      [],
      Array.from({ length: 31 }, () => ({ isNumber: false, ...none })),
      [{ ...asked, options: [] }],
      [{ ...asked, options: [0, 1] }],
      [{ ...asked, step: 0n }],
      [{ ...asked, min: 6n }],
      [{ ...asked, max: 4n }],
      [{ isNumber: false, ...none, step: 1n }],
      [{ isNumber: false, ...none, start: 1n }],
      [{ isNumber: false, ...none, min: -1n }],
      [{ isNumber: false, ...none, max: 1n }],
      [{ isNumber: false, ...none, options: [2, 1] }],
      [{ isNumber: false, ...none, options: [2, 2] }],
    ])
      await expectRevert(make(...questions), "WrongQuestions");
    await make({ ...asked, min: 5n }, { ...asked, max: 5n }, { ...asked, min: 5n, max: 5n });
    const made = await make({ ...asked }, { isNumber: false, ...none, options: [1, 2] });
    expect(await made.read.questions()).toEqual([
      asked,
      { isNumber: false, ...none, options: [1, 2] },
    ]);
  });
});

describe("a vote that is not settled", () => {
  it("VOTE-4 decides nothing: while it runs, and while the guardian may still make its result void", async () => {
    const setup = await roundFixture({
      token: "none",
      settings: { allowSigns: true, unit: 1n, disputeWindow: 3_600 },
    })();
    const results: readonly Entry[] = [{ project: 2, votes: 3n, credits: 9n }];
    const entries = results.map(encodeEntry);
    await expect(ask(setup, [choice()], [])).rejects.toThrow("NotSettled");
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 100n);
    await finalize(setup, results);
    await expect(ask(setup, [choice()], entries)).rejects.toThrow("NotSettled");
    await setup.helpers.time.increaseTo(await setup.round.read.paymentsFrom());
    expect(await ask(setup, [choice()], entries)).toMatchObject([{ isDecided: true, option: 2 }]);
    const nobody: Address = `0x${"0e".repeat(20)}`;
    const read = setup.publicClient as unknown as ReadClient;
    expect(
      await readOutcome(read, { contract: nobody, round: setup.round.address, entries }),
    ).toBeUndefined();
  });

  it("VOTE-2 with no votes at all nothing is decided, and numbers stay", async () => {
    const setup = await roundFixture({ token: "none", settings: { allowSigns: true, unit: 1n } })();
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 100n);
    await finalize(setup, []);
    expect(await ask(setup, [choice(), number(1)], [])).toMatchObject([
      { isDecided: false },
      { isDecided: true, option: 1, value: 100n },
    ]);
  });
});
