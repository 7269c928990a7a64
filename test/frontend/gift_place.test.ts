import { describe, expect, test } from "vitest";
import type { Stage } from "../../frontend/src/chain/phase.ts";
import { planChange } from "../../frontend/src/donor/plan.ts";
import type { UnderWay } from "../../frontend/src/donor/under_way.ts";
import { findPlace } from "../../frontend/src/features/gift/place.ts";
import type { OwnContribution, Pending } from "../../src/index.ts";

const PAYER = "0x00000000000000000000000000000000000000aa";
const own: readonly OwnContribution[] = [{ tag: 1n, payer: PAYER, credits: 900n }];
const sealed: Pending = {
  round: { chainId: 31337, address: PAYER },
  payer: PAYER,
  tag: "1",
  messages: [],
  sinceBlock: "0",
};
const place = (
  stage: Stage,
  of: { underWay?: UnderWay; own?: readonly OwnContribution[]; isConnected?: boolean } = {},
) =>
  findPlace({
    stage,
    underWay: "none",
    isConnected: "own" in of,
    own: undefined,
    ...of,
  }).at;

const STAGES = [
  "upcoming",
  "open",
  "counting",
  "overdue",
  "disputable",
  "finalized",
  "aborted",
  "cancelled",
] as const satisfies readonly Stage[];

describe("where a donor is with a round", () => {
  test.each(STAGES)("what is sealed on the device comes to its end first: %s", (stage) => {
    expect(place(stage, { underWay: sealed, own })).toBe("underWay");
    expect(place(stage, { underWay: "locked", own })).toBe("locked");
    expect(place(stage, { underWay: "given" })).toBe("done");
    expect(place(stage, { underWay: "changed", own })).toBe("done");
  });

  test.each([
    ["upcoming", "upcoming", "upcoming", "upcoming"],
    ["open", "stranger", "first", "given"],
    ["counting", "closed", "closed", "closed"],
    ["overdue", "closed", "closed", "closed"],
    ["disputable", "result", "result", "result"],
    ["finalized", "result", "result", "result"],
    ["aborted", "void", "void", "void"],
    ["cancelled", "void", "void", "void"],
  ] as const)("%s: %s without account, %s with one, %s after a gift", (stage, none, one, given) => {
    expect(place(stage)).toBe(none);
    expect(place(stage, { own: [] })).toBe(one);
    expect(place(stage, { own })).toBe(given);
  });

  test("nothing is said before device and chain have answered", () => {
    expect(findPlace({ stage: "open", underWay: undefined, isConnected: true, own }).at).toBe(
      "unknown",
    );
    expect(place("open", { isConnected: true })).toBe("unknown");
    expect(place("cancelled", { isConnected: true })).toBe("unknown");
    // What the account has given plays no part then.
    expect(place("counting", { isConnected: true })).toBe("closed");
  });
});

describe("a new ballot for who has given", () => {
  const UNIT = 10n ** 16n;
  const plan = (amounts: readonly string[], credits: bigint, minTopUp = 1n) => {
    const { add, ready, pay, unspent, lines } = planChange(
      amounts.map((amount, project) => ({ project, amount })),
      { unit: UNIT, decimals: 18, credits, minTopUp },
    );
    return { add, ready, pay: pay / UNIT, unspent, votes: lines.map(({ votes }) => votes) };
  };

  test("within what was given adds nothing, and rounds up as far as that goes", () => {
    expect(plan(["9"], 900n)).toEqual({
      add: 0n,
      ready: true,
      pay: 900n,
      unspent: 0n,
      votes: [30n],
    });
    expect(plan([], 900n)).toMatchObject({ add: 0n, unspent: 900n });
  });

  test("beyond it adds what the votes cost more, and what rounding saves not at all", () => {
    expect(plan(["10.24"], 900n)).toMatchObject({ add: 124n, pay: 1_024n, unspent: 0n });
    expect(plan(["10"], 900n)).toMatchObject({ add: 61n, pay: 961n, votes: [31n] });
    // 901 credits are wanted, and the nearest votes cost 900.
    expect(plan(["9.01"], 900n)).toMatchObject({ add: 0n, ready: true, pay: 900n, unspent: 0n });
    // The same amounts after that: nothing more.
    expect(plan(["10"], 961n)).toMatchObject({ add: 0n, ready: true, votes: [31n] });
  });

  test("adds no less than the round takes at once, and counts what is left over", () => {
    expect(plan(["9.61"], 900n, 100n)).toMatchObject({
      add: 100n,
      pay: 1_000n,
      unspent: 39n,
      votes: [31n],
    });
  });

  test("of amounts that cannot be read nothing is ready", () => {
    expect(plan(["9", "x"], 900n).ready).toBe(false);
    expect(plan(["9", ""], 900n).ready).toBe(false);
  });
});
