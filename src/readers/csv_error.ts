import { BaseError } from "../errors.ts";
import { visibleText } from "./text.ts";

/** What is wrong with a line, for who has words of their own for it: `text` is what stands there, `other` what it should be, or the line before. */
export type LineProblem = {
  readonly code:
    | "empty"
    | "delimiter"
    | "quotes"
    | "fields"
    | "column"
    | "columns"
    | "address"
    | "checksum"
    | "name"
    | "credits"
    | "twice"
    | "other";
  readonly text?: string | number;
  readonly other?: string | number;
};

/** A file that cannot be read as a table, with the place and what to do. Nothing of the file is shown that hides or reorders. */
export class CsvError extends BaseError {
  readonly line: number;
  readonly problem: LineProblem;

  constructor(
    file: string,
    line: number,
    why: string,
    fix = "Correct the line and run the command again; nothing was sent.",
    problem: LineProblem = { code: "other" },
  ) {
    super(`Line ${line} of ${visibleText(file)}: ${visibleText(why)}.`, { fix: visibleText(fix) });
    this.line = line;
    this.problem = problem;
  }
}
