// Which statements and branches of the contracts the tests reach: npm run coverage [-- write]
// Prints a table, and every branch that no test took; `write` pins the figures in snapshots/coverage.json.
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { contractSources, measure, type Measured } from "./coverage/measure.ts";
import { instrument } from "./coverage/instrument.ts";
import { HITS, INSTRUMENTED, INSTRUMENTED_BYTECODE } from "./coverage/paths.ts";
import { exportBytecode } from "./export-abis.ts";
import { fromRoot, ROOT } from "./pipeline/paths.ts";
import { say } from "./pipeline/progress.ts";
import { runNode } from "./pipeline/run.ts";
import { writeAtomically } from "./pipeline/step.ts";

/** These compare the code of deployed contracts with the build's, which instrumented code is not. */
const COMPARE_CODE = ["counterfeit_round", "development_", "preseeded_"];

process.env["HARDHAT_CONFIG"] = fromRoot("scripts/coverage/hardhat.config.ts");
process.env["TACIT_BUILD"] = "none";

const { sources, points } = instrument(await contractSources());
await rm(HITS, { recursive: true, force: true });
for (const [file, text] of sources) {
  const to = path.join(INSTRUMENTED, "contracts", file);
  await mkdir(path.dirname(to), { recursive: true });
  await writeFile(to, text);
}
say("coverage: compiling the instrumented contracts…");
await runNode(
  "Compiling the instrumented contracts",
  ["node_modules/hardhat/dist/src/cli.js", "build"],
  "Read the compiler's message above.",
);

await exportBytecode(
  path.join(INSTRUMENTED, "artifacts", path.relative(ROOT, INSTRUMENTED), "contracts"),
  INSTRUMENTED_BYTECODE,
);

const attacks = (await readdir(fromRoot("test/attacks"))).filter(
  (file) => file.endsWith(".test.ts") && !COMPARE_CODE.some((name) => file.startsWith(name)),
);
const files = [
  "test/contracts",
  "test/invariants",
  "test/payouts",
  ...attacks.map((file) => `test/attacks/${file}`),
];
const vitest = spawn(
  process.execPath,
  [
    fromRoot("node_modules/vitest/vitest.mjs"),
    "run",
    "--config",
    fromRoot("scripts/coverage/vitest.config.ts"),
    ...files,
  ],
  { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] },
);
const code = await new Promise((resolve) => vitest.once("close", resolve));
if (code !== 0)
  say(
    "coverage: some tests fail with instrumented contracts; run npm test to see whether they fail without.",
  );

const hits = new Set<number>();
for (const file of await readdir(HITS))
  for (const tag of (await readFile(path.join(HITS, file), "utf8")).split("\n"))
    hits.add(Number(tag));
const { files: measured, missed, refuted } = measure(points, hits);
print(measured);
for (const { file, line, text, kind } of missed)
  console.log(`contracts/${file}:${line}: never ${kind}: ${text}`);
for (const text of refuted) console.log(`taken, though listed as unreachable: ${text}`);
if (process.argv[2] === "write")
  await writeAtomically(
    fromRoot("snapshots/coverage.json"),
    `${JSON.stringify(Object.fromEntries(measured), undefined, 2)}\n`,
  );
process.exit(code === 0 && missed.length === 0 && refuted.length === 0 ? 0 : 1);

function print(rows: Measured): void {
  const share = ({ of, reached }: { of: number; reached: number }) =>
    `${reached} of ${of}`.padStart(12);
  console.log(
    `${"contract".padEnd(34)}${"statements".padStart(12)}${"branches".padStart(12)}${"unreachable".padStart(13)}`,
  );
  for (const [file, { statements, branches, unreachable }] of rows)
    console.log(
      `${file.padEnd(34)}${share(statements)}${share(branches)}${String(unreachable).padStart(13)}`,
    );
}
