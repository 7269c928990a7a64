import { describe, expect, it } from "vitest";
import { hashLeaf, computePath } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT } from "./support/round.ts";
import { balance, claim, finalize, funded, RESULTS } from "./support/steps.ts";

describe("claims", () => {
  const load = roundFixture({ settings: { coordinatorFee: 100n } });

  async function finalized() {
    const setup = await load();
    await funded(setup, 50_001n, 20_003n);
    await finalize(setup, RESULTS);
    return setup;
  }

  it("MONEY-10 only with the entry's own values and path", async () => {
    const { round } = await finalized();
    const path = computePath(RESULTS.map(hashLeaf), 0);
    await expectRevert(round.write.claim([0n, 7n, 20n, path]), "NotInResult", [0, 7, 20]);
    await expectRevert(round.write.claim([0n, 6n, 21n, path]), "NotInResult", [0, 6, 21]);
    await expectRevert(round.write.claim([3n, 6n, 20n, path]), "NotInResult", [3, 6, 20]);
    await expectRevert(round.write.claim([256n, 6n, 20n, path]), "NotInResult", [256, 6, 20]);
    await expectRevert(round.write.claim([0n, 6n, 20n, path.slice(1)]), "NotInResult");
    await expectRevert(round.write.claim([0n, 6n, 20n, []]), "NotInResult");
    await round.write.claim([0n, 6n, 20n, path]);
  });

  it("PHASE-8 each once, by anybody, to the registry's address, with its event", async () => {
    const setup = await finalized();
    await claim(setup, RESULTS, 1);
    const [event] = await setup.publicClient.getContractEvents({
      address: setup.round.address,
      abi: setup.round.abi,
      eventName: "Claimed",
      fromBlock: "latest",
    });
    expect(event?.args).toEqual({
      project: 1n,
      recipient: expect.toSatisfy((address: string) => address.toLowerCase() === makeRecipient(1)),
      matchRecipient: expect.toSatisfy(
        (address: string) => address.toLowerCase() === makeRecipient(1),
      ),
      given: 4n * UNIT,
      shared: 0n,
      matched: 12n * UNIT,
    });
    await expectRevert(claim(setup, RESULTS, 1), "NotClaimable", [1]);
    expect(await setup.round.read.settlement()).toMatchObject({
      fee: 100n,
      available: 69_904n,
      budget: 28_000n,
      budgetLeft: 16_000n,
      surplusLeft: 41_904n,
      claimsLeft: 2,
    });
  });

  it("MONEY-2 MONEY-4 fee and surplus are paid once", async () => {
    const { round, sponsor, stranger } = await finalized();
    await round.write.claimFee();
    await expectRevert(round.write.claimFee(), "NothingToPay");
    await round.write.refundSponsor([sponsor.account.address], { account: stranger.account });
    await expectRevert(round.write.refundSponsor([sponsor.account.address]), "NothingToPay");
    await expectRevert(round.write.refundSponsor([stranger.account.address]), "NothingToPay");
  });

  it("MONEY-5 what is certain goes to remainderTo at once, dust after the last claim and the last sponsor", async () => {
    const setup = await roundFixture({})();
    const { round, remainder, sponsor, secondSponsor } = setup;
    await funded(setup, 28_001n, 1n);
    await finalize(setup, RESULTS);
    const before = await balance(setup, remainder.account.address);
    const gained = async () => (await balance(setup, remainder.account.address)) - before;
    await round.write.claimRemainder();
    expect(await gained()).toBe(17n * UNIT);
    await expectRevert(round.write.claimRemainder(), "NothingToPay");
    for (const place of [2, 0, 1]) await claim(setup, RESULTS, place);
    await round.write.refundSponsor([sponsor.account.address]);
    await expectRevert(round.write.claimRemainder(), "NothingToPay");
    await round.write.refundSponsor([secondSponsor.account.address]);
    await round.write.claimRemainder();
    expect(await gained()).toBe(17n * UNIT + 1n);
    expect(await balance(setup, round.address)).toBe(0n);
  });
});

describe("a payout rule that lies", () => {
  const load = roundFixture({ payout: "HostilePayout", settings: { coordinatorFee: 100n } });
  const MAX = 2n ** 256n - 1n;

  async function finalizedWith(budget: bigint, match: bigint) {
    const setup = await load();
    const rule = await setup.viem.getContractAt("HostilePayout", setup.payout.address);
    await funded(setup, 1_000n, 100n);
    await rule.write.answer([budget, match]);
    await finalize(setup, RESULTS);
    return { setup, rule };
  }

  it("MONEY-8 spends no more than what is available, and each match no more than what is left", async () => {
    const { setup } = await finalizedWith(MAX, 600n);
    expect(await setup.round.read.settlement()).toMatchObject({
      available: 1_000n,
      budget: 1_000n,
      budgetLeft: 1_000n,
      surplusLeft: 0n,
    });
    for (const place of [0, 1, 2]) await claim(setup, RESULTS, place);
    expect(
      await Promise.all([0, 1, 2].map((project) => balance(setup, makeRecipient(project)))),
    ).toEqual([20n * UNIT + 600n, 4n * UNIT + 400n, 9n * UNIT]);
    await setup.round.write.claimFee();
    await setup.round.write.claimRemainder();
    expect(await balance(setup, setup.round.address)).toBe(0n);
  });

  it("MONEY-8 what it promised and does not pay is remainder", async () => {
    const { setup } = await finalizedWith(700n, 0n);
    for (const place of [0, 1, 2]) await claim(setup, RESULTS, place);
    for (const { account } of [setup.sponsor, setup.secondSponsor])
      await setup.round.write.refundSponsor([account.address]);
    await setup.round.write.claimFee();
    await setup.round.write.claimRemainder();
    expect(await balance(setup, setup.remainder.account.address)).toBe(17n * UNIT + 700n + 1n); // 300·1000/1100 + 300·100/1100 lose one
    expect(await balance(setup, setup.round.address)).toBe(0n);
  });

  it("MONEY-8 one that refuses to answer holds back no contributions", async () => {
    const { setup, rule } = await finalizedWith(MAX, MAX);
    await rule.write.refuse([true, true]);
    for (const place of [0, 1, 2]) await claim(setup, RESULTS, place);
    expect(await balance(setup, makeRecipient(0))).toBe(20n * UNIT);
  });

  it("MONEY-8 PHASE-6 one that refuses the budget keeps the round from finalizing, and the money goes back", async () => {
    const setup = await load();
    const rule = await setup.viem.getContractAt("HostilePayout", setup.payout.address);
    await funded(setup, 1_000n, 100n);
    await rule.write.refuse([true, false]);
    await expect(finalize(setup, RESULTS)).rejects.toThrow();
    expect(await setup.round.read.status()).toBe(0);
    await setup.helpers.time.increaseTo(await setup.round.read.tallyDeadline());
    await setup.round.write.abort();
    for (const { account } of [setup.sponsor, setup.secondSponsor])
      await setup.round.write.refundSponsor([account.address]);
    expect(await balance(setup, setup.round.address)).toBe(50n * UNIT);
  });
});
