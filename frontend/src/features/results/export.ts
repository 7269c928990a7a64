import { formatUnits } from "viem";
import type { RoundFacts } from "../../chain/reads.ts";
import { formatCsv, download, formatJson } from "../../download.ts";
import type { ResultRow, Results } from "./use_results.ts";

type NameRow = (row: ResultRow) => string;

/** One line a project; amounts in tokens, in full. Two tokens have no total: its column is empty then. */
export function resultsCsv(
  { token, poolToken }: Pick<RoundFacts, "token" | "poolToken">,
  rows: readonly ResultRow[],
  nameRow: NameRow,
): string {
  const amount = (units: bigint) => formatUnits(units, token.decimals);
  const formatTotal = (row: ResultRow) =>
    token.address === poolToken.address ? amount(row.contributed + row.matched + row.shared) : "";
  const head = [
    "project",
    "name",
    "votes",
    "credits",
    "contributed",
    "matched",
    "shared",
    "total",
    "claimed",
  ];
  const lines = rows.map((row) => [
    row.project,
    nameRow(row),
    row.votes,
    row.credits,
    amount(row.contributed),
    formatUnits(row.matched, poolToken.decimals),
    amount(row.shared),
    formatTotal(row),
    row.claimed,
  ]);
  return formatCsv(head, lines);
}

export function exportCsv(facts: RoundFacts, { rows }: Results, nameRow: NameRow): void {
  download(`tacit-${facts.address}.csv`, "text/csv", resultsCsv(facts, rows, nameRow));
}

/** Amounts in the tokens' smallest units: matches, budget and fee in the pool's, the rest in the contributions'. */
export function exportJson(
  { chainId, address, settings, token, poolToken }: RoundFacts,
  { rows, budget, available, fee }: Results,
  nameRow: NameRow,
): void {
  const projects = rows.map((row) => ({ ...row, name: nameRow(row) }));
  download(
    `tacit-${address}.json`,
    "application/json",
    formatJson({
      chainId,
      round: address,
      token,
      poolToken,
      unit: settings.unit,
      available,
      budget,
      fee,
      projects,
    }),
  );
}
