import { describe, expect, it } from "vitest";
import type { Address } from "viem";
import { leafOf, pathOf, type Entry } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { recipientOf, roundFixture, UNIT, type Options, type Setup } from "./support/round.ts";
import { atTime, contribute, finalize } from "./support/steps.ts";

/** T² - S = 16, 12 and 0; 33 of 50 credits spent, 4 for project 3. */
const RESULTS: readonly Entry[] = [
  { project: 0, votes: 6n, credits: 20n },
  { project: 1, votes: 4n, credits: 4n },
  { project: 2, votes: 3n, credits: 9n },
];

async function funded(setup: Setup, first: bigint, second: bigint): Promise<void> {
  for (const [{ account }, amount] of [[setup.sponsor, first], [setup.secondSponsor, second]] as const) {
    if (amount > 0n) await setup.round.write.fund([amount], { account });
  }
  await atTime(setup, setup.start);
  await contribute(setup, setup.alice, 1, 30n);
  await contribute(setup, setup.bob, 2, 20n);
}

export async function claim({ round }: Setup, results: readonly Entry[], place: number) {
  const { project, votes, credits } = results[place] as Entry;
  return round.write.claim([BigInt(project), votes, credits, pathOf(results.map(leafOf), place)]);
}

const balance = ({ token }: Setup, address: Address) => token.read.balanceOf([address]);

/** Pays everything that can be paid, then says who got what. */
async function payAll(setup: Setup, results: readonly Entry[]) {
  const { round, coordinator, remainder, sponsor, secondSponsor } = setup;
  const before = new Map<Address, bigint>();
  const everyone = { coordinator: coordinator.account.address, remainder: remainder.account.address, sponsor: sponsor.account.address, secondSponsor: secondSponsor.account.address };
  for (const address of Object.values(everyone)) before.set(address, await balance(setup, address));
  for (const [place, { project }] of results.entries()) if (await round.read.isClaimable([BigInt(project)])) await claim(setup, results, place);
  for (const address of [everyone.sponsor, everyone.secondSponsor]) await round.write.refundSponsor([address]).catch(() => undefined);
  await round.write.claimFee().catch(() => undefined);
  await round.write.claimRemainder().catch(() => undefined);
  const gained = async (address: Address) => (await balance(setup, address)) - (before.get(address) ?? 0n);
  return {
    projects: await Promise.all(results.map(({ project }) => balance(setup, recipientOf(project)))),
    ...Object.fromEntries(await Promise.all(Object.entries(everyone).map(async ([name, address]) => [name, await gained(address)] as const))),
    left: await balance(setup, round.address),
  };
}

/** The specification's own arithmetic (MONEY-2 to MONEY-5). */
function expected(results: readonly Entry[], pool: [bigint, bigint], coordinatorFee: bigint, paySurplus: boolean, ineligible: readonly number[], credits: bigint) {
  const total = pool[0] + pool[1];
  const fee = coordinatorFee < total ? coordinatorFee : total;
  const available = total - fee;
  const eligible = results.filter(({ project }) => !ineligible.includes(project));
  const weight = ({ votes, credits }: Entry) => votes * votes - credits;
  const W = eligible.reduce((sum, entry) => sum + weight(entry), 0n);
  const full = !paySurplus && UNIT * W <= available;
  const budget = W === 0n ? 0n : full ? UNIT * W : available;
  const matchOf = (entry: Entry) => (W === 0n ? 0n : full ? UNIT * weight(entry) : (weight(entry) * available) / W);
  const projects = results.map((entry) => (eligible.includes(entry) ? UNIT * entry.credits + matchOf(entry) : 0n));
  const [sponsor, secondSponsor] = pool.map((given) => (total === 0n ? 0n : (given * (available - budget)) / total)) as [bigint, bigint];
  const paid = projects.reduce((sum, payout) => sum + payout, 0n) + fee + sponsor + secondSponsor;
  return { projects, coordinator: fee, sponsor, secondSponsor, remainder: UNIT * credits + total - paid, left: 0n };
}

type Case = { readonly name: string; readonly pool: [bigint, bigint]; readonly fee: bigint; readonly paySurplus: boolean; readonly delisted?: readonly number[]; readonly results?: readonly Entry[] };

const CASES: readonly Case[] = [
  { name: "MONEY-3 the pool is short: shares of it, rounded down", pool: [10_001n, 0n], fee: 0n, paySurplus: false },
  { name: "MONEY-4 the pool is ample and returned: full matching, the surplus to two sponsors, rounded down", pool: [50_001n, 20_003n], fee: 100n, paySurplus: false },
  { name: "MONEY-3 the pool is ample and paid in full", pool: [50_001n, 20_003n], fee: 100n, paySurplus: true },
  { name: "MONEY-3 the pool just covers full matching", pool: [28_000n, 100n], fee: 100n, paySurplus: false },
  { name: "MONEY-3 the pool is one unit short of it", pool: [28_000n, 99n], fee: 100n, paySurplus: false },
  { name: "MONEY-2 the fee is at most the pool", pool: [70n, 20n], fee: 100n, paySurplus: true },
  { name: "MONEY-2 no pool at all", pool: [0n, 0n], fee: 100n, paySurplus: true },
  { name: "MONEY-5 votes for a delisted project go to remainderTo", pool: [9_999n, 7n], fee: 1n, paySurplus: true, delisted: [0] },
  { name: "MONEY-3 MONEY-4 nothing to match: all of the pool goes back", pool: [9_999n, 7n], fee: 1n, paySurplus: true, results: [{ project: 2, votes: 3n, credits: 9n }] },
  { name: "MONEY-5 all projects delisted", pool: [9_999n, 7n], fee: 1n, paySurplus: false, delisted: [0, 1, 2] },
  { name: "MONEY-5 nobody voted", pool: [1_234n, 5n], fee: 1n, paySurplus: false, results: [] },
];

describe("the settlement, to the unit", () => {
  for (const { name, pool, fee, paySurplus, delisted = [], results = RESULTS } of CASES) {
    it(`${name} (MONEY-8)`, async () => {
      const setup = await roundFixture({ settings: { coordinatorFee: fee }, payout: { paySurplus } })();
      const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
      for (const project of delisted) await registry.write.delist([BigInt(project)]);
      await funded(setup, ...pool);
      await finalize(setup, results);
      expect(await payAll(setup, results)).toEqual(expected(results, pool, fee, paySurplus, delisted, 50n));
    });
  }

  it("PARAM-5 MONEY-3 the largest unit and pool", async () => {
    const unit = 2n ** 128n - 1n;
    const setup = await roundFixture({ settings: { unit } })();
    const huge = 2n ** 200n;
    for (const { account } of [setup.alice, setup.sponsor]) {
      await setup.token.write.mint([account.address, huge]);
      await setup.token.write.approve([setup.round.address, huge], { account });
    }
    await setup.round.write.fund([2n ** 128n - 1n], { account: setup.sponsor.account });
    await expectRevert(setup.round.write.fund([1n], { account: setup.sponsor.account }), "PoolTooLarge");
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 30n);
    const results = [{ project: 0, votes: 2n ** 64n - 1n, credits: 29n }, { project: 1, votes: 1n, credits: 1n }];
    await finalize(setup, results);
    await claim(setup, results, 0);
    expect(await balance(setup, recipientOf(0))).toBe(29n * unit + 2n ** 128n - 1n);
  });
});

describe("claims", () => {
  const options: Options = { settings: { coordinatorFee: 100n } };
  const load = roundFixture(options);

  async function finalized() {
    const setup = await load();
    await funded(setup, 50_001n, 20_003n);
    await finalize(setup, RESULTS);
    return setup;
  }

  it("MONEY-10 only with the entry's own values and path", async () => {
    const { round } = await finalized();
    const path = pathOf(RESULTS.map(leafOf), 0);
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
    const [event] = await setup.publicClient.getContractEvents({ address: setup.round.address, abi: setup.round.abi, eventName: "Claimed", fromBlock: "latest" });
    expect(event?.args).toEqual({ project: 1n, recipient: expect.toSatisfy((address: string) => address.toLowerCase() === recipientOf(1)), payout: 16n * UNIT, matched: 12n * UNIT });
    await expectRevert(claim(setup, RESULTS, 1), "NotClaimable", [1]);
    expect(await setup.round.read.settlement()).toMatchObject({ fee: 100n, available: 69_904n, budget: 28_000n, budgetLeft: 16_000n, surplusLeft: 41_904n, claimsLeft: 2 });
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
