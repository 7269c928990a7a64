import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type * as Cart from "../../frontend/src/donor/cart.ts";
import type * as Neighbours from "../../frontend/src/donor/neighbours.ts";
import type { Phase } from "../../src/chain/round.ts";
import { roundRefText, type RoundRef } from "../../src/protocol/round_ref.ts";

// A component that is drawn once: its effects run at once, and it reads what is kept now.
vi.mock("react", () => ({
  useEffect: (effect: () => unknown) => void effect(),
  useSyncExternalStore: (_listen: unknown, now: () => unknown) => now(),
}));

let cartOf: typeof Cart.useCart;
let marksOf: typeof Cart.useMarks;
let emptyCart: typeof Cart.emptyCart;
let visit: typeof Cart.useForgetfulCart;
let hear: typeof Neighbours.useNeighbours;
beforeAll(async () => {
  vi.stubGlobal("addEventListener", () => undefined);
  ({
    useCart: cartOf,
    useMarks: marksOf,
    useForgetfulCart: visit,
    emptyCart,
  } = await import("../../frontend/src/donor/cart.ts"));
  ({ useNeighbours: hear } = await import("../../frontend/src/donor/neighbours.ts"));
});

const [here, elsewhere] = ["a1", "a2"].map(
  (byte): RoundRef => ({ chainId: 10, address: `0x${byte.repeat(20)}` }),
) as [RoundRef, RoundRef];
const kept = (round: RoundRef) => [
  cartOf(round).lines.map(({ project, amount }) => `${project}:${amount}`),
  marksOf(round).marked,
];
const PLAN = [["3:", "5:2.5"], [8]];
const NOTHING = [[], []];

beforeEach(() => {
  for (const round of [here, elsewhere]) {
    emptyCart(round);
    cartOf(round).toggle(3);
    cartOf(round).toggle(4);
    cartOf(round).toggle(5);
    cartOf(round).setAmount(5, "2.5");
    cartOf(round).toggle(4);
    marksOf(round).toggle(8);
  }
});

test("a plan and marks are kept round by round, while gifts are taken or not yet", () => {
  for (const phase of [undefined, "before start", "contributing"] as const) visit(here, phase);
  expect([kept(here), kept(elsewhere)]).toEqual([PLAN, PLAN]);
});

test.each([
  "tallying",
  "overdue",
  "disputable",
  "finalized",
  "aborted",
  "cancelled",
] satisfies Phase[])("they are forgotten, and only those, when their round is %s", (phase) => {
  visit(here, phase);
  expect([kept(here), kept(elsewhere)]).toEqual([NOTHING, PLAN]);
});

test("they are forgotten when another tab has sealed a ballot for the round, and who looks at that round hears of it", async () => {
  const heard: string[] = [];
  hear(here, (news) => heard.push(`here ${news}`));
  hear(elsewhere, (news) => heard.push(`elsewhere ${news}`));
  const other = new BroadcastChannel("tacit");
  other.postMessage({ toString: "sealed" });
  other.postMessage("burnt 10:0x");
  other.postMessage(`sealed ${roundRefText(here)}`);
  await expect.poll(() => heard).toEqual(["here sealed"]);
  expect([kept(here), kept(elsewhere)]).toEqual([NOTHING, PLAN]);
  other.close();
});
