// The deep tier of the fuzzers: a million messages, ten thousand rows, a hundred thousand calls, with a new seed each time. Minutes each.
// `npm run fuzz -- semantics` runs one of them; TACIT_FUZZ_SEED repeats a run.
import { spawn } from "node:child_process";
import { build } from "./build.ts";
import { fromRoot, ROOT } from "./pipeline/paths.ts";

const FUZZERS: Readonly<Record<string, string>> = {
  semantics: "test/assurance/semantics.test.ts",
  rows: "test/assurance/rows.test.ts",
  contracts: "test/invariants/round.test.ts",
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => FUZZERS[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `There is no fuzzer ${unknown.join(", ")}. What to do: use ${Object.keys(FUZZERS).join(", ")}, or none of them for all.`,
  );
  process.exit(2);
}
await build();
const files = (chosen.length > 0 ? chosen : Object.keys(FUZZERS)).map(
  (name) => FUZZERS[name] as string,
);
const child = spawn(
  process.execPath,
  [fromRoot("node_modules/vitest/vitest.mjs"), "run", ...files],
  {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, TACIT_FUZZ: "deep", TACIT_BUILD: "none" },
  },
);
child.once("close", (code) => process.exit(code ?? 1));
