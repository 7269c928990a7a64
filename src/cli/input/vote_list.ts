import { BaseError } from "../../errors.ts";
import { CREDITS_BITS, MAX_VOTES } from "../../params.ts";
import type { Ballot } from "../../protocol/ballot.ts";
import { ballotCost } from "../../protocol/ballot.ts";
import { CsvError } from "../../readers/csv_error.ts";
import { findColumn, type Table } from "../../readers/table.ts";
import { plainName, visibleText } from "../../readers/text.ts";
import { count } from "../output/output.ts";
import {
  cell,
  DONOR,
  namesIn,
  PROJECT,
  readDonor,
  requireOneProjectAName,
  requireProjectCount,
  twinsIn,
  UnknownProjectNameError,
} from "./donations.ts";

export class NoVotesError extends BaseError {
  constructor(file: string) {
    super(`${file} has no votes.`, {
      fix: "Give a CSV file with the header donor,project,votes and at least one line with votes other than 0.",
    });
  }
}

export class CreditsExceededError extends BaseError {
  constructor(voter: string, cost: bigint, credits: bigint) {
    super(
      `The votes of ${visibleText(voter)} cost ${count(cost)} credits, more than the ${count(credits)} that everybody has.`,
      { fix: "v votes cost v² credits: give --credits that many at least, or leave it out." },
    );
  }
}

/** A list of votes: one ballot a voter, in the order in which they first come. */
export type VoteList = {
  readonly projects: readonly string[];
  readonly voters: readonly { readonly name: string; readonly ballot: Ballot }[];
  /** What the dearest ballot costs. */
  readonly dearest: bigint;
  readonly told: readonly string[];
};

/**
 * Votes by voter and project: whole numbers, negative ones against. One voter's votes for one project stand in one line, since votes of two
 * lines cannot be added up as they were meant.
 * @throws CsvError with the line, UnknownProjectNameError, NoVotesError
 */
export function parseVotes(
  table: Table,
  {
    projects: given,
    map = {},
  }: {
    readonly projects?: readonly string[] | undefined;
    readonly map?: Readonly<Record<string, string>> | undefined;
  },
): VoteList {
  const { file, header, lines } = table;
  const [donorAt, projectAt, votesAt] = [
    DONOR,
    PROJECT,
    { role: "votes", names: ["votes", "vote", "vote_count"] },
  ].map((role) => findColumn(table, role, map)) as [number, number, number];
  if (lines.length === 0) throw new NoVotesError(file);
  const cells = lines.map(({ line, fields }) => ({ line, name: cell(fields, projectAt) }));
  for (const { line, name } of cells)
    if (name === "") throw new CsvError(file, line, "the project is missing");
  const names = given?.map(plainName) ?? namesIn(header.fields[projectAt] as string, cells);
  if (given === undefined) requireOneProjectAName(table, projectAt);
  requireProjectCount(file, names.length);
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const voters = new Map<string, Map<number, bigint>>();
  const seen = new Map<string, number>();
  let zero = 0;
  for (const [i, line] of lines.entries()) {
    const voter = readDonor(file, line, donorAt);
    const { name } = cells[i] as { name: string };
    const project =
      indexOf.get(name) ??
      (/^\d+$/.test(name) && Number(name) < names.length ? Number(name) : undefined);
    if (project === undefined) throw new UnknownProjectNameError(file, line.line, name);
    const place = JSON.stringify([voter, project]);
    const earlier = seen.get(place);
    if (earlier !== undefined)
      throw new CsvError(
        file,
        line.line,
        `${visibleText(voter)} has voted on ${visibleText(name)} in line ${earlier} already`,
        "Give one line for each voter and project, with all of the votes.",
      );
    seen.set(place, line.line);
    const votes = readVotes(file, line.line, line.fields[votesAt] as string);
    if (votes === 0n) zero += 1;
    else voters.set(voter, (voters.get(voter) ?? new Map<number, bigint>()).set(project, votes));
  }
  if (voters.size === 0) throw new NoVotesError(file);
  const dearest = [...voters.values()].map(ballotCost).reduce((a, b) => (a > b ? a : b));
  if (dearest >> BigInt(CREDITS_BITS) !== 0n)
    throw new CsvError(file, header.line, "one voter's votes cost more than 2^64 credits");
  return {
    projects: names,
    voters: [...voters].map(([name, ballot]) => ({ name, ballot })),
    dearest,
    told: [
      `Read ${file}: voter from "${header.fields[donorAt]}", project from "${header.fields[projectAt]}", votes from "${header.fields[votesAt]}".`,
      `${count(lines.length)} ${lines.length === 1 ? "line" : "lines"} read${zero > 0 ? `, ${count(zero)} of 0 votes left out` : ""}.`,
      ...twinsIn("project", names),
      ...twinsIn("voter", voters.keys()),
    ],
  };
}

/** A whole number within a ballot's bounds, negative for votes against. */
function readVotes(file: string, line: number, text: string): bigint {
  const typed = text.trim().replace(/^\u2212/, "-");
  if (!/^[+-]?\d{1,20}$/.test(typed))
    throw new CsvError(
      file,
      line,
      `"${visibleText(text)}" is no whole number of votes`,
      "Give whole numbers, negative ones for votes against; a list of amounts is played without --votes.",
    );
  const votes = BigInt(typed.replace(/^\+/, ""));
  if (votes > MAX_VOTES || votes < -MAX_VOTES)
    throw new CsvError(
      file,
      line,
      `${typed} votes are more than a ballot can hold`,
      `Give at most ${count(MAX_VOTES)}.`,
    );
  return votes;
}
