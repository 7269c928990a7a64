import path from "node:path";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

// Who catches an error needs its class. Types that functions take and give are held exported by `npm run docs`.

const EXPORT = /^export \{([^}]*)\} from "([^"]+)";/gm;

/** What an entry point exports: each name with its file. */
function listExports(entry: string): { readonly name: string; readonly file: string }[] {
  return [...readFileSync(entry, "utf8").matchAll(EXPORT)].flatMap(([, names = "", from = ""]) =>
    names
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter((name) => name !== "")
      .map((name) => ({ name, file: path.resolve(path.dirname(entry), from) })),
  );
}

/** The comment before an exported function or constant. */
const findComment = (source: string, name: string): string =>
  new RegExp(
    `(/\\*\\*(?:(?!\\*/)[^])*\\*/)\\n(?:export )?(?:async )?(?:function|const|class) ${name}\\b`,
  ).exec(source)?.[1] ?? "";

test("every error that a public function's comment names is exported beside it", async () => {
  const classes = new Set(
    (await filesBelow(fromRoot("src"), ".ts")).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/^export class (\w+Error)\b/gm)].map(
        ([, name]) => name as string,
      ),
    ),
  );
  const missing: string[] = [];
  let seen = 0;
  for (const entry of [
    "src/index.ts",
    "src/entries/donor.ts",
    "src/entries/verify.ts",
    "src/entries/coordinator.ts",
  ]) {
    const all = listExports(fromRoot(entry));
    // Both other entry points are used together with the first.
    const known = new Set(
      [...all, ...listExports(fromRoot("src/index.ts"))].map(({ name }) => name),
    );
    for (const { name, file } of all) {
      const thrown = /@throws[^@]*/.exec(findComment(readFileSync(file, "utf8"), name))?.[0] ?? "";
      for (const [error] of thrown.matchAll(/\b[A-Z]\w+Error\b/g)) {
        seen++;
        if (classes.has(error) && !known.has(error))
          missing.push(`${entry}: ${name} throws ${error}`);
      }
    }
  }
  expect(missing).toEqual([]);
  expect(seen).toBeGreaterThan(20);
});
