import { describe, expect, test } from "vitest";
import { ContractRefusedError } from "../../src/chain/send.ts";
import { LinkList } from "../../src/coordinator/planning/link_list.ts";
import {
  limitRoom,
  linksShare,
  roomBeside,
  foldsPerCall,
  ReplayPlan,
} from "../../src/coordinator/planning/replay_plan.ts";
import { FoldQueue, IN_FLIGHT } from "../../src/coordinator/sending/fold_queue.ts";
import { LINK_BYTES, MOST_TRANSACTION_GAS } from "../../src/params.ts";
import type { Link } from "../../src/protocol/link.ts";

const MOST = 7;
const refused = () => new ContractRefusedError("submit", "FoldRejected", [], undefined);

/** A queue whose calls are mined by hand. */
function openQueue(isOrdered: boolean) {
  const ahead: { items: readonly number[]; mined: PromiseWithResolvers<void> }[] = [];
  const now: { items: readonly number[]; mined: PromiseWithResolvers<void> }[] = [];
  const queue = new FoldQueue<number>({
    isOrdered,
    batchSize: (waiting) => Math.min(waiting.length, MOST),
    sendAhead: (items, onSigned) => {
      const mined = Promise.withResolvers<void>();
      ahead.push({ items, mined });
      onSigned();
      return mined.promise;
    },
    sendNow: (items) => {
      const mined = Promise.withResolvers<void>();
      now.push({ items, mined });
      return mined.promise;
    },
  });
  return { queue, ahead, now };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const listItems = (calls: readonly { items: readonly number[] }[]) =>
  calls.map(({ items }) => [...items]);

describe("folds that wait go together (TALLY-13)", () => {
  test("one by one while there is room, and all that wait in the next call", async () => {
    const { queue, ahead } = openQueue(true);
    for (let fold = 0; fold < 10; fold++) {
      queue.add(fold);
      await settled();
    }
    expect(listItems(ahead)).toEqual(Array.from({ length: IN_FLIGHT }, (_, i) => [i]));
    ahead[0]?.mined.resolve();
    await settled();
    expect(listItems(ahead.slice(IN_FLIGHT))).toEqual([[4, 5, 6, 7, 8, 9]]);
    for (const fold of [10, 11]) queue.add(fold);
    for (const { mined } of ahead) mined.resolve();
    await settled();
    expect(listItems(ahead.slice(IN_FLIGHT + 1))).toEqual([[10, 11]]);
    const drained = queue.drain();
    for (const { mined } of ahead) mined.resolve();
    await drained;
  });

  test("never more than a call takes, in their order, where each call waits for the one before", async () => {
    const { queue, now } = openQueue(false);
    for (let fold = 0; fold < 12; fold++) queue.add(fold);
    const drained = queue.drain();
    for (let call = 0; call < 3; call++) {
      await settled();
      now[call]?.mined.resolve();
    }
    await drained;
    expect(listItems(now)).toEqual([[0], [1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11]]);
  });

  test("after a refusal all that was on its way goes again from where the round is, in the same order, none lost", async () => {
    const { queue, ahead, now } = openQueue(true);
    for (let fold = 0; fold < 6; fold++) queue.add(fold);
    await settled();
    const drained = queue.drain();
    for (const { mined } of ahead) mined.reject(refused());
    for (let call = 0; call < 6; call++) {
      await settled();
      now[call]?.mined.resolve();
    }
    await drained;
    expect(now.flatMap(({ items }) => items)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(listItems(ahead)).toEqual([[0], [1, 2, 3, 4, 5]]);
  });

  test("what sending throws comes out, of the next fold or at the end, and nothing is sent after it", async () => {
    const { queue, now } = openQueue(false);
    queue.add(0);
    queue.add(1);
    await settled();
    now[0]?.mined.reject(new Error("out of coin"));
    await settled();
    expect(() => queue.add(2)).toThrow("out of coin");
    await expect(queue.drain()).rejects.toThrow("out of coin");
    expect(now).toHaveLength(1);
  });
});

describe("what a call takes", () => {
  const message: Link = {
    kind: "message",
    words: Array.from({ length: 11 }, (_, i) => BigInt(i)) as never,
  };
  const topUp: Link = { kind: "topUp", tag: 1n, credits: 2n };

  test("never more gas than a transaction or a block may have, the sender's margin included, nor more bytes than nodes take", () => {
    for (const block of [1_000_000n, 8_000_000n, 30_000_000n, 1n << 40n]) {
      const room = limitRoom(block, 20n);
      const most = block < MOST_TRANSACTION_GAS ? block : MOST_TRANSACTION_GAS;
      expect((BigInt(room.gas) * 120n) / 100n <= most).toBe(true);
      expect(room.bytes).toBeLessThan(128 * 1024);
    }
    const folds = foldsPerCall(45);
    const room = limitRoom(30_000_000n, 20n);
    const rest = roomBeside(room, folds);
    expect(folds).toBe(7);
    expect(rest.bytes >= folds * 45 * LINK_BYTES.message).toBe(true);
    expect(
      new ReplayPlan(LinkList.from(Array.from({ length: 400 }, () => message))).findStart(
        400,
        315,
        rest,
      ),
    ).toBe(85);
  });

  test("TALLY-13 the folds take all links along, each as many as the others but for one, however they are put together", () => {
    for (const links of [0, 1, 7, 100])
      for (const calls of [[1, 1, 1, 1], [4], [1, 3], [2, 1, 1]]) {
        let [left, foldsLeft] = [links, 4];
        for (const folds of calls) {
          const share = linksShare(left, folds, foldsLeft);
          expect(Math.abs(share - (links * folds) / 4)).toBeLessThan(1);
          [left, foldsLeft] = [left - share, foldsLeft - folds];
        }
        expect(left).toBe(0);
      }
  });

  test("a chunk is cut where bytes or gas end, and has one link at least", () => {
    const plan = (link: Link, count: number) =>
      new ReplayPlan(LinkList.from(Array.from({ length: count }, () => link)));
    const room = { bytes: 3 * LINK_BYTES.message, gas: 1_000_000 };
    expect(plan(message, 10).findStart(10, 10, room)).toBe(7);
    expect(plan(message, 10).findStart(10, 2, room)).toBe(8);
    expect(plan(topUp, 1_000).findStart(1_000, 1_000, { bytes: 1 << 20, gas: 30_000 })).toBe(990);
    expect(plan(message, 10).findStart(10, 10, { bytes: 0, gas: 0 })).toBe(9);
    expect(plan(message, 10).chunk(10, 10, { bytes: 0, gas: 0 }).start).toBe(9);
    expect(plan(message, 2).findStart(2, 5, room)).toBe(0);
  });
});
