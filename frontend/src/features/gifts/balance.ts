import type { Payment } from "../../chain/own_gifts.ts";
import type { Stage } from "../../chain/phase.ts";

/** An account's payments to one round in token units, and what can be done now: change the ballot, or get back what a round without result owes. */
export type Balance = {
  readonly lines: readonly (Payment & { readonly amount: bigint })[];
  readonly given: bigint;
  readonly back: bigint;
  readonly next: "change" | "refund" | undefined;
};

export function balanceOf(payments: readonly Payment[], unit: bigint, stage: Stage): Balance {
  const lines = payments.map((payment) => ({
    ...payment,
    amount: payment.kind === "refund" ? payment.units : payment.credits * unit,
  }));
  const sum = (isBack: boolean) =>
    lines
      .filter(({ kind }) => (kind === "refund") === isBack)
      .reduce((all, { amount }) => all + amount, 0n);
  const [given, back] = [sum(false), sum(true)];
  const isOwed = (stage === "aborted" || stage === "cancelled") && back < given;
  return { lines, given, back, next: stage === "open" ? "change" : isOwed ? "refund" : undefined };
}
