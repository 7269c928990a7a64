import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { readSnapshot } from "../../scripts/snapshots/snapshot.ts";

const grouped = (value: unknown) => Number(value).toLocaleString("en-US");

test("README's constraint counts and gas are those of snapshots/", async () => {
  const readme = await readFile(fromRoot("README.md"), "utf8");
  const { small, large } = (await readSnapshot("circuits")) as Record<
    string,
    Record<string, number>
  >;
  const gas = (await readSnapshot("gas")) as Record<string, number>;
  const { commit, fold, replayPerMessage, ...shown } = gas;
  expect([commit, fold, replayPerMessage]).not.toContain(undefined);
  const figures = [
    ...Object.values(shown).map(grouped),
    grouped(small?.["perRow"]),
    grouped(small?.["perFold"]),
    `\`small\`: ${small?.["rows"]} rows`,
    `\`large\`: ${large?.["rows"]} rows`,
  ];
  expect(figures.filter((figure) => !readme.includes(figure))).toEqual([]);
});

test("the guide to gates tells the gas of each that snapshots/ has", async () => {
  const guide = await readFile(fromRoot("docs", "guides", "gates.md"), "utf8");
  const gas = (await readSnapshot("gate_gas")) as Record<string, number>;
  const rows = Object.entries(gas).map(
    ([name, value]) =>
      `| ${name.replaceAll(/[a-z0-9-]+/g, (word) => (word === "and" ? word : `\`${word}\``))} | ${grouped(value)} |`,
  );
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter((row) => !guide.includes(row))).toEqual([]);
});

test("the guides to votes and billboards tell the gas that snapshots/ has", async () => {
  const guides = await Promise.all(
    ["votes.md", "billboard.md"].map((name) => readFile(fromRoot("docs", "guides", name), "utf8")),
  );
  const figures = Object.values((await readSnapshot("vote_gas")) as Record<string, number>);
  expect(figures.length).toBe(5);
  expect(figures.filter((gas) => !guides.join().includes(grouped(gas)))).toEqual([]);
});
