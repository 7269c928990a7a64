import type { TokenFacts } from "../../chain/token.ts";
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

/** Contributions, match and total of each project, beside two other ways to share the same pool; the largest total first. */
export function projectTable(lines: readonly ProjectLine[], token: TokenFacts): string {
  const cell = (units: bigint) => plainAmount(units, token, 2);
  const rows = [...lines]
    .sort((a, b) => (a.total === b.total ? a.index - b.index : a.total > b.total ? -1 : 1))
    .map((line) => [
      line.name.length > NAME_LENGTH ? `${line.name.slice(0, NAME_LENGTH - 1)}…` : line.name,
      ...[
        line.contributions,
        line.match,
        line.total,
        line.onePersonOneVote,
        line.oneDollarOneVote,
      ].map(cell),
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
      `  ${ok ? colours.green("ok    ") : colours.red("WRONG ")} ${title.padEnd(width)}  ${colours.dim(detail)}`,
  );
}

export function showRun(io: Io, report: RunReport): string[] {
  const {
    token,
    seconds: { all = 0, ...stages },
  } = report;
  return [
    projectTable(report.projects, token),
    "  (the last two columns: the match that the same pool would have given by other rules)",
    "",
    ...facts([
      ["contributed", `${showAmount(report.contributed, token)} by ${count(report.donors)} donors`],
      ["matching pool", showAmount(report.pool, token)],
      ["payout rule", report.rule],
      ["one voice credit", showAmount(report.unit, token)],
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
      ? io.colours.bold("The round came to what its payout rule says.")
      : io.colours.bold(
          io.colours.red("The round did not come to what it should have: see above."),
        ),
  ];
}
