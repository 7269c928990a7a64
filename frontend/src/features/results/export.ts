import type { TFunction } from "i18next";
import { formatUnits, zeroAddress } from "viem";
import { formatCsv } from "../../../../src/index.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { download, formatJson, resultFile } from "../../download.ts";
import type { ResultRow, Results } from "./read_results.ts";

type Tokens = Pick<RoundFacts, "token" | "poolToken">;

/** A result as it is given away: the lines, their names, and whether it can still be rejected. */
export type GivenResult<Facts extends Tokens = RoundFacts, Of = Results> = {
  readonly facts: Facts;
  readonly results: Of;
  readonly isFinal: boolean;
  readonly nameRow: (row: ResultRow) => string;
};

/** Everything that stands in the files, in their order: what a project has, then what the round has, in the JSON alone. */
const COLUMNS = [
  "project",
  "name",
  "votes",
  "credits",
  "contributed",
  "matched",
  "shared",
  "total",
  "claimed",
  "eligible",
  "final",
  "place",
  "chainId",
  "round",
  "token",
  "poolToken",
  "unit",
  "available",
  "budget",
  "fee",
  "accounts",
] as const;

/** What there is in a round in which nothing is paid. */
const OF_VOTES: ReadonlySet<string> = new Set([
  "project",
  "name",
  "votes",
  "credits",
  "eligible",
  "final",
  "place",
  "chainId",
  "round",
]);

/** Whether a round's files have what is called so: those of a round without any money have nothing of it. */
const hasColumn =
  ({ token, poolToken }: Tokens) =>
  (column: string): boolean =>
    token.address !== zeroAddress || poolToken.address !== zeroAddress || OF_VOTES.has(column);

/** The named ones that a round's files have. */
const keep = (tokens: Tokens, all: object): object =>
  Object.fromEntries(Object.entries(all).filter(([column]) => hasColumn(tokens)(column)));

/** Undefined where gifts and match are of two tokens: they have no sum. */
const totalOf = ({ token, poolToken }: Tokens, row: ResultRow): bigint | undefined =>
  token.address === poolToken.address ? row.contributed + row.matched + row.shared : undefined;

/** One line a project; amounts in tokens, in full. Two tokens have no total: its column is empty then. */
export function resultsCsv({
  facts,
  results: { rows },
  isFinal,
  nameRow,
}: GivenResult<Tokens, Pick<Results, "rows">>): string {
  const { token, poolToken } = facts;
  const amount = (units: bigint) => formatUnits(units, token.decimals);
  const formatTotal = (row: ResultRow) => {
    const total = totalOf(facts, row);
    return total === undefined ? "" : amount(total);
  };
  const head = COLUMNS.slice(0, COLUMNS.indexOf("place")).filter(hasColumn(facts));
  const lines = rows.map((row) => {
    const line: Readonly<Record<string, string | number | bigint | boolean>> = {
      project: row.project,
      name: nameRow(row),
      votes: row.votes,
      credits: row.credits,
      contributed: amount(row.contributed),
      matched: formatUnits(row.matched, poolToken.decimals),
      shared: amount(row.shared),
      total: formatTotal(row),
      claimed: row.claimed,
      eligible: row.eligible,
      final: isFinal,
    };
    return head.map((column) => line[column] ?? "");
  });
  return formatCsv(head, lines);
}

export function exportCsv(given: GivenResult): void {
  const { facts, isFinal } = given;
  download(resultFile(facts, isFinal, ".csv"), "text/csv", resultsCsv(given));
}

/** What each name in a round's files means. */
export const explainColumns = (t: TFunction, tokens: Tokens): Readonly<Record<string, string>> =>
  Object.fromEntries(
    COLUMNS.filter(hasColumn(tokens)).map((column) => [column, t(`dictionary.${column}`)]),
  );

/** Amounts in the tokens' smallest units: matches, budget and fee in the pool's, the rest in the contributions'. Every name in it is in the dictionary. */
export function resultsJson(
  { facts, results, isFinal, nameRow }: GivenResult,
  dictionary: Readonly<Record<string, string>>,
): object {
  const { rows, budget, available, fee, accounts } = results;
  const { chainId, address, settings, token, poolToken } = facts;
  const projects = rows.map((row) => {
    const { shown: _, ...line } = row;
    const total = totalOf(facts, row);
    return keep(facts, { ...line, total: total ?? null, name: nameRow(row) });
  });
  const ofRound = {
    chainId,
    round: address,
    final: isFinal,
    token,
    poolToken,
    unit: settings.unit,
    available,
    budget,
    fee,
    accounts,
  };
  return { ...keep(facts, ofRound), projects, dictionary };
}

export function exportJson(given: GivenResult, dictionary: Readonly<Record<string, string>>): void {
  const { facts, isFinal } = given;
  download(
    resultFile(facts, isFinal, ".json"),
    "application/json",
    formatJson(resultsJson(given, dictionary)),
  );
}
