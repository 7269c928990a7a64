import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { encodeEventTopics, type EIP1193Provider } from "viem";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { connectRead } from "../../src/chain/client.ts";
import { readHistory } from "../../src/chain/read_history.ts";
import { roundForReading } from "../../src/chain/readable_results.ts";
import { readResults } from "../../src/chain/results.ts";
import { accountFor } from "../../src/matching/accounts.ts";
import { sum } from "../../src/matching/quadratic.ts";
import { placesFor, roundUnits } from "../../src/readers/show.ts";
import { CONTRACTS, makeRecipient, roundFixture, type Setup } from "../contracts/support/round.ts";
import { balance, claim, finalize, funded, RESULTS } from "../contracts/support/steps.ts";
import { readConfig } from "../../src/chain/provenance.ts";

async function read(setup: Setup) {
  const client = connectRead(setup.provider as never);
  const round = setup.round.address;
  const [config, { history }] = await Promise.all([
    readConfig(client, round, CONTRACTS),
    readHistory(client, round, { from: 0n }),
  ]);
  return readResults(client, { round, config, history });
}

/** What all got, once everything is paid that can be. */
async function payRest(setup: Setup) {
  const { round, coordinator, remainder, sponsor, secondSponsor } = setup;
  const accounts = [coordinator, remainder, sponsor, secondSponsor].map(
    ({ account }) => account.address,
  );
  const before = await Promise.all(accounts.map((account) => balance(setup, account)));
  for (const place of [0, 1, 2])
    if (await round.read.isClaimable([BigInt((RESULTS[place] as { project: number }).project)]))
      await claim(setup, RESULTS, place);
  for (const { account } of [sponsor, secondSponsor])
    await round.write.refundSponsor([account.address]).catch(() => undefined);
  await round.write.claimFee().catch(() => undefined);
  await round.write.claimRemainder().catch(() => undefined);
  const after = await Promise.all(accounts.map((account) => balance(setup, account)));
  const [fee = 0n, rest = 0n, ...back] = after.map((amount, i) => amount - (before[i] as bigint));
  return {
    projects: await Promise.all([0, 1, 2].map((j) => balance(setup, makeRecipient(j)))),
    fee,
    rest,
    sponsors: sum(back),
    left: await balance(setup, round.address),
  };
}

const total = ({ contributed, matched, shared }: Record<string, unknown>) =>
  (contributed as bigint) + (matched as bigint) + (shared as bigint);

describe("the results of a round say where its money goes before it goes there", () => {
  test.each([
    { name: "a pool that is short", pool: [10_001n, 0n] },
    { name: "a surplus for two sponsors", pool: [50_001n, 20_003n] },
    { name: "a project that was delisted", pool: [9_999n, 7n], delisted: [0] },
    { name: "all projects delisted", pool: [9_999n, 7n], delisted: [0, 1, 2] },
    { name: "no pool", pool: [0n, 0n] },
    { name: "leftovers that are shared", pool: [1_000_003n, 0n], share: true },
    {
      name: "leftovers that are shared, one delisted",
      pool: [999_983n, 5n],
      share: true,
      delisted: [1],
    },
    { name: "leftovers of a pool too small to share by", pool: [90_001n, 0n], share: true },
  ] as const)("MONEY-8 $name", async ({ pool, ...special }) => {
    const { share: shareLeftovers = false, delisted = [] } = special as {
      share?: boolean;
      delisted?: readonly number[];
    };
    const setup = await roundFixture({
      settings: { coordinatorFee: 100n, shareLeftovers },
      payout: { paySurplus: shareLeftovers },
    })();
    const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
    for (const project of delisted) await registry.write.delist([BigInt(project)]);
    await funded(setup, ...(pool as readonly [bigint, bigint]));
    await finalize(setup, RESULTS);
    const told = [await read(setup)];
    if (!(delisted as readonly number[]).includes(2)) {
      await claim(setup, RESULTS, 2); // out of turn; the others are told anew
      told.push(await read(setup));
    }
    const paid = await payRest(setup);
    told.push(await read(setup));
    expect(told.map(({ lines }) => lines.filter(({ claimed }) => claimed).length)).toEqual(
      told.length === 3 ? [0, 1, 3 - delisted.length] : [0, 3 - delisted.length],
    );
    for (const { lines, accounts, fee } of told.slice(1)) {
      expect(lines.map(total)).toEqual(paid.projects);
      const left = accounts.contributions.ineligible + accounts.contributions.unspent;
      expect({ fee, sponsors: accounts.pool.sponsors }).toEqual({
        fee: paid.fee,
        sponsors: paid.sponsors,
      });
      expect(accounts.pool.rest + left - accounts.shared).toBe(paid.rest);
      expect(paid.left).toBe(0n);
    }
    // Before anybody has claimed, what somebody gets is known to the unit or two that the order of claims decides.
    for (const [i, line] of (told[0]?.lines ?? []).entries()) {
      const off = total(line) - (paid.projects[i] as bigint);
      expect(off * off).toBeLessThanOrEqual(shareLeftovers ? 9n : 0n);
    }
  });

  test("MONEY-11 a rule that asks for more than there is, or does not answer, is told as the round pays it", async () => {
    const setup = await roundFixture({ payout: "HostilePayout" })();
    const rule = await setup.viem.getContractAt("HostilePayout", setup.settings.payoutRule);
    await funded(setup, 10_000n, 0n);
    await rule.write.answer([7_000n, 5_000n]);
    await finalize(setup, RESULTS);
    const told = await read(setup);
    expect(told.lines.map(({ matched }) => matched)).toEqual([5_000n, 2_000n, 0n]);
    expect(told.accounts.pool).toEqual({
      all: 10_000n,
      projects: 7_000n,
      fee: 0n,
      sponsors: 3_000n,
      rest: 0n,
    });
    await rule.write.refuse([false, true]);
    expect((await read(setup)).accounts.pool).toMatchObject({ projects: 0n, rest: 7_000n });
  });
});

describe("what people have reported of rounds elsewhere", () => {
  const load = roundFixture({ settings: { coordinatorFee: 0n }, payout: { paySurplus: true } });

  test("a pool that grew while the round was open is divided whole", async () => {
    const setup = await load();
    await funded(setup, 30_000n, 0n);
    await setup.round.write.fund([5_000n], { account: setup.sponsor.account });
    await finalize(setup, RESULTS);
    const { accounts, available } = await read(setup);
    expect({ available, all: accounts.pool.all }).toEqual({ available: 35_000n, all: 35_000n });
    expect(accounts.pool.projects + accounts.pool.rest).toBe(35_000n);
  });

  test.each([
    ["entries of the result", "ResultsAdded"],
    ["part of the matching pool", "Funded"],
    ["1 of 2 contributions and messages", "Contributed"],
  ])("a node that leaves out logs without a word is noticed: %s", async (what, event) => {
    const setup = await load();
    await funded(setup, 30_000n, 0n);
    await finalize(setup, RESULTS);
    const topic = encodeEventTopics({ abi: iRoundAbi, eventName: event as "Funded" })[0];
    const provider = setup.provider as unknown as EIP1193Provider;
    const forgetful = {
      request: async (call: { method: string }) => {
        const answer: unknown = await provider.request(call as never);
        if (call.method !== "eth_getLogs") return answer;
        const logs = answer as { topics: string[] }[];
        const last = logs.findLastIndex(({ topics }) => topics[0] === topic);
        return logs.filter((_, i) => i !== last);
      },
    };
    await expect(read({ ...setup, provider: forgetful as never })).rejects.toThrow(
      `The RPC's logs lack ${what} that the contract has.`,
    );
  });
});

const amounts = fc.bigInt(0n, 10n ** 24n);
const facts = (decimals: number, address: string) => ({
  address: address as `0x${string}`,
  symbol: "T",
  decimals,
});

describe("the results as they are shown", () => {
  const projects = fc.array(
    fc.record({
      credits: fc.bigInt(0n, 10n ** 9n),
      eligible: fc.boolean(),
      matched: amounts,
      shared: fc.constant(0n),
    }),
    { maxLength: 12 },
  );

  test("every sum that a reader can make holds: columns, lines, both accounts", () => {
    fc.assert(
      fc.property(
        projects,
        fc.bigInt(1n, 10n ** 18n),
        fc.bigInt(0n, 10n ** 9n),
        amounts,
        amounts,
        fc.nat(18),
        fc.boolean(),
        (rows, unit, unspent, surplus, fee, decimals, isShared) => {
          const left =
            unit * (unspent + sum(rows.map(({ eligible, credits }) => (eligible ? 0n : credits))));
          const some = isShared ? rows.findIndex(({ eligible }) => eligible) : -1;
          const lines = rows.map(({ credits, eligible, matched }, i) => ({
            credits,
            eligible,
            contributed: eligible ? unit * credits : 0n,
            matched: eligible ? matched : 0n,
            shared: i === some ? left : 0n,
          }));
          const budget = sum(lines.map(({ matched }) => matched));
          const accounts = accountFor({
            unit,
            totalCredits: unspent + sum(rows.map(({ credits }) => credits)),
            pool: budget + surplus + fee,
            fee,
            budget,
            sponsors: [
              (budget + surplus + fee) / 3n,
              budget + surplus + fee - (budget + surplus + fee) / 3n,
            ],
            projects: lines,
          });
          const { contributions, pool } = accounts;
          expect(contributions.projects + contributions.ineligible + contributions.unspent).toBe(
            contributions.all,
          );
          expect(pool.projects + pool.fee + pool.sponsors + pool.rest).toBe(pool.all);
          expect(pool.rest >= 0n && pool.rest < 2n).toBe(true);
          const token = facts(decimals, "0x01");
          for (const poolToken of [token, facts(6, "0x02")]) {
            const shown = roundForReading(lines, accounts, { token, poolToken });
            const { contributions: c, pool: p, shared, places } = shown.accounts;
            expect(c.projects + c.ineligible + c.unspent).toBe(c.all);
            expect(c.all).toBe(roundUnits(contributions.all, decimals, places.token));
            expect(p.projects + p.fee + p.sponsors + p.rest).toBe(p.all);
            expect(p.all).toBe(roundUnits(pool.all, poolToken.decimals, places.poolToken));
            expect(sum(shown.lines.map((line) => line.contributed))).toBe(c.projects);
            expect(sum(shown.lines.map((line) => line.matched))).toBe(p.projects);
            expect(sum(shown.lines.map((line) => line.shared))).toBe(shared);
            if (some >= 0) expect(shared).toBe(c.ineligible + c.unspent);
            const step = 10n ** BigInt(Math.max(0, decimals - places.token));
            for (const [i, line] of shown.lines.entries()) {
              const off = line.contributed - (lines[i] as typeof line).contributed;
              expect(off < step && off > -step && line.contributed % step === 0n).toBe(true);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test("a small whole is told in more decimals, so that its parts do not come to nothing", () => {
    const ether = 10n ** 18n;
    expect(
      [0n, ether / 20n, ether / 2n, 2n * ether, 50n * ether, 10_000n * ether].map((whole) =>
        placesFor(whole, 18),
      ),
    ).toEqual([2, 5, 4, 3, 2, 2]);
    expect([placesFor(5n, 0), placesFor(12n, 1)]).toEqual([0, 1]);
  });
});
