import { Command } from "commander";
import { text as readAll } from "node:stream/consumers";
import { BaseError } from "../../errors.ts";
import { quadraticMatch, requirePossible, type MatchRequest } from "../../matching/quadratic.ts";
import { readText } from "../input/text_file.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count, facts, table } from "../output/output.ts";

export class MatchInputError extends BaseError {
  constructor(where: string, why: string) {
    super(`${where} is not a match request: ${why}.`, {
      fix: 'Give JSON as { "unit": "1", "pool": "1000", "surplus": "return", "projects": [ { "votes": "5", "credits": "13" } ] }; integers as strings.',
    });
  }
}

export function matchCommand(io: Io): Command {
  const command = new Command("match")
    .description(
      "compute contributions and matches from published totals: the arithmetic of the round, without a chain",
    )
    .argument("[file]", "JSON file; without it, or with -, standard input is read")
    .addHelpText(
      "after",
      `
Input: { "unit": "1", "pool": "1000", "surplus": "return" | "pay", "projects": [ { "votes": "T", "credits": "S" } ] }
T is the sum of a project's votes, S the sum of their squares; unit and pool are in token units.
${examples("tacit match totals.json", 'echo \'{"unit":"1","pool":"1000","surplus":"pay","projects":[{"votes":"5","credits":"13"}]}\' | tacit match --json')}`,
    )
    .action(async (file: string | undefined, values: SharedValues) => match(io, file, values));
  return withOptions(command);
}

async function match(io: Io, file: string | undefined, values: SharedValues): Promise<void> {
  const fromStdin = file === undefined || file === "-";
  const where = fromStdin ? "Standard input" : file;
  const request = parseRequest(fromStdin ? await readAll(io.stdin) : await readText(file), where);
  requirePossible(request.projects);
  const { contributions, matches, totalWeight, budget, surplus, dust } = quadraticMatch(request);
  const projects = request.projects.map(({ votes, credits }, i) => ({
    votes,
    credits,
    contribution: contributions[i] as bigint,
    match: matches[i] as bigint,
    total: (contributions[i] as bigint) + (matches[i] as bigint),
  }));
  answer(io, values, { projects, totalWeight, budget, surplus, dust }, [
    table(
      ["project", "votes", "credits", "contributions", "match", "total"],
      projects.map((project, i) => [
        String(i),
        ...[project.votes, project.credits, project.contribution, project.match, project.total].map(
          count,
        ),
      ]),
    ),
    "",
    ...facts([
      ["paid from the pool", count(budget - dust)],
      ["surplus to the sponsors", count(surplus)],
      ["left by rounding", count(dust)],
    ]),
  ]);
}

/** @throws MatchInputError */
function parseRequest(text: string, where: string): MatchRequest {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    throw new MatchInputError(where, "it is not JSON");
  }
  if (typeof input !== "object" || input === null)
    throw new MatchInputError(where, "it is not an object");
  const { unit, pool, surplus, projects } = input as Record<string, unknown>;
  if (surplus !== "return" && surplus !== "pay")
    throw new MatchInputError(where, '"surplus" must be "return" or "pay"');
  if (!Array.isArray(projects)) throw new MatchInputError(where, '"projects" must be a list');
  const integer = (value: unknown, name: string): bigint => {
    if (typeof value !== "string" || !/^-?\d+$/.test(value))
      throw new MatchInputError(where, `"${name}" must be an integer as a string`);
    return BigInt(value);
  };
  return {
    surplus,
    unit: integer(unit, "unit"),
    available: integer(pool, "pool"),
    projects: projects.map((project: unknown, i) => {
      const { votes, credits } = (
        typeof project === "object" && project !== null ? project : {}
      ) as Record<string, unknown>;
      return {
        votes: integer(votes, `projects[${i}].votes`),
        credits: integer(credits, `projects[${i}].credits`),
      };
    }),
  };
}
