import { readBalance } from "../chain/token.ts";
import { directQuadraticFunding, type Donation } from "../matching/direct.ts";
import { settle, type Settlement } from "../matching/settle.ts";
import { sum } from "../matching/quadratic.ts";
import { openPayoutRule } from "../payouts/index.ts";
import { divideBy, type PayoutChoice } from "../payouts/rule.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { devnetRecipient, type Devnet } from "./devnet.ts";
import { holdings, type Payment } from "./finish.ts";

/** One thing that a run checks about its result. */
export type RunCheck = { readonly title: string; readonly ok: boolean; readonly detail: string };

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
        detail: `${contributed + pool} in, ${out} out, ${held} left in the round`,
      },
    ],
  };
}

/**
 * The matches against quadratic funding computed straight from the donations, (Σ√c)² - Σc, by shares of what was paid out.
 * Integer votes differ from square roots by less than one each, so a project's weight is off by about its donors' number
 * times its votes: relative to the weight, 2·donors/votes at most, where all votes are at least 1.
 */
export function compareWithDirect(
  played: Pick<Played, "projects" | "payments" | "results">,
  donations: readonly Donation[],
  pool: bigint,
) {
  const paid = sum(played.payments.map(({ matched }) => matched));
  const direct = directQuadraticFunding(donations, played.projects.length, paid);
  let [worst, worstProject] = [0, -1];
  for (const { project, matched } of played.payments) {
    const wanted = direct.matches[project] as bigint;
    const difference = matched > wanted ? matched - wanted : wanted - matched;
    const relative =
      wanted < pool / 1_000_000n ? 0 : Number((difference * 10n ** 12n) / wanted) / 1e12;
    if (relative > worst) [worst, worstProject] = [relative, project];
  }
  const bound = roundingBound(played.results, donations);
  return { direct, worst, worstProject, bound, ok: worst <= bound };
}

/** The largest relative error that rounding to whole votes can cause, over projects that matter and over the total. */
function roundingBound(results: readonly ProjectResult[], donations: readonly Donation[]): number {
  const donors = new Map<number, number>();
  for (const { project } of donations) donors.set(project, (donors.get(project) ?? 0) + 1);
  const relative = results.map(({ project, votes, credits }) => {
    const weight = Number(votes * votes - credits);
    return weight <= 0
      ? 0
      : {
          project,
          error:
            (2 * (donors.get(project) ?? 0) * Number(votes) + (donors.get(project) ?? 0) ** 2) /
            weight,
        };
  });
  const errors = relative.flatMap((one) => (one === 0 ? [] : [one.error]));
  return 2 * Math.max(0, ...errors) + 1e-9;
}
