import { draftBallot, type Draft } from "../../../src/index.ts";
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
    cart.map(({ project, amount }) => ({ project, amount: parseDecimal(amount, decimals) })),
    { unit, credits, least },
  );
  return { ...draft, ballot: [...draft.ballot] };
}

/**
 * A total in equal parts over the cart, in whole steps of a hundredth of the token, or of its smallest unit where that is larger. What does
 * not come out even is left out of what is given.
 */
export function splitEvenly(
  cart: readonly CartLine[],
  total: bigint,
  decimals: number,
): { readonly lines: readonly CartLine[]; readonly given: bigint } {
  const step = 10n ** BigInt(Math.max(0, decimals - 2));
  const share = (total / BigInt(cart.length) / step) * step;
  return {
    lines: cart.map(({ project }) => ({ project, amount: typedText(share, decimals) })),
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
