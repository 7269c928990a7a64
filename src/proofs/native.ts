import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Groth16Proof } from "snarkjs";
import { BaseError } from "../errors.ts";
import { fromSnarkjs, type Proved } from "./proof.ts";
import type { ProvingFiles } from "./prove.ts";

export class NativeProverError extends BaseError {
  constructor(program: string, why: string, cause?: unknown) {
    super(`The prover program ${program} failed: ${why}.`, {
      fix: "Run it by hand as `<program> circuit.zkey witness.wtns proof.json public.json`, or unset TACIT_PROVER to prove with snarkjs.",
      cause,
    });
  }
}

/** Witness files lie in folders of this name followed by the owner's process id. */
const FOLDER_PREFIX = "tacit-witness-";

/**
 * Proves with an external program (`program zkey wtns proof.json public.json`). The witness is in a file of mode 0600 in a
 * folder of mode 0700 below TMPDIR while the program runs; both are removed afterwards, and on the process's exit.
 * Nobody has checked the proof yet. @throws NativeProverError
 */
export async function proveWithProgram(
  program: string,
  { zkey }: ProvingFiles,
  witness: Uint8Array,
): Promise<Proved> {
  const folder = mkdtempSync(path.join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const [wtns, proof, signals] = ["witness.wtns", "proof.json", "public.json"].map((name) =>
      path.join(folder, name),
    ) as [string, string, string];
    await writeFile(wtns, witness, { mode: 0o600, flag: "wx" });
    await run(program, [zkey, wtns, proof, signals]);
    return {
      proof: fromSnarkjs(await readJson<Groth16Proof>(program, proof)),
      signals: (await readJson<string[]>(program, signals)).map(BigInt),
    };
  } finally {
    process.removeListener("exit", remove);
    remove();
  }
}

/** Removes witness folders whose process was killed before it could. */
export function removeStaleWitnesses(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-500)));
    child.once("error", (cause) =>
      reject(new NativeProverError(program, "it cannot be started", cause)),
    );
    child.once("close", (code, signal) => {
      process.removeListener("exit", kill);
      if (code === 0) resolve();
      else
        reject(
          new NativeProverError(
            program,
            `it ended with ${signal ?? `exit code ${code}`}${said === "" ? "" : ` and said: ${said.trim()}`}`,
          ),
        );
    });
  });
}

async function readJson<T>(program: string, file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (cause) {
    throw new NativeProverError(program, `it did not write ${path.basename(file)}`, cause);
  }
}
