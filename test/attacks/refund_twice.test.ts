import { expect, it } from "vitest";
import { aliceTag } from "../contracts/support/calls.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { roundFixture, UNIT } from "../contracts/support/round.ts";
import { atTime, balance, funded, makeKey } from "../contracts/support/steps.ts";

/* The attack: refunds taken twice, for others, to elsewhere, in both an aborted and a paid way, or after a top-up at the first amount. */
it("MONEY-7 MONEY-8 each refund goes once, whole, to its owner, whoever asks", async () => {
  const setup = await roundFixture()();
  const { round, alice, stranger, sponsor, secondSponsor } = setup;
  await funded(setup, 700n, 300n);
  const tag = await aliceTag(setup);
  await round.write.topUp([tag, 5n * UNIT, "0x"], { account: alice.account });
  const { x, y } = makeKey(77);
  await round.write.contribute([x, y, 4n * UNIT, "0x"], { account: alice.account }); // a second contribution of the same payer
  const held = await balance(setup, round.address);
  await atTime(setup, await round.read.tallyDeadline());
  await round.write.abort({ account: stranger.account });

  const had = await balance(setup, alice.account.address);
  await round.write.refund([tag], { account: stranger.account });
  expect(await balance(setup, alice.account.address)).toBe(had + 35n * UNIT);
  await expectRevert(round.write.refund([tag], { account: alice.account }), "NothingToPay");
  await expectRevert(round.write.refund([0n]), "NothingToPay");
  await expectRevert(round.write.refund([tag ^ 1n]), "NothingToPay");
  await expectRevert(round.write.refundSponsor([stranger.account.address]), "NothingToPay");
  const events = await setup.publicClient.getContractEvents({
    address: round.address,
    abi: round.abi,
    eventName: "Contributed",
    fromBlock: 0n,
  });
  for (const { args } of events.slice(1))
    await round.write.refund([args.tag as bigint], { account: stranger.account });
  for (const { account } of [sponsor, secondSponsor]) {
    await round.write.refundSponsor([account.address], { account: stranger.account });
    await expectRevert(round.write.refundSponsor([account.address]), "NothingToPay");
  }
  expect(held).toBe(1_000n + 59n * UNIT);
  expect(await balance(setup, round.address)).toBe(0n);
  expect(await balance(setup, stranger.account.address)).toBe(0n);
});
