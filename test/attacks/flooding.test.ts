import { expect, it } from "vitest";
import { expectRevert } from "../contracts/support/reverts.ts";
import { roundFixture, TIMES, UNIT } from "../contracts/support/round.ts";
import { atTime, contribute, makeMessage } from "../contracts/support/steps.ts";

/*
 * The attack: so many messages that the coordinator cannot prove them in time, and everybody's money goes back: a cheap way to cancel a
 * round that goes the wrong way. The deadline grows with every item, and each message pays its fee.
 */
it("PHASE-1 PHASE-6 a flood buys the coordinator time, and pays for it", async () => {
  const fee = 10n ** 12n;
  const setup = await roundFixture({ settings: { messageFee: fee } })();
  const { round, stranger } = setup;
  await atTime(setup, setup.start);
  await contribute(setup, setup.alice, 1, 5n);
  const before = await round.read.tallyDeadline();
  const flood = Array.from({ length: 200 }, (_, i) => makeMessage(i));
  await expectRevert(
    round.write.publishBatch([flood], { account: stranger.account, value: 200n * fee - 1n }),
    "WrongMessageFee",
  );
  await round.write.publishBatch([flood], { account: stranger.account, value: 200n * fee });
  expect(await round.read.tallyDeadline()).toBe(before + 200n * BigInt(TIMES.tallyPerItem));
  expect(await round.read.messageFees()).toBe(200n * fee);
  await atTime(setup, before);
  await expectRevert(round.write.abort(), "OutsideInterval");
  await atTime(setup, before + 200n * BigInt(TIMES.tallyPerItem));
  await round.write.abort();
});

/*
 * The attack: one admitted donor tops up by a credit at a time, without message fee, to push the deadline, and with it all refunds, as far
 * away as it takes. Top-ups cost the coordinator nothing to prove, so they buy no time.
 */
it("PHASE-3 PHASE-6 top-ups do not move the deadline", async () => {
  const setup = await roundFixture({ settings: { messageFee: 10n ** 12n } })();
  const { round, alice } = setup;
  await atTime(setup, setup.start);
  const tag = await contribute(setup, alice, 1, 5n);
  const before = await round.read.tallyDeadline();
  for (let i = 0; i < 20; i++)
    await round.write.topUp([tag, UNIT, "0x"], { account: alice.account });
  expect(await round.read.links()).toBe(21);
  expect(await round.read.tallyDeadline()).toBe(before);
});

/*
 * The attack: not to prevent the result, but to lock everybody's money: messages are cheap, each brings its seconds, and nobody can abort
 * before. With tallyMost the flood buys no second beyond it, only an abort with refunds, at the message fee a message.
 */
it("PHASE-6 MONEY-6 with a latest deadline a flood buys no delay beyond it, and ends in refunds that it has paid for", async () => {
  const fee = 10n ** 12n;
  const most = TIMES.tallyBase + 10 * TIMES.tallyPerItem;
  const setup = await roundFixture({ settings: { messageFee: fee, tallyMost: most } })();
  const { round, stranger, alice, remainder, publicClient, end } = setup;
  await atTime(setup, setup.start);
  const before = await setup.token.read.balanceOf([alice.account.address]);
  const tag = await contribute(setup, alice, 1, 5n);
  const flood = Array.from({ length: 200 }, (_, i) => makeMessage(i));
  await round.write.publishBatch([flood], { account: stranger.account, value: 200n * fee });
  expect(await round.read.tallyDeadline()).toBe(end + BigInt(most));
  await round.write.publish([makeMessage(300)], { account: stranger.account, value: fee }); // still open
  await atTime(setup, end + BigInt(most));
  await round.write.abort();
  await round.write.refund([tag]);
  expect(await setup.token.read.balanceOf([alice.account.address])).toBe(before);
  const had = await publicClient.getBalance({ address: remainder.account.address });
  await round.write.claimMessageFees();
  expect((await publicClient.getBalance({ address: remainder.account.address })) - had).toBe(
    201n * fee,
  );
});

it("PHASE-1 at end the flood is over: neither messages nor contributions move the deadline", async () => {
  const setup = await roundFixture()();
  await atTime(setup, setup.end);
  await expectRevert(setup.round.write.publish([makeMessage(1)]), "OutsideInterval");
  await atTime(setup, setup.end);
  await expectRevert(contribute(setup, setup.alice, 1, 5n), "OutsideInterval");
});
