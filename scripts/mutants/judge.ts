import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { showFault, withFault, type Fault, type Kind } from "./faults.ts";

/** A run may take this many times what it took without a fault, and this much more. */
const PATIENCE = { times: 5, seconds: 60 };

/** A fault in a file (relative to the root), and the tests that should notice. */
export type Chosen = {
  readonly room: string;
  readonly file: string;
  readonly fault: Fault;
  /** In groups, in the order in which they are run: the next one only where the one before noticed nothing. */
  readonly tests: readonly (readonly string[])[];
};
/** `by`: the first test that failed, "time", "types", or undefined where nothing noticed. */
export type Verdict = {
  readonly room: string;
  readonly file: string;
  readonly line: number;
  readonly kind: Kind;
  readonly diff: string;
  readonly tests: readonly string[];
  readonly by: string | undefined;
};

type Ending = {
  readonly failed: string | undefined;
  readonly seconds: ReadonlyMap<string, number>;
};

/** Runs tests of one copy of the tree with faults in it. */
export class Judge {
  readonly #folder: string;
  #seconds: ReadonlyMap<string, number> = new Map();
  readonly #typed = new Map<string, boolean>();
  #running: number | undefined;

  readonly #patience: typeof PATIENCE;

  constructor(folder: string, patience = PATIENCE) {
    this.#folder = folder;
    this.#patience = patience;
  }

  /** Runs the tests without a fault. What is red or skipped then says nothing about faults: those files are returned, and left out. */
  async prepare(tests: readonly string[]): Promise<string[]> {
    if (tests.length === 0) return [];
    const { seconds } = await this.#vitest(tests, undefined, false);
    this.#seconds = seconds;
    return tests.filter((test) => !seconds.has(test));
  }

  async judge({ room, file, fault, tests }: Chosen): Promise<Verdict> {
    const target = path.join(this.#folder, file);
    const source = await readFile(target, "utf8");
    const groups = tests.map((list) => list.filter((test) => this.#seconds.has(test)));
    const changed = withFault(source, fault);
    await writeFile(target, changed);
    try {
      let by: string | undefined;
      for (const group of groups) by ??= await this.#failing(group);
      by ??= await this.#untyped(file, source, changed);
      return {
        room,
        file,
        ...showFault(source, fault),
        kind: fault.kind,
        tests: groups.flat(),
        by,
      };
    } finally {
      await writeFile(target, source);
    }
  }

  /** Ends the tests that are running, if any. */
  stop(): void {
    if (this.#running === undefined) return;
    try {
      process.kill(-this.#running, "SIGKILL");
    } catch {
      // they ended by themselves
    }
  }

  async #failing(tests: readonly string[]): Promise<string | undefined> {
    if (tests.length === 0) return undefined;
    const usual = tests.reduce((sum, test) => sum + (this.#seconds.get(test) ?? 0), 0);
    const limit = (this.#patience.times * usual + this.#patience.seconds) * 1000;
    return (await this.#vitest(tests, limit, true)).failed;
  }

  /** The compiler runs last: only what it alone notices is its own, and nothing where it refuses the project as it is. */
  async #untyped(file: string, source: string, changed: string): Promise<string | undefined> {
    const project = file.startsWith("frontend/") ? "frontend" : ".";
    if ((await this.#compile(project)) === 0) return undefined;
    if (!this.#typed.has(project)) {
      const target = path.join(this.#folder, file);
      await writeFile(target, source);
      this.#typed.set(project, (await this.#compile(project)) === 0);
      await writeFile(target, changed);
    }
    return this.#typed.get(project) === true ? "types" : undefined;
  }

  /** Names that a fault leaves unused would be tidied with it: they are no error. */
  #compile(project: string): Promise<number | "late"> {
    const args = ["--noEmit", "--noUnusedLocals", "false", "--noUnusedParameters", "false"];
    return this.#run(["node_modules/typescript/bin/tsc", "-p", project, ...args], undefined);
  }

  async #vitest(
    tests: readonly string[],
    limit: number | undefined,
    bail: boolean,
  ): Promise<Ending> {
    const output = path.join(this.#folder, "mutants-report.json");
    await rm(output, { force: true });
    const code = await this.#run(
      [
        "node_modules/vitest/vitest.mjs",
        "run",
        ...tests,
        "--reporter=json",
        `--outputFile=${output}`,
        ...(bail ? ["--bail=1"] : []),
      ],
      limit,
    );
    if (code === "late") return { failed: "time", seconds: new Map() };
    const text = await readFile(output, "utf8").catch(() => undefined);
    if (text === undefined) return { failed: "the run ended early", seconds: new Map() };
    const { testResults } = JSON.parse(text) as {
      testResults: {
        name: string;
        status: string;
        startTime: number;
        endTime: number;
        assertionResults: { status: string; fullName: string }[];
      }[];
    };
    const name = (file: string) => path.relative(this.#folder, file);
    // Files that were given up after the first failure are called failed as well: one with a failed test names it.
    const failed = testResults.filter(({ status }) => status === "failed");
    const titleOf = (result: (typeof failed)[number] | undefined) =>
      result?.assertionResults.find(({ status }) => status === "failed")?.fullName;
    const red = failed.find((result) => titleOf(result) !== undefined) ?? failed[0];
    const title = titleOf(red);
    return {
      failed:
        red === undefined
          ? code === 0
            ? undefined
            : "an error outside the tests"
          : `${name(red.name)}${title === undefined ? "" : `: ${title}`}`,
      seconds: new Map(
        testResults
          .filter(
            ({ status, assertionResults }) =>
              status === "passed" && assertionResults.some((test) => test.status === "passed"),
          )
          .map((result) => [name(result.name), (result.endTime - result.startTime) / 1000]),
      ),
    };
  }

  /** In a process group of its own, so that what the tests started ends with them. */
  async #run(args: readonly string[], limit: number | undefined): Promise<number | "late"> {
    const child = spawn(process.execPath, args, {
      cwd: this.#folder,
      stdio: "ignore",
      detached: true,
      env: { ...process.env, TACIT_BUILD: "none" },
    });
    this.#running = child.pid;
    let isLate = false;
    const timer =
      limit === undefined
        ? undefined
        : setTimeout(() => {
            isLate = true;
            this.stop();
          }, limit);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    clearTimeout(timer);
    this.stop();
    this.#running = undefined;
    return isLate ? "late" : (code ?? 1);
  }
}
