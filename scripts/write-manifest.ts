import path from "node:path";
import type { CircuitManifest, Manifest } from "../src/proofs/artifacts.ts";
import { CIRCUITS, artifactFiles, type Circuit } from "./pipeline/circuits.ts";
import { hashFile } from "./pipeline/hash.ts";
import { BUILD } from "./pipeline/paths.ts";
import { writeAtomically } from "./pipeline/step.ts";
import { readHeader } from "./keys/r1cs.ts";
import { domainBits } from "./keys/scalars.ts";

export const MANIFEST_FILE = path.join(BUILD, "manifest.json");

export async function writeManifest(): Promise<void> {
  const entries = await Promise.all(
    CIRCUITS.map(
      async (circuit): Promise<[string, CircuitManifest]> => [
        circuit.name,
        await describe(circuit),
      ],
    ),
  );
  const manifest: Manifest = { version: 1, circuits: Object.fromEntries(entries.toReversed()) };
  await writeAtomically(MANIFEST_FILE, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The constraint system is listed too: who compiles the circuits again can compare it. */
async function describe(
  circuit: Circuit,
): Promise<CircuitManifest & { r1cs: CircuitManifest["wasm"] }> {
  const files = artifactFiles(circuit.name);
  const header = await readHeader(files.r1cs);
  return {
    development: true,
    ...(circuit.rows === undefined ? {} : { rows: circuit.rows }),
    power: domainBits(header),
    constraints: header.constraints,
    publicSignals: header.publicSignals,
    r1cs: await describeFile(files.r1cs),
    wasm: await describeFile(files.wasm),
    zkey: await describeFile(files.zkey),
    vkey: await describeFile(files.vkey),
  };
}

async function describeFile(file: string) {
  return { file: path.relative(BUILD, file), sha256: await hashFile(file) };
}
