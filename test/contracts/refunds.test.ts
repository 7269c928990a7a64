import { describe, expect, it } from "vitest";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture, UNIT, type Setup } from "./support/round.ts";
import { atTime, balance, contribute, finalize, makeMessage, RESULTS } from "./support/steps.ts";

async function busy(setup: Setup) {
  const { round, alice, bob, sponsor, secondSponsor } = setup;
  await round.write.fund([1_003n], { account: sponsor.account });
  await round.write.fund([10n], { account: secondSponsor.account });
  await round.write.fund([4n], { account: sponsor.account });
  await atTime(setup, setup.start);
  const tags = [
    await contribute(setup, alice, 1, 30n),
    await contribute(setup, alice, 2, 5n),
    await contribute(setup, bob, 3, 20n),
  ] as const;
  await round.write.topUp([tags[0], 7n * UNIT, "0x"], { account: alice.account });
  await round.write.publishBatch([[makeMessage(1), makeMessage(2)]], { value: 14n });
  return tags;
}

describe("refunds", () => {
  const load = roundFixture({
    settings: { messageFee: 7n, coordinatorFee: 100n, disputeWindow: 1_000 },
  });

  const ENDINGS = [
    [
      "cancelled",
      async ({ round, organiser, helpers, start }: Setup) => {
        await round.write.announceCancel({ account: organiser.account });
        await helpers.time.increaseTo(start + 5_000n);
        await round.write.cancel({ account: organiser.account });
      },
    ],
    [
      "aborted",
      async ({ round, helpers, stranger }: Setup) => {
        await helpers.time.increaseTo(await round.read.tallyDeadline());
        await round.write.abort({ account: stranger.account });
      },
    ],
    [
      "disputed",
      async (setup: Setup) => {
        await finalize(setup, RESULTS);
        await setup.round.write.dispute(["the result is wrong"], {
          account: setup.guardian.account,
        });
      },
    ],
  ] as const;

  for (const [name, ending] of ENDINGS) {
    it(`MONEY-7 PHASE-8 when ${name}, everyone gets exactly what they put in, by anybody, once`, async () => {
      const setup = await load();
      const { round, alice, bob, sponsor, secondSponsor, stranger } = setup;
      const people = [alice, bob, sponsor, secondSponsor].map(({ account }) => account.address);
      const before = await Promise.all(people.map((address) => balance(setup, address)));
      const tags = await busy(setup);
      await ending(setup);
      for (const tag of tags) await round.write.refund([tag], { account: stranger.account });
      for (const { account } of [sponsor, secondSponsor])
        await round.write.refundSponsor([account.address], { account: stranger.account });
      expect(await Promise.all(people.map((address) => balance(setup, address)))).toEqual(before);
      expect(await balance(setup, round.address)).toBe(0n);

      await expectRevert(round.write.refund([tags[0]]), "NothingToPay");
      await expectRevert(round.write.refund([1n]), "NothingToPay");
      await expectRevert(round.write.refundSponsor([sponsor.account.address]), "NothingToPay");
      expect(await round.read.donors([tags[0]])).toMatchObject({ credits: 37n, refunded: true });
    });

    it(`MONEY-6 when ${name}, the message fees go to remainderTo, once`, async () => {
      const setup = await load();
      await busy(setup);
      await ending(setup);
      expect(await feesPaidTo(setup, setup.remainder.account.address)).toBe(14n);
    });
  }

  it("MONEY-6 when finalized, the message fees go to the coordinator, once", async () => {
    const setup = await load();
    await busy(setup);
    await finalize(setup, RESULTS);
    await setup.helpers.time.increaseTo(await setup.round.read.paymentsFrom());
    expect(await feesPaidTo(setup, setup.coordinator.account.address)).toBe(14n);
  });

  it("PHASE-7 a round without contributions is cancelled at once, and its sponsors are paid", async () => {
    const setup = await load();
    const { round, organiser, sponsor } = setup;
    await round.write.fund([1_003n], { account: sponsor.account });
    await round.write.cancel({ account: organiser.account });
    await round.write.refundSponsor([sponsor.account.address]);
    expect(await balance(setup, round.address)).toBe(0n);
    await expectRevert(round.write.claimMessageFees(), "NothingToPay");
  });

  async function feesPaidTo(
    { round, publicClient, stranger }: Setup,
    to: `0x${string}`,
  ): Promise<bigint> {
    const before = await publicClient.getBalance({ address: to });
    expect(await round.read.messageFees()).toBe(14n);
    await round.write.claimMessageFees({ account: stranger.account });
    expect(await round.read.messageFees()).toBe(0n);
    await expectRevert(round.write.claimMessageFees(), "NothingToPay");
    expect(await publicClient.getBalance({ address: round.address })).toBe(0n);
    return (await publicClient.getBalance({ address: to })) - before;
  }
});
