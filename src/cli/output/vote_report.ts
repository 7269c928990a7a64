import type { Address } from "viem";
import type { TokenFacts } from "../../chain/token.ts";
import type { RunCheck } from "../../devnet/checks.ts";
import { showUnits } from "../../readers/show.ts";
import { visibleText } from "../../readers/text.ts";
import type { ProjectResult } from "../../round/semantics.ts";
import { agreementTenths } from "../../votes/outcome.ts";
import { plainAmount } from "../input/amounts.ts";
import type { Io } from "./io.ts";
import { count, table } from "./output.ts";
import { showChecks } from "./run_report.ts";

/** What a vote that was played came to. */
export type VoteReport = {
  readonly ok: boolean;
  readonly developmentKeys: boolean;
  readonly round: Address;
  readonly token: TokenFacts;
  /** The payout rule's kind; null without a pool. */
  readonly rule: string | null;
  /** The rule with its settings as they were read, for people. */
  readonly ruleAsRead: string | null;
  readonly pool: bigint;
  readonly voters: number;
  readonly credits: bigint;
  readonly folds: number;
  readonly checks: readonly RunCheck[];
  /** The project with the most votes; null if none has more for than against. */
  readonly chosen: number | null;
  readonly options: readonly (ProjectResult & {
    readonly name: string;
    readonly matched: bigint;
  })[];
};

/** The most votes first, with how strongly and how agreed; and what the pool paid. */
export function showVoteRun(io: Io, report: VoteReport): string[] {
  const sorted = report.options.toSorted(
    (a, b) => Number(b.votes - a.votes) || a.project - b.project,
  );
  const hasPool = report.rule !== null;
  const chosen = report.options.find(({ project }) => project === report.chosen);
  return [
    table(
      ["option", "votes", "strength", "agreement", ...(hasPool ? ["match"] : [])],
      sorted.map((one) => [
        visibleText(one.name, 60),
        count(one.votes),
        count(one.credits),
        showUnits(agreementTenths(one), 1),
        ...(hasPool ? [plainAmount(one.matched, report.token, 2)] : []),
      ]),
    ),
    "",
    ...(report.ruleAsRead === null ? [] : [`Payout rule: ${report.ruleAsRead}.`, ""]),
    chosen === undefined
      ? "No decision: no option has more votes for than against."
      : `Decided: ${visibleText(chosen.name, 100)}.`,
    "",
    ...showChecks(io, report.checks),
  ];
}
