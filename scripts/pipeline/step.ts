import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { BUILD, fromRoot, toRelative } from "./paths.ts";
import { hashFile, hashInputs } from "./hash.ts";

/**
 * One cached piece of the build. It is skipped when neither its inputs nor its outputs changed since it last ran;
 * `inputs` is asked only after the steps before it have run, so it may look at what they wrote.
 */
export type Step = {
  /** Also the name of its stamp, so unique. */
  readonly name: string;
  readonly inputs: () => Promise<string[]>;
  /** What else the result depends on: versions of compilers, options, outputs of earlier steps by `outputHashes`. */
  readonly extra?: () => Promise<string[]>;
  /** Makes the outputs and returns their files; a half-written output must never bear its final name. */
  readonly run: () => Promise<string[]>;
};

type Output = { file: string; size: number; modified: number; sha256: string };
type Stamp = { key: string; outputs: Output[] };

export async function isFresh(step: Step): Promise<boolean> {
  const stamp = await readStamp(step);
  if (stamp === undefined || stamp.key !== (await hashStep(step))) return false;
  const intact = await Promise.all(stamp.outputs.map(isIntact));
  return intact.every(Boolean);
}

/** Runs the step and stamps it; until the stamp is there the step counts as never run. */
export async function runStep(step: Step): Promise<void> {
  await rm(stampFile(step), { force: true });
  const files = await step.run();
  const outputs = await Promise.all(files.map(describeOutput));
  const stamp: Stamp = { key: await hashStep(step), outputs };
  await writeAtomically(stampFile(step), JSON.stringify(stamp, undefined, 1));
}

/** Writes only if the content differs, so that what is derived from the file stays fresh. */
export async function writeAtomically(file: string, content: string): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === content) return;
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.tmp-${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}

async function hashStep(step: Step): Promise<string> {
  return hashInputs(await step.inputs(), [step.name, ...((await step.extra?.()) ?? [])]);
}

/** Names and hashes of what earlier steps made, without reading those large files again. */
export async function outputHashes(...steps: readonly Step[]): Promise<string[]> {
  const stamps = await Promise.all(steps.map(readStamp));
  return stamps.flatMap((stamp) =>
    (stamp?.outputs ?? []).map(({ file, sha256 }) => `${file} ${sha256}`),
  );
}

function stampFile(step: Step): string {
  return path.join(BUILD, "stamps", `${step.name}.json`);
}

async function readStamp(step: Step): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await readFile(stampFile(step), "utf8")) as Stamp;
  } catch {
    return undefined; // missing or damaged: the step runs
  }
}

async function describeOutput(file: string): Promise<Output> {
  const { size, mtimeMs } = await stat(file);
  return {
    file: toRelative(file),
    size,
    modified: Math.trunc(mtimeMs),
    sha256: await hashFile(file),
  };
}

/** Size and time are enough to trust an output; where only the time differs (a copied folder) its content decides. */
async function isIntact(output: Output): Promise<boolean> {
  const file = fromRoot(output.file);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.size !== output.size) return false;
  if (Math.trunc(found.mtimeMs) === output.modified) return true;
  if ((await hashFile(file)) !== output.sha256) return false;
  await utimes(file, found.atime, new Date(output.modified));
  return true;
}
