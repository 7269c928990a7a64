import { describe, expect, it } from "vitest";
import { aliceTag, FOREVER, oneContribution, readyToClose, RESULT } from "./support/calls.ts";
import { sumResults } from "./support/reference.ts";
import { expectRevert, awaitOutcome } from "./support/reverts.ts";
import { roundFixture, type Options, type Setup } from "./support/round.ts";
import {
  atTime,
  balance,
  claim,
  claimsAt,
  close,
  finalize,
  funded,
  makeMessage,
  RESULTS,
} from "./support/steps.ts";

const WINDOW = 3_600;
const FEES = { coordinatorFee: 50n, messageFee: 7n } as const;

/** Every way out for the money of a result; each has something to pay after `readyToPay`. */
const PAYMENTS: readonly (readonly [string, (setup: Setup) => Promise<unknown>])[] = [
  ["claim", (setup) => claim(setup, RESULTS, 1)],
  ["claimBatch", ({ round }) => round.write.claimBatch([claimsAt(RESULTS, [1, 2])])],
  ["claimFee", ({ round }) => round.write.claimFee()],
  ["claimRemainder", ({ round }) => round.write.claimRemainder()],
  ["claimMessageFees", ({ round }) => round.write.claimMessageFees()],
  ["refundSponsor", ({ round, sponsor }) => round.write.refundSponsor([sponsor.account.address])],
];
const dispute = ({ round, guardian }: Setup, reason = "tacit verify fails: CLOSE-4") =>
  round.write.dispute([reason], { account: guardian.account });

/** Finalized, with a fee, a remainder, message fees and a surplus to pay. Answers the close's block time. */
async function readyToPay(setup: Setup): Promise<bigint> {
  await setup.round.write.publishBatch([[makeMessage(1), makeMessage(2)]], {
    value: 2n * setup.settings.messageFee,
  });
  await funded(setup, 60_000n, 3_000n);
  await finalize(setup, RESULTS);
  return (await setup.publicClient.getBlock()).timestamp;
}

describe("the dispute window", () => {
  const load = roundFixture({ settings: { ...FEES, disputeWindow: WINDOW } });

  it("PHASE-8 PHASE-10 at each second exactly one of dispute and payments is possible, for every payment", async () => {
    const setup = await load();
    const closed = await readyToPay(setup);
    const opens = await setup.round.read.paymentsFrom();
    expect(opens).toBe(closed + BigInt(WINDOW));
    const paid = await setup.helpers.takeSnapshot();
    const at = async (time: bigint, call: (setup: Setup) => Promise<unknown>) => {
      await paid.restore();
      await atTime(setup, time);
      return awaitOutcome(call(setup));
    };
    for (const time of [closed, closed + 1n, opens - 1n]) {
      expect(await at(time, dispute), `dispute at ${time - opens} s`).toBe("success");
      for (const [name, pay] of PAYMENTS)
        expect(await at(time, pay), `${name} at ${time - opens} s`).toBe(
          `OutsideInterval(${time},${opens},${FOREVER})`,
        );
    }
    for (const time of [opens, opens + 1n]) {
      expect(await at(time, dispute), `dispute at ${time - opens} s`).toBe(
        `OutsideInterval(${time},0,${opens})`,
      );
      for (const [name, pay] of PAYMENTS)
        expect(await at(time, pay), `${name} at ${time - opens} s`).toBe("success");
    }
  });

  it("PHASE-10 the window begins at the close, in the first second of the tally and in the last", async () => {
    for (const last of [false, true]) {
      const setup = await load();
      await readyToClose(setup);
      const time = last ? (await setup.round.read.tallyDeadline()) - 1n : setup.end;
      const acc = sumResults(RESULT, await setup.round.read.challenges());
      await atTime(setup, time);
      await close(setup, acc);
      expect(await setup.round.read.paymentsFrom()).toBe(time + BigInt(WINDOW));
      expect((await setup.round.read.tally()).replayItems).toBe(0);
    }
  });

  it("PHASE-10 only the guardian, only a finalized round, only once, and with a reason of bounded length", async () => {
    const setup = await load();
    const { round, organiser, coordinator, stranger, deployer } = setup;
    await expectRevert(dispute(setup), "NotFinalized", [0]);
    await readyToPay(setup);
    for (const { account } of [organiser, coordinator, stranger, deployer])
      await expectRevert(round.write.dispute(["no"], { account }), "NotGuardian", [
        account.address,
      ]);
    await expectRevert(dispute(setup, "x".repeat(1_025)), "ReasonTooLong", [1_025, 1_024]);
    expect(await round.read.status()).toBe(1);
    await dispute(setup, "x".repeat(1_024));
    await expectRevert(dispute(setup), "NotFinalized", [2]);
  });

  it("PHASE-10 nobody disputes an aborted or cancelled round", async () => {
    const cancelled = await load();
    await cancelled.round.write.cancel({ account: cancelled.organiser.account });
    await expectRevert(dispute(cancelled), "NotFinalized", [3]);
    const aborted = await load();
    await atTime(aborted, await aborted.round.read.tallyDeadline());
    await aborted.round.write.abort();
    await expectRevert(dispute(aborted), "NotFinalized", [2]);
  });

  it("PHASE-10 EVT-1 after a dispute: the reason in the event, no payment, the proved list still to be read", async () => {
    const setup = await load();
    const { round, publicClient } = setup;
    await readyToPay(setup);
    expect(await round.read.phase()).toBe(4);
    const [finalized] = await publicClient.getContractEvents({
      address: round.address,
      abi: round.abi,
      eventName: "Finalized",
      fromBlock: 0n,
    });
    const before = { root: finalized?.args.resultsRoot, tally: await round.read.tally() };
    await dispute(setup, "it is not what we voted");
    const events = await publicClient.getContractEvents({
      address: round.address,
      abi: round.abi,
      eventName: "Disputed",
      fromBlock: 0n,
    });
    expect(events.map(({ args }) => args.reason)).toEqual(["it is not what we voted"]);
    expect([
      await round.read.status(),
      await round.read.phase(),
      await round.read.paymentsFrom(),
    ]).toEqual([2, 6, 0n]);
    expect(Object.values(await round.read.settlement()).map(Number)).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect({ root: await round.read.resultsRoot(), tally: await round.read.tally() }).toEqual(
      before,
    );
    await setup.helpers.time.increase(BigInt(2 * WINDOW));
    for (const [name, pay] of PAYMENTS.slice(0, 3))
      expect(await awaitOutcome(pay(setup)), name).toBe("NotFinalized(2)");
  });

  it("PHASE-10 phase() tells a result that may be disputed from one that is paid, to the second", async () => {
    const setup = await load();
    await readyToPay(setup);
    const opens = await setup.round.read.paymentsFrom();
    await setup.helpers.time.increaseTo(opens - 1n);
    expect(await setup.round.read.phase()).toBe(4);
    await setup.helpers.time.increaseTo(opens);
    expect(await setup.round.read.phase()).toBe(5);
  });

  it("PHASE-10 MONEY-9 in a round without money too: the result is void, the message fees go to remainderTo", async () => {
    const moneyless: Options = {
      token: "none",
      settings: { messageFee: 7n, disputeWindow: WINDOW, allowSigns: true },
    };
    const setup = await roundFixture(moneyless)();
    const { round, publicClient, remainder } = setup;
    await round.write.publish([makeMessage(1)], { value: 7n });
    await oneContribution(setup);
    await finalize(setup, RESULT);
    await expectRevert(round.write.claimMessageFees(), "OutsideInterval");
    await dispute(setup);
    const had = await publicClient.getBalance({ address: remainder.account.address });
    await round.write.claimMessageFees();
    expect((await publicClient.getBalance({ address: remainder.account.address })) - had).toBe(7n);
    await expectRevert(round.write.refund([await aliceTag(setup)]), "RoundWithoutMoney");
  });
});

describe("a round without a guardian", () => {
  const load = roundFixture({ settings: FEES });

  it("PHASE-8 PHASE-10 pays in the close's own second, and nobody disputes", async () => {
    const setup = await load();
    const closed = await readyToPay(setup);
    expect(await setup.round.read.paymentsFrom()).toBe(closed);
    expect(await setup.round.read.phase()).toBe(5);
    await atTime(setup, closed);
    await expectRevert(dispute(setup), "NotGuardian");
    for (const [name, pay] of PAYMENTS) {
      await atTime(setup, closed);
      expect(await awaitOutcome(pay(setup)), name).toBe("success");
    }
    expect(await balance(setup, setup.coordinator.account.address)).toBe(50n);
  });
});
