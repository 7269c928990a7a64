import { parse } from "csv-parse/browser/esm/sync";
import { BaseError } from "../errors.ts";

/** One line of a CSV file with its number in the file, from 1. */
export type CsvLine = { readonly line: number; readonly fields: readonly string[] };

export class CsvError extends BaseError {
  constructor(file: string, line: number, why: string) {
    super(`Line ${line} of ${file}: ${why}.`, {
      fix: "Correct the line and run the command again; nothing was sent.",
    });
  }
}

/** Splits CSV (RFC 4180, # comments and empty lines skipped) into lines. `file` is for messages. @throws CsvError */
export function parseCsv(text: string, file: string): CsvLine[] {
  try {
    const records = parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      comment: "#",
      comment_no_infix: true,
      relax_column_count: true,
      info: true,
    }) as unknown as { info: { lines: number }; record: string[] }[];
    return records.map(({ info, record }) => ({ line: info.lines, fields: record }));
  } catch (error) {
    throw new CsvError(
      file,
      (error as { lines?: number }).lines ?? 1,
      (error as Error).message.split("\n", 1)[0] ?? "malformed",
    );
  }
}

/** Where the columns with the given names are in a header line; names are compared without case, the first that is there counts. */
export function findColumn(header: CsvLine, file: string, names: readonly string[]): number {
  const index = header.fields.findIndex((field) => names.includes(field.toLowerCase()));
  if (index < 0)
    throw new CsvError(
      file,
      header.line,
      `no column is called ${names.map((name) => `"${name}"`).join(" or ")}`,
    );
  return index;
}
