// Brings everything that is generated or compiled up to date:
//   node scripts/build.ts [part…]   with parts: circuits, keys, contracts, page, library; all but the library, which only the package needs, where none is named.
import { availableParallelism } from "node:os";
import path from "node:path";
import { BaseError } from "../src/errors.ts";
import { CIRCUITS } from "./pipeline/circuits.ts";
import { limit } from "./pipeline/limit.ts";
import { withLock } from "./pipeline/lock.ts";
import { BUILD } from "./pipeline/paths.ts";
import { say, seconds } from "./pipeline/progress.ts";
import * as steps from "./pipeline/steps.ts";
import { isFresh, runStep, type Step } from "./pipeline/step.ts";

export const PARTS = ["circuits", "keys", "contracts", "page"] as const;
const ALL_PARTS = [...PARTS, "library"] as const;
export type Part = (typeof ALL_PARTS)[number];

/**
 * Does what is needed and nothing else: where all is fresh it takes a fraction of a second and says nothing.
 * Two builds at once wait for each other; one that was killed leaves nothing that the next takes for finished.
 */
export async function build(parts: readonly Part[] = PARTS): Promise<void> {
  if (await isAllFresh(parts)) return;
  const started = performance.now();
  await withLock(path.join(BUILD, "lock"), async () => {
    await perform(parts, async (step) => {
      if (!(await isFresh(step))) await runStep(step);
    });
  });
  say(`build: up to date, ${seconds(started)}`);
}

/** The order of the steps. Contracts are complete last, for they contain the verifiers, which contain the keys. */
async function perform(parts: readonly Part[], run: (step: Step) => Promise<void>): Promise<void> {
  const wanted = (...names: Part[]) => names.some((name) => parts.includes(name));
  const pieces: (() => Promise<void>)[] = [];
  if (wanted("circuits", "keys")) {
    await run(steps.generateCircuitMains);
    for (const circuit of CIRCUITS) {
      pieces.push(async () => {
        await run(steps.compile(circuit));
        if (wanted("keys")) await run(steps.setupKey(circuit));
      });
    }
  }
  if (wanted("contracts")) {
    await run(steps.generateSolidityParams);
    pieces.push(() => run(steps.contractsBeforeVerifiers));
  }
  // A compilation takes one core, so two at a time, whatever the machine: each may take a gigabyte.
  await settle(pieces.map(limit(Math.min(2, availableParallelism()))));
  if (wanted("keys")) await run(steps.manifest);
  if (wanted("contracts")) {
    await run(steps.contracts);
    await run(steps.abis);
  }
  if (wanted("page")) await run(steps.page); // contains the contracts' ABIs
  if (wanted("library")) await run(steps.library);
}

/** Waits for all, then throws the first failure: nothing may run on while the lock is given back. */
async function settle(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

class StaleError extends Error {}

async function isAllFresh(parts: readonly Part[]): Promise<boolean> {
  try {
    await perform(parts, async (step) => {
      if (!(await isFresh(step))) throw new StaleError();
    });
    return true;
  } catch {
    return false; // also where an input is missing: the step before it will make it, or say why not
  }
}

class UnknownPartError extends BaseError {
  constructor(part: string) {
    super(`There is no part "${part}" of the build.`, {
      fix: `Name some of: ${ALL_PARTS.join(", ")}.`,
    });
  }
}

function parseParts(args: readonly string[]): readonly Part[] {
  if (args.length === 0) return PARTS;
  return args.map((arg) => {
    const part = ALL_PARTS.find((known) => known === arg);
    if (part === undefined) throw new UnknownPartError(arg);
    return part;
  });
}

if (process.argv[1] === import.meta.filename) {
  try {
    await build(parseParts(process.argv.slice(2)));
    process.exit(0); // snarkjs keeps its worker threads
  } catch (error) {
    say(error instanceof BaseError ? `error: ${error.message}` : String((error as Error).stack));
    process.exit(1);
  }
}
