import { describe, expect, it } from "vitest";
import { divideBy, type PayoutChoice } from "../../src/payouts/rule.ts";
import { openPayoutRule } from "../../src/payouts/index.ts";
import { settle } from "../../src/matching/settle.ts";
import { sum } from "../../src/matching/quadratic.ts";
import { makeRecipient, roundFixture, UNIT } from "../contracts/support/round.ts";
import { balance, claim, finalize, funded } from "../contracts/support/steps.ts";
import type { Entry } from "../contracts/support/reference.ts";
import { neighbours } from "./support/rules.ts";
import { readTruth, verifiedBy } from "../verify/support/told_round.ts";

// Rounds on their own chain that pay by each rule, whoever claims first, and what `verify` makes of them.

/** Weights 16, 12, 12, 0; 46 of 50 credits. */
const RESULTS: readonly Entry[] = [
  { project: 0, votes: 6n, credits: 20n },
  { project: 1, votes: 4n, credits: 4n },
  { project: 2, votes: 5n, credits: 13n },
  { project: 3, votes: 3n, credits: 9n },
];
const POOL = 1_000_003n;
const ORDERS = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [3, 0, 2, 1],
];

const RULES: readonly (readonly [name: string, choice: PayoutChoice, shares: boolean])[] = [
  [
    "PAYOUT-1 a ceiling and a floor",
    { id: "capped", args: [3_500n, 100_000n, 1n, 0n, true] },
    true,
  ],
  [
    "PAYOUT-1 a multiple of what donors gave",
    { id: "capped", args: [10_000n, 0n, 2n, 1n, false] },
    true,
  ],
  ["PAYOUT-2 a least match", { id: "minimum", args: [350_000n] }, true],
  [
    "PAYOUT-3 prizes, of which one is decided by number",
    {
      id: "tiers",
      args: [
        [1n, 1n],
        [500_000n, 300_001n],
      ],
    },
    false,
  ],
  [
    "PAYOUT-3 prizes above the pool",
    {
      id: "tiers",
      args: [
        [1n, 5n],
        [900_000n, 400_000n],
      ],
    },
    true,
  ],
];

const toProjects = (results: readonly Entry[]) =>
  results.map(({ project, votes, credits }) => ({ project, votes, credits }));

describe.each(RULES)("%s", (_, choice, shareLeftovers) => {
  const load = roundFixture({ payout: choice, settings: { shareLeftovers, coordinatorFee: 3n } });
  const rule = openPayoutRule(choice);

  it("MONEY-8 MONEY-11 pays by it in whatever order projects claim, to the last unit, and verify finds it so", async () => {
    for (const order of ORDERS) {
      const setup = await load();
      await funded(setup, POOL, 0n);
      const round = { unit: UNIT, available: POOL - 3n, projects: toProjects(RESULTS) };
      await finalize(setup, RESULTS, rule.hint(round));
      const inOrder = order.map((place) => RESULTS[place] as Entry);
      const expected = settle({
        unit: UNIT,
        sponsors: [POOL],
        coordinatorFee: 3n,
        divide: ({ projects, ...more }) => {
          // The rule sees the list in its own order.
          const all = divideBy(rule)({
            ...more,
            projects: projects.toSorted((a, b) => a.project - b.project),
          });
          return { ...all, matches: projects.map(({ project }) => all.matches[project] as bigint) };
        },
        shareLeftovers,
        totalCredits: 50n,
        projects: toProjects(inOrder).map((project) => ({ ...project, eligible: true })),
      });
      const before = await balance(setup, setup.sponsor.account.address);
      for (const place of order) await claim(setup, RESULTS, place);
      const paid = await Promise.all(order.map((place) => balance(setup, makeRecipient(place))));
      expect(paid).toEqual(expected.payouts);
      const truth = await readTruth(setup);
      const report = await verifiedBy(truth.provider, setup.round.address, {});
      expect(report).toMatchObject({
        ok: true,
        parts: { payoutRule: { kind: "known", ...choice } },
      });
      expect(report.notChecked.join()).not.toContain("payout rule");
      await setup.round.write.claimFee();
      if (expected.match.surplus > 0n)
        await setup.round.write.refundSponsor([setup.sponsor.account.address]);
      const back = (await balance(setup, setup.sponsor.account.address)) - before;
      expect(back).toBe(sum(expected.refunds));
      if (expected.remainder > 0n) await setup.round.write.claimRemainder();
      expect(await balance(setup, setup.round.address)).toBe(0n);
    }
  });

  it("MONEY-11 refuses the close with any other hint; the right one may be given anew", async () => {
    const setup = await load();
    await funded(setup, POOL, 0n);
    const projects = toProjects(RESULTS);
    const round = { unit: UNIT, available: POOL - 3n, projects };
    const [other] = neighbours(rule.hint(round));
    await expect(finalize(setup, RESULTS, other)).rejects.toThrow();
    expect(await setup.round.read.status()).toBe(0);
    await setup.round.write.restartResults({ account: setup.coordinator.account });
  });
});
