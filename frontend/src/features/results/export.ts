import { formatUnits } from "viem";
import type { RoundFacts } from "../../chain/reads.ts";
import { csvOf, download, jsonOf } from "../../download.ts";
import type { ResultRow, Results } from "./use_results.ts";

type NameOf = (row: ResultRow) => string;

/** One line a project; amounts in tokens, in full. */
export function exportCsv({ address, token }: RoundFacts, { rows }: Results, nameOf: NameOf): void {
  const amount = (units: bigint) => formatUnits(units, token.decimals);
  const head = ["project", "name", "votes", "credits", "contributed", "matched", "shared", "total", "claimed"];
  const lines = rows.map((row) => [
    row.project, nameOf(row), row.votes, row.credits, amount(row.contributed), amount(row.matched), amount(row.shared), amount(row.contributed + row.matched + row.shared), row.claimed,
  ]);
  download(`tacit-${address}.csv`, "text/csv", csvOf(head, lines));
}

/** Amounts in the token's smallest units. */
export function exportJson({ chainId, address, settings, token }: RoundFacts, { rows, budget, available, fee }: Results, nameOf: NameOf): void {
  const projects = rows.map((row) => ({ ...row, name: nameOf(row) }));
  download(`tacit-${address}.json`, "application/json", jsonOf({ chainId, round: address, token, unit: settings.unit, available, budget, fee, projects }));
}
