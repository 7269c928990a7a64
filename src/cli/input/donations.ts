import { BaseError } from "../../errors.ts";
import type { Donation } from "../../matching/direct.ts";
import { MAX_PROJECTS } from "../../params.ts";
import { readAddress } from "../../readers/address.ts";
import type { DecimalMark } from "../../readers/amount.ts";
import { readAmountColumn } from "../../readers/amount_column.ts";
import { CsvError } from "../../readers/csv_error.ts";
import {
  findColumn,
  findOptionalColumn,
  type ColumnRole,
  type Table,
  type TableLine,
} from "../../readers/table.ts";
import { nearTwins, plainName, visibleText } from "../../readers/text.ts";
import { plainAmount } from "./amounts.ts";
import { count } from "../output/output.ts";

/** The words that files have for their columns, those of other platforms' exports among them. */
export const DONOR: ColumnRole = {
  role: "donor",
  names: [
    "donor",
    "donor_id",
    "voter",
    "contributor",
    "from",
    "from_address",
    "donor_address",
    "user_id",
    "user",
    "account",
    "wallet",
    "address",
  ],
};
const INDEX = "project_index";
export const PROJECT: ColumnRole = {
  role: "project",
  names: [
    "project",
    INDEX,
    "project_name",
    "project_title",
    "grant",
    "grant_name",
    "project_id",
    "grant_id",
    "application_id",
    "recipient",
    "grant_address",
  ],
};
const PROJECT_ID: ColumnRole = { role: "project", names: ["project_id", "grant_id"] };
const AMOUNT: ColumnRole = {
  role: "amount",
  ask: true,
  names: [
    "amount",
    "amount_usd",
    "amount_in_usd",
    "amount_eur",
    "usd",
    "value",
    "amount_cents",
    "amount_usd_cents",
    "amount_usd_tenths",
  ],
};
const CURRENCY: ColumnRole = { role: "currency", names: ["token", "currency", "token_symbol"] };
const ROUND: ColumnRole = { role: "round", names: ["round_id", "round"] };
const ID: ColumnRole = { role: "id", names: ["id", "donation_id"] };

/** From so many digits on a whole number is a token's smallest units rather than tokens. */
const SMALLEST_UNITS_FROM = 16;

export class UnknownProjectNameError extends BaseError {
  constructor(file: string, line: number, name: string) {
    super(
      `Line ${line} of ${file}: project "${visibleText(name)}" is not in the list of projects.`,
      {
        fix: "Use a name or index from the projects file, or leave out --projects to take the names as they come.",
      },
    );
  }
}

export class NoDonationsError extends BaseError {
  constructor(file: string) {
    super(`${file} has no donations.`, {
      fix: "Give a CSV file with the header donor,project,amount and at least one line with an amount above 0.",
    });
  }
}

export type DonationList = {
  readonly projects: readonly string[];
  /** By donor and project. */
  readonly donations: readonly Donation[];
  /** What became of the file's lines, for whoever gave it. */
  readonly told: readonly string[];
};

export type DonationOptions = {
  /** Of the token that amounts are read in. */
  readonly decimals: number;
  readonly projects?: readonly string[] | undefined;
  readonly map?: Readonly<Record<string, string>> | undefined;
  readonly decimalMark?: DecimalMark | undefined;
  /** How many decimals the file's whole numbers stand for: 18 for wei, 2 for cents. */
  readonly amountDecimals?: number | undefined;
};

/**
 * Donations in token units, several of one donor to one project added up; `projects` is the given list, or the names in the order in which
 * they come. Addresses are the same account in any case of their letters, names in any Unicode form. Amounts of 0 are left out.
 * @throws CsvError with the line, UnknownProjectNameError, NoDonationsError
 */
export function parseDonations(table: Table, options: DonationOptions): DonationList {
  const { file, header, lines } = table;
  const { map = {}, decimals } = options;
  const [donorAt, projectAt, amountAt] = [DONOR, PROJECT, AMOUNT].map((role) =>
    findColumn(table, role, map),
  ) as [number, number, number];
  if (lines.length === 0) throw new NoDonationsError(file);
  requireOneCurrency(table, amountAt);
  requireDistinctIds(table, options);
  const cells = lines.map(({ line, fields }) => ({ line, name: cell(fields, projectAt) }));
  for (const { line, name } of cells)
    if (name === "") throw new CsvError(file, line, "the project is missing");
  const names =
    options.projects?.map(plainName) ?? namesIn(header.fields[projectAt] as string, cells);
  if (options.projects === undefined) requireOneProjectAName(table, projectAt);
  requireProjectCount(file, names.length);
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const amounts = readAmounts(table, amountAt, options);
  const sums = new Map<string, Donation>();
  let [zero, joined] = [0, 0];
  for (const [i, line] of lines.entries()) {
    const donor = readDonor(file, line, donorAt);
    const { name } = cells[i] as { name: string };
    const project =
      indexOf.get(name) ??
      (/^\d+$/.test(name) && Number(name) < names.length ? Number(name) : undefined);
    if (project === undefined) throw new UnknownProjectNameError(file, line.line, name);
    const amount = amounts[i] as bigint;
    const key = JSON.stringify([donor, project]);
    const earlier = sums.get(key);
    if (amount === 0n) zero += 1;
    else {
      if (earlier !== undefined) joined += 1;
      sums.set(key, { donor, project, amount: (earlier?.amount ?? 0n) + amount });
    }
  }
  const donations = [...sums.values()];
  if (donations.length === 0) throw new NoDonationsError(file);
  const total = donations.reduce((sum, { amount }) => sum + amount, 0n);
  const left = [
    [zero, "of amount 0 left out"],
    [table.blank, "empty"],
    [table.comments, table.comments === 1 ? "comment" : "comments"],
  ] as const;
  return {
    projects: names,
    donations,
    told: [
      `Read ${file}: donor from "${header.fields[donorAt]}", project from "${header.fields[projectAt]}", amount from "${header.fields[amountAt]}".`,
      `${linesOf(lines.length)}${joined > 0 ? `, ${count(joined)} joined with an earlier one of the same donor to the same project` : ""}${left
        .filter(([number]) => number > 0)
        .map(([number, what]) => `, ${count(number)} ${what}`)
        .join("")}. The amounts come to ${plainAmount(total, { decimals })}.`,
      ...roundsIn(table),
      ...twinsIn("project", names),
      ...twinsIn("donor", new Set(donations.map(({ donor }) => donor))),
    ],
  };
}

const linesOf = (number: number) => `${count(number)} ${number === 1 ? "line" : "lines"} read`;
export const cell = (fields: readonly string[], at: number): string =>
  plainName(fields[at] as string);

/** Project names from a table: the column project_name or name; with project_index, in its order. @throws CsvError */
export function parseProjects(table: Table, map: Readonly<Record<string, string>> = {}): string[] {
  const { file, lines } = table;
  const nameAt = findColumn(
    table,
    { role: "name", names: ["project_name", "name", "project", "title", "project_title"] },
    map,
  );
  const indexAt = findOptionalColumn(table, { role: "index", names: [INDEX, "index"] });
  const seen = new Map<string, number>();
  requireProjectCount(file, lines.length);
  return lines.map(({ line, fields }, i) => {
    if (indexAt !== undefined && fields[indexAt] !== String(i))
      throw new CsvError(file, line, `the index is ${fields[indexAt]} where ${i} comes next`);
    return requireNewName(file, line, cell(fields, nameAt), seen);
  });
}

/** A name that is there and was not before. @throws CsvError with both lines */
export function requireNewName(
  file: string,
  line: number,
  name: string,
  seen: Map<string, number>,
): string {
  if (name === "") throw new CsvError(file, line, "the name is missing");
  const earlier = seen.get(name);
  if (earlier !== undefined)
    throw new CsvError(
      file,
      line,
      `"${visibleText(name)}" is in line ${earlier} already`,
      "Give each project a name of its own: money for one would go to the other.",
    );
  seen.set(name, line);
  return name;
}

/** What a reader may take for the same. */
export function twinsIn(what: string, names: Iterable<string>): string[] {
  return nearTwins(
    [...names].filter((name) => !/^0x[0-9a-fA-F]{40}$/.test(name) && !/^\d+$/.test(name)),
  ).map(
    (twins) =>
      `Look again: ${twins.map((name) => `"${visibleText(name)}"`).join(" and ")} are different ${what}s here.`,
  );
}

/** @throws CsvError */
export function requireProjectCount(file: string, projects: number): void {
  if (projects > MAX_PROJECTS)
    throw new CsvError(
      file,
      1,
      `${count(projects)} projects are more than a round can have`,
      `Give at most ${count(MAX_PROJECTS)}.`,
    );
}

export function readDonor(file: string, { line, fields }: TableLine, at: number): string {
  const name = cell(fields, at);
  if (name === "") throw new CsvError(file, line, "the donor is missing");
  const reading = readAddress(name);
  if ("address" in reading) return reading.address;
  if (reading.problem === "checksum")
    throw new CsvError(
      file,
      line,
      `the checksum of ${name} is wrong, so a letter or digit of it is`,
      "Copy the address anew, or write all of it in small letters if that is how it was given.",
    );
  return name;
}

/** Names as they come; indices, of a column that says so, up to the largest. */
export function namesIn(
  header: string,
  cells: readonly { readonly name: string }[],
): readonly string[] {
  const names = [...new Set(cells.map(({ name }) => name))];
  const isIndex =
    /^project[\s_-]?index$/i.test(header) && names.every((name) => /^\d{1,6}$/.test(name));
  return isIndex
    ? Array.from({ length: Math.max(...names.map(Number)) + 1 }, (_, i) => String(i))
    : names;
}

function readAmounts(
  { file, header, lines, delimiter }: Table,
  at: number,
  { decimals, decimalMark, amountDecimals }: DonationOptions,
): bigint[] {
  const cells = lines.map(({ line, fields }) => ({ line, text: fields[at] as string }));
  const huge = cells.find(({ text }) =>
    new RegExp(`^[1-9]\\d{${SMALLEST_UNITS_FROM - 1},}$`).test(text),
  );
  if (huge !== undefined && amountDecimals === undefined)
    throw new CsvError(
      file,
      huge.line,
      `"${huge.text}" may be in a token's smallest units`,
      "Say how many decimals these whole numbers stand for: --amount-decimals 18 for wei, 0 if they are whole tokens.",
    );
  const named = /tenths$/i.test(header.fields[at] as string)
    ? 1
    : /cents$/i.test(header.fields[at] as string)
      ? 2
      : 0;
  const shift = amountDecimals ?? named;
  if (shift <= decimals)
    return readAmountColumn(cells, file, {
      decimals: decimals - shift,
      mark: decimalMark,
      delimiter,
    });
  throw new CsvError(
    file,
    header.line,
    `amounts with ${shift} decimals cannot be told in ${decimals}`,
  );
}

/** Amounts of several tokens have no sum, unless the column is in one currency. */
function requireOneCurrency(table: Table, amountAt: number): void {
  const { file, header, lines } = table;
  const at = findOptionalColumn(table, CURRENCY);
  if (at === undefined || /usd|eur|gbp|chf|jpy/i.test(header.fields[amountAt] as string)) return;
  const [first, ...others] = lines;
  const same = (text = "") => readAddressOr(text).toLowerCase();
  const other = others.find(({ fields }) => same(fields[at]) !== same(first?.fields[at]));
  if (other !== undefined)
    throw new CsvError(
      file,
      other.line,
      `its amount is in "${visibleText(other.fields[at] as string)}", and that of line ${first?.line} in "${visibleText(first?.fields[at] as string)}"`,
      `Give a column in one currency with --map amount=<column>, or a file of one token. The columns: ${header.fields.join(", ")}.`,
    );
}

function readAddressOr(text: string): string {
  const reading = readAddress(text);
  return "address" in reading ? reading.address : plainName(text);
}

/** One donation twice in an export is twice the money. */
function requireDistinctIds(table: Table, { map = {} }: DonationOptions): void {
  const at = findOptionalColumn(table, ID);
  if (at === undefined || Object.values(map).includes(table.header.fields[at] as string)) return;
  const seen = new Map<string, number>();
  for (const { line, fields } of table.lines) {
    const id = fields[at] as string;
    const earlier = id === "" ? undefined : seen.get(id);
    if (earlier !== undefined)
      throw new CsvError(
        table.file,
        line,
        `its id ${visibleText(id)} is that of line ${earlier}`,
        "Leave one of the two lines out, or rename the column if it does not number the donations.",
      );
    seen.set(id, line);
  }
}

/** Two projects of one name, told apart by a number beside it, would be paid as one. */
export function requireOneProjectAName(table: Table, projectAt: number): void {
  const at = findOptionalColumn(table, PROJECT_ID);
  if (at === undefined || at === projectAt) return;
  const seen = new Map<string, TableLine>();
  for (const line of table.lines) {
    const name = cell(line.fields, projectAt);
    const earlier = seen.get(name) ?? line;
    seen.set(name, earlier);
    if (earlier.fields[at] !== line.fields[at])
      throw new CsvError(
        table.file,
        line.line,
        `project "${visibleText(name)}" has the number ${visibleText(line.fields[at] as string)} here and ${visibleText(earlier.fields[at] as string)} in line ${earlier.line}`,
        `Tell the two apart with --map project=${table.header.fields[at]}.`,
      );
  }
}

function roundsIn(table: Table): string[] {
  const at = findOptionalColumn(table, ROUND);
  const rounds = at === undefined ? 0 : new Set(table.lines.map(({ fields }) => fields[at])).size;
  return rounds > 1
    ? [
        `Look again: the column "${table.header.fields[at as number]}" names ${count(rounds)} rounds, which are added together here.`,
      ]
    : [];
}
