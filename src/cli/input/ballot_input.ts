import { BaseError } from "../../errors.ts";
import { allocate, votesForAmount } from "../../matching/allocate.ts";
import { BudgetExceededError } from "../../matching/errors.ts";
import { costOf, type Ballot } from "../../protocol/ballot.ts";
import { parseAmount } from "./amounts.ts";
import { CsvError, findColumn, parseCsv, readText, type CsvLine } from "./csv.ts";
import { projectCount, requireProject, type RoundSession } from "../session.ts";

export class BallotChoiceError extends BaseError {
  constructor(text: string) {
    super(`"${text}" does not say what to give to which project.`, { fix: "Write project=votes with --vote, or project=amount with --amount, for example --vote 3=25." });
  }
}

export class DuplicateProjectError extends BaseError {
  constructor(project: number) {
    super(`Project ${project} is named twice.`, { fix: "Name each project once: votes for it cannot be split." });
  }
}

export class EmptyBallotError extends BaseError {
  constructor() {
    super("The ballot is empty.", { fix: "Give --vote, --amount or --ballot; to take back all votes on purpose, give --withdraw." });
  }
}

export class SignsNotAllowedError extends BaseError {
  constructor(project: number) {
    super(`The votes for project ${project} are negative, which this round does not allow.`, { fix: "Give 0 or more votes." });
  }
}

/** A ballot as the user gave it: flags, and perhaps a file. */
export type BallotInput = { readonly vote?: readonly string[]; readonly amount?: readonly string[]; readonly ballot?: string; readonly withdraw?: boolean };

type Choice = { readonly project: string; readonly value: string; readonly what: "votes" | "amount" };

/**
 * The ballot in votes. Amounts become the integer votes that come closest within `credits` (unknown credits: rounded down).
 * @throws UnknownProjectError, DuplicateProjectError, BudgetExceededError, CsvError and the like: nothing has been sent then
 */
export async function readBallot(session: RoundSession, input: BallotInput, credits: bigint | undefined): Promise<Ballot> {
  const choices = [...flagChoices(input), ...(input.ballot === undefined ? [] : fileChoices(await readText(input.ballot), input.ballot))];
  if (choices.length === 0 && input.withdraw !== true) throw new EmptyBallotError();
  const count = await projectCount(session);
  const ballot = new Map<number, bigint>();
  const amounts: { project: number; amount: bigint }[] = [];
  const seen = new Set<number>();
  for (const { project: name, value, what } of choices) {
    const project = requireProject(name, count);
    if (seen.has(project)) throw new DuplicateProjectError(project);
    seen.add(project);
    if (what === "amount") amounts.push({ project, amount: parseAmount(value, session.token.decimals) });
    else if (!/^-?\d+$/.test(value)) throw new BallotChoiceError(`${name}=${value}`);
    else if (value.startsWith("-") && !session.config.allowSigns) throw new SignsNotAllowedError(project);
    else ballot.set(project, BigInt(value));
  }
  if (amounts.length === 0) return ballot;
  const { unit } = session.config;
  const left = credits === undefined ? undefined : credits - costOf(ballot);
  if (left !== undefined && left < 0n) throw new BudgetExceededError(costOf(ballot), credits as bigint);
  const wanted = amounts.map(({ amount }) => amount);
  const votes = left === undefined ? wanted.map((amount) => votesForAmount(amount, unit)) : allocate(wanted, unit, left).votes;
  amounts.forEach(({ project }, i) => ballot.set(project, votes[i] as bigint));
  return ballot;
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
    if (fields.length !== header.fields.length) throw new CsvError(file, line, `${fields.length} fields where the header has ${header.fields.length}`);
    return { project: fields[project] as string, value: fields[value] as string, what };
  });
}
