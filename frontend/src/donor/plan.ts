import { allocate, MAX_VOTES, packBallot, votesForAmount } from "../../../src/index.ts";
import { parseDecimal } from "../format.ts";
import type { BallotEntries } from "../workers/keys_protocol.ts";
import type { CartLine } from "./cart.ts";

/** One line of a plan in numbers; `votes` is what the ballot will say, votes² credits is what it costs. */
export type PlannedLine = { readonly project: number; readonly amount: bigint; readonly votes: bigint; readonly problem: "amount" | "tooSmall" | "tooLarge" | undefined };

export type Plan = {
  readonly lines: readonly PlannedLine[];
  /** Whole credits that cover all amounts, and what they cost in token units. */
  readonly credits: bigint;
  readonly pay: bigint;
  readonly unspent: bigint;
  readonly pages: number;
  readonly ballot: BallotEntries;
  readonly ready: boolean;
};

/** What a cart comes to. `credits` where the donor has bought them already; else as many as the amounts need. */
export function planOf(cart: readonly CartLine[], { unit, decimals, credits: owned }: { readonly unit: bigint; readonly decimals: number; readonly credits?: bigint }): Plan {
  const parsed = cart.map(({ project, amount }) => ({ project, amount: parseDecimal(amount, decimals) }));
  const tooLarge = (amount: bigint) => amount / unit >= (MAX_VOTES + 1n) ** 2n;
  const usable = parsed.every(({ amount }) => amount !== undefined && !tooLarge(amount));
  const total = parsed.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);
  const credits = owned ?? (total + unit - 1n) / unit;
  const fits = usable && total <= credits * unit && credits >> 64n === 0n;
  const { votes, unspent } = fits ? allocate(parsed.map(({ amount }) => amount ?? 0n), unit, credits) : { votes: parsed.map(() => 0n), unspent: 0n };
  const lines = parsed.map(({ project, amount }, i): PlannedLine => ({
    project,
    amount: amount ?? 0n,
    votes: votes[i] ?? 0n,
    problem: amount === undefined ? "amount" : tooLarge(amount) ? "tooLarge" : amount > 0n && votesForAmount(amount, unit) === 0n && (votes[i] ?? 0n) === 0n ? "tooSmall" : undefined,
  }));
  const ballot = lines.filter((line) => line.votes > 0n).map((line) => [line.project, line.votes] as const);
  return {
    lines, credits, unspent, ballot,
    pay: credits * unit,
    pages: packBallot(new Map(ballot)).length,
    ready: fits && lines.every(({ problem }) => problem === undefined),
  };
}

/** A total in equal parts over the cart, in whole parts of the token's smallest shown step; what is left goes to the first. */
export function splitEvenly(cart: readonly CartLine[], total: bigint, decimals: number): readonly CartLine[] {
  const step = 10n ** BigInt(Math.max(0, decimals - 2));
  const share = (total / BigInt(cart.length) / step) * step;
  const first = total - share * BigInt(cart.length - 1);
  return cart.map(({ project }, i) => ({ project, amount: plainDecimal(i === 0 ? first : share, decimals) }));
}

function plainDecimal(amount: bigint, decimals: number): string {
  const text = amount.toString().padStart(decimals + 1, "0");
  const fraction = text.slice(text.length - decimals).replace(/0+$/, "");
  const whole = text.slice(0, text.length - decimals);
  return decimals === 0 || fraction === "" ? whole : `${whole}.${fraction}`;
}
