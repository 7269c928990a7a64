import { expect, it } from "vitest";
import { aliceTag } from "../contracts/support/calls.ts";
import { expectRevert, awaitOutcome } from "../contracts/support/reverts.ts";
import { makeRecipient, roundFixture, UNIT } from "../contracts/support/round.ts";
import { atTime, balance, claim, finalize, funded, RESULTS } from "../contracts/support/steps.ts";

/*
 * The attack: a payment and a refund of the same money. A project, the coordinator or a sponsor is paid in the last second of the window and
 * the guardian disputes in the same block, or the guardian disputes and somebody claims with a proof that was right a moment ago.
 */
it("PHASE-8 PHASE-10 MONEY-7 in no order of calls is the same money paid and refunded", async () => {
  const setup = await roundFixture({ settings: { disputeWindow: 60, coordinatorFee: 50n } })();
  const { round, guardian, sponsor, stranger, alice } = setup;
  await funded(setup, 60_000n, 3_000n);
  const held = await balance(setup, round.address);
  await finalize(setup, RESULTS);
  const opens = await round.read.paymentsFrom();
  const closed = await setup.helpers.takeSnapshot();
  const payments = [
    () => claim(setup, RESULTS, 0),
    () => round.write.claimFee(),
    () => round.write.refundSponsor([sponsor.account.address]),
    () => round.write.claimRemainder(),
  ];
  const dispute = () => round.write.dispute(["too late or not"], { account: guardian.account });

  await atTime(setup, opens);
  // One after the other: what is sent at once from one account may arrive in any order.
  for (const pay of payments) await pay();
  await atTime(setup, opens);
  await expectRevert(dispute(), "OutsideInterval", [opens, 0n, opens]);
  await expectRevert(round.write.refund([await aliceTag(setup)]), "NotRefunding", [1]);

  await closed.restore();
  await atTime(setup, opens - 1n);
  await dispute();
  await setup.helpers.time.increaseTo(opens);
  for (const call of [
    () => claim(setup, RESULTS, 0),
    () => round.write.claimFee(),
    () => round.write.claimRemainder(),
  ])
    expect(await awaitOutcome(call())).toBe("NotFinalized(2)");
  const tags = (
    await setup.publicClient.getContractEvents({
      address: round.address,
      abi: round.abi,
      eventName: "Contributed",
      fromBlock: 0n,
    })
  ).map(({ args }) => args.tag as bigint);
  const had = await balance(setup, alice.account.address);
  for (const tag of tags) await round.write.refund([tag], { account: stranger.account });
  for (const { account } of [sponsor, setup.secondSponsor])
    await round.write.refundSponsor([account.address], { account: stranger.account });
  expect((await balance(setup, alice.account.address)) - had).toBe(30n * UNIT);
  expect(held).toBe(63_000n + 50n * UNIT);
  expect(await balance(setup, round.address)).toBe(0n);
  expect(await balance(setup, makeRecipient(0))).toBe(0n);
});

/* The attack: a guardian that wants more: to hold the money back by silence, to end the round before a result, or to take what is left. */
it("PHASE-10 a guardian can neither stop a tally nor, by doing nothing, a payment; nor gains a unit", async () => {
  const setup = await roundFixture({ settings: { disputeWindow: 60 } })();
  const {
    round,
    guardian: { account },
  } = setup;
  await funded(setup, 60_000n, 0n);
  await expectRevert(round.write.dispute(["early"], { account }), "NotFinalized", [0]);
  await expectRevert(round.write.cancel({ account }), "NotOrganiser", [account.address]);
  await expectRevert(round.write.abort({ account }), "OutsideInterval");
  await finalize(setup, RESULTS);
  await atTime(setup, await round.read.paymentsFrom());
  for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
  await round.write.refundSponsor([setup.sponsor.account.address]);
  await round.write.claimRemainder();
  expect([await balance(setup, round.address), await balance(setup, account.address)]).toEqual([
    0n,
    0n,
  ]);
});
