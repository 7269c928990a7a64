import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { tacit } from "../helpers/cli.ts";

const REQUEST = {
  unit: "1",
  pool: "1000",
  surplus: "pay",
  projects: [
    { votes: "5", credits: "13" },
    { votes: "3", credits: "9" },
    { votes: "10", credits: "40" },
  ],
};

describe("tacit match (MONEY-3)", () => {
  test("reads standard input; integers are strings", async () => {
    const { code, out } = await tacit(["match", "--json"], { stdin: JSON.stringify(REQUEST) });
    expect(code).toBe(0);
    // w = 12, 0, 60 of W = 72
    expect(JSON.parse(out)).toEqual({
      rule: "quadratic",
      projects: [
        { votes: "5", credits: "13", contribution: "13", match: "166", total: "179" },
        { votes: "3", credits: "9", contribution: "9", match: "0", total: "9" },
        { votes: "10", credits: "40", contribution: "40", match: "833", total: "873" },
      ],
      totalWeight: "72",
      budget: "1000",
      surplus: "0",
      dust: "1",
    });
  });

  test.each([
    [
      ["--cap", "60%"],
      ["400", "0", "600"],
    ],
    [
      ["--cap", "60%", "--floor", "100", "--min-supporters", "1"],
      ["300", "100", "600"],
    ],
    [
      ["--max-times", "2"],
      ["26", "0", "80"],
    ],
    [
      ["--max-times", "2", "--surplus", "return"],
      ["12", "0", "60"],
    ],
    [
      ["--min-supporters", "2", "--cap", "60%"],
      ["0", "0", "600"],
    ],
  ])("PAYOUT-1 with a ceiling: %j", async (settings, matches) => {
    const { out } = await tacit(["match", "--json", "--rule", "capped", ...settings], {
      stdin: JSON.stringify({ ...REQUEST, surplus: undefined }),
    });
    const { rule, projects } = JSON.parse(out) as { rule: string; projects: { match: string }[] };
    expect([rule, projects.map(({ match }) => match)]).toEqual(["capped", matches]);
  });

  test("PAYOUT-2 with a least match", async () => {
    const { out } = await tacit(["match", "--json", "--rule", "minimum", "--minimum", "167"], {
      stdin: JSON.stringify({ ...REQUEST, surplus: undefined }),
    });
    const { projects } = JSON.parse(out) as { projects: { match: string }[] };
    expect(projects.map(({ match }) => match)).toEqual(["0", "0", "1000"]);
  });

  test("PAYOUT-3 prizes", async () => {
    const { out } = await tacit(["match", "--json", "--rule", "tiers", "--tiers", "1x500, 4×200"], {
      stdin: JSON.stringify({ ...REQUEST, surplus: undefined }),
    });
    const { projects, surplus } = JSON.parse(out) as {
      projects: { match: string }[];
      surplus: string;
    };
    expect([projects.map(({ match }) => match), surplus]).toEqual([["200", "0", "500"], "300"]);
  });

  test.each([
    ...["1", "1x0", "0x5", "65536x5", "1x5,1x6", "1x5,", "x5", "1x2x3", `1x${1n << 128n}`].map(
      (tiers) =>
        [
          ["--rule", "tiers", "--tiers", tiers],
          /cannot be the tiers|not an amount|more than a round can hold/,
        ] as [string[], RegExp],
    ),
    [
      ["--rule", "tiers", "--tiers", Array.from({ length: 9 }, () => "1x1").join()],
      /up to 8 tiers/,
    ],
    [["--rule", "tiers"], /needs tiers/],
    [["--rule", "minimum"], /minimum needs minimum/],
    [["--rule", "minimum", "--minimum", "0"], /cannot be the minimum/],
    [["--rule", "minimum", "--minimum", "1", "--surplus", "pay"], /has no setting --surplus/],
    [["--rule", "capped", "--cap", "101%"], /cannot be the cap/],
    [["--rule", "capped", "--cap", "1.234%"], /cannot be the cap/],
    [["--rule", "capped", "--floor", "-1"], /is below 0/],
    [["--rule", "capped", "--floor", "1", "--max-times", "2"], /cannot be the floor/],
    [["--rule", "capped", "--floor", "1", "--surplus", "return"], /cannot be the floor/],
    [["--rule", "capped", "--floor", String(1n << 128n)], /more than a round can hold/],
    [["--rule", "capped", "--min-supporters", "0"], /cannot be the min-supporters/],
    [["--rule", "capped", "--max-times", "4294967296"], /cannot be the max-times/],
    [["--rule", "capped", "--surplus", "keep"], /cannot be the surplus/],
    [["--cap", "5%"], /quadratic has no setting --cap.*\n.*capped/],
    [["--rule", "other"], /Allowed choices are quadratic/],
  ])("settings that are none are refused: %j", async (settings, says) => {
    const { code, err } = await tacit(["match", ...settings], { stdin: JSON.stringify(REQUEST) });
    expect(code).not.toBe(0);
    expect(err).toMatch(says);
  });

  test("a returned surplus: each project gets what quadratic funding asks for", async () => {
    const { out } = await tacit(["match", "-", "--json"], {
      stdin: JSON.stringify({ ...REQUEST, surplus: "return" }),
    });
    const { projects, surplus, dust } = JSON.parse(out) as {
      projects: { match: string }[];
      surplus: string;
      dust: string;
    };
    expect([projects.map(({ match }) => match), surplus, dust]).toEqual([
      ["12", "0", "60"],
      "928",
      "0",
    ]);
  });

  test("reads a file and prints a table", async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), "tacit-match-")), "totals.json");
    await writeFile(file, JSON.stringify(REQUEST));
    const { code, out } = await tacit(["match", file]);
    expect(code).toBe(0);
    expect(out).toMatch(/project +votes +credits +contributions +match +total/);
    expect(out).toMatch(/2 +10 +40 +40 +833 +873/);
  });

  test.each([
    ["no JSON", "votes", "it is not JSON"],
    [
      "a number where a string belongs",
      JSON.stringify({ ...REQUEST, pool: 1000 }),
      '"pool" must be an integer as a string',
    ],
    ["another surplus rule", JSON.stringify({ ...REQUEST, surplus: "keep" }), '"surplus" must be'],
    [
      "a project without votes",
      JSON.stringify({ ...REQUEST, projects: [{ credits: "1" }] }),
      '"projects[0].votes"',
    ],
    [
      "totals that no ballots have",
      JSON.stringify({ ...REQUEST, projects: [{ votes: "1", credits: "5" }] }),
      "Project 0 has 1 votes for 5 credits",
    ],
    ["a unit of 0", JSON.stringify({ ...REQUEST, unit: "0" }), "The unit is 0"],
  ])("%s: exit code 1, what is wrong, what to do", async (_, stdin, text) => {
    const { code, out, err } = await tacit(["match", "--json"], { stdin });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(text);
    expect(err).toContain("What to do:");
  });
});
