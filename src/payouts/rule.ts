import type { Abi, Address, Hex } from "viem";
import { BaseError } from "../errors.ts";
import type { ProjectResult } from "../round/semantics.ts";

/** What a payout rule is asked about: eligible projects only, in the order of the list; money in units of the pool's token. */
export type PayoutRound = {
  readonly unit: bigint;
  readonly available: bigint;
  readonly projects: readonly ProjectResult[];
};

/** One rule with its parameters: what its contract answers, computed (MONEY-11). */
export type PayoutRule = {
  /** What the coordinator gives with the first entries. */
  readonly hint: (round: PayoutRound) => Hex;
  readonly budget: (round: PayoutRound) => bigint;
  /** The match of the project at a place of the list. */
  readonly matchOf: (round: PayoutRound, place: number) => bigint;
};

/** A whole round divided. */
export type Division = {
  readonly hint: Hex;
  readonly budget: bigint;
  /** By place of the list. */
  readonly matches: readonly bigint[];
};

/** An argument of a rule's contract. */
export type PayoutArgument = bigint | boolean | readonly bigint[];

/** A payout rule of a known kind, as its contract is made. */
export type PayoutChoice = {
  /** The kind's id. */
  readonly id: string;
  /** The constructor's arguments, in its order. */
  readonly args: readonly PayoutArgument[];
  /** Who tells which projects can have a match (PAYOUT-4); left out where all can. */
  readonly qualifier?: Address;
};

/** What somebody who chooses a rule says about it, as text; also what is told of a rule. */
export type PayoutSetting = {
  /** Short and of small letters: an option of the command line, a key of the page's words. */
  readonly name: string;
  readonly form: "percent" | "amount" | "count" | "surplus" | "tiers";
  /** One line for whoever chooses. */
  readonly help: string;
  /** What stands for no answer; undefined where an answer is needed. */
  readonly initial: string | undefined;
  /** The value that has no effect, and so is not told. */
  readonly neutral?: PayoutArgument;
};

/** A kind of payout rule, as software knows it: one file a kind. */
export type PayoutKind = {
  /** What the contract answers as `id()`. */
  readonly id: string;
  /** Its constructor and the views that tell the arguments. */
  readonly abi: Abi;
  /** Those views, in the order of the arguments. */
  readonly views: readonly string[];
  readonly settings: readonly PayoutSetting[];
  /** The arguments from the settings' texts, by name; `amount` reads amounts of the pool's token. @throws PayoutSettingError */
  readonly argsFrom: (
    texts: Readonly<Record<string, string | undefined>>,
    amount: (text: string) => bigint,
  ) => readonly PayoutArgument[];
  /** The settings' values of these arguments, in the order of the settings: percent in 1/10,000. */
  readonly tell: (args: readonly PayoutArgument[]) => readonly PayoutArgument[];
  /** The rule with these arguments. */
  readonly rule: (args: readonly PayoutArgument[]) => PayoutRule;
  /** Arguments with which the kind is usual, to show what it would make of a pool of this size. */
  readonly usual: (available: bigint) => readonly PayoutArgument[];
  /** Whether what donors leave over is shared as matches are unless the organiser says otherwise; prizes are not made to grow by it. */
  readonly sharesLeftovers: boolean;
};

/** A text that is no setting of a payout rule. */
export class PayoutSettingError extends BaseError {
  constructor(kind: string, name: string, text: string | undefined, fix: string) {
    super(
      text === undefined
        ? `The payout rule ${kind} needs ${name}.`
        : `"${text}" cannot be the ${name} of the payout rule ${kind}.`,
      { fix },
    );
  }
}

/** A rule that divides a round once for all its projects: a list of 2^16 would else take 2^32 steps. */
export function ruleFrom(divide: (round: PayoutRound) => Division): PayoutRule {
  let solved: { readonly round: PayoutRound; readonly division: Division } | undefined;
  const solve = (round: PayoutRound): Division => {
    if (solved?.round !== round) solved = { round, division: divide(round) };
    return solved.division;
  };
  return {
    hint: (round) => solve(round).hint,
    budget: (round) => solve(round).budget,
    matchOf: (round, place) => solve(round).matches[place] as bigint,
  };
}

/** All that a rule says of a round, as `settle` takes it. */
export function divideBy(rule: PayoutRule) {
  return (round: PayoutRound) => ({
    budget: rule.budget(round),
    matches: round.projects.map((_, place) => rule.matchOf(round, place)),
  });
}

/** "5%" or "2.5" as 1/10,000: at most two decimals, above 0 and at most 100. */
export function parsePercent(text: string): bigint | undefined {
  const bps = parsePart(text);
  return bps === 0n ? undefined : bps;
}

/** The same, and 0: the part of a whole. */
export function parsePart(text: string): bigint | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?\s*%?$/.exec(text.trim());
  if (match === null) return undefined;
  const bps = BigInt(match[1] as string) * 100n + BigInt((match[2] ?? "").padEnd(2, "0"));
  return bps <= 10_000n ? bps : undefined;
}

/** A whole number from `least` to below 2^bits. */
export function parseWhole(text: string, least: bigint, bits: number): bigint | undefined {
  if (!/^\d{1,40}$/.test(text.trim())) return undefined;
  const value = BigInt(text.trim());
  return value >= least && value >> BigInt(bits) === 0n ? value : undefined;
}

/** The setting of whether a surplus is paid out, which several kinds have. */
export const SURPLUS = {
  name: "surplus",
  form: "surplus",
  help: "what happens to a pool larger than quadratic funding asks for: return or pay",
} as const satisfies Omit<PayoutSetting, "initial">;

/** @throws PayoutSettingError */
export function parseSurplus(kind: string, text: string | undefined): boolean {
  if (text === "pay" || text === "return") return text === "pay";
  throw new PayoutSettingError(kind, "surplus", text, "Use return or pay.");
}
