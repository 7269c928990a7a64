import { zeroHash, type Address } from "viem";
import { describe, expect, it } from "vitest";
import type { WriteClient } from "../../src/chain/client.ts";
import { deployReviews } from "../../src/chain/deploy.ts";
import type { Panel } from "../../src/chain/qualifier.ts";
import { sum } from "../../src/matching/quadratic.ts";
import { openPayoutRule } from "../../src/payouts/index.ts";
import type { PayoutChoice } from "../../src/payouts/rule.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import {
  makeRecipient,
  roundFixture,
  UNIT,
  type Options,
  type Setup,
} from "../contracts/support/round.ts";
import {
  addResults,
  atTime,
  balance,
  claim,
  close,
  finalize,
  funded,
} from "../contracts/support/steps.ts";
import { deriveChallenges, sumResults, type Entry } from "../contracts/support/reference.ts";
import { readTruth, verifiedBy } from "../verify/support/told_round.ts";

// Rounds on their own chain in which a condition decides who has a match, and what `verify` makes of them.

/** Weights 16, 12, 12, 0; 46 of 50 credits. */
const RESULTS: readonly Entry[] = [
  { project: 0, votes: 6n, credits: 20n },
  { project: 1, votes: 4n, credits: 4n },
  { project: 2, votes: 5n, credits: 13n },
  { project: 3, votes: 3n, credits: 9n },
];
const POOL = 1_000_003n;
const INNER: readonly (readonly [name: string, inner: PayoutChoice])[] = [
  ["quadratic", { id: "quadratic", args: [true] }],
  ["capped", { id: "capped", args: [6_000n, 100_000n, 1n, 0n, true] }],
  ["minimum", { id: "minimum", args: [350_000n] }],
  ["tiers", { id: "tiers", args: [[1n], [500_000n]] }],
];

/** A panel of three donors, two of whom must speak. */
const panelUntil = (freezeTime: bigint, reviewers: readonly Address[]): Panel => ({
  reviewers,
  quorum: 2n,
  freezeTime,
  salt: zeroHash,
});

const qualifiedBy = (inner: PayoutChoice, late = 0n): Options["payout"] => ({
  plan: async (viem, writer: WriteClient, end) => {
    const reviewers = (await viem.getWalletClients()).slice(6, 9).map((one) => one.account.address);
    return { ...inner, qualifier: await deployReviews(writer, panelUntil(end + late, reviewers)) };
  },
});

/** Projects 1 and 2 are found good, 3 bad, of 0 one reviewer has spoken. */
async function reviewAll({ viem, payout, alice, bob, carol }: Setup) {
  const rule = await viem.getContractAt("QualifiedPayout", payout.address);
  const reviews = await viem.getContractAt("Reviews", await rule.read.qualifier());
  const say = (reviewer: typeof alice, project: bigint, sroi: number) =>
    reviews.write.review([[{ project, sroiMilli: sroi, reportDigest: zeroHash }]], {
      account: reviewer.account,
    });
  await say(alice, 0n, 9_000);
  for (const reviewer of [alice, bob, carol]) {
    await say(reviewer, 1n, 1_000);
    await say(reviewer, 2n, reviewer === carol ? 10 : 2_000);
    await say(reviewer, 3n, 999);
  }
  return { reviews, say };
}
const isQualified = (project: number) => project === 1 || project === 2;

describe.each(INNER)("PAYOUT-4 REVIEW-1 %s among reviewed projects", (_, inner) => {
  const load = roundFixture({
    payout: qualifiedBy(inner),
    settings: { shareLeftovers: false, coordinatorFee: 3n },
  });

  it("gives all projects what donors gave, and a match to those alone that the panel found good; verify finds it so", async () => {
    const setup = await load();
    await funded(setup, POOL, 0n);
    const { reviews, say } = await reviewAll(setup);
    const rule = openPayoutRule({ ...inner, qualifier: reviews.address }, isQualified);
    const round = { unit: UNIT, available: POOL - 3n, projects: RESULTS };
    await finalize(setup, RESULTS, rule.hint(round));
    await expectRevert(say(setup.alice, 0n, 9_000), "ReviewsFrozen");
    const matches = RESULTS.map((__, place) => rule.matchOf(round, place));
    expect([matches[0], matches[3]]).toEqual([0n, 0n]);
    expect(sum(matches)).toBeGreaterThan(0n);
    for (const place of [3, 1, 0, 2]) {
      await claim(setup, RESULTS, place);
      const { credits } = RESULTS[place] as Entry;
      expect(await balance(setup, makeRecipient(place))).toBe(
        credits * UNIT + (matches[place] as bigint),
      );
    }
    const { provider } = await readTruth(setup);
    const report = await verifiedBy(provider, setup.round.address, {});
    expect(report).toMatchObject({
      ok: true,
      parts: {
        payoutRule: {
          kind: "known",
          ...inner,
          condition: { kind: "reviews", quorum: 2n, freezeTime: setup.end },
        },
      },
    });
    const told = report.notChecked.join("\n");
    expect(told).toContain("3 reviewers of");
    expect(told).not.toContain("payout rule");
    expect(told).not.toContain("with the result in sight");
  });
});

describe("PAYOUT-4 conditions that nobody should rely on", () => {
  const inner: PayoutChoice = { id: "quadratic", args: [true] };

  it("a panel that may speak after the end: no list is taken before its last word, and verify says so", async () => {
    const setup = await roundFixture({ payout: qualifiedBy(inner, 2_000n) })();
    await funded(setup, POOL, 0n);
    await reviewAll(setup);
    await expectRevert(finalize(setup, RESULTS), "NotFrozenYet");
    await atTime(setup, setup.end + 2_000n);
    await addResults(setup, RESULTS);
    const { base } = await setup.round.read.tally();
    await close(setup, sumResults(RESULTS, deriveChallenges(base)));
    const { provider } = await readTruth(setup);
    const { ok, notChecked } = await verifiedBy(provider, setup.round.address, {});
    expect(ok).toBe(true);
    expect(notChecked.join("\n")).toContain("with the result in sight");
  });

  it("a contract of somebody else's that changes its mind after the close: matches go down, never to others, and verify finds it out", async () => {
    const setup = await roundFixture({
      payout: {
        plan: async (viem) => ({
          ...inner,
          qualifier: (await viem.deployContract("ToyQualifier", [1n])).address,
        }),
      },
    })();
    const rule = await setup.viem.getContractAt("QualifiedPayout", setup.payout.address);
    const toy = await setup.viem.getContractAt("ToyQualifier", await rule.read.qualifier());
    await toy.write.setQualified([0n, 0b0110n]);
    await funded(setup, POOL, 0n);
    await finalize(setup, RESULTS);
    const { provider } = await readTruth(setup);
    const honest = await verifiedBy(provider, setup.round.address, {});
    expect(honest).toMatchObject({
      ok: true,
      parts: { payoutRule: { kind: "known", condition: { kind: "foreign", freezeTime: 1n } } },
    });
    expect(honest.notChecked.join("\n")).toContain(
      "none of this version's, and its code may change",
    );
    await toy.write.setQualified([0n, 0b0111n]);
    const { ok, checks } = await verifiedBy(provider, setup.round.address, {});
    expect(ok).toBe(false);
    expect(JSON.stringify(checks)).toContain("MONEY-8");
    for (const place of [0, 1, 2, 3]) await claim(setup, RESULTS, place);
    const paid = await Promise.all(RESULTS.map((__, j) => balance(setup, makeRecipient(j))));
    expect(sum(paid)).toBeLessThanOrEqual(46n * UNIT + POOL);
  });
});
