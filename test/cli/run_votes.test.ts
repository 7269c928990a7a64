import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createColors } from "picocolors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseVotes } from "../../src/cli/input/vote_list.ts";
import type { Io } from "../../src/cli/output/io.ts";
import { showVoteRun } from "../../src/cli/output/vote_report.ts";
import { runVotes } from "../../src/cli/run_votes.ts";
import { parseTable } from "../../src/readers/table.ts";
import { simulatedProver } from "../../scripts/keys/simulated_prover.ts";
import { BUILD } from "../../scripts/pipeline/paths.ts";
import { tacit } from "../helpers/cli.ts";

const parse = (text: string, projects?: readonly string[]) =>
  parseVotes(parseTable(text, "v.csv", {}), { projects });
const HEAD = "voter,project,votes\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-votes-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
const write = async (text: string): Promise<string> => {
  const file = path.join(folder, "votes.csv");
  await writeFile(file, text);
  return file;
};

describe("a list of votes", () => {
  test("a ballot for each voter, for and against; none left out but votes of 0", () => {
    const { projects, voters, dearest } = parse(
      `${HEAD}ana,Birds,3\nana,Trees,-2\nben,Trees,\u22124\nben,Birds,0\ncem,Birds,0\n`,
    );
    expect(projects).toEqual(["Birds", "Trees"]);
    expect(voters.map(({ name, ballot }) => [name, [...ballot]])).toEqual([
      [
        "ana",
        [
          [0, 3n],
          [1, -2n],
        ],
      ],
      ["ben", [[1, -4n]]],
    ]);
    expect(dearest).toBe(16n);
  });

  test.each([
    ["no column of votes", "voter,project,amount\na,b,1\n", 'no column is called "votes"'],
    ["part of a vote", `${HEAD}a,b,1\na,c,1.5\n`, 'Line 3 of v.csv: "1.5" is no whole number'],
    ["words", `${HEAD}a,b,yes\n`, '"yes" is no whole number'],
    ["nothing", `${HEAD}a,b,\n`, 'Line 2 of v.csv: "" is no whole number'],
    ["more than a ballot holds", `${HEAD}a,b,536870912\n`, "more than a ballot can hold"],
    ["as many against", `${HEAD}a,b,-536870912\n`, "more than a ballot can hold"],
    ["votes for one thing twice", `${HEAD}a,b,1\na,b,2\n`, "voted on b in line 2 already"],
    ["nobody", `${HEAD},b,1\n`, "the donor is missing"],
    ["for nothing", `${HEAD}a,,1\n`, "the project is missing"],
    ["a field too few", `${HEAD}a,b\n`, "2 fields where the header has 3"],
    ["no votes but 0", `${HEAD}a,b,0\n`, "has no votes"],
    ["no lines", HEAD, "has no votes"],
  ])("is refused: %s", (_, text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });

  test("projects that are not in the list given are refused", () => {
    expect(() => parse(`${HEAD}a,Bees,1\n`, ["Birds"])).toThrow("not in the list of projects");
  });

  test.each([
    [["--votes", "--rule", "tiers", "--tiers", "1x5"], /has none/],
    [["--votes", "--credits", "8"], /cost 9 credits, more than the 8/],
    [["--votes", "--rule", "lottery"], /Allowed choices are quadratic/],
    [["--votes", "--pool", "9", "--rule", "tiers"], /needs tiers/],
    [["--votes", "--pool", "9", "--rule", "capped", "--cap", "200%"], /cannot be the cap/],
    [["--votes", "--pool", "9", "--rule", "capped", "--tiers", "1x5"], /no setting --tiers/],
    [["--votes", "--amount-decimals", "2"], /cannot be used with/],
    [["--credits", "8"], /Give --votes/],
  ])("played with %j, it says what is wrong", async (more, problem) => {
    const { code, err } = await tacit(["run", await write(`${HEAD}a,b,3\n`), ...more]);
    expect(code).not.toBe(0);
    expect(err).toMatch(problem);
  });
});

describe("a vote that is played", () => {
  const io: Io = {
    out: () => undefined,
    err: () => undefined,
    stdin: process.stdin as unknown as Io["stdin"],
    env: {},
    isInteractive: false,
    colours: createColors(false),
  };
  const play = async (more: object, isRuleGiven: boolean) =>
    runVotes(
      io,
      await write(`${HEAD}ana,Birds,3\nana,Trees,-2\nben,Trees,4\ncem,Birds,2\n`),
      { unit: "auto", rule: "quadratic", artifacts: BUILD, ...more } as never,
      { isRuleGiven, prover: simulatedProver(2, () => Promise.resolve()) },
    );

  test("VOTE-2 decides as its ballots say, on the chain too", async () => {
    const report = await play({}, false);
    expect(report.checks.map(({ ok }) => ok)).toEqual([true, true]);
    expect(report).toMatchObject({ ok: true, chosen: 0, voters: 3, credits: 20n - 4n, rule: null });
    const text = showVoteRun(io, report).join("\n");
    expect(text).toContain("Decided: Birds.");
    expect(text).toMatch(/Birds +5 +13 +1\.9\n +Trees +2 +20 +0\.2/);
  });

  test("and a pool is divided by any rule", async () => {
    const report = await play({ pool: "10", rule: "tiers", tiers: "1x6,1x1" }, true);
    expect(report.checks.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    // Birds: T² = 25 > S = 13; Trees: 4 < 20, no weight and no prize.
    expect(report.options.map(({ name, matched }) => [name, matched])).toEqual([
      ["Birds", 6n * 10n ** 18n],
      ["Trees", 0n],
    ]);
    expect(showVoteRun(io, report).join("\n")).toMatch(/Birds +5 +13 +1\.9 +6/);
  });
});
