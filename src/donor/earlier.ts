import { isAddressEqual, type Address, type Hex } from "viem";
import type { RoundEvent } from "../chain/logs.ts";

/** A payment into a round that is on the chain already. */
export type EarlierPayment = { readonly transactionHash: Hex; readonly block: bigint };

/** The last thing that an account paid into the pool, if it was this amount: what a command that was given twice would pay again. */
export function findLastFunding(
  events: readonly RoundEvent[],
  { sponsor, amount }: { readonly sponsor: Address; readonly amount: bigint },
): EarlierPayment | undefined {
  const last = events.findLast(
    (event) => event.eventName === "Funded" && isAddressEqual(event.args.sponsor, sponsor),
  );
  return last?.eventName === "Funded" && last.args.amount === amount ? locate(last) : undefined;
}

/** The last top-up of a contribution, if it added so many credits. */
export function findLastTopUp(
  events: readonly RoundEvent[],
  { tag, credits }: { readonly tag: bigint; readonly credits: bigint },
): EarlierPayment | undefined {
  const own = events.filter(
    (event) =>
      (event.eventName === "Contributed" || event.eventName === "ToppedUp") &&
      event.args.tag === tag,
  ) as Extract<RoundEvent, { eventName: "Contributed" | "ToppedUp" }>[];
  const [before, last] = [own.at(-2), own.at(-1)];
  return before !== undefined &&
    last?.eventName === "ToppedUp" &&
    last.args.credits - before.args.credits === credits
    ? locate(last)
    : undefined;
}

/** The contribution under a tag. */
export function findContribution(
  events: readonly RoundEvent[],
  tag: bigint,
): (EarlierPayment & { readonly credits: bigint; readonly payer: Address }) | undefined {
  const found = events.find((event) => event.eventName === "Contributed" && event.args.tag === tag);
  return found?.eventName === "Contributed"
    ? { ...locate(found), credits: found.args.credits, payer: found.args.payer }
    : undefined;
}

const locate = ({ transactionHash, blockNumber }: RoundEvent): EarlierPayment => ({
  transactionHash: transactionHash as Hex,
  block: blockNumber as bigint,
});
