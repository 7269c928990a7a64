import { draftBallot, type Draft } from "../../../src/index.ts";
import { parseDecimal } from "../format.ts";
import type { BallotEntries } from "../workers/keys_protocol.ts";
import type { CartLine } from "./cart.ts";

/** What a cart comes to, with its ballot as the worker is told it. */
export type Plan = Omit<Draft, "ballot"> & { readonly ballot: BallotEntries };

/** What a cart comes to. `credits` where the donor has bought them already; else as many as the amounts need. */
export function planCart(
  cart: readonly CartLine[],
  {
    unit,
    decimals,
    credits,
  }: { readonly unit: bigint; readonly decimals: number; readonly credits?: bigint },
): Plan {
  const draft = draftBallot(
    cart.map(({ project, amount }) => ({ project, amount: parseDecimal(amount, decimals) })),
    { unit, credits },
  );
  return { ...draft, ballot: [...draft.ballot] };
}

/** A total in equal parts over the cart, in whole parts of the token's smallest shown step; what is left goes to the first. */
export function splitEvenly(
  cart: readonly CartLine[],
  total: bigint,
  decimals: number,
): readonly CartLine[] {
  const step = 10n ** BigInt(Math.max(0, decimals - 2));
  const share = (total / BigInt(cart.length) / step) * step;
  const first = total - share * BigInt(cart.length - 1);
  return cart.map(({ project }, i) => ({
    project,
    amount: plainDecimal(i === 0 ? first : share, decimals),
  }));
}

function plainDecimal(amount: bigint, decimals: number): string {
  const text = amount.toString().padStart(decimals + 1, "0");
  const fraction = text.slice(text.length - decimals).replace(/0+$/, "");
  const whole = text.slice(0, text.length - decimals);
  return decimals === 0 || fraction === "" ? whole : `${whole}.${fraction}`;
}
