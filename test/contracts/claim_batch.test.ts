import { parseEventLogs, toFunctionSelector, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import type { Entry } from "./support/reference.ts";
import { awaitOutcome } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "./support/round.ts";
import { balance, claim, claimsAt, finalize, funded, RESULTS } from "./support/steps.ts";

/** Ample for three claims and what must be left before the last. */
const GAS = 12_000_000n;
const NOT_CLAIMABLE = toFunctionSelector("NotClaimable(uint256)");
const NOT_IN_RESULT = toFunctionSelector("NotInResult(uint256,int256,uint256)");

/** What a batch has paid and skipped, in the order of its events. */
async function readOutcomes({ publicClient }: Setup, hash: Hex): Promise<(bigint | string)[]> {
  const { logs } = await publicClient.getTransactionReceipt({ hash });
  return parseEventLogs({ abi: iRoundAbi, logs, eventName: ["Claimed", "ClaimSkipped"] }).map(
    ({ eventName, args }) =>
      eventName === "Claimed" ? args.project : `${args.project} ${args.reason}`,
  );
}
const balances = (setup: Setup) =>
  Promise.all([0, 1, 2, 3].map((project) => balance(setup, makeRecipient(project))));

describe("claims of many projects in one call", () => {
  const load = roundFixture({ payout: { paySurplus: true }, settings: { shareLeftovers: true } });

  async function finalized(results: readonly Entry[] = RESULTS, delisted: readonly bigint[] = []) {
    const setup = await load();
    const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
    for (const project of delisted) await registry.write.delist([project]);
    await funded(setup, 1_000_003n, 0n);
    await finalize(setup, results);
    const batch = (places: readonly number[]) =>
      setup.round.write.claimBatch([claimsAt(results, places)], {
        account: setup.stranger.account,
        gas: GAS,
      });
    return { setup, batch };
  }

  it("MONEY-13 pays in its order what single claims in that order pay, to the unit, and nothing stays", async () => {
    const { setup, batch } = await finalized();
    const closed = await setup.helpers.takeSnapshot();
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      await closed.restore();
      for (const place of order) await claim(setup, RESULTS, place);
      const alone = await balances(setup);
      await closed.restore();
      expect(await readOutcomes(setup, await batch(order))).toEqual(order.map(BigInt));
      expect(await balances(setup)).toEqual(alone);
      expect(await balance(setup, setup.round.address)).toBe(0n);
    }
  });

  it("MONEY-13 what was paid, comes twice, is not eligible, or is not in the result is skipped with its reason; the others are paid", async () => {
    const results: readonly Entry[] = [...RESULTS, { project: 3, votes: 2n, credits: 4n }];
    const { setup, batch } = await finalized(results, [2n]);
    await claim(setup, results, 1);
    expect(await readOutcomes(setup, await batch([1, 0, 0, 2]))).toEqual([
      `1 ${NOT_CLAIMABLE}`,
      0n,
      `0 ${NOT_CLAIMABLE}`,
      `2 ${NOT_CLAIMABLE}`,
    ]);
    const [last] = claimsAt(results, [3]) as [ReturnType<typeof claimsAt>[number]];
    const wrong = [
      { ...last, votes: 3n },
      { ...last, credits: 5n },
      { ...last, project: 2n },
      { ...last, merkleProof: [] },
      { ...last, merkleProof: [...last.merkleProof, last.merkleProof[0] as Hex] },
      { ...last, project: 2n ** 200n },
    ];
    const before = await setup.round.read.settlement();
    const skipped = await setup.round.write.claimBatch([wrong], { gas: 25_000_000n });
    expect(await readOutcomes(setup, skipped)).toEqual(
      wrong.map(({ project }) => `${project} ${NOT_IN_RESULT}`),
    );
    expect(await setup.round.read.settlement()).toEqual(before);
    expect(await readOutcomes(setup, await batch([3, 0, 1]))).toEqual([
      3n,
      `0 ${NOT_CLAIMABLE}`,
      `1 ${NOT_CLAIMABLE}`,
    ]);
    expect(await setup.round.read.settlement()).toMatchObject({ claimsLeft: 0, budgetLeft: 0n });
    expect(await balance(setup, setup.round.address)).toBe(0n);
  });

  it("MONEY-13 a batch of none pays nobody", async () => {
    const { setup, batch } = await finalized();
    expect(await readOutcomes(setup, await batch([]))).toEqual([]);
    expect(await setup.round.read.settlement()).toMatchObject({ claimsLeft: 3 });
  });
});

describe("a payee that cannot be paid, in a batch", () => {
  const load = roundFixture({ token: "OddToken" });

  it("MONEY-13 holds up no other and loses nothing: refused, told false, shouted at, or out of gas", async () => {
    const setup = await load();
    const { round } = setup;
    const token = await setup.viem.getContractAt("OddToken", setup.token.address);
    await funded(setup, 50_001n, 0n);
    await finalize(setup, RESULTS);
    const closed = await setup.helpers.takeSnapshot();
    const payee = makeRecipient(1);
    const NEVER = 2n ** 256n - 1n;
    for (const [refuse, relent, reason] of [
      [
        () => token.write.refusePayee([payee, true]),
        () => token.write.refusePayee([payee, false]),
        toFunctionSelector("PayeeRefused(address)"),
      ],
      [
        () => token.write.mutePayee([payee, true]),
        () => token.write.mutePayee([payee, false]),
        toFunctionSelector("SafeERC20FailedOperation(address)"),
      ],
      // No more than the beginning of an error is read: half a megabyte of it, told in an event, would cost four million.
      ...[1n, 3n, 64n, 500_000n, NEVER].map(
        (length) =>
          [
            () => token.write.refuseAtLength([payee, length]),
            () => token.write.refuseAtLength([payee, 0n]),
            "0x00000000",
          ] as const,
      ),
    ] as const) {
      await closed.restore();
      await refuse();
      for (const order of [
        [1, 0, 2],
        [0, 1, 2],
      ] as const) {
        const hash = await round.write.claimBatch([claimsAt(RESULTS, order)], { gas: GAS });
        expect(await readOutcomes(setup, hash)).toContain(`1 ${reason}`);
        expect(await round.read.settlement()).toMatchObject({ claimsLeft: 1 });
      }
      expect((await balances(setup)).slice(0, 3)).toEqual([36n * UNIT, 0n, 9n * UNIT]);
      await relent();
      const hash = await round.write.claimBatch([claimsAt(RESULTS, [0, 1, 2])], { gas: GAS });
      expect(await readOutcomes(setup, hash)).toEqual([
        `0 ${NOT_CLAIMABLE}`,
        1n,
        `2 ${NOT_CLAIMABLE}`,
      ]);
      expect(await balance(setup, payee)).toBe(16n * UNIT);
    }
  });
});

describe("a batch with too little gas", () => {
  /*
   * The attack: anybody sends a batch with so little gas that the payout rule, or a claim, runs out of it, so that a project is skipped or,
   * worse, paid without its match; and a node's estimate finds the least gas with which the call succeeds.
   */
  it("MONEY-13 MONEY-8 either pays all with their matches or reverts", async () => {
    const setup = await roundFixture({ payout: "HungryPayout" })();
    const { round } = setup;
    const rule = await setup.viem.getContractAt("HungryPayout", setup.payout.address);
    await rule.write.feed([2_000_000n, 600n]);
    await funded(setup, 10_000n, 0n);
    await finalize(setup, RESULTS);
    const ready = await setup.helpers.takeSnapshot();
    const claims = claimsAt(RESULTS, [0, 1, 2]);
    const estimated = await round.estimateGas.claimBatch([claims], {
      account: setup.stranger.account,
    });
    const outcomes = new Set<string>();
    for (const gas of [
      500_000n,
      2_600_000n,
      4_400_000n,
      4_600_000n,
      6_700_000n,
      estimated - 100_000n,
      estimated,
    ]) {
      await ready.restore();
      const outcome = await awaitOutcome(
        round.write.claimBatch([claims], { account: setup.stranger.account, gas }),
      );
      outcomes.add(outcome.split("(")[0] as string);
      expect((await balances(setup)).slice(0, 3)).toEqual(
        outcome === "success"
          ? [20n, 4n, 9n].map((credits) => credits * UNIT + 600n)
          : [0n, 0n, 0n],
      );
    }
    expect(outcomes).toEqual(new Set(["TooLittleGas", "success"]));
  }, 120_000);
});
