import {
  concatHex,
  numberToHex,
  parseAbi,
  zeroAddress,
  type Address,
  type Hex,
  sliceHex,
} from "viem";
import { describe, expect, it } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { readGateData } from "../../src/chain/gate.ts";
import { readPayoutRule } from "../../src/chain/payout.ts";
import type { CheckerKind } from "../../src/gates/checker.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { ruleFrom, type PayoutKind, type PayoutRound } from "../../src/payouts/rule.ts";
import { quadraticRule } from "../../src/payouts/quadratic.ts";
import { sumResults, encodeEntry, deriveTag, type Entry } from "./support/reference.ts";
import { expectRevert, awaitOutcome } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "./support/round.ts";
import {
  addResults,
  atTime,
  balance,
  claim,
  close,
  commit,
  fold,
  funded,
  makeKey,
  replayAll,
  RESULTS,
} from "./support/steps.ts";

// A rule and a checker of somebody else's: each is a contract of contracts/mocks and one of the two values below, and nothing of contracts/round.

const toyRule: PayoutKind = {
  id: "toy",
  abi: parseAbi(["constructor(uint256 enough)", "function enough() view returns (uint256)"]),
  views: ["enough"],
  settings: [{ name: "enough", form: "count", help: "votes that are enough", initial: undefined }],
  argsFrom: ({ enough }) => [BigInt(enough ?? "0")],
  tell: (args) => args,
  usual: () => [1n],
  sharesLeftovers: true,
  rule: ([enough]) =>
    ruleFrom(({ available, projects }) => {
      const isEnough = ({ votes }: PayoutRound["projects"][number]) => votes >= (enough as bigint);
      const winners = projects.filter(isEnough).length;
      return {
        hint: numberToHex(winners, { size: 32 }),
        budget: winners === 0 ? 0n : available,
        matches: projects.map((project) => (isEnough(project) ? available / BigInt(winners) : 0n)),
      };
    }),
};

const toyChecker: CheckerKind = {
  id: "toy",
  abi: parseAbi(["error NotHolder(uint256 badge, address account)"]),
  settings: [],
  trust: () => "who has a badge",
  without: "0x",
  fixes: { NotHolder: "Use the account that holds the badge." },
  dataFor: async ({ credits }) => numberToHex(credits > 5n ? 2 : 1, { size: 32 }),
};

describe("a payout rule that needs a hint", () => {
  const load = roundFixture({ payout: { toy: 4n }, settings: { coordinatorFee: 100n } });
  const encodeHint = (count: number): Hex => numberToHex(count, { size: 32 });
  const add = ({ round, coordinator }: Setup, results: readonly Entry[], hint: Hex) =>
    round.write.addResults([results.map(encodeEntry), hint], { account: coordinator.account });

  async function folded() {
    const setup = await load();
    await funded(setup, 9_999n, 201n);
    await atTime(setup, setup.end);
    const challenges = await commit(setup, RESULTS);
    await replayAll(setup);
    await fold(setup);
    return { setup, acc: sumResults(RESULTS, challenges) };
  }

  it("MONEY-11 a wrong hint makes the close fail; the list is restarted and closed with the right one, on the same folds", async () => {
    const { setup, acc } = await folded();
    const { round } = setup;
    await add(setup, RESULTS, encodeHint(3));
    await expect(close(setup, acc)).rejects.toThrow();
    expect(await round.read.status()).toBe(0);
    const before = await round.read.tally();
    await expectRevert(
      round.write.restartResults({ account: setup.stranger.account }),
      "NotCoordinator",
    );
    await round.write.restartResults({ account: setup.coordinator.account });
    expect(await round.read.tally()).toEqual({
      ...before,
      resultsCount: 0,
      resultsChain: `0x${"0".repeat(64)}`,
    });
    await add(setup, RESULTS.slice(0, 1), encodeHint(2));
    await add(setup, RESULTS.slice(1), "0x");
    await close(setup, acc);
    expect(await round.read.settlement()).toMatchObject({
      available: 10_100n,
      budget: 10_100n,
      claimsLeft: 3,
    });
    for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
    expect(
      await Promise.all([0, 1, 2].map((project) => balance(setup, makeRecipient(project)))),
    ).toEqual([20n * UNIT + 5_050n, 4n * UNIT + 5_050n, 9n * UNIT]);
  });

  it("MONEY-11 EVT-1 a hint comes with the first entries only, and is told", async () => {
    const { setup } = await folded();
    await expect(add(setup, RESULTS, "0x")).rejects.toThrow();
    await add(setup, RESULTS.slice(0, 1), encodeHint(2));
    await expectRevert(add(setup, RESULTS.slice(1), encodeHint(2)), "UnexpectedHint");
    const events = await setup.publicClient.getContractEvents({
      address: setup.round.address,
      abi: setup.round.abi,
      eventName: "ResultsHint",
      fromBlock: 0n,
    });
    expect(events.map(({ args }) => args.hint)).toEqual([encodeHint(2)]);
    for (const options of [
      { token: "none" },
      { settings: { poolToken: zeroAddress, payoutRule: zeroAddress } },
    ] as const) {
      const poolless = await roundFixture(options)();
      await atTime(poolless, poolless.end);
      await commit(poolless, RESULTS);
      await expectRevert(add(poolless, RESULTS, encodeHint(2)), "UnexpectedHint");
    }
  });

  it("MONEY-11 software that knows the kind computes hint, budget and matches; other software says that it does not", async () => {
    const setup = await load();
    const client = setup.publicClient as unknown as ReadClient;
    const asked = {
      unit: UNIT,
      available: 10_100n,
      projects: RESULTS.map(({ project, votes, credits }) => ({ project, votes, credits })),
    };
    const rule = await readPayoutRule(client, setup.payout.address, [], [toyRule]);
    expect([rule?.hint(asked), rule?.budget(asked), rule?.matchOf(asked, 1)]).toEqual([
      encodeHint(2),
      10_100n,
      5_050n,
    ]);
    expect(await readPayoutRule(client, setup.payout.address, [])).toBeUndefined();
    expect(await readPayoutRule(client, setup.registry.address, [])).toBeUndefined();
    const quadratic = await roundFixture({ payout: { paySurplus: true } })();
    expect(
      (
        await readPayoutRule(
          quadratic.publicClient as unknown as ReadClient,
          quadratic.payout.address,
          [],
        )
      )?.budget(asked),
    ).toBe(quadraticRule("pay").budget(asked));
  });
});

describe("two payees, two tokens", () => {
  it("MONEY-12 the match goes to a second payee, in a transfer of its own", async () => {
    const setup = await roundFixture({ registry: "HostileRegistry" })();
    const registry = await setup.viem.getContractAt("HostileRegistry", setup.registry.address);
    await registry.write.setProjectCount([4n]);
    await registry.write.setEligibility([0n, 15n]);
    for (const { project } of RESULTS)
      await registry.write.setRecipient([BigInt(project), makeRecipient(project)]);
    const escrow: Address = "0x00000000000000000000000000000000000e5c04";
    await registry.write.setMatchRecipient([0n, escrow]);
    await funded(setup, 28_000n, 0n);
    await list(setup);
    for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
    expect(
      await Promise.all(
        [makeRecipient(0), escrow, makeRecipient(1)].map((address) => balance(setup, address)),
      ),
    ).toEqual([20n * UNIT, 16n * UNIT, 16n * UNIT]);
    const events = await setup.publicClient.getContractEvents({
      address: setup.round.address,
      abi: setup.round.abi,
      eventName: "Claimed",
      fromBlock: 0n,
    });
    expect(events[0]?.args).toMatchObject({
      project: 0n,
      given: 20n * UNIT,
      shared: 0n,
      matched: 16n * UNIT,
    });
    expect(events[0]?.args.matchRecipient?.toLowerCase()).toBe(escrow);
  });

  it("MONEY-9 MONEY-3 a prize pool over votes that cost nothing: against counts, and makes a weight 0 at worst", async () => {
    const setup = await roundFixture({
      token: "none",
      pool: true,
      settings: { allowSigns: true, coordinatorFee: 100n },
    })();
    const { round } = setup;
    await funded(setup, 9_000n, 1_100n);
    const results: Entry[] = [
      { project: 0, votes: 6n, credits: 20n },
      { project: 1, votes: -6n, credits: 18n },
      { project: 2, votes: 2n, credits: 10n },
    ];
    await list(setup, results);
    expect(await round.read.settlement()).toMatchObject({
      available: 10_000n,
      budget: 10_000n,
      remainder: 0n,
      leftovers: 0n,
    });
    for (const place of results.keys()) await claim(setup, results, place);
    expect(
      await Promise.all(
        [0, 1, 2].map((project) => setup.pool.read.balanceOf([makeRecipient(project)])),
      ),
    ).toEqual([10_000n, 0n, 0n]);
    await round.write.claimFee();
    await expectRevert(round.write.claimRemainder(), "NothingToPay");
    expect(await setup.pool.read.balanceOf([round.address])).toBe(0n);
    const aborted = await roundFixture({ token: "none", pool: true })();
    await funded(aborted, 9_000n, 1_100n);
    await aborted.helpers.time.increaseTo(await aborted.round.read.tallyDeadline());
    await aborted.round.write.abort();
    await expectRevert(aborted.round.write.refund([1n]), "RoundWithoutMoney");
    for (const { account } of [aborted.sponsor, aborted.secondSponsor])
      await aborted.round.write.refundSponsor([account.address]);
    expect(await aborted.pool.read.balanceOf([aborted.round.address])).toBe(0n);
  });

  it("MONEY-9 contributions without a pool: each project gets what it was given, and nobody funds", async () => {
    const setup = await roundFixture({
      settings: { poolToken: zeroAddress, payoutRule: zeroAddress, shareLeftovers: true },
    })();
    const { round, sponsor, remainder } = setup;
    await expectRevert(round.write.fund([1n], { account: sponsor.account }), "RoundWithoutMoney");
    await funded(setup, 0n, 0n);
    await list(setup);
    for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
    await round.write.claimRemainder(); // nothing to share by
    expect(
      await Promise.all(
        [
          makeRecipient(0),
          makeRecipient(1),
          makeRecipient(2),
          remainder.account.address,
          round.address,
        ].map((address) => balance(setup, address)),
      ),
    ).toEqual([20n, 4n, 9n, 17n, 0n].map((credits) => credits * UNIT));
  });

  async function list(setup: Setup, results: readonly Entry[] = RESULTS): Promise<void> {
    await atTime(setup, setup.end);
    const challenges = await commit(setup, results);
    await replayAll(setup);
    await fold(setup);
    await addResults(setup, results);
    await close(setup, sumResults(results, challenges));
  }
});

describe("the gate with clauses", () => {
  const ALICE = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";
  const BOB = "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955";
  const evidence = (badge: number) => numberToHex(badge, { size: 32 });

  /** Alice holds badges 1 and 2 of the first checker, and the condition 0 of the second; Bob badge 3 of the first. */
  async function gated(encodeClauses: (a: Address, b: Address) => Address[][], exactCredits = 0n) {
    const setup = await roundFixture()();
    const a = (await setup.viem.deployContract("ToyChecker", [[zeroAddress, ALICE, ALICE, BOB]]))
      .address;
    const b = (await setup.viem.deployContract("ToyChecker", [[ALICE]])).address;
    const gate = await setup.viem.deployContract("Gate", [encodeClauses(a, b), exactCredits]);
    const admit = (account: Address, tag: bigint, clause: number, badges: number[], credits = 1n) =>
      gate.write.admit([account, tag, credits, encodeGateData(clause, badges.map(evidence))], {
        account: setup.stranger.account,
      });
    const topUp = (account: Address, tag: bigint, clause: number, badges: number[], credits = 2n) =>
      gate.read.admitTopUp([account, tag, credits, encodeGateData(clause, badges.map(evidence))], {
        account: setup.stranger.account,
      });
    return { setup, gate, a, b, admit, topUp };
  }

  it("GATE-1 GATE-3 an identity is admitted once a round, bound to its tag, through whichever clause; it is told who was", async () => {
    const { setup, gate, a, b, admit, topUp } = await gated((x, y) => [[x], [x, y]]);
    expect(
      (await gate.read.clauses()).map((clause) => clause.map((address) => address.toLowerCase())),
    ).toEqual([[a], [a, b]].map((clause) => clause.map((address) => address.toLowerCase())));
    await admit(ALICE, 5n, 1, [1, 0]);
    expect(await awaitOutcome(admit(ALICE, 6n, 0, [1]))).toContain("AlreadyAdmitted(");
    expect(await gate.read.admissions([setup.stranger.account.address, a, evidence(1)])).toEqual([
      5n,
      2n ** 64n - 1n,
    ]);
    const events = await setup.publicClient.getContractEvents({
      address: gate.address,
      abi: gate.abi,
      eventName: "Admitted",
      fromBlock: 0n,
    });
    expect(
      events.map(({ args }) => [args.tag, args.checker?.toLowerCase(), args.identity]),
    ).toEqual([[5n, a.toLowerCase(), evidence(1)]]);
    await topUp(ALICE, 5n, 0, [1]);
    expect(await awaitOutcome(topUp(ALICE, 6n, 0, [1]))).toContain("NotAdmitted(");
    expect(await awaitOutcome(topUp(ALICE, 5n, 0, [2]))).toContain("NotAdmitted(");
    await admit(ALICE, 6n, 0, [2]); // another identity
    await admit(BOB, 7n, 0, [3]);
  });

  it("GATE-3 every checker of the clause must be satisfied, and one must say who", async () => {
    const { admit, topUp } = await gated((x, y) => [[x], [x, y], [y]]);
    await expect(admit(BOB, 5n, 1, [3, 0])).rejects.toThrow();
    expect(await awaitOutcome(admit(ALICE, 5n, 2, [0]))).toBe("NobodyIdentified(2)");
    expect(await awaitOutcome(topUp(ALICE, 5n, 2, [0]))).toBe("NobodyIdentified(2)");
    for (const clause of [3, 4, 255])
      expect(await awaitOutcome(admit(ALICE, 5n, clause, [1]))).toBe(`UnknownClause(${clause})`);
    expect(await awaitOutcome(admit(ALICE, 5n, 1, [1]))).toBe("WrongEvidence(35)");
    expect(await awaitOutcome(admit(ALICE, 5n, 0, [1, 0]))).toBe("WrongEvidence(69)");
  });

  it("GATE-3 data that is not what it should be is refused, and reads nothing that was not given for the gate", async () => {
    const { setup, gate } = await gated((x) => [[x]]);
    const good = encodeGateData(0, [evidence(1)]);
    const by = { account: setup.stranger.account };
    const admit = (data: Hex) => gate.write.admit([ALICE, 5n, 1n, data], by);
    expect(await awaitOutcome(admit("0x"))).toBe("WrongEvidence(0)");
    for (const length of [1, 2, 3, 4, 34])
      expect(await awaitOutcome(admit(sliceHex(good, 0, length)))).toBe(`WrongEvidence(${length})`);
    expect(await awaitOutcome(admit(concatHex([good, "0x00"])))).toBe("WrongEvidence(36)");
    for (const told of ["0x0021", "0x001f", "0x0000", "0xffff"] as const)
      expect(
        await awaitOutcome(admit(concatHex(["0x00", told, evidence(1)]))).catch(
          () => "refused without a reason",
        ),
        told,
      ).not.toBe("success");
    expect(
      await gate.read.admissions([
        setup.stranger.account.address,
        (await gate.read.clauses())[0]?.[0] as Address,
        evidence(1),
      ]),
    ).toEqual([0n, 0n]);
    await admit(good);
  });

  it("GATE-3 with equal budgets, neither more nor fewer credits", async () => {
    const { admit, topUp } = await gated((x) => [[x]], 7n);
    for (const credits of [6n, 8n])
      expect(await awaitOutcome(admit(ALICE, 5n, 0, [1], credits))).toBe(
        `NotExactCredits(${credits},7)`,
      );
    await admit(ALICE, 5n, 0, [1], 7n);
    expect(await awaitOutcome(topUp(ALICE, 5n, 0, [1], 8n))).toBe("NotExactCredits(8,7)");
  });

  it("GATE-3 sixteen checkers at most, none of them missing", async () => {
    const { setup, a } = await gated((x) => [[x]]);
    const full = Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => a));
    const gate = await setup.viem.deployContract("Gate", [full, 0n]);
    expect((await gate.read.clauses()).flat()).toHaveLength(16);
    for (const wrong of [[], [[]], [...full, [a]], [[a, a, a, a, a]]])
      await expect(setup.viem.deployContract("Gate", [wrong, 0n])).rejects.toThrow(/WrongClauses/);
    await expect(setup.viem.deployContract("Gate", [[[a, zeroAddress]], 0n])).rejects.toThrow(
      /NotAContract/,
    );
  });

  it("GATE-3 a round admits through a checker that this version does not know, with data that its file makes", async () => {
    const { setup, gate } = await gated((x) => [[x]]);
    const { factory, settings, viem, alice, token } = setup;
    const own = { ...settings, gate: gate.address };
    const salt = numberToHex(9, { size: 32 });
    const address = await factory.read.predictRound([own, salt]);
    await factory.write.createRound([own, salt]);
    const round = await viem.getContractAt("IRound", address);
    await token.write.approve([address, 10n ** 30n], { account: alice.account });
    await atTime(setup, setup.start);
    const { x, y } = makeKey(3);
    const donor = { round: address, payer: alice.account.address, tag: 0n, credits: 4n };
    const data = await readGateData(
      setup.publicClient as unknown as ReadClient,
      gate.address,
      donor,
      [toyChecker],
    );
    expect(
      await readGateData(setup.publicClient as unknown as ReadClient, gate.address, donor),
    ).toBe("0x");
    await round.write.contribute([x, y, 4n * UNIT, data], { account: alice.account });
    expect(
      await gate.read.admissions([
        address,
        (await gate.read.clauses())[0]?.[0] as Address,
        evidence(1),
      ]),
    ).toEqual([deriveTag(ALICE, x, y), 2n ** 64n - 1n]);
    expect(data).toBe(concatHex(["0x00", "0x0020", evidence(1)]));
  });
});
