import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "csv-parse/sync";
import type { Donation } from "../../src/matching/direct.ts";

/**
 * A real round (Giveth, Ethereum security, 2026): 8,341 donations of 1,927 donors to 134 projects; amounts in tenths of a dollar, the
 * smallest a dollar. Expected values are those of Giveth's own calculator.
 */
const data = join(
  process.env["TACIT_DATA"] ?? resolve(import.meta.dirname, "../../../shared/data"),
  "giveth-ethsec",
);
const missing = !existsSync(join(data, "qf-eligible-aggregated.csv"));

/** Why tests of it are skipped, if they are. */
export const reason = missing
  ? `the real round is not in ${data}; set TACIT_DATA to the folder that holds giveth-ethsec/`
  : undefined;

/** 638.5824887 ETH in wei. */
export const POOL = 638_582_488_700_000_000_000n;

const read = (name: string, absent: string) =>
  missing ? absent : readFileSync(join(data, name), "utf8");
const rows = (name: string): string[][] => parse(read(name, ""), { from_line: 2 });

export const names: readonly string[] = rows("projects.csv").map(([, name]) => name as string);
export const donations: readonly Donation[] = rows("qf-eligible-aggregated.csv").map(
  ([donor, project, tenths]) => ({
    donor: donor as string,
    project: Number(project),
    amount: BigInt(tenths as string),
  }),
);

/** What Giveth's calculator gives each project with a setting, in ETH. */
export function expectedMatches(setting: string): readonly number[] {
  const all = JSON.parse(read("giveth-bundle-expected.json", "{}")) as Readonly<
    Record<string, { projects: Readonly<Record<string, { matchingEth: number }>> }>
  >;
  return names.map((name) => all[setting]?.projects[name]?.matchingEth ?? Number.NaN);
}
