import { parse } from "csv-parse/browser/esm/sync";
import { CsvError } from "./csv_error.ts";

/** One line of a table with its number in the file, from 1. */
export type TableLine = { readonly line: number; readonly fields: readonly string[] };

/** A file of lines and columns: CSV, TSV, what spreadsheets and other platforms write. */
export type Table = {
  readonly file: string;
  readonly header: TableLine;
  readonly lines: readonly TableLine[];
  readonly delimiter: Delimiter;
  /** Lines without anything in them. */
  readonly blank: number;
  /** Lines left out as comments, where those were asked for. */
  readonly comments: number;
};

export const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export type TableOptions = {
  /** What separates fields; recognised from the file if it is not given. */
  readonly delimiter?: Delimiter | undefined;
  /** Lines that begin with this are no data. Without it there are no comments: a "#" may begin a name. */
  readonly comments?: string | undefined;
  /** Columns by the word that the file has for them: role to header. */
  readonly map?: Readonly<Record<string, string>> | undefined;
};

const LINE_END = /\r\n|\n|\r/;
const NAMES: Readonly<Record<Delimiter, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
};

/**
 * Splits a text into a header and lines (RFC 4180, and what else is common: semicolons, tabs or bars, mixed line ends, a first line "sep=;",
 * lines of nothing but delimiters, empty fields behind the last column). Nothing else is left out, and what was is counted.
 * @throws CsvError
 */
export function parseTable(text: string, file: string, options: TableOptions = {}): Table {
  const { body, named, skipped } = withoutPreamble(text);
  const delimiter = options.delimiter ?? named ?? recognise(body, file, options);
  const all = split(body, file, delimiter, options).map(({ line, fields }) => ({
    line: line + skipped,
    fields,
  }));
  const filled = all.filter(({ fields }) => fields.some((field) => field !== ""));
  const [header, ...lines] = filled;
  if (header === undefined)
    throw new CsvError(file, 1, "the file is empty", undefined, { code: "empty" });
  const columns = withoutTail(header.fields);
  return {
    file,
    header: { line: header.line, fields: columns },
    lines: lines.map(({ line, fields }) => ({
      line,
      fields: requireFields(file, line, fields, columns),
    })),
    delimiter,
    blank: all.length - filled.length,
    comments: commentsIn(body, options.comments),
  };
}

/** A mark of the byte order, and the line by which spreadsheets name their delimiter. */
function withoutPreamble(text: string): {
  readonly body: string;
  readonly named: Delimiter | undefined;
  readonly skipped: number;
} {
  const body = text.replace(/^\ufeff/, "");
  const match = /^"?sep=([,;|\t])"?(\r\n|\n|\r)/i.exec(body);
  return match === null
    ? { body, named: undefined, skipped: 0 }
    : { body: body.slice(match[0].length), named: match[1] as Delimiter, skipped: 1 };
}

const commentsIn = (text: string, mark: string | undefined): number =>
  mark === undefined ? 0 : text.split(LINE_END).filter((line) => line.startsWith(mark)).length;

/** What the parser tells of a text that it cannot split. */
type CsvSyntaxError = { readonly lines: number; readonly code: string };

function split(text: string, file: string, delimiter: Delimiter, { comments }: TableOptions) {
  try {
    const records = parse(text, {
      delimiter,
      trim: delimiter !== "\t",
      // A spreadsheet's clipboard has quotes within a cell as they are; no cell holds a tab.
      relax_quotes: delimiter === "\t",
      record_delimiter: ["\r\n", "\n", "\r"],
      skip_empty_lines: false,
      relax_column_count: true,
      info: true,
      ...(comments === undefined ? {} : { comment: comments, comment_no_infix: true }),
    }) as unknown as { info: { lines: number }; record: string[] }[];
    return records.map(({ info, record }) => ({
      line: info.lines,
      fields: record.map((field) => field.trim()),
    }));
  } catch (error) {
    const { lines, message, code = "" } = error as Partial<CsvSyntaxError> & Error;
    const why = (message.split("\n", 1)[0] ?? "malformed").replace(/\.$/, "");
    if (!code.includes("QUOTE")) throw new CsvError(file, lines ?? 1, why);
    throw new CsvError(
      file,
      lines ?? 1,
      why,
      "Put the whole field in double quotes, and write each double quote within it twice; nothing was sent.",
      { code: "quotes" },
    );
  }
}

/** The delimiter that splits the header; several that do are a question, not a guess. */
function recognise(text: string, file: string, options: TableOptions): Delimiter {
  const first = firstLine(text, options.comments);
  const found = DELIMITERS.filter((delimiter) => unquoted(first).includes(delimiter));
  const [only] = found;
  if (only === undefined) return ",";
  if (found.length === 1) return only;
  // More than one stands in the header: the one that gives every line as many fields as the header.
  const even = found.filter((delimiter) => {
    try {
      parseTable(text, file, { ...options, delimiter });
      return true;
    } catch {
      return false;
    }
  });
  if (even.length === 1) return even[0] as Delimiter;
  throw new CsvError(
    file,
    1,
    `its fields may be separated by ${found.map((one) => NAMES[one]).join(" or ")}`,
    "Say which with --delimiter, or put fields that contain one of these in double quotes.",
    { code: "delimiter" },
  );
}

const unquoted = (line: string): string => line.replace(/"[^"]*"/g, "");
function firstLine(text: string, comments: string | undefined): string {
  const lines = text.split(LINE_END);
  const isData = (line: string) =>
    line.trim() !== "" && (comments === undefined || !line.startsWith(comments));
  return lines.find(isData) ?? "";
}

function withoutTail(fields: readonly string[]): readonly string[] {
  return fields.slice(0, fields.findLastIndex((field) => field !== "") + 1);
}

function requireFields(
  file: string,
  line: number,
  fields: readonly string[],
  columns: readonly string[],
): readonly string[] {
  const kept = fields.length > columns.length ? withoutTail(fields) : fields;
  if (kept.length > columns.length || fields.length < columns.length)
    throw new CsvError(
      file,
      line,
      `${kept.length} fields where the header has ${columns.length}`,
      fields[0]?.startsWith("#") === true
        ? 'If lines that begin with "#" are comments, say so with --comments "#"; else give the line all its fields.'
        : "Give the line as many fields as the header, with quotes around those that contain the delimiter; nothing was sent.",
      { code: "fields", text: kept.length, other: columns.length },
    );
  return Array.from(columns, (_, i) => kept[i] ?? "");
}

/** What a column is for: its name on the command line, and the words that files have for it. */
export type ColumnRole = {
  readonly role: string;
  readonly names: readonly string[];
  /** Two candidates are a question to the user instead of the first that is known. For columns of money. */
  readonly ask?: boolean;
};

/** "amountUSD", "amount_usd" and "Amount USD" are one word. */
const bare = (name: string): string => name.toLowerCase().replace(/[\s_.-]/g, "");

/**
 * Where a role's column is: as `map` says, else the first known name that is there.
 * @throws CsvError if it is missing or twice there, or if there are several candidates for a role that asks
 */
export function findColumn(
  { header, file }: Pick<Table, "header" | "file">,
  { role, names, ask = false }: ColumnRole,
  map: Readonly<Record<string, string>> = {},
): number {
  const mapped = map[role];
  const wanted = mapped === undefined ? names : [mapped];
  const found = wanted.flatMap((name) =>
    header.fields.flatMap((field, at) => (bare(field) === bare(name) ? [{ field, at }] : [])),
  );
  const [first] = found;
  const headers = header.fields.map((field) => `"${field}"`).join(", ");
  if (first === undefined)
    throw new CsvError(
      file,
      header.line,
      `no column is called ${wanted.map((name) => `"${name}"`).join(" or ")}`,
      `Say which one it is with --map ${role}=<column>; the file has ${headers}.`,
      { code: "column", text: headers, other: wanted.join(", ") },
    );
  const rivals = found.filter(
    ({ field, at }) => at !== first.at && (ask || bare(field) === bare(first.field)),
  );
  if (rivals.length > 0)
    throw new CsvError(
      file,
      header.line,
      `the columns ${[first, ...rivals].map(({ field }) => `"${field}"`).join(" and ")} may both be the ${role}`,
      bare(rivals[0]?.field ?? "") === bare(first.field)
        ? "Give each column a name of its own."
        : `Say which with --map ${role}=<column>.`,
      { code: "columns", text: [first, ...rivals].map(({ field }) => field).join(", ") },
    );
  return first.at;
}

/** The same for a column that may be absent; `map` still has to be right. */
export function findOptionalColumn(
  table: Pick<Table, "header" | "file">,
  role: ColumnRole,
  map: Readonly<Record<string, string>> = {},
): number | undefined {
  const isThere = table.header.fields.some((field) =>
    role.names.some((name) => bare(name) === bare(field)),
  );
  return isThere || map[role.role] !== undefined ? findColumn(table, role, map) : undefined;
}
