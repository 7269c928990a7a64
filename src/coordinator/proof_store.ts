import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Proved } from "../proofs/prove.ts";

/**
 * Proofs already made, by transcript base and step (`fold-0`, …, `close`), so that no step is proved twice.
 * Proofs and public signals are public: nothing secret is kept here.
 */
export type ProofStore = {
  readonly get: (base: bigint, step: string) => Promise<Proved | undefined>;
  readonly put: (base: bigint, step: string, proved: Proved) => Promise<void>;
};

/** A store of one JSON file a proof. A killed process leaves whole files or none: written aside, then renamed. */
export async function openProofStore(folder: string): Promise<ProofStore> {
  await mkdir(folder, { recursive: true });
  const fileOf = (base: bigint, step: string) => path.join(folder, `${base.toString(16).padStart(64, "0").slice(0, 16)}-${step}.json`);
  return {
    async get(base, step) {
      const text = await readFile(fileOf(base, step), "utf8").catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text, revive) as Proved);
    },
    async put(base, step, proved) {
      const file = fileOf(base, step);
      await writeFile(`${file}.tmp`, JSON.stringify(proved, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)));
      await rename(`${file}.tmp`, file);
    },
  };
}

/** Every string in a stored proof is a decimal integer. */
function revive(_: string, value: unknown): unknown {
  return typeof value === "string" ? BigInt(value) : value;
}
