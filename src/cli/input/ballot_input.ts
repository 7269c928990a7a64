import { BaseError } from "../../errors.ts";
import { draftBallot, type Draft, type Wish } from "../../donor/draft.ts";
import { BudgetExceededError, requireRange, VotesRangeError } from "../../matching/errors.ts";
import { integerSqrt } from "../../matching/sqrt.ts";
import { CREDITS_BITS } from "../../params.ts";
import { MAX_VOTES } from "../../params.ts";
import { parseAmount, showAmount } from "./amounts.ts";
import { CsvError } from "../../readers/csv_error.ts";
import { findColumn, findOptionalColumn, type Table } from "../../readers/table.ts";
import { readAmountColumn } from "../../readers/amount_column.ts";
import { readTable } from "./table_file.ts";
import { projectCount, requireProject, type RoundSession } from "../session.ts";

export class BallotChoiceError extends BaseError {
  constructor(text: string) {
    super(`"${text}" does not say what to give to which project.`, {
      fix: "Write project=votes with --vote, or project=amount with --amount, for example --vote 3=25.",
    });
  }
}

export class DuplicateProjectError extends BaseError {
  constructor(project: number) {
    super(`Project ${project} is named twice.`, {
      fix: "Name each project once: votes for it cannot be split.",
    });
  }
}

export class EmptyBallotError extends BaseError {
  constructor() {
    super("The ballot is empty.", {
      fix: "Give --vote, --amount or --ballot; to take back all votes on purpose, give --withdraw.",
    });
  }
}

export class SignsNotAllowedError extends BaseError {
  constructor(project: number) {
    super(`The votes for project ${project} are negative, which this round does not allow.`, {
      fix: "Give 0 or more votes.",
    });
  }
}

export class AmountTooSmallError extends BaseError {
  constructor(project: number, unit: string) {
    super(`The amount for project ${project} does not come to one vote.`, {
      fix: `Give at least ${unit}, the round's unit, or leave the project out.`,
    });
  }
}

/** A ballot as the user gave it: flags, and perhaps a file. */
export type BallotInput = {
  readonly vote?: readonly string[];
  readonly amount?: readonly string[];
  readonly ballot?: string;
  readonly withdraw?: boolean;
};

type Choice = {
  readonly project: string;
  readonly value: string;
  readonly what: "votes" | "amount";
  /** Token units, where they are read already. */
  readonly amount?: bigint | undefined;
};

/**
 * The ballot in votes. Amounts become the integer votes that come closest within `credits`; where those are not known, within what all
 * amounts and votes come to together.
 * @throws UnknownProjectError, DuplicateProjectError, BudgetExceededError, CsvError and the like: nothing has been sent then
 */
export async function readBallot(
  session: RoundSession,
  input: BallotInput,
  {
    credits,
    overBudget = false,
  }: { readonly credits?: bigint | undefined; readonly overBudget?: boolean | undefined },
): Promise<Draft> {
  const choices = [
    ...flagChoices(input),
    ...(input.ballot === undefined
      ? []
      : fileChoices(await readTable(input.ballot), session.token.decimals)),
  ];
  if (choices.length === 0 && input.withdraw !== true) throw new EmptyBallotError();
  const count = await projectCount(session);
  const seen = new Set<number>();
  const wishes = choices.map(({ project: name, value, what, amount }): Wish => {
    const project = requireProject(name, count);
    if (seen.has(project)) throw new DuplicateProjectError(project);
    seen.add(project);
    if (what === "amount")
      return { project, amount: amount ?? parseAmount(value, session.token.decimals) };
    if (!/^-?\d+$/.test(value)) throw new BallotChoiceError(`${name}=${value}`);
    if (value.startsWith("-") && !session.config.allowSigns)
      throw new SignsNotAllowedError(project);
    return { project, votes: BigInt(value) };
  });
  const { unit } = session.config;
  const draft = draftBallot(wishes, { unit, credits });
  const large = draft.lines.findIndex(({ problem }) => problem === "tooLarge");
  if (large >= 0)
    throw new VotesRangeError(
      wishes[large]?.votes ?? integerSqrt((wishes[large]?.amount ?? 0n) / unit),
      MAX_VOTES,
    );
  requireRange("What the ballot costs", draft.needed, 0n, CREDITS_BITS);
  const exceeds = credits !== undefined && draft.needed > credits;
  if (exceeds && !overBudget) throw new BudgetExceededError(draft.needed, credits);
  const fitting = exceeds ? draftBallot(wishes, { unit }) : draft;
  const small = fitting.lines.find(({ problem }) => problem === "tooSmall");
  if (small !== undefined)
    throw new AmountTooSmallError(small.project, showAmount(unit, session.token));
  return fitting;
}

function flagChoices({ vote = [], amount = [] }: BallotInput): Choice[] {
  const split = (what: Choice["what"]) => (text: string) => {
    const match = /^\s*(\d+)\s*=\s*(\S+)\s*$/.exec(text);
    if (match === null) throw new BallotChoiceError(text);
    return { project: match[1] as string, value: match[2] as string, what };
  };
  return [...vote.map(split("votes")), ...amount.map(split("amount"))];
}

/** A CSV file with the columns `project` and either `votes` or `amount`. @throws CsvError */
function fileChoices(table: Table, decimals: number): Choice[] {
  const { file, header, lines } = table;
  const projectAt = findColumn(table, { role: "project", names: ["project", "project_index"] });
  const [votesAt, amountAt] = ["votes", "amount"].map((role) =>
    findOptionalColumn(table, { role, names: [role] }),
  );
  const at = votesAt ?? amountAt;
  if (at === undefined || (votesAt !== undefined && amountAt !== undefined))
    throw new CsvError(
      file,
      header.line,
      `the header has ${at === undefined ? "neither" : "both"} "votes" ${at === undefined ? "nor" : "and"} "amount"`,
      "Give one of the two columns; nothing was sent.",
    );
  const seen = new Map<string, number>();
  for (const { line, fields } of lines) {
    const project = fields[projectAt] as string;
    const earlier = seen.get(project);
    if (earlier !== undefined)
      throw new CsvError(file, line, `project ${project} is in line ${earlier} already`);
    seen.set(project, line);
  }
  const amounts =
    votesAt === undefined
      ? readAmountColumn(
          lines.map(({ line, fields }) => ({ line, text: fields[at] as string })),
          file,
          { decimals, delimiter: table.delimiter },
        )
      : undefined;
  return lines.map(({ fields }, i) => ({
    project: fields[projectAt] as string,
    value: fields[at] as string,
    what: votesAt === undefined ? "amount" : "votes",
    amount: amounts?.[i],
  }));
}
