import { expect, test } from "vitest";
import type { Payment } from "../../frontend/src/chain/own_gifts.ts";
import type { Stage } from "../../frontend/src/chain/phase.ts";
import { balanceOf } from "../../frontend/src/features/gifts/balance.ts";

const UNIT = 10n;
const payment = (kind: Payment["kind"], amount: bigint): Payment => ({
  kind,
  tag: 1n,
  credits: kind === "refund" ? 0n : amount / UNIT,
  units: kind === "refund" ? amount : 0n,
  transaction: "0x01",
  time: 1_800_000_000,
});
const gift = payment("gift", 50n);
const topUp = payment("topUp", 30n);

test("an account's balance is what it gave and added, less what came back", () => {
  const { lines, given, back } = balanceOf(
    [gift, topUp, payment("refund", 50n)],
    UNIT,
    "cancelled",
  );
  expect(lines.map(({ amount }) => amount)).toEqual([50n, 30n, 50n]);
  expect([given, back]).toEqual([80n, 50n]);
});

test.each([
  ["open", "a gift", [gift], "change"],
  ["aborted", "a gift", [gift], "refund"],
  ["cancelled", "a part that came back", [gift, topUp, payment("refund", 50n)], "refund"],
  ["cancelled", "all that came back", [gift, topUp, payment("refund", 80n)], undefined],
  ["cancelled", "nothing", [], undefined],
  ...(["upcoming", "counting", "overdue", "disputable", "finalized"] as const).map(
    (stage) => [stage, "a gift", [gift], undefined] as const,
  ),
] as const satisfies readonly (readonly [Stage, string, readonly Payment[], unknown])[])(
  "what can be done in a round that is %s, after %s",
  (stage, _, payments, next) => {
    expect(balanceOf(payments, UNIT, stage).next).toBe(next);
  },
);
