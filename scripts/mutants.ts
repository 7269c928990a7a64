// npm run mutants [-- rooms, folders or files]: do the tests bite? Makes small faults in the sources, one at a time, in a copy of the
// tree, and tells which of them the related tests do not notice. The working tree is only read.
import { parseArgs } from "node:util";
import { BaseError } from "../src/errors.ts";
import { build } from "./build.ts";
import { fastTests } from "./fast.ts";
import { changedSince, choose, findSources } from "./mutants/choose.ts";
import { copyTree } from "./mutants/copy.ts";
import { showFault } from "./mutants/faults.ts";
import { Judge, type Chosen, type Verdict } from "./mutants/judge.ts";
import { Relations } from "./mutants/related.ts";
import { score, table } from "./mutants/report.ts";
import { readFile, writeFile } from "node:fs/promises";
import { fromRoot, ROOT } from "./pipeline/paths.ts";
import { say } from "./pipeline/progress.ts";

const USAGE = `npm run mutants -- [rooms, folders or files] [options]
  --count N      faults of each room (15)
  --seed N       which ones; printed, so that a run can be repeated
  --since REF    only on lines that differ from this commit
  --fast         only tests that need no proof, browser or database
  --tests FILES  these test files, comma-separated, in place of the related ones
  --list         print the faults and the tests that would run, and end
  --json FILE    write every fault and its fate there as well
Exit code: 0 where nine of ten were killed in every room, 1 where not, 2 for what could not be run.`;

class UsageError extends BaseError {}

/** Faults of ten that the tests of a room must kill. */
const WANTED = 9;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const count = readWhole("--count", values.count ?? "15", 1);
  const seed = readWhole("--seed", values.seed ?? String(Math.floor(Math.random() * 2 ** 32)), 0);
  const fast = new Set(await fastTests());
  const chosen = await choose(ROOT, await findSources(ROOT, positionals), {
    count,
    seed,
    relations: await Relations.read(ROOT),
    isFast: (test) => fast.has(test),
    tests: values.tests?.split(","),
    ...(values.since === undefined ? {} : { touches: changedSince(ROOT, values.since) }),
  });
  say(`mutants: ${chosen.length} faults, seed ${seed}`);
  if (values.list === true) {
    for (const one of chosen) console.log(await describe(one));
    return 0;
  }
  if (process.env["TACIT_BUILD"] !== "none") await build(["circuits", "keys", "contracts"]);
  const verdicts = await judgeAll(
    values.fast === true
      ? chosen.map((one) => ({
          ...one,
          tests: one.tests.map((group) => group.filter((test) => fast.has(test))),
        }))
      : chosen,
  );
  const scores = score(verdicts);
  console.log(table(scores));
  if (values.json !== undefined)
    await writeFile(
      values.json,
      `${JSON.stringify({ seed, count, scores, verdicts }, undefined, 2)}\n`,
    );
  return scores.every(({ killed, faults }) => killed * 10 >= faults * WANTED) ? 0 : 1;
}

async function judgeAll(chosen: readonly Chosen[]): Promise<Verdict[]> {
  const copy = copyTree(ROOT);
  const judge = new Judge(copy.folder);
  process.once("exit", () => {
    judge.stop();
    copy.remove();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(130));
  const tests = new Set(chosen.flatMap(({ tests }) => tests.flat()));
  say(`mutants: running ${tests.size} test files without a fault…`);
  for (const test of await judge.prepare([...tests]))
    say(`mutants: ${test} does not pass without a fault either: left out`);
  const verdicts: Verdict[] = [];
  for (const one of chosen) {
    const verdict = await judge.judge(one);
    verdicts.push(verdict);
    const { file, line, kind, diff, by, tests } = verdict;
    const fate =
      by === undefined
        ? `SURVIVED ${tests.length === 0 ? "(no test reaches it)" : tests.join(" ")}`
        : `killed by ${by}`;
    console.log(`${verdicts.length}/${chosen.length} ${file}:${line} ${kind}: ${fate}\n${diff}\n`);
  }
  return verdicts;
}

async function describe({ file, fault, tests }: Chosen): Promise<string> {
  const { line, diff } = showFault(await readFile(fromRoot(file), "utf8"), fault);
  return `${file}:${line} ${fault.kind}: ${tests.flat().join(" ") || "no test reaches it"}\n${diff}\n`;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        count: { type: "string" },
        seed: { type: "string" },
        since: { type: "string" },
        tests: { type: "string" },
        json: { type: "string" },
        fast: { type: "boolean" },
        list: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { fix: USAGE });
  }
}

function readWhole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value >= 2 ** 32)
    throw new UsageError(`${option} ${text} is not a whole number from ${least} to 4294967295.`, {
      fix: `Give ${option} a whole number.`,
    });
  return value;
}

process.exit(
  await main().catch((error: unknown) => {
    say(error instanceof BaseError ? `error: ${error.message}` : String((error as Error).stack));
    return 2;
  }),
);
