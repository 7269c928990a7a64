import { network } from "hardhat";
import { expect } from "vitest";
import { hexToBigInt, numberToHex, size, slice, type Address, type Hex } from "viem";
import type { WriteClient } from "../../../src/chain/client.ts";
import { deployPayoutRule } from "../../../src/chain/deploy.ts";
import { sum } from "../../../src/matching/quadratic.ts";
import { openPayoutRule } from "../../../src/payouts/index.ts";
import { divideBy, type PayoutChoice, type PayoutRound } from "../../../src/payouts/rule.ts";
import { encodeResult } from "../../../src/transcript/results.ts";

/** What the probe answers where the rule refuses a hint. */
const REFUSED = (1n << 256n) - 1n;
/** A call of many hints; nobody pays for it. */
const CALL_GAS = 1n << 40n;

/** The probe's functions with gas, which the contract's type does not have. */
type AnyRead = {
  readonly budgets: (
    args: readonly unknown[],
    options: { gas: bigint },
  ) => Promise<readonly bigint[]>;
  readonly matches: (
    args: readonly unknown[],
    options: { gas: bigint },
  ) => Promise<readonly [readonly bigint[], bigint, readonly bigint[]]>;
};

/** A chain on which payout rules are asked as a round asks them. */
export async function ruleChain() {
  const { viem } = await network.create({ override: { blockGasLimit: CALL_GAS } });
  const [deployer] = await viem.getWalletClients();
  const publicClient = await viem.getPublicClient();
  const writer = { read: publicClient, wallet: deployer, chainId: 31337 } as unknown as WriteClient;
  const probe = await viem.deployContract("RuleProbe");
  const read = probe.read as unknown as AnyRead;
  const at = async (choice: PayoutChoice): Promise<Address> => deployPayoutRule(writer, choice);
  return {
    viem,
    writer,
    at,
    /** The budget that each hint comes to, undefined where it is refused. */
    async budgets(
      rule: Address,
      round: PayoutRound,
      hints: readonly Hex[],
      cuts: readonly number[] = [],
    ) {
      const answers = await read.budgets(
        [rule, round.available, round.unit, chunksOf(round, cuts), hints],
        { gas: CALL_GAS },
      );
      return answers.map((answer) => (answer === REFUSED ? undefined : answer));
    },
    /** Budget and matches with a hint that must be accepted. */
    async divide(rule: Address, round: PayoutRound, hint: Hex, cuts: readonly number[] = []) {
      const [state, budget, matches] = await read.matches(
        [rule, round.available, round.unit, chunksOf(round, cuts), hint],
        { gas: CALL_GAS },
      );
      return { state, budget, matches };
    },
  };
}
export type RuleChain = Awaited<ReturnType<typeof ruleChain>>;

/** The entries in as many calls as there are cuts, and one more. */
function chunksOf({ projects }: PayoutRound, cuts: readonly number[]): bigint[][] {
  const entries = projects.map(encodeResult);
  const places = [0, ...cuts.toSorted((a, b) => a - b), entries.length];
  return places.slice(1).map((end, i) => entries.slice(places[i], end));
}

/** The round as software divides it. */
export function computed(
  choice: PayoutChoice,
  round: PayoutRound,
  isQualified?: (project: number) => boolean,
) {
  const rule = openPayoutRule(choice, isQualified);
  return { hint: rule.hint(round), ...divideBy(rule)(round) };
}

/** Chain and software agree, the hint is accepted, nothing beside it is, and only rounding is left of the budget. */
export async function agree(
  chain: RuleChain,
  choice: PayoutChoice,
  round: PayoutRound,
  cuts: readonly number[] = [],
) {
  const rule = await chain.at(choice);
  const { hint, budget, matches } = computed(choice, round);
  const answer = await chain.divide(rule, round, hint, cuts);
  expect({ budget: answer.budget, matches: answer.matches }).toEqual({ budget, matches });
  for (const other of await chain.budgets(rule, round, neighbours(hint), cuts))
    expect(other).toBeUndefined();
  expect(budget <= round.available).toBe(true);
  const dust = budget - sum(matches);
  expect(dust >= 0n && (dust === 0n || dust < BigInt(round.projects.length))).toBe(true);
  return { told: { hint, budget, matches }, state: answer.state };
}

export const words = (...values: readonly bigint[]): Hex =>
  `0x${values.map((value) => numberToHex(value, { size: 32 }).slice(2)).join("")}`;

/** Hints that differ from this one: each word by one, up and down, and lengths that are not its own. */
export function neighbours(hint: Hex): Hex[] {
  const all = Array.from({ length: size(hint) / 32 }, (_, i) =>
    hexToBigInt(slice(hint, 32 * i, 32 * i + 32)),
  );
  const changed = all.flatMap((word, i) =>
    [word - 1n, word + 1n, word + (1n << 128n)]
      .filter((other) => other >= 0n && other < 1n << 256n)
      .map((other) => words(...all.with(i, other))),
  );
  return [
    ...changed,
    "0x",
    `${hint}00`,
    `${hint}${"00".repeat(32)}`,
    slice(hint, 0, size(hint) - 1),
  ];
}

/** Ballots as totals: each list is one project's votes. */
export function roundOf(
  available: bigint,
  unit: bigint,
  ballots: readonly (readonly bigint[])[],
): PayoutRound {
  return {
    available,
    unit,
    projects: ballots.map((votes, project) => ({
      project,
      votes: sum(votes),
      credits: sum(votes.map((vote) => vote * vote)),
    })),
  };
}
