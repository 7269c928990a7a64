import { describe, expect, test } from "vitest";
import { groupByDonor, finestUnit, planBallot, sumBallots } from "../../src/devnet/donors.ts";
import { parseDonations, parseProjects, type DonationList } from "../../src/cli/input/donations.ts";
import { parseTable } from "../../src/readers/table.ts";
import { tacit } from "../helpers/cli.ts";
import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

const parse = (text: string, projects?: readonly string[]) =>
  parseDonations(parseTable(text, "d.csv", { comments: "#" }), { decimals: 18, projects });
const only = ({ projects, donations }: DonationList) => ({ projects, donations });
const ONE = 10n ** 18n;

describe("donations.csv", () => {
  test("names, decimals, sums of the same pair, comments", () => {
    expect(
      only(
        parse(
          'donor,project,amount\n# early\nana,Birds,1.5\n\nana,Birds,2\nben,Trees,0\nben,"Trees, old",3\n',
        ),
      ),
    ).toEqual({
      projects: ["Birds", "Trees", "Trees, old"],
      donations: [
        { donor: "ana", project: 0, amount: 35n * 10n ** 17n },
        { donor: "ben", project: 2, amount: 3n * ONE },
      ],
    });
  });

  test("indices and tenths of dollars, as aggregated lists have them", () => {
    expect(only(parse("donor,project_index,amount_usd_tenths\n3,0,18\n3,2,80\n"))).toEqual({
      projects: ["0", "1", "2"],
      donations: [
        { donor: "3", project: 0, amount: 18n * 10n ** 17n },
        { donor: "3", project: 2, amount: 8n * ONE },
      ],
    });
  });

  test("a list of projects gives names or indices their place", () => {
    expect(
      parse("amount,donor,project\n1,a,Trees\n1,a,0\n", ["Birds", "Trees"]).donations.map(
        ({ project }) => project,
      ),
    ).toEqual([1, 0]);
  });

  test.each([
    ["a missing column", "donor,project\na,b\n", 'Line 1 of d.csv: no column is called "amount"'],
    [
      "a missing field",
      "donor,project,amount\na,b,1\na,b\n",
      "Line 3 of d.csv: 2 fields where the header has 3",
    ],
    [
      "an amount that is none",
      "donor,project,amount\na,b,1\n\na,b,-2\n",
      'Line 4 of d.csv: "-2" is below 0',
    ],
    ["an open quote", 'donor,project,amount\na,"b,1\n', "of d.csv"],
    ["no donor", "donor,project,amount\n,b,1\n", "Line 2 of d.csv: the donor is missing"],
    ["nothing", "donor,project,amount\n", "d.csv has no donations"],
    ["an empty file", "", "Line 1 of d.csv: the file is empty"],
  ])("%s is refused with its line", (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  test("an unknown project is refused with its line", () => {
    expect(() => parse("donor,project,amount\na,Bees,1\n", ["Birds"])).toThrow(
      'Line 2 of d.csv: project "Bees" is not in the list',
    );
  });

  test("projects.csv: names in the order of their indices", () => {
    expect(
      parseProjects(parseTable("project_index,project_name\n0,Birds\n1,Trees\n", "p.csv")),
    ).toEqual(["Birds", "Trees"]);
    expect(() =>
      parseProjects(parseTable("project_index,project_name\n0,Birds\n2,Trees\n", "p.csv")),
    ).toThrow("Line 3 of p.csv: the index is 2 where 1 comes next");
  });

  test("tacit run says so and changes nothing", async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), "tacit-run-")), "d.csv");
    await writeFile(file, "donor,project,amount\na,b,1\na,b,x\n");
    const { code, err } = await tacit(["run", file]);
    expect(code).toBe(1);
    expect(err).toContain(`Line 3 of ${file}: "x" is not an amount`);
  });
});

describe("ballots from donations", () => {
  const { donations } = parse(
    "donor,project,amount\nana,Birds,25\nana,Trees,16.004\nben,Birds,100\n",
  );

  test("cost what was given, at most, and exactly where amounts are squares", () => {
    const [ana, ben] = groupByDonor(donations).map((donor) => planBallot(donor, 10n ** 16n));
    expect(ana?.contribution).toBe(4_101n * 10n ** 16n); // rounded up to whole credits
    expect([...(ana?.ballot ?? [])]).toEqual([
      [0, 50n],
      [1, 40n],
    ]);
    expect([...(ben?.ballot ?? [])]).toEqual([[0, 100n]]);
    expect(sumBallots([ana, ben].map((plan) => plan?.ballot ?? new Map()))).toEqual([
      { project: 0, votes: 150n, credits: 12_500n },
      { project: 1, votes: 40n, credits: 1_600n },
    ]);
  });

  test("the finest unit lets every vote fit", () => {
    const unit = finestUnit(donations);
    expect(unit).toBe(1_000n);
    for (const donor of groupByDonor(donations))
      for (const votes of planBallot(donor, unit).ballot.values())
        expect(votes).toBeLessThan(1n << 29n);
  });
});
