// The whole test run: build, types, tests. `npm test -- <filter>…` passes its arguments on to vitest.
// The last line, `N passed, N failed[, N skipped]`, counts the build, the type check and the linter as one test each. Before it every skip is
// printed with its reason; one without, or in CI any that is not for want of data, counts as one that failed.
import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "./build.ts";
import { BUILD, fromRoot, ROOT } from "./pipeline/paths.ts";
import { say, withProgress } from "./pipeline/progress.ts";
import { forbiddenSkips, listSkips, type Report } from "./pipeline/skips.ts";
import { checkLayout, LAYOUT_IS_CHECKED, lint } from "./style.ts";
import { typecheck } from "./typecheck.ts";

type Tally = { passed: number; failed: number; skipped: number };

const REPORT_FILE = path.join(BUILD, "test-report.json");

/** Told at the end: what the tests print meanwhile would hide them. */
const failures: string[] = [];

async function attempt(tally: Tally, name: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    tally.passed++;
    return true;
  } catch (error) {
    tally.failed++;
    failures.push(`${name}: FAILED\n${(error as Error).message}`);
    return false;
  }
}

async function runVitest(args: readonly string[]): Promise<number> {
  await rm(REPORT_FILE, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT_FILE}`];
  const child = spawn(
    process.execPath,
    [fromRoot("node_modules/vitest/vitest.mjs"), "run", ...reporters, ...args],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, TACIT_BUILD: "none" },
    },
  );
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** A file that does not load has no tests to count, and counts as one that failed. */
async function countTests(tally: Tally, exitCode: number, isWhole: boolean): Promise<void> {
  const report = await readFile(REPORT_FILE, "utf8").then(
    (text) => JSON.parse(text) as Report,
    () => ({ testResults: [] }),
  );
  const counted: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, status, assertionResults } of report.testResults) {
    const count = (...statuses: string[]) =>
      assertionResults.filter((test) => statuses.includes(test.status)).length;
    counted.passed += count("passed");
    const failed = count("failed");
    counted.skipped += assertionResults.length - count("passed") - failed;
    counted.failed += failed > 0 || status !== "failed" ? failed : 1;
    if (assertionResults.length === 0 && status !== "failed") {
      say(`${path.relative(ROOT, name)}: no tests`);
      counted.failed++;
    }
  }
  const skips = listSkips(report);
  for (const { file, reason = "NO REASON GIVEN", tests } of skips)
    if (isWhole) say(`skipped: ${tests} of ${path.relative(ROOT, file)}: ${reason}`);
  const isCi = process.env["CI"] !== undefined;
  for (const { file, reason } of forbiddenSkips(skips, { isCi, isWhole })) {
    say(
      `${path.relative(ROOT, file)}: ${reason === undefined ? "a skip without a reason (test/helpers/unless.ts)" : `skipped in CI: ${reason}`}`,
    );
    counted.failed++;
  }
  // Nothing ran, or vitest failed for a reason that is no test's: an unhandled error, a crash.
  if (counted.passed + counted.failed === 0 || (exitCode !== 0 && counted.failed === 0))
    counted.failed++;
  tally.passed += counted.passed;
  tally.failed += counted.failed;
  tally.skipped += counted.skipped;
}

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
if (await attempt(tally, "build", () => build())) {
  const chosen = process.argv.slice(2);
  // Beside the tests, which wait for pages and chains often enough to leave time for both.
  const [exitCode] = await Promise.all([
    runVitest(chosen),
    attempt(tally, "types", () =>
      withProgress("types:", "checking", async () => {
        await typecheck();
        return "checked";
      }),
    ),
    attempt(tally, "style", async () => {
      await lint();
      if (LAYOUT_IS_CHECKED) await checkLayout();
    }),
  ]);
  await countTests(tally, exitCode, chosen.length === 0);
}
for (const failure of failures) say(failure);
const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
console.log(`${tally.passed} passed, ${tally.failed} failed${skipped}`);
process.exit(tally.failed === 0 ? 0 : 1);
