// npm run test:fast: every test file that needs no proof, no circuit compiled, no browser and no database; under a minute on two idle cores.
// It tells less than npm test, which alone counts. Arguments are passed on to vitest.
import { spawn } from "node:child_process";
import path from "node:path";
import { build } from "./build.ts";
import { filesBelow, listImports } from "./pipeline/imports.ts";
import { fromRoot, ROOT, toRelative } from "./pipeline/paths.ts";

/** What a fast test must not reach through test/ and scripts/. */
const SLOW =
  /(^|\/)(chromium|postgres|prove|pool|tally|finish|compile-circuits|coordinator_process)\.ts$/;
/** Fast by what they need, but not by the clock: long random walks, whole processes, waits. */
const LONG = [
  "test/assurance/briber",
  "test/assurance/inspect",
  "test/assurance/semantics",
  "test/cli/binary",
  "test/e2e/",
  "test/invariants/",
  "test/package/",
  "test/round/naive",
  "test/scripts/docs",
  "test/scripts/mutants",
  "test/service/",
  "test/structure/snapshots",
];

/** Test files that finish soon, relative to the root. */
export async function fastTests(): Promise<string[]> {
  const files = await filesBelow(fromRoot("test"), ".test.ts");
  const isFast = await Promise.all(
    files.map(
      async (file) =>
        !LONG.some((start) => toRelative(file).startsWith(start)) && !(await reachesSlow(file)),
    ),
  );
  return files.filter((_, i) => isFast[i]).map(toRelative);
}

async function reachesSlow(file: string): Promise<boolean> {
  const seen = new Set<string>();
  const pending = [file];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (SLOW.test(next)) return true;
    if (seen.has(next) || !/\/(test|scripts)\//.test(next.slice(ROOT.length))) continue;
    seen.add(next);
    for (const name of await listImports(next))
      if (/^\..*\.ts$/.test(name)) pending.push(path.resolve(path.dirname(next), name));
  }
  return false;
}

if (process.argv[1] === import.meta.filename) {
  await build(["circuits", "keys", "contracts"]);
  const args = ["run", ...(await fastTests()), ...process.argv.slice(2)];
  const child = spawn(process.execPath, [fromRoot("node_modules/vitest/vitest.mjs"), ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, TACIT_BUILD: "none" },
  });
  child.once("close", (code) => process.exit(code ?? 1));
}
