import { BaseError } from "../../errors.ts";
import { draftBallot, type Draft, type Wish } from "../../donor/draft.ts";
import { BudgetExceededError, requireRange, VotesRangeError } from "../../matching/errors.ts";
import { integerSqrt } from "../../matching/sqrt.ts";
import { CREDITS_BITS } from "../../params.ts";
import { MAX_VOTES } from "../../params.ts";
import { parseAmount, showAmount } from "./amounts.ts";
import { CsvError, findColumn, parseCsv, type CsvLine } from "../../donor/csv.ts";
import { readText } from "./text_file.ts";
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
    ...(input.ballot === undefined ? [] : fileChoices(await readText(input.ballot), input.ballot)),
  ];
  if (choices.length === 0 && input.withdraw !== true) throw new EmptyBallotError();
  const count = await projectCount(session);
  const seen = new Set<number>();
  const wishes = choices.map(({ project: name, value, what }): Wish => {
    const project = requireProject(name, count);
    if (seen.has(project)) throw new DuplicateProjectError(project);
    seen.add(project);
    if (what === "amount") return { project, amount: parseAmount(value, session.token.decimals) };
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
  if (draft.needed > draft.credits && !overBudget)
    throw new BudgetExceededError(draft.needed, draft.credits);
  const fitting = draft.needed > draft.credits ? draftBallot(wishes, { unit }) : draft;
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
function fileChoices(text: string, file: string): Choice[] {
  const [header, ...lines] = parseCsv(text, file);
  if (header === undefined) throw new CsvError(file, 1, "the file is empty");
  const project = findColumn(header, file, ["project", "project_index"]);
  const value = findColumn(header, file, ["votes", "amount"]);
  const what = header.fields[value]?.toLowerCase() as Choice["what"];
  return lines.map(({ line, fields }: CsvLine) => {
    if (fields.length !== header.fields.length)
      throw new CsvError(
        file,
        line,
        `${fields.length} fields where the header has ${header.fields.length}`,
      );
    return { project: fields[project] as string, value: fields[value] as string, what };
  });
}
