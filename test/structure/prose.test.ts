import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

/** Longest cell of a table that still reads as one, in characters. */
const LONGEST_CELL = 240;

const documents = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  ...["docs", "docs/guides", "docs/adr"].flatMap((folder) =>
    readdirSync(fromRoot(folder))
      .filter((file) => file.endsWith(".md"))
      .map((file) => `${folder}/${file}`),
  ),
];

/** Lines of prose: not code, tables, headings, quotes or HTML; code spans are blanked. */
function prose(text: string): string[] {
  let inCode = false;
  return text.split("\n").filter((line) => {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) inCode = !inCode;
    return !inCode && !fence && !/^(\||#|>|<|\s*$)/.test(line);
  });
}

/** A sentence that begins within a line, after the end of another. Abbreviations and numbered items are none. */
const SECOND_SENTENCE =
  /(?<!\b(?:e\.g|i\.e|cf|vs|No|etc|[A-Z]|^\s*\d+))[.!?]["')\]*_`]*\s+["'([*_`]*[A-Z]/;

/** Code and a label in bold at the beginning are no sentences. */
const sentences = (line: string) =>
  line.replace(/`[^`]*`/g, "x").replace(/^\s*(- |\d+\. )?\*{1,2}[^*]+[.:?]\*{1,2} /, "");

test.each(documents)("%s has one sentence a line and no cell longer than a screen", (file) => {
  const text = readFileSync(fromRoot(file), "utf8");
  expect(prose(text).filter((line) => SECOND_SENTENCE.test(sentences(line)))).toEqual([]);
  const cells = text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap((line) => line.split("|"));
  expect(cells.filter(({ length }) => length > LONGEST_CELL)).toEqual([]);
});

test("the rule finds a second sentence and a long cell", () => {
  expect(SECOND_SENTENCE.test("One thing. Another thing.")).toBe(true);
  expect(SECOND_SENTENCE.test("1. One thing, e.g. This one (see A. Shamir).")).toBe(false);
});
