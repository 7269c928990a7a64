import { BaseError } from "../../errors.ts";
import type { Donation } from "../../matching/direct.ts";
import { parseAmount } from "./amounts.ts";
import { CsvError, findColumn, parseCsv, type CsvLine } from "../../donor/csv.ts";

/** Column names that are understood, and the decimals that an amount column is short of whole tokens. */
const DONOR = ["donor", "donor_id", "voter", "from"];
const PROJECT = ["project", "project_index", "project_name", "recipient"];
const AMOUNTS: Readonly<Record<string, number>> = {
  amount: 0,
  amount_usd: 0,
  amount_cents: 2,
  amount_usd_cents: 2,
  amount_usd_tenths: 1,
};

export class UnknownProjectNameError extends BaseError {
  constructor(file: string, line: number, name: string) {
    super(`Line ${line} of ${file}: project "${name}" is not in the list of projects.`, {
      fix: "Use a name or index from the projects file, or leave out --projects to take the names as they come.",
    });
  }
}

export class NoDonationsError extends BaseError {
  constructor(file: string) {
    super(`${file} has no donations.`, {
      fix: "Give a CSV file with the header donor,project,amount and at least one line.",
    });
  }
}

export type DonationList = {
  readonly projects: readonly string[];
  readonly donations: readonly Donation[];
};

/**
 * Donations in token units, several of one donor to one project added up; `projects` is the given list, or the names in the
 * order in which they come. Amounts of 0 are left out.
 * @throws CsvError with the line, UnknownProjectNameError, NoDonationsError
 */
export function parseDonations(
  text: string,
  file: string,
  decimals: number,
  projects?: readonly string[],
): DonationList {
  const [header, ...lines] = parseCsv(text, file);
  if (header === undefined) throw new NoDonationsError(file);
  const [donorAt, projectAt, amountAt] = [DONOR, PROJECT, Object.keys(AMOUNTS)].map((names) =>
    findColumn(header, file, names),
  ) as [number, number, number];
  const shift = AMOUNTS[(header.fields[amountAt] as string).toLowerCase()] as number;
  const names =
    projects === undefined
      ? projectNames(lines.map(({ fields }) => fields[projectAt] ?? ""))
      : [...projects];
  const indexByName = new Map(names.map((name, i) => [name, i]));
  const sums = new Map<string, Donation>();
  for (const line of lines) {
    if (line.fields.length !== header.fields.length)
      throw new CsvError(
        file,
        line.line,
        `${line.fields.length} fields where the header has ${header.fields.length}`,
      );
    const [donor, name] = [line.fields[donorAt] as string, line.fields[projectAt] as string];
    if (donor === "") throw new CsvError(file, line.line, "the donor is missing");
    const project =
      indexByName.get(name) ??
      (/^\d+$/.test(name) && Number(name) < names.length ? Number(name) : undefined);
    if (project === undefined) throw new UnknownProjectNameError(file, line.line, name);
    const amount = readAmount(line, amountAt, decimals - shift, file);
    const key = JSON.stringify([donor, project]);
    if (amount > 0n)
      sums.set(key, { donor, project, amount: (sums.get(key)?.amount ?? 0n) + amount });
  }
  if (sums.size === 0) throw new NoDonationsError(file);
  return { projects: names, donations: [...sums.values()] };
}

/** Project names from a CSV file: the column project_name or name; with project_index, in its order. @throws CsvError */
export function parseProjects(text: string, file: string): string[] {
  const [header, ...lines] = parseCsv(text, file);
  if (header === undefined) throw new CsvError(file, 1, "the file is empty");
  const nameAt = findColumn(header, file, ["project_name", "name", "project"]);
  const indexAt = header.fields.findIndex((field) =>
    ["project_index", "index"].includes(field.toLowerCase()),
  );
  return lines.map(({ line, fields }, i) => {
    if (indexAt >= 0 && fields[indexAt] !== String(i))
      throw new CsvError(file, line, `the index is ${fields[indexAt]} where ${i} comes next`);
    return fields[nameAt] || `Project ${i}`;
  });
}

/** Names as they come; where all are indices, every index up to the largest. */
function projectNames(cells: readonly string[]): string[] {
  const names = [...new Set(cells)];
  if (!names.every((name) => /^\d{1,5}$/.test(name))) return names;
  return Array.from({ length: Math.max(-1, ...names.map(Number)) + 1 }, (_, i) => String(i));
}

function readAmount({ line, fields }: CsvLine, at: number, decimals: number, file: string): bigint {
  try {
    return parseAmount(fields[at] as string, decimals);
  } catch {
    throw new CsvError(
      file,
      line,
      `"${fields[at]}" is not an amount (a decimal number, at least 0)`,
    );
  }
}
