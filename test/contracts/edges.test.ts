import { describe, expect, it } from "vitest";
import { toHex } from "viem";
import { sumResults } from "./support/reference.ts";
import { readyToClose, RESULT } from "./support/calls.ts";
import { expectRevert } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "./support/round.ts";
import { findPlace } from "./support/storage.ts";
import {
  balance,
  claim,
  close,
  contribute,
  atTime,
  finalize,
  funded,
  RESULTS,
} from "./support/steps.ts";

/** Some of these states need a hash that nobody can find, so they are written into storage; the contract must refuse them all the same. */
describe("what no call brings about", () => {
  const load = roundFixture();

  async function ready(): Promise<{ setup: Setup; acc: bigint }> {
    const setup = await load();
    await readyToClose(setup);
    return { setup, acc: sumResults(RESULT, await setup.round.read.challenges()) };
  }

  it("CLOSE-4 a product or denominator of 0, for which every identity would hold, is refused", async () => {
    for (const variable of ["_transcribed.product", "_list.denominator"]) {
      const { setup, acc } = await ready();
      await setup.helpers.setStorageAt(setup.round.address, findPlace("Round", variable).slot, 0n);
      await atTime(setup, setup.end);
      await expectRevert(close(setup, acc), "DegenerateTranscript");
    }
  });

  it("CLOSE-4 TALLY-5 the replay is complete only with both pointer and number at 0", async () => {
    const { setup, acc } = await ready();
    const { slot, bit } = findPlace("Round", "_counters.replayOrClose");
    const counters = BigInt(
      (await setup.publicClient.getStorageAt({
        address: setup.round.address,
        slot: toHex(slot),
      })) as string,
    );
    await setup.helpers.setStorageAt(setup.round.address, slot, counters | (1n << bit));
    await atTime(setup, setup.end);
    await expectRevert(close(setup, acc), "ReplayIncomplete", [`0x${"00".repeat(32)}`, 1]);
  });

  it("PARAM-5 REG-1 there is no project after the 65,536th", async () => {
    const { registry, viem, helpers } = await load();
    const owned = await viem.getContractAt("ProjectRegistry", registry.address);
    await helpers.setStorageAt(
      registry.address,
      findPlace("ProjectRegistry", "projectCount").slot,
      65_535n,
    );
    await expectRevert(
      owned.write.addProjects([
        [makeRecipient(1), makeRecipient(2)],
        ["last", "one too many"],
      ]),
      "TooManyProjects",
      [65_537],
    );
    await owned.write.addProjects([[makeRecipient(1)], ["last"]]);
    expect((await owned.read.recipientOf([65_535n])).toLowerCase()).toBe(makeRecipient(1));
  });
});

describe("odd contracts beside a round", () => {
  it("MONEY-1 refuses a token that leaves the round with less than before", async () => {
    const setup = await roundFixture({ token: "OddToken" })();
    const token = await setup.viem.getContractAt("OddToken", setup.token.address);
    await setup.round.write.fund([10n], { account: setup.sponsor.account });
    await token.write.takeFromPayees([true]);
    await expectRevert(
      setup.round.write.fund([5n], { account: setup.sponsor.account }),
      "InexactTransfer",
      [5, 10, 9],
    );
    await atTime(setup, setup.start);
    await expectRevert(contribute(setup, setup.alice, 1, 3n), "InexactTransfer");
  });

  it("MONEY-8 a payout rule that is gone says nothing, which counts as 0", async () => {
    const setup = await roundFixture()();
    await funded(setup, 1_000n, 0n);
    await finalize(setup, RESULTS);
    for (const code of ["0x00", "0x5f5ff3"] as const) {
      // stops; returns no bytes
      await setup.provider.request({
        method: "hardhat_setCode",
        params: [setup.payout.address, code],
      });
      await claim(setup, RESULTS, code === "0x00" ? 0 : 1);
    }
    expect(
      await Promise.all([0, 1].map((project) => balance(setup, makeRecipient(project)))),
    ).toEqual([20n * UNIT, 4n * UNIT]);
  });
});

describe("views", () => {
  const load = roundFixture();

  it("PHASE-4 MONEY-2 nothing is settled before the close; sponsors and sizes are told", async () => {
    const { round, sponsor, factory } = await load();
    await round.write.fund([7n], { account: sponsor.account });
    expect(await round.read.sponsors([sponsor.account.address])).toBe(7n);
    expect(await round.read.settlement()).toEqual({
      fee: 0n,
      available: 0n,
      budget: 0n,
      budgetLeft: 0n,
      surplusLeft: 0n,
      claimsLeft: 0,
      leftovers: 0n,
      remainder: 0n,
      poolRemainder: 0n,
    });
    expect(await factory.read.sizes()).toBe(2n);
  });

  it("PHASE-1 to PHASE-7 phase() of rounds that have ended", async () => {
    const cancelled = await load();
    await cancelled.round.write.cancel({ account: cancelled.organiser.account });
    expect(await cancelled.round.read.phase()).toBe(7);
    const finalized = await load();
    await finalize(finalized, []);
    expect(await finalized.round.read.phase()).toBe(5);
  });
});
