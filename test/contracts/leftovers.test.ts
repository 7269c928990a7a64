import { describe, expect, it } from "vitest";
import { divideQuadratically, settle } from "../../src/matching/settle.ts";
import type { Entry } from "./support/reference.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "./support/round.ts";
import { balance, claim, finalize, funded, RESULTS } from "./support/steps.ts";

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;
/** Odd numbers, so that everything has to be rounded. */
const POOL = 1_000_003n;

describe("leftovers that are shared", () => {
  const load = roundFixture({ payout: { paySurplus: true }, settings: { shareLeftovers: true } });

  async function finalized(
    pool = POOL,
    delisted: readonly number[] = [],
    results: readonly Entry[] = RESULTS,
  ) {
    const setup = await load();
    const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
    for (const project of delisted) await registry.write.delist([BigInt(project)]);
    await funded(setup, pool, 0n);
    await finalize(setup, results);
    return setup;
  }
  const paid = (setup: Setup) =>
    Promise.all([0, 1, 2].map((project) => balance(setup, makeRecipient(project))));
  const toRemainder = ({ remainder, ...setup }: Setup) =>
    balance({ remainder, ...setup }, remainder.account.address);

  it("MONEY-5 MONEY-8 in proportion to the matches, in every order of claims to the unit but one, and nothing stays", async () => {
    const setup = await finalized();
    const closed = await setup.helpers.takeSnapshot();
    const L = 17n * UNIT;
    expect(await setup.round.read.settlement()).toMatchObject({
      leftovers: L,
      remainder: 0n,
      poolRemainder: 0n,
    });
    for (const order of ORDERS) {
      await closed.restore();
      for (const place of order) await claim(setup, RESULTS, place);
      expect(await balance(setup, setup.round.address), order.join()).toBe(0n);
      const amounts = await paid(setup);
      for (const [i, weight] of [16n, 12n, 0n].entries()) {
        const exact = UNIT * (RESULTS[i] as Entry).credits + (weight * (POOL + L)) / 28n;
        expect(
          (amounts[i] as bigint) >= exact - 2n && (amounts[i] as bigint) <= exact + 3n,
          `project ${i} in ${order.join()}: ${amounts[i]} for ${exact}`,
        ).toBe(true);
      }
      const inOrder = order.map((place) => RESULTS[place] as Entry);
      const expected = settle({
        unit: UNIT,
        sponsors: [POOL],
        coordinatorFee: 0n,
        divide: divideQuadratically("pay"),
        shareLeftovers: true,
        totalCredits: 50n,
        projects: inOrder.map((entry) => ({ ...entry, eligible: true })),
      });
      expect(inOrder.map(({ project }) => amounts[project])).toEqual(expected.payouts);
      expect(expected.remainder).toBe(0n);
      expect(await setup.round.read.settlement()).toMatchObject({
        remainder: 0n,
        poolRemainder: 0n,
        budgetLeft: 0n,
        claimsLeft: 0,
      });
    }
  });

  it("MONEY-5 votes for a delisted project go to the others, not to remainderTo", async () => {
    const setup = await finalized(POOL, [0]);
    for (const place of [2, 1]) await claim(setup, RESULTS, place);
    expect(await paid(setup)).toEqual([0n, 4n * UNIT + POOL + 37n * UNIT, 9n * UNIT]);
    expect([await toRemainder(setup), await balance(setup, setup.round.address)]).toEqual([0n, 0n]);
  });

  it("MONEY-5 where there is nothing to share by, leftovers go to remainderTo: no eligible project, no match, too small a pool", async () => {
    const alone = [{ project: 2, votes: 3n, credits: 9n }];
    for (const [name, pool, delisted, results] of [
      ["all delisted", POOL, [0, 1, 2], RESULTS],
      ["no match", POOL, [], alone],
      ["no pool", 0n, [], RESULTS],
      ["a pool of a few units", 3n * 65_536n - 1n, [], RESULTS],
    ] as const) {
      const setup = await finalized(pool, delisted, results);
      const eligible = results.flatMap(({ project }, place) =>
        delisted.some((one) => one === project) ? [] : [place],
      );
      const left =
        50n - eligible.reduce((sum, place) => sum + (results[place] as Entry).credits, 0n);
      expect(await setup.round.read.settlement(), name).toMatchObject({
        leftovers: 0n,
        remainder: left * UNIT,
      });
      for (const place of eligible) await claim(setup, results, place);
      await setup.round.write.refundSponsor([setup.sponsor.account.address]).catch(() => undefined);
      await setup.round.write.claimRemainder();
      expect(await balance(setup, setup.round.address), name).toBe(0n);
    }
    const justEnough = await finalized(3n * 65_536n);
    expect(await justEnough.round.read.settlement()).toMatchObject({
      leftovers: 17n * UNIT,
      remainder: 0n,
    });
  });

  it("MONEY-5 MONEY-8 a rule that pays less than it promised: its part of the leftovers goes to remainderTo, not to whoever claims last", async () => {
    const setup = await roundFixture({
      payout: "HostilePayout",
      settings: { shareLeftovers: true },
    })();
    const rule = await setup.viem.getContractAt("HostilePayout", setup.payout.address);
    await rule.write.answer([2n ** 255n, 100_000n]);
    await funded(setup, POOL, 0n);
    await finalize(setup, RESULTS);
    for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
    const L = 17n * UNIT;
    const shared = (L * 300_000n) / POOL;
    expect(await setup.round.read.settlement()).toMatchObject({
      remainder: L - shared,
      poolRemainder: POOL - 300_000n,
    });
    await setup.round.write.claimRemainder();
    expect(await balance(setup, setup.round.address)).toBe(0n);
    expect(await toRemainder(setup)).toBe(L - shared + POOL - 300_000n);
  });
});
