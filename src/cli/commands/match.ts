import { Command } from "commander";
import { text as readAll } from "node:stream/consumers";
import { BaseError } from "../../errors.ts";
import {
  quadraticWeight,
  requirePossible,
  requireProjects,
  sum,
  type MatchRequest,
} from "../../matching/quadratic.ts";
import { openPayoutRule } from "../../payouts/index.ts";
import { divideBy } from "../../payouts/rule.ts";
import { chosenPayoutRule, withPayoutRule, type PayoutRuleValues } from "../input/payout_rule.ts";
import { readText } from "../input/text_file.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count, facts, table } from "../output/output.ts";

type Values = SharedValues & PayoutRuleValues;
type Request = Omit<MatchRequest, "surplus"> & Partial<Pick<MatchRequest, "surplus">>;

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
T is the sum of a project's votes, S the sum of their squares; unit, pool and the rule's amounts are in token units. "surplus" may be left out where --surplus is given or the rule has none.
${examples("tacit match totals.json", "tacit match totals.json --rule capped --cap 5% --floor 100", 'echo \'{"unit":"1","pool":"1000","surplus":"pay","projects":[{"votes":"5","credits":"13"}]}\' | tacit match --json')}`,
    )
    .action(async (file: string | undefined, values: Values) => match(io, file, values));
  return withOptions(withPayoutRule(command));
}

async function match(io: Io, file: string | undefined, values: Values): Promise<void> {
  const fromStdin = file === undefined || file === "-";
  const where = fromStdin ? "Standard input" : file;
  const {
    unit,
    available,
    surplus: asked,
    ...request
  } = parseRequest(fromStdin ? await readAll(io.stdin) : await readText(file), where);
  requireProjects(request.projects.length);
  requirePossible(request.projects);
  const choice = chosenPayoutRule(values, 0, asked === undefined ? {} : { surplus: asked });
  const { matches, budget } = divideBy(openPayoutRule(choice))({
    unit,
    available,
    projects: request.projects.map((totals, project) => ({ project, ...totals })),
  });
  const contributions = request.projects.map(({ credits }) => unit * credits);
  const [surplus, dust] = [available - budget, budget - sum(matches)];
  const totalWeight = sum(request.projects.map(quadraticWeight));
  const projects = request.projects.map(({ votes, credits }, i) => ({
    votes,
    credits,
    contribution: contributions[i] as bigint,
    match: matches[i] as bigint,
    total: (contributions[i] as bigint) + (matches[i] as bigint),
  }));
  answer(io, values, { rule: choice.id, projects, totalWeight, budget, surplus, dust }, () => [
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
function parseRequest(text: string, where: string): Request {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    throw new MatchInputError(where, "it is not JSON");
  }
  if (typeof input !== "object" || input === null)
    throw new MatchInputError(where, "it is not an object");
  const { unit, pool, surplus, projects } = input as Record<string, unknown>;
  if (surplus !== undefined && surplus !== "return" && surplus !== "pay")
    throw new MatchInputError(where, '"surplus" must be "return" or "pay"');
  if (!Array.isArray(projects)) throw new MatchInputError(where, '"projects" must be a list');
  const integer = (value: unknown, name: string): bigint => {
    if (typeof value !== "string" || !/^-?\d+$/.test(value))
      throw new MatchInputError(where, `"${name}" must be an integer as a string`);
    return BigInt(value);
  };
  return {
    ...(surplus === undefined ? {} : { surplus }),
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
