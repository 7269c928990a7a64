import {
  decimalMarkIn,
  explainAmount,
  readAmount,
  type AmountProblem,
  type DecimalMark,
  type NumberForm,
} from "./amount.ts";
import { CsvError } from "./csv_error.ts";
import type { Delimiter } from "./table.ts";

export type ColumnOptions = {
  readonly decimals: number;
  readonly mark?: DecimalMark | undefined;
  /** Of the file. Where commas separate fields, a single dot is the decimal mark: places with decimal commas separate by semicolons. */
  readonly delimiter?: Delimiter;
};

/** A cell with its line in the file. */
export type Cell = { readonly line: number; readonly text: string };

/**
 * A column of amounts in token units. What could be read in two ways, "1,234", is read as the rest of the column is written; where nothing
 * in it tells, or cells contradict each other, it is refused. An empty cell is refused too.
 * @throws CsvError with the line
 */
export function readAmountColumn(
  cells: readonly Cell[],
  file: string,
  { decimals, mark, delimiter }: ColumnOptions,
): bigint[] {
  const first = new Map<DecimalMark, number>();
  for (const { line, text } of cells) {
    const shown = decimalMarkIn(text);
    if (shown !== undefined && !first.has(shown)) first.set(shown, line);
  }
  const [dot, comma] = [first.get("."), first.get(",")];
  const decimal =
    mark ??
    (dot === undefined
      ? comma === undefined
        ? undefined
        : ","
      : comma === undefined
        ? "."
        : undefined);
  const forms: NumberForm[] = [
    ...(decimal === undefined ? [] : [{ decimal, group: decimal === "." ? "," : "." }]),
    ...(mark === undefined && decimal !== "." && delimiter === ","
      ? [{ decimal: ".", group: "" }]
      : []),
  ];
  return cells.map(({ line, text }) => {
    const reading = readAmount(text, { decimals, forms });
    if (!("problem" in reading)) return reading.units;
    throw refusal(file, { line, text }, reading, decimals, [dot, comma]);
  });
}

function refusal(
  file: string,
  { line, text }: Cell,
  problem: AmountProblem,
  decimals: number,
  [dot, comma]: readonly (number | undefined)[],
): CsvError {
  const { why, fix } = explainAmount(problem, decimals);
  if (problem.problem !== "ambiguous") return new CsvError(file, line, `"${text}" ${why}`, fix);
  const contradiction =
    dot === undefined || comma === undefined
      ? "nothing in its column tells"
      : `line ${dot} has a decimal dot and line ${comma} a decimal comma`;
  return new CsvError(
    file,
    line,
    `"${text}" ${why}, and ${contradiction}`,
    "Say which mark ends whole numbers in this file: --decimal-mark . or --decimal-mark ,",
  );
}
