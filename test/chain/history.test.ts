import { describe, expect, test } from "vitest";
import { foldHistory, wasEligible, type TallyHistory } from "../../src/chain/history.ts";
import type { RoundEvent } from "../../src/chain/logs.ts";
import { encodeResult } from "../../src/transcript/results.ts";

const event = (eventName: RoundEvent["eventName"], args: object = {}) =>
  ({ eventName, args }) as RoundEvent;
const committed = (base: string) => event("Committed", { base });
const fold = (afterState: bigint) => event("Folded", { afterState });
const replayed = (links: number) => event("Replayed", { links });
const entry = (project: number) => encodeResult({ project, votes: 2n, credits: 4n });
const added = (...projects: number[]) =>
  event("ResultsAdded", { entries: projects.map((project) => entry(project)) });
const hint = (text: string) => event("ResultsHint", { hint: text });
const eligible = (wordIndex: bigint, ...bits: bigint[]) =>
  event("EligibilityRead", {
    wordIndex,
    bitmap: bits.reduce((word, bit) => word | (1n << bit), 0n),
  });
const finalized = event("Finalized", { acc: 9n });
const tallyOf = (...events: readonly RoundEvent[]) => foldHistory(events).tally as TallyHistory;

describe("a round's history", () => {
  test("TALLY-10 a second commit makes void all that was posted before it", () => {
    const tally = tallyOf(
      committed("0x01"),
      fold(1n),
      replayed(3),
      eligible(0n, 1n, 2n),
      hint("0xaa"),
      added(1, 2),
      committed("0x02"),
      fold(2n),
      replayed(4),
      eligible(0n, 3n),
      added(3),
      finalized,
    );
    expect(tally.committed.base).toBe("0x02");
    expect(tally.folds).toEqual([{ afterState: 2n }]);
    expect(tally.replays).toEqual([{ links: 4 }]);
    expect(tally.entries).toEqual([entry(3)]);
    expect(tally.hint).toBe("0x");
    expect([1, 2, 3].map((project) => wasEligible(tally, project))).toEqual([false, false, true]);
    expect(tally.finalized).toEqual({ acc: 9n });
    expect(tallyOf(committed("0x01"), finalized, committed("0x02")).finalized).toBeUndefined();
  });

  test("what is posted before any commit belongs to no tally", () => {
    expect(foldHistory([fold(1n), added(1), finalized]).tally).toBeUndefined();
    expect(tallyOf(fold(1n), added(1), committed("0x01"))).toMatchObject({
      folds: [],
      entries: [],
    });
  });

  test("MONEY-11 the hint is the first entries', and a list that is begun anew has its own", () => {
    expect(tallyOf(committed("0x01"), hint("0xaa"), added(1), added(2)).hint).toBe("0xaa");
    const again = tallyOf(
      committed("0x01"),
      eligible(0n, 1n),
      hint("0xaa"),
      added(1),
      event("ResultsRestarted"),
      eligible(0n, 5n),
      hint("0xbb"),
      added(5),
    );
    expect([again.hint, again.entries]).toEqual(["0xbb", [entry(5)]]);
    expect([1, 5].map((project) => wasEligible(again, project))).toEqual([false, true]);
  });

  test("MONEY-2 a project is eligible as the registry said when it was listed, in its own word of 256", () => {
    const tally = tallyOf(
      committed("0x01"),
      eligible(0n, 1n, 255n),
      added(1, 2, 255),
      eligible(1n, 0n),
      eligible(0n), // delisted since
      added(256, 257),
    );
    expect([1, 2, 255, 256, 257].map((project) => wasEligible(tally, project))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  test.each(["Aborted", "Cancelled", "Disputed"] as const)("ended by %s", (name) => {
    const { ended, disputeReason } = foldHistory([
      committed("0x01"),
      event(name, name === "Disputed" ? { reason: "wrong list" } : {}),
    ]);
    expect([ended, disputeReason]).toEqual([name, name === "Disputed" ? "wrong list" : undefined]);
    expect(foldHistory([committed("0x01")]).ended).toBeUndefined();
  });

  test("money: what was funded, who paid for a tag, what was claimed, in order", () => {
    const { funded, payers, claims, links } = foldHistory([
      event("Funded", { amount: 5n }),
      event("Contributed", { tag: 1n, keyX: 2n, keyY: 3n, credits: 4n, payer: "0xa" }),
      event("ToppedUp", { tag: 1n, credits: 9n }),
      event("MessagePublished", { words: [1n] }),
      event("Funded", { amount: 6n }),
      committed("0x01"),
      event("Claimed", { project: 2n }),
      event("Claimed", { project: 1n }),
    ]);
    expect(funded.map(({ amount }) => amount)).toEqual([5n, 6n]);
    expect([...payers]).toEqual([[1n, "0xa"]]);
    expect(claims.map(({ project }) => project)).toEqual([2n, 1n]);
    expect(links.map(({ kind }) => kind)).toEqual(["contribution", "topUp", "message"]);
  });
});
