import { formatUnits } from "viem";
import type { RoundFacts } from "../../chain/reads.ts";
import type { ResultRow, Results } from "./use_results.ts";

type NameOf = (row: ResultRow) => string;

/** One line a project; amounts in tokens, in full. */
export function exportCsv({ address, token }: RoundFacts, { rows }: Results, nameOf: NameOf): void {
  const head = ["project", "name", "votes", "credits", "contributed", "matched", "total", "claimed"];
  const lines = rows.map((row) => [
    row.project, quoted(nameOf(row)), row.votes, row.credits, formatUnits(row.contributed, token.decimals), formatUnits(row.matched, token.decimals),
    formatUnits(row.contributed + row.matched, token.decimals), row.claimed,
  ]);
  save(`tacit-${address}.csv`, "text/csv", [head, ...lines].map((line) => line.join(",")).join("\n"));
}

/** Integers as strings; amounts in the token's smallest units. */
export function exportJson({ chainId, address, settings, token }: RoundFacts, { rows, budget, available, fee }: Results, nameOf: NameOf): void {
  const content = { chainId, round: address, token, unit: settings.unit, available, budget, fee, projects: rows.map((row) => ({ ...row, name: nameOf(row) })) };
  save(`tacit-${address}.json`, "application/json", JSON.stringify(content, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2));
}

/** A name may begin like a formula; a spreadsheet must not compute it. */
function quoted(text: string): string {
  return `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

function save(name: string, type: string, content: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
