import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SPEC = readFileSync(join(ROOT, "docs/SPEC.md"), "utf8");
const ROOMS = ["src", "circuits", "contracts", "scripts", "test"];
const CODE = new Set([".ts", ".sol", ".circom"]);
/** Files made by the build, and this one, which names ids only as examples. */
const LEFT_OUT = /\/generated\/|test\/spec\/ids\.test\.ts$/;

/** Rules as stated: `**TALLY-3**` at the start of a list item. */
const stated = [...SPEC.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map((match) => match[1] as string);
const prefixes = [...new Set(stated.map((id) => id.slice(0, id.indexOf("-"))))];
const cited = new Map<string, string[]>();
for (const room of ROOMS) {
  for (const file of filesBelow(room))
    for (const id of idsIn(readFileSync(join(ROOT, file), "utf8")))
      cited.set(id, [...(cited.get(id) ?? []), file]);
}

/** Rules that the tests cite outside their comments: in a title, a table, a message. */
const tested = new Set(
  filesBelow("test").flatMap((file) =>
    idsIn(withoutComments(readFileSync(join(ROOT, file), "utf8"))),
  ),
);

/** A source without its comments; a "//" behind a colon is a web address. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[^]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");
}

/** Ids cited in a text; "SEM-1 to SEM-9" and "SEM-1..9" cite all between. Longer words such as PHASE-21X or EIP-2494 do not count. */
function idsIn(text: string): string[] {
  const names = prefixes.join("|");
  const ranges = [
    ...text.matchAll(new RegExp(`\\b(${names})-(\\d+)(?: to |\\.\\.|–)(?:\\1-)?(\\d+)\\b`, "g")),
  ].flatMap(([, prefix, from, to]) =>
    Array.from(
      { length: Math.max(0, Number(to) - Number(from) + 1) },
      (_, i) => `${prefix}-${Number(from) + i}`,
    ),
  );
  const single = [...text.matchAll(new RegExp(`\\b(?:${names})-\\d+\\b`, "g"))].map(([id]) => id);
  return [...new Set([...ranges, ...single])];
}

function filesBelow(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && CODE.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((file) => !LEFT_OUT.test(`/${file}`) && !file.includes("node_modules"));
}

describe("rules of docs/SPEC.md", () => {
  test("ranges are read", () => {
    expect(idsIn("SEM-1 to SEM-3, ROW-4..6; XROW-1 EIP-2494")).toEqual([
      "SEM-1",
      "SEM-2",
      "SEM-3",
      "ROW-4",
      "ROW-5",
      "ROW-6",
    ]);
  });

  test("each is stated once", () => {
    expect(stated.length).toBeGreaterThan(80);
    expect(stated.filter((id, i) => stated.indexOf(id) !== i)).toEqual([]);
  });

  test("each is cited by code that keeps it, and by a test in what is run: a comment in a test cites nothing", () => {
    const code = stated.filter(
      (id) => !(cited.get(id) ?? []).some((file) => /^(src|circuits|contracts)\//.test(file)),
    );
    const tests = stated.filter((id) => !tested.has(id));
    expect({ code, tests }, "rules that nothing cites").toEqual({ code: [], tests: [] });
  });

  test("comments are told from what is run", () => {
    expect(
      idsIn(
        withoutComments(
          'a(); // SEM-1\n/* SEM-2\n SEM-3 */ test("SEM-4 of https://host/SEM-5", () => {}); // SEM-6',
        ),
      ),
    ).toEqual(["SEM-4", "SEM-5"]);
  });

  test("each cited one exists", () => {
    const unknown = [...cited]
      .filter(([id]) => !stated.includes(id))
      .map(([id, files]) => `${id} in ${files.join(", ")}`);
    expect(unknown, "citations of rules that docs/SPEC.md does not state").toEqual([]);
  });

  test("docs/SPEC.md refers to no rule that it does not state", () => {
    expect(idsIn(SPEC).filter((id) => !stated.includes(id))).toEqual([]);
  });
});
