import { readBalance } from "../chain/token.ts";
import { directQuadraticFunding, type Donation } from "../matching/direct.ts";
import { settle, type Settlement } from "../matching/settle.ts";
import { sum } from "../matching/quadratic.ts";
import { openPayoutRule } from "../payouts/index.ts";
import { divideBy, type PayoutChoice } from "../payouts/rule.ts";
import { integerSqrt } from "../matching/sqrt.ts";
import { showUnits } from "../readers/show.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { groupByDonor, planBallot } from "./donors.ts";
import { devnetRecipient, type Devnet } from "./devnet.ts";
import { holdings, type Payment } from "./finish.ts";

/** One thing that a run checks about its result. */
export type RunCheck = {
  readonly title: string;
  /** Undefined where nothing can be said. */
  readonly ok: boolean | undefined;
  readonly detail: string;
};

export type Played = {
  readonly projects: readonly string[];
  /** What the ballots add up to, computed without the protocol. */
  readonly expected: readonly ProjectResult[];
  /** What the reference semantics makes of the chain's items, which is what was proved and listed. */
  readonly results: readonly ProjectResult[];
  readonly payments: readonly Payment[];
  readonly contributed: bigint;
  readonly pool: bigint;
  readonly rule: PayoutChoice;
  readonly sponsor: string;
};

const show = ({ project, votes, credits }: ProjectResult): string =>
  `${project}:${votes}:${credits}`;

/** Results against the ballots as they were meant, money against the settlement's arithmetic and against real balances. */
export async function checkRun(
  devnet: Devnet,
  played: Played,
): Promise<{ readonly checks: RunCheck[]; readonly settlement: Settlement }> {
  const { expected, results, payments, contributed, pool, rule, sponsor, projects } = played;
  const { unit } = devnet.config;
  const settlement = settle({
    unit,
    sponsors: [pool],
    coordinatorFee: 0n,
    divide: divideBy(openPayoutRule(rule)),
    totalCredits: contributed / unit,
    projects: results.map((result) => ({ ...result, eligible: true })),
  });
  const different = settlement.payouts.filter((payout, i) => payments[i]?.payout !== payout).length;
  const [back, rest, held] = [
    await holdings(devnet, sponsor),
    await holdings(devnet, "remainder"),
    await readBalance(devnet.chain.read, devnet.token.address, devnet.round),
  ];
  const received = await Promise.all(
    payments.map(({ project }) =>
      readBalance(
        devnet.chain.read,
        devnet.token.address,
        devnetRecipient(projects[project] as string),
      ),
    ),
  );
  const out = sum(received) + back + rest + held;
  const shown = (units: bigint) =>
    `${showUnits(units, devnet.token.decimals)} ${devnet.token.symbol}`;
  return {
    settlement,
    checks: [
      {
        title: "result = sum of the ballots as meant",
        ok: results.map(show).join() === expected.map(show).join(),
        detail: `${results.length} projects with votes`,
      },
      {
        title: "payments = the payout rule's arithmetic on it",
        ok: different === 0 && payments.length === results.length,
        detail: `${payments.length} payments, ${different} different`,
      },
      {
        title: "money in = money out, to the unit",
        ok: out === contributed + pool && held === 0n,
        detail: `${shown(contributed + pool)} in, ${shown(out)} out, ${shown(held)} left in the round`,
      },
    ],
  };
}

/** From this share of the paid matches on, what rounding may move is too much for a comparison to say anything. */
const SAYS_NOTHING_FROM = 0.1;

export type DirectComparison = {
  /** The largest difference of one project's match, as a share of all matches. */
  readonly worst: number;
  /** What rounding to whole votes may move in all, as such a share. */
  readonly bound: number;
  /** Undefined where rounding alone may move so much that the comparison says nothing. */
  readonly ok: boolean | undefined;
};

/**
 * The matches against quadratic funding computed straight from the donations, (Σ√c)² - Σc, by shares of what was paid out.
 *
 * Votes v are whole numbers near r = √(c/unit). With the rounding e = |v - r| of each ballot as it was made, a project's weight is off by
 * at most δ = Σ over ordered pairs of donors of r·e' + e·r' + e·e', and its share of the matches by no more than what weights off by δ
 * each and by Σδ together allow.
 */
export function compareWithDirect(
  { payments, projects }: Pick<Played, "projects" | "payments">,
  donations: readonly Donation[],
  unit: bigint,
): DirectComparison {
  const paid = sum(payments.map(({ matched }) => matched));
  if (paid === 0n) return { worst: 0, bound: 0, ok: true };
  const { weights, matches } = directQuadraticFunding(donations, projects.length, paid);
  const off = weightErrors(donations, projects.length, unit);
  const credits = weights.map((weight) => Number(weight / unit) / 2 ** 128);
  const [total, totalOff] = [credits, off].map((all) => all.reduce((a, b) => a + b, 0)) as [
    number,
    number,
  ];
  // Where the errors are as large as the weights, any share may come of them.
  const allowed = credits.map((weight, i) => {
    const delta = off[i] as number;
    if (total <= totalOff) return 1;
    const [share, most] = [weight / total, (weight + delta) / (total - totalOff)];
    const least = Math.max(0, weight - delta) / (total + totalOff);
    return Math.min(1, Math.max(most - share, share - least));
  });
  const matchedBy = new Map(payments.map(({ project, matched }) => [project, matched]));
  const differences = projects.map((_, project) => {
    const matched = matchedBy.get(project) ?? 0n;
    const wanted = matches[project] as bigint;
    return Number(matched > wanted ? matched - wanted : wanted - matched) / Number(paid);
  });
  // Matches are whole token units, and shares are computed here with 53 bits.
  const exact = 2 / Number(paid) + 1e-12;
  const bound = allowed.reduce((a, b) => a + b, 0) / 2;
  return {
    worst: Math.max(...differences),
    bound,
    ok:
      bound >= SAYS_NOTHING_FROM
        ? undefined
        : differences.every((difference, i) => difference <= (allowed[i] as number) + exact),
  };
}

/** δ of each project, in credits. */
function weightErrors(donations: readonly Donation[], projects: number, unit: bigint): number[] {
  const [roots, errors, own] = [0, 1, 2].map(() => new Float64Array(projects)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const donor of groupByDonor(donations)) {
    const { ballot } = planBallot(donor, unit);
    for (const [project, amount] of donor.amounts) {
      const root = Number(integerSqrt((amount << 64n) / unit)) / 2 ** 32;
      const error = Math.abs(Number(ballot.get(project) ?? 0n) - root) + 2 ** -31;
      roots[project] = (roots[project] as number) + root;
      errors[project] = (errors[project] as number) + error;
      own[project] = (own[project] as number) + 2 * root * error + error * error;
    }
  }
  return Array.from(roots, (root, i) => {
    const error = errors[i] as number;
    return Math.max(0, 2 * root * error + error * error - (own[i] as number));
  });
}
