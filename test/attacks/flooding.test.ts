import { expect, it } from "vitest";
import { expectRevert } from "../contracts/support/reverts.ts";
import { roundFixture, TIMES } from "../contracts/support/round.ts";
import { atTime, contribute, messageOf } from "../contracts/support/steps.ts";

/*
 * The attack: so many messages that the coordinator cannot prove them in time, and everybody's money goes back: a cheap way to cancel a
 * round that goes the wrong way. The deadline grows with every link, and each message pays its fee.
 */
it("PHASE-1 PHASE-6 a flood buys the coordinator time, and pays for it", async () => {
  const fee = 10n ** 12n;
  const setup = await roundFixture({ settings: { messageFee: fee } })();
  const { round, stranger } = setup;
  await atTime(setup, setup.start);
  await contribute(setup, setup.alice, 1, 5n);
  const before = await round.read.tallyDeadline();
  const flood = Array.from({ length: 200 }, (_, i) => messageOf(i));
  await expectRevert(round.write.publishBatch([flood], { account: stranger.account, value: 200n * fee - 1n }), "WrongMessageFee");
  await round.write.publishBatch([flood], { account: stranger.account, value: 200n * fee });
  expect(await round.read.tallyDeadline()).toBe(before + 200n * BigInt(TIMES.tallyPerLink));
  expect(await round.read.messageFees()).toBe(200n * fee);
  await atTime(setup, before);
  await expectRevert(round.write.abort(), "OutsideInterval");
  await atTime(setup, before + 200n * BigInt(TIMES.tallyPerLink));
  await round.write.abort();
});

it("PHASE-1 at end the flood is over: neither messages nor contributions move the deadline", async () => {
  const setup = await roundFixture()();
  await atTime(setup, setup.end);
  await expectRevert(setup.round.write.publish([messageOf(1)]), "OutsideInterval");
  await atTime(setup, setup.end);
  await expectRevert(contribute(setup, setup.alice, 1, 5n), "OutsideInterval");
});
