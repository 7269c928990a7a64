import { InvalidArgumentError, Option, type Command } from "commander";
import type { DecimalMark } from "../../readers/amount.ts";
import { decodeText } from "../../readers/bytes.ts";
import { DELIMITERS, parseTable, type Delimiter, type Table } from "../../readers/table.ts";
import { readBytes } from "./text_file.ts";

/** How to read a file of lines and columns, where it does not tell by itself. */
export type TableValues = {
  readonly map?: Readonly<Record<string, string>>;
  readonly delimiter?: Delimiter;
  readonly comments?: string;
  readonly encoding?: string;
  readonly decimalMark?: DecimalMark;
};

const DELIMITER_NAMES: Readonly<Record<string, Delimiter>> = {
  comma: ",",
  semicolon: ";",
  tab: "\t",
  bar: "|",
  "\\t": "\t",
};

/** The options that every command with such a file has; `roles` are the columns that it wants. */
export function withTableOptions(command: Command, roles: readonly string[]): Command {
  const parseMap = (text: string, earlier: Readonly<Record<string, string>> = {}) => {
    const [role = "", ...column] = text.split("=");
    if (!roles.includes(role) || column.join("=").trim() === "")
      throw new InvalidArgumentError(`Write ${roles.join("=..., ")}=...`);
    return { ...earlier, [role]: column.join("=").trim() };
  };
  return command
    .option(
      "--map <role=column>",
      `which column of the file is the ${roles.join(", the ")}; may be repeated`,
      parseMap,
    )
    .addOption(
      new Option(
        "--delimiter <character>",
        "comma, semicolon, tab or bar (default: as in the file)",
      ).argParser(parseDelimiter),
    )
    .option(
      "--comments <mark>",
      "lines that begin with this are comments (default: there are none)",
    )
    .option(
      "--encoding <name>",
      "of a file that is neither UTF-8 nor UTF-16, such as windows-1252",
    );
}

export function withDecimalMark(command: Command): Command {
  return command.addOption(
    new Option(
      "--decimal-mark <mark>",
      "what ends whole numbers in the file (default: as its amounts tell)",
    ).choices([".", ","]),
  );
}

function parseDelimiter(text: string): Delimiter {
  const delimiter =
    DELIMITER_NAMES[text.toLowerCase()] ?? DELIMITERS.find((character) => character === text);
  if (delimiter === undefined) throw new InvalidArgumentError("Use comma, semicolon, tab or bar.");
  return delimiter;
}

/** @throws FileReadError, FileEncodingError, CsvError */
export async function readTable(file: string, values: TableValues = {}): Promise<Table> {
  return parseTable(decodeText(await readBytes(file), file, values.encoding), file, values);
}
