import type { TokenFacts } from "../../chain/token.ts";
import { sum } from "../../matching/quadratic.ts";
import { roundTogether, roundUnits } from "../../readers/show.ts";
import { visibleText } from "../../readers/text.ts";
import { plainAmount, showAmount } from "../input/amounts.ts";
import type { RunCheck } from "../../devnet/checks.ts";
import type { Io } from "./io.ts";
import { count, duration, facts, table } from "./output.ts";

/** One project's line; amounts in token units. The last two are what the matching pool would have given under other rules. */
export type ProjectLine = {
  readonly index: number;
  readonly name: string;
  readonly supporters: number;
  readonly contributions: bigint;
  readonly match: bigint;
  readonly total: bigint;
  readonly onePersonOneVote: bigint;
  readonly oneDollarOneVote: bigint;
};

/** What a run came to. */
export type RunReport = {
  readonly ok: boolean;
  readonly developmentKeys: boolean;
  /** The payout rule's kind. */
  readonly rule: string;
  /** The rule with its settings as they were read, for people. */
  readonly ruleAsRead: string;
  readonly round: string;
  readonly token: TokenFacts;
  readonly unit: bigint;
  readonly pool: bigint;
  readonly contributed: bigint;
  readonly size: string;
  readonly folds: number;
  readonly donors: number;
  readonly donations: number;
  readonly checks: readonly RunCheck[];
  readonly projects: readonly ProjectLine[];
  /** What is not paid to projects: of contributions, to the sponsors, and left of the pool by rounding. */
  readonly money: { readonly unspent: bigint; readonly surplus: bigint; readonly dust: bigint };
  /** Unspent and dust, to the organiser. */
  readonly remainder: bigint;
  readonly gas: readonly {
    readonly kind: string;
    readonly calls: number;
    readonly gas: bigint;
    readonly perCall: bigint;
  }[];
  readonly seconds: Readonly<Record<string, number>>;
  readonly peakMemoryMB: number;
};

/** Longest project name shown. */
const NAME_LENGTH = 36;
/** Decimals shown in the table. */
const PLACES = 2;

/** Contributions, match and total of each project, beside two other ways to share the same pool; the largest total first. */
export function projectTable(lines: readonly ProjectLine[], token: TokenFacts): string {
  const sorted = [...lines].sort((a, b) => Number(b.total - a.total) || a.index - b.index);
  // Every column adds up as it is shown, and so does every line but for its last place.
  const column = (amounts: readonly bigint[]) => [
    ...roundTogether(amounts, token.decimals, PLACES),
    roundUnits(sum(amounts), token.decimals, PLACES),
  ];
  const [given, matched, byPerson, byMoney] = [
    column(sorted.map(({ contributions }) => contributions)),
    column(sorted.map(({ match }) => match)),
    column(sorted.map(({ onePersonOneVote }) => onePersonOneVote)),
    column(sorted.map(({ oneDollarOneVote }) => oneDollarOneVote)),
  ] as const;
  const names = [...sorted.map(({ name }) => visibleText(name, NAME_LENGTH)), "all projects"];
  const rows = names.map((name, i) => [
    name,
    ...[
      given[i] as bigint,
      matched[i] as bigint,
      (given[i] as bigint) + (matched[i] as bigint),
      byPerson[i] as bigint,
      byMoney[i] as bigint,
    ].map((units) => plainAmount(units, token, PLACES)),
  ]);
  return table(
    ["project", "contributions", "match", "total", "if 1 person 1 vote", "if 1 dollar 1 vote"],
    rows,
  );
}

export function showChecks({ colours }: Io, checks: readonly RunCheck[]): string[] {
  const width = Math.max(...checks.map(({ title }) => title.length));
  return checks.map(
    ({ title, ok, detail }) =>
      `  ${ok === undefined ? "?     " : ok ? colours.green("ok    ") : colours.red("WRONG ")} ${title.padEnd(width)}  ${colours.dim(detail)}`,
  );
}

export function showRun(io: Io, report: RunReport): string[] {
  const {
    token,
    seconds: { all = 0, ...stages },
  } = report;
  const paid = sum(report.projects.map(({ total }) => total));
  const isCompared = report.checks.every(({ ok }) => ok !== undefined);
  return [
    projectTable(report.projects, token),
    "  (the last two columns: the match that the same pool would have given by other rules)",
    "",
    ...facts([
      ["contributed", `${showAmount(report.contributed, token)} by ${count(report.donors)} donors`],
      ["matching pool", showAmount(report.pool, token)],
      ["payout rule", report.ruleAsRead],
      ["one voice credit", showAmount(report.unit, token)],
      ["to the projects", showAmount(paid, token)],
      ["not spent by donors", `${showAmount(report.money.unspent, token)}, to the organiser`],
      ["surplus of the pool", `${showAmount(report.money.surplus, token)}, back to the sponsor`],
      ["left by rounding", `${showAmount(report.money.dust, token)}, to the organiser`],
      [
        "proofs",
        `${report.folds} fold${report.folds === 1 ? "" : "s"} (${report.size}) and the close`,
      ],
    ]),
    "",
    table(
      ["gas", "calls", "per call", "in all"],
      report.gas.map(({ kind, calls, gas, perCall }) => [
        kind,
        count(calls),
        count(perCall),
        count(gas),
      ]),
    ),
    "",
    ...facts([
      ...Object.entries(stages).map(([stage, value]) => [stage, duration(value)] as const),
      ["in all", duration(all)],
      ["peak memory", `${count(report.peakMemoryMB)} MB`],
    ]),
    "",
    ...showChecks(io, report.checks),
    "",
    report.ok
      ? io.colours.bold(
          isCompared
            ? "The round came to what its payout rule says."
            : "The round came to what its ballots say; how close those are to the donations is above.",
        )
      : io.colours.bold(
          io.colours.red("The round did not come to what it should have: see above."),
        ),
  ];
}
