import { zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import { aliceTag, CALLS, FOREVER, oneContribution } from "./support/calls.ts";
import { awaitOutcome } from "./support/reverts.ts";
import { roundFixture, TIMES, UNIT } from "./support/round.ts";
import { atTime, makeMessage } from "./support/steps.ts";

describe("intervals are half-open, to the second", () => {
  const load = roundFixture();

  for (const { rule, name, prepare, from: opens, until: closes, send } of CALLS) {
    it(`${rule} ${name}`, async () => {
      const setup = await load();
      const [from, until] = [opens(setup), closes(setup)];
      if (from !== 0n) {
        // `prepare` could not have happened yet, but for an abort, whose opening depends on it.
        if (name === "abort") await prepare?.(setup);
        await atTime(setup, from - 1n);
        expect(await awaitOutcome(send(setup))).toContain(`OutsideInterval(${from - 1n},${from},`);
        await load();
      }
      await prepare?.(setup);
      const prepared = await setup.helpers.takeSnapshot();
      for (const time of [
        ...(from === 0n ? [] : [from, from + 1n]),
        ...(until === FOREVER ? [] : [until - 1n]),
      ]) {
        await prepared.restore();
        await atTime(setup, time);
        expect(await awaitOutcome(send(setup)), `${time - from} s after the opening`).toBe(
          "success",
        );
      }
      for (const time of until === FOREVER ? [] : [until, until + 1n]) {
        await prepared.restore();
        await atTime(setup, time);
        expect(await awaitOutcome(send(setup))).toBe(`OutsideInterval(${time},${from},${until})`);
      }
    });
  }

  it("PHASE-5 PHASE-6 the deadline grows by tallyPerItem with every item, and with no top-up", async () => {
    const setup = await load();
    const { round } = setup;
    const base = setup.end + BigInt(TIMES.tallyBase);
    expect(await round.read.tallyDeadline()).toBe(base);
    await oneContribution(setup);
    await round.write.publishBatch([[makeMessage(1), makeMessage(2)]]);
    await round.write.topUp([await aliceTag(setup), UNIT, "0x"], { account: setup.alice.account });
    expect(await round.read.tallyDeadline()).toBe(base + 3n * BigInt(TIMES.tallyPerItem));
  });

  it("PHASE-5 PHASE-6 with tallyMost, no number of messages moves the deadline beyond it", async () => {
    const most = TIMES.tallyBase + 2 * TIMES.tallyPerItem;
    const setup = await roundFixture({ settings: { tallyMost: most } })();
    const { round, end } = setup;
    const latest = end + BigInt(most);
    await round.write.publish([makeMessage(1)]);
    expect(await round.read.tallyDeadline()).toBe(latest - BigInt(TIMES.tallyPerItem));
    await round.write.publish([makeMessage(2)]);
    expect(await round.read.tallyDeadline()).toBe(latest);
    for (const seed of [3, 4, 5]) await round.write.publish([makeMessage(seed)]);
    expect(await round.read.tallyDeadline()).toBe(latest);
    await atTime(setup, latest - 1n);
    expect(await awaitOutcome(round.write.abort())).toContain(
      `OutsideInterval(${latest - 1n},${latest},`,
    );
    await atTime(setup, latest);
    expect(
      await awaitOutcome(
        round.write.commit([1n, zeroHash], { account: setup.coordinator.account }),
      ),
    ).toBe(`OutsideInterval(${latest},${end},${latest})`);
    await atTime(setup, latest);
    expect(await awaitOutcome(round.write.abort())).toBe("success");
  });

  it("PHASE-1 to PHASE-6 phase() says where the round is", async () => {
    const setup = await load();
    const { round, helpers } = setup;
    for (const [time, phase] of [
      [setup.start - 1n, 0],
      [setup.start, 1],
      [setup.end - 1n, 1],
      [setup.end, 2],
    ] as const) {
      await helpers.time.increaseTo(time);
      expect(await round.read.phase()).toBe(phase);
    }
    const until = await round.read.tallyDeadline();
    await helpers.time.increaseTo(until - 1n);
    expect(await round.read.phase()).toBe(2);
    await helpers.time.increaseTo(until);
    expect(await round.read.phase()).toBe(3);
    await round.write.abort();
    expect(await round.read.phase()).toBe(6);
  });
});
