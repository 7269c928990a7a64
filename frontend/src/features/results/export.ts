import { formatUnits } from "viem";
import type { RoundFacts } from "../../chain/reads.ts";
import { csvOf, download, jsonOf } from "../../download.ts";
import type { ResultRow, Results } from "./use_results.ts";

type NameOf = (row: ResultRow) => string;

/** One line a project; amounts in tokens, in full. Two tokens have no total: its column is empty then. */
export function resultsCsv(
  { token, poolToken }: Pick<RoundFacts, "token" | "poolToken">,
  rows: readonly ResultRow[],
  nameOf: NameOf,
): string {
  const amount = (units: bigint) => formatUnits(units, token.decimals);
  const totalOf = (row: ResultRow) =>
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
    nameOf(row),
    row.votes,
    row.credits,
    amount(row.contributed),
    formatUnits(row.matched, poolToken.decimals),
    amount(row.shared),
    totalOf(row),
    row.claimed,
  ]);
  return csvOf(head, lines);
}

export function exportCsv(facts: RoundFacts, { rows }: Results, nameOf: NameOf): void {
  download(`tacit-${facts.address}.csv`, "text/csv", resultsCsv(facts, rows, nameOf));
}

/** Amounts in the tokens' smallest units: matches, budget and fee in the pool's, the rest in the contributions'. */
export function exportJson(
  { chainId, address, settings, token, poolToken }: RoundFacts,
  { rows, budget, available, fee }: Results,
  nameOf: NameOf,
): void {
  const projects = rows.map((row) => ({ ...row, name: nameOf(row) }));
  download(
    `tacit-${address}.json`,
    "application/json",
    jsonOf({
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
