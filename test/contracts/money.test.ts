import type { Address } from "viem";
import { describe, expect, it } from "vitest";
import { encodeResult } from "../../src/transcript/results.ts";
import type { Entry } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "./support/round.ts";
import { atTime, balance, claim, contribute, finalize, funded, RESULTS } from "./support/steps.ts";

/** Pays everything that can be paid, then says who got what. */
async function payAll(setup: Setup, results: readonly Entry[]) {
  const { round, coordinator, remainder, sponsor, secondSponsor } = setup;
  const before = new Map<Address, bigint>();
  const everyone = {
    coordinator: coordinator.account.address,
    remainder: remainder.account.address,
    sponsor: sponsor.account.address,
    secondSponsor: secondSponsor.account.address,
  };
  for (const address of Object.values(everyone)) before.set(address, await balance(setup, address));
  for (const [place, { project }] of results.entries())
    if (await round.read.isClaimable([BigInt(project)])) await claim(setup, results, place);
  for (const address of [everyone.sponsor, everyone.secondSponsor])
    await round.write.refundSponsor([address]).catch(() => undefined);
  await round.write.claimFee().catch(() => undefined);
  await round.write.claimRemainder().catch(() => undefined);
  const gained = async (address: Address) =>
    (await balance(setup, address)) - (before.get(address) ?? 0n);
  return {
    projects: await Promise.all(
      results.map(({ project }) => balance(setup, makeRecipient(project))),
    ),
    ...Object.fromEntries(
      await Promise.all(
        Object.entries(everyone).map(
          async ([name, address]) => [name, await gained(address)] as const,
        ),
      ),
    ),
    left: await balance(setup, round.address),
  };
}

/** The specification's own arithmetic (MONEY-2 to MONEY-5). */
function expected(
  results: readonly Entry[],
  pool: [bigint, bigint],
  coordinatorFee: bigint,
  paySurplus: boolean,
  ineligible: readonly number[],
  credits: bigint,
) {
  const total = pool[0] + pool[1];
  const fee = coordinatorFee < total ? coordinatorFee : total;
  const available = total - fee;
  const eligible = results.filter(({ project }) => !ineligible.includes(project));
  const weight = ({ votes, credits }: Entry) => votes * votes - credits;
  const W = eligible.reduce((sum, entry) => sum + weight(entry), 0n);
  const full = !paySurplus && UNIT * W <= available;
  const budget = W === 0n ? 0n : full ? UNIT * W : available;
  const computeMatch = (entry: Entry) =>
    W === 0n ? 0n : full ? UNIT * weight(entry) : (weight(entry) * available) / W;
  const projects = results.map((entry) =>
    eligible.includes(entry) ? UNIT * entry.credits + computeMatch(entry) : 0n,
  );
  const [sponsor, secondSponsor] = pool.map((given) =>
    total === 0n ? 0n : (given * (available - budget)) / total,
  ) as [bigint, bigint];
  const paid = projects.reduce((sum, payout) => sum + payout, 0n) + fee + sponsor + secondSponsor;
  return {
    projects,
    coordinator: fee,
    sponsor,
    secondSponsor,
    remainder: UNIT * credits + total - paid,
    left: 0n,
  };
}

type Case = {
  readonly name: string;
  readonly pool: [bigint, bigint];
  readonly fee: bigint;
  readonly paySurplus: boolean;
  readonly delisted?: readonly number[];
  readonly results?: readonly Entry[];
};

const CASES: readonly Case[] = [
  {
    name: "MONEY-3 the pool is short: shares of it, rounded down",
    pool: [10_001n, 0n],
    fee: 0n,
    paySurplus: false,
  },
  {
    name: "MONEY-4 the pool is ample and returned: full matching, the surplus to two sponsors, rounded down",
    pool: [50_001n, 20_003n],
    fee: 100n,
    paySurplus: false,
  },
  {
    name: "MONEY-3 the pool is ample and paid in full",
    pool: [50_001n, 20_003n],
    fee: 100n,
    paySurplus: true,
  },
  {
    name: "MONEY-3 the pool just covers full matching",
    pool: [28_000n, 100n],
    fee: 100n,
    paySurplus: false,
  },
  {
    name: "MONEY-3 the pool is one unit short of it",
    pool: [28_000n, 99n],
    fee: 100n,
    paySurplus: false,
  },
  { name: "MONEY-2 the fee is at most the pool", pool: [70n, 20n], fee: 100n, paySurplus: true },
  { name: "MONEY-2 no pool at all", pool: [0n, 0n], fee: 100n, paySurplus: true },
  {
    name: "MONEY-5 votes for a delisted project go to remainderTo",
    pool: [9_999n, 7n],
    fee: 1n,
    paySurplus: true,
    delisted: [0],
  },
  {
    name: "MONEY-3 MONEY-4 nothing to match: all of the pool goes back",
    pool: [9_999n, 7n],
    fee: 1n,
    paySurplus: true,
    results: [{ project: 2, votes: 3n, credits: 9n }],
  },
  {
    name: "MONEY-5 all projects delisted",
    pool: [9_999n, 7n],
    fee: 1n,
    paySurplus: false,
    delisted: [0, 1, 2],
  },
  { name: "MONEY-5 nobody voted", pool: [1_234n, 5n], fee: 1n, paySurplus: false, results: [] },
];

describe("the settlement, to the unit", () => {
  for (const { name, pool, fee, paySurplus, delisted = [], results = RESULTS } of CASES) {
    it(`${name} (MONEY-8)`, async () => {
      const setup = await roundFixture({
        settings: { coordinatorFee: fee },
        payout: { paySurplus },
      })();
      const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
      for (const project of delisted) await registry.write.delist([BigInt(project)]);
      await funded(setup, ...pool);
      await finalize(setup, results);
      expect(await payAll(setup, results)).toEqual(
        expected(results, pool, fee, paySurplus, delisted, 50n),
      );
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
    await expectRevert(
      setup.round.write.fund([1n], { account: setup.sponsor.account }),
      "PoolTooLarge",
    );
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 30n);
    const results = [
      { project: 0, votes: 2n ** 64n - 1n, credits: 29n },
      { project: 1, votes: 1n, credits: 1n },
    ];
    await finalize(setup, results);
    await claim(setup, results, 0);
    expect(await balance(setup, makeRecipient(0))).toBe(29n * unit + 2n ** 128n - 1n);
  });

  it("MONEY-3 where all weights together are 0 the quadratic rule matches nobody, whoever is asked about", async () => {
    const { viem } = await roundFixture()();
    for (const paySurplus of [true, false]) {
      const rule = await viem.deployContract("QuadraticPayout", [paySurplus]);
      const none = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n] as const;
      const entry = encodeResult({ project: 0, votes: 3n, credits: 3n });
      expect(await rule.read.matchOf([none, 100n, 1n, entry])).toBe(0n);
      expect(await rule.read.budget([none, 100n, 1n])).toBe(0n);
    }
  });

  it("MONEY-11 the quadratic rule takes no hint", async () => {
    const { viem } = await roundFixture()();
    const rule = await viem.deployContract("QuadraticPayout", [true]);
    expect(await rule.read.begin(["0x", 100n, 1n])).toEqual([0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    await expectRevert(rule.read.begin(["0x00", 100n, 1n]), "HintNotEmpty");
  });
});
