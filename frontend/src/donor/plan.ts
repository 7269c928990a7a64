import { draftBallot, MAX_VOTES, votesForAmount, type Draft } from "../../../src/index.ts";
import { parseDecimal } from "../format.ts";
import type { BallotEntries } from "../workers/keys_protocol.ts";
import type { CartLine } from "./cart.ts";

/** What a cart comes to, with its ballot as the worker is told it. */
export type Plan = Omit<Draft, "ballot"> & { readonly ballot: BallotEntries };

/** What a cart comes to. `credits` where the donor has bought them already; else as many as the votes cost, and `least` that the round takes. */
export function planCart(
  cart: readonly CartLine[],
  {
    unit,
    decimals,
    credits,
    least,
  }: {
    readonly unit: bigint;
    readonly decimals: number;
    readonly credits?: bigint;
    readonly least?: bigint;
  },
): Plan {
  const draft = draftBallot(
    cart.map(({ project, amount, isAgainst = false }) => ({
      project,
      amount: parseDecimal(amount, decimals),
      isAgainst,
    })),
    { unit, credits, least },
  );
  return { ...draft, ballot: [...draft.ballot] };
}

/**
 * What a cart comes to for a donor who has given already. `add` is how many credits it takes beyond those that she has: none where rounding makes
 * it fit, and never fewer than the round takes at once.
 */
export function planChange(
  cart: readonly CartLine[],
  {
    credits,
    minTopUp,
    ...money
  }: {
    readonly unit: bigint;
    readonly decimals: number;
    readonly credits: bigint;
    readonly minTopUp: bigint;
  },
): Plan & { readonly add: bigint } {
  const within = planCart(cart, { ...money, credits });
  if (within.needed <= credits) return { ...within, add: 0n };
  const beyond = planCart(cart, money);
  const missing = beyond.credits - credits;
  const add = missing <= 0n ? 0n : missing < minTopUp ? minTopUp : missing;
  const all = credits + add;
  return {
    ...beyond,
    credits: all,
    pay: all * money.unit,
    unspent: all - (beyond.credits - beyond.unspent),
    add,
  };
}

/**
 * A total in parts that come out even: the most for each that is a whole number of votes and the same for all. What is left of the total is not
 * given. `share` is 0 where it is too little for a vote each.
 */
export function splitEvenly(
  cart: readonly CartLine[],
  total: bigint,
  { unit, decimals }: { readonly unit: bigint; readonly decimals: number },
): { readonly lines: readonly CartLine[]; readonly share: bigint; readonly given: bigint } {
  const part = total / BigInt(cart.length);
  const most = MAX_VOTES ** 2n * unit;
  const votes = votesForAmount(part < most ? part : most, unit);
  const share = votes ** 2n * unit;
  return {
    lines: cart.map((line) => ({ ...line, amount: typedText(share, decimals) })),
    share,
    given: share * BigInt(cart.length),
  };
}

/** An amount as it may be typed: a dot, no groups, and no doubt which of the two the dot is. */
export function typedText(amount: bigint, decimals: number): string {
  const text = amount.toString().padStart(decimals + 1, "0");
  const fraction = text.slice(text.length - decimals).replace(/0+$/, "");
  const whole = text.slice(0, text.length - decimals);
  if (decimals === 0 || fraction === "") return whole;
  return `${whole}.${fraction.length === 3 && decimals > 3 ? `${fraction}0` : fraction}`;
}
