import { describe, expect, it } from "vitest";
import type { Address } from "viem";
import { deriveTag } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "./support/round.ts";
import { claim, finalize, funded, makeKey, RESULTS } from "./support/steps.ts";

/** What an account has of the contributions' token and of the pool's. */
const both = ({ token, pool }: Setup, address: Address) =>
  Promise.all([token.read.balanceOf([address]), pool.read.balanceOf([address])]);
const projects = (setup: Setup) =>
  Promise.all([0, 1, 2].map((project) => both(setup, makeRecipient(project))));

async function gain(
  setup: Setup,
  address: Address,
  act: () => Promise<unknown>,
): Promise<[bigint, bigint]> {
  const [token, pool] = await both(setup, address);
  await act();
  const [tokenAfter, poolAfter] = await both(setup, address);
  return [tokenAfter - token, poolAfter - pool];
}

describe("contributions in one token, the pool in another", () => {
  it("MONEY-12 MONEY-2 MONEY-4 MONEY-5 MONEY-8 each amount is paid in the token that it came in", async () => {
    const setup = await roundFixture({ pool: true, settings: { coordinatorFee: 100n } })();
    const { round, coordinator, remainder, sponsor, secondSponsor } = setup;
    await funded(setup, 50_001n, 20_003n);
    expect(await both(setup, round.address)).toEqual([50n * UNIT, 70_004n]);
    await finalize(setup, RESULTS);
    for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
    expect(await projects(setup)).toEqual([
      [20n * UNIT, 16n * UNIT],
      [4n * UNIT, 12n * UNIT],
      [9n * UNIT, 0n],
    ]);
    const surplus = 70_004n - 100n - 28n * UNIT;
    for (const [{ account }, given] of [
      [sponsor, 50_001n],
      [secondSponsor, 20_003n],
    ] as const) {
      expect(
        await gain(setup, account.address, () => round.write.refundSponsor([account.address])),
      ).toEqual([0n, (given * surplus) / 70_004n]);
    }
    expect(await round.read.settlement()).toMatchObject({
      remainder: 17n * UNIT,
      poolRemainder: 1n,
    });
    expect(
      await gain(setup, remainder.account.address, () => round.write.claimRemainder()),
    ).toEqual([17n * UNIT, 1n]);
    await expectRevert(round.write.claimRemainder(), "NothingToPay");
    expect(await gain(setup, coordinator.account.address, () => round.write.claimFee())).toEqual([
      0n,
      100n,
    ]);
    expect(await both(setup, round.address)).toEqual([0n, 0n]);
  });

  it("MONEY-5 leftovers are shared in the contributions' token; what a rule keeps back of either is paid to remainderTo once", async () => {
    const setup = await roundFixture({
      pool: true,
      payout: "HostilePayout",
      settings: { shareLeftovers: true, coordinatorFee: 100_000n },
    })();
    const { round, remainder } = setup;
    const rule = await setup.viem.getContractAt("HostilePayout", setup.payout.address);
    const budget = 900_003n;
    await rule.write.answer([2n ** 255n, 100_000n]);
    await funded(setup, budget + 100_000n, 0n);
    await finalize(setup, RESULTS);
    for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
    const shares = [1n, 2n, 3n].map((claims) => (17n * UNIT * 100_000n * claims) / budget);
    const shared = shares.map((share, i) => share - (shares[i - 1] ?? 0n));
    expect(await projects(setup)).toEqual(
      RESULTS.map(({ credits }, i) => [UNIT * credits + (shared[i] as bigint), 100_000n]),
    );
    const kept = [17n * UNIT - (shares[2] as bigint), budget - 300_000n];
    expect(
      await gain(setup, remainder.account.address, () => round.write.claimRemainder()),
    ).toEqual(kept);
    await expectRevert(round.write.claimRemainder(), "NothingToPay"); // the round still has the fee
    expect(await both(setup, round.address)).toEqual([0n, 100_000n]);
  });

  it("MONEY-7 an aborted round gives back either token to whom it came from", async () => {
    const setup = await roundFixture({ pool: true })();
    const { round, alice, bob, sponsor, secondSponsor } = setup;
    await funded(setup, 40_000n, 10_000n); // as many units as there are of the other token
    await setup.helpers.time.increaseTo(await round.read.tallyDeadline());
    await round.write.abort();
    for (const [{ account }, key, credits] of [
      [alice, 1, 30n],
      [bob, 2, 20n],
    ] as const) {
      const { x, y } = makeKey(key);
      expect(
        await gain(setup, account.address, () =>
          round.write.refund([deriveTag(account.address, x, y)]),
        ),
      ).toEqual([credits * UNIT, 0n]);
    }
    for (const [{ account }, given] of [
      [sponsor, 40_000n],
      [secondSponsor, 10_000n],
    ] as const) {
      expect(
        await gain(setup, account.address, () => round.write.refundSponsor([account.address])),
      ).toEqual([0n, given]);
    }
    expect(await both(setup, round.address)).toEqual([0n, 0n]);
  });
});
