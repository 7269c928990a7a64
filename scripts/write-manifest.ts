import { stat } from "node:fs/promises";
import path from "node:path";
import { CIRCUITS, artifactsOf, type Circuit } from "./pipeline/circuits.ts";
import { hashFile } from "./pipeline/hash.ts";
import { BUILD } from "./pipeline/paths.ts";
import { writeAtomically } from "./pipeline/step.ts";
import { readHeader } from "./keys/r1cs.ts";
import { domainBits } from "./keys/scalars.ts";

/** A file next to the manifest, with its SHA-256. */
export type ManifestFile = { file: string; bytes: number; sha256: string };

/** What is known of one circuit's artifacts. */
export type ManifestCircuit = {
  /** Whoever knows how a development key was made forges proofs for it. */
  development: boolean;
  /** Rows of a fold; absent for other circuits. */
  rows?: number;
  /** The proving key's domain has 2^power points. */
  power: number;
  constraints: number;
  wires: number;
  publicSignals: number;
  r1cs: ManifestFile;
  wasm: ManifestFile;
  zkey: ManifestFile;
  vkey: ManifestFile;
};
export type Manifest = { version: 1; circuits: Record<string, ManifestCircuit> };

export const MANIFEST_FILE = path.join(BUILD, "manifest.json");

export async function writeManifest(): Promise<void> {
  const entries = await Promise.all(
    CIRCUITS.map(async (circuit): Promise<[string, ManifestCircuit]> => [circuit.name, await describe(circuit)]),
  );
  const manifest: Manifest = { version: 1, circuits: Object.fromEntries(entries.toReversed()) };
  await writeAtomically(MANIFEST_FILE, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

async function describe(circuit: Circuit): Promise<ManifestCircuit> {
  const files = artifactsOf(circuit.name);
  const header = await readHeader(files.r1cs);
  return {
    development: true,
    ...(circuit.rows === undefined ? {} : { rows: circuit.rows }),
    power: domainBits(header),
    constraints: header.constraints,
    wires: header.wires,
    publicSignals: header.publicSignals,
    r1cs: await describeFile(files.r1cs),
    wasm: await describeFile(files.wasm),
    zkey: await describeFile(files.zkey),
    vkey: await describeFile(files.vkey),
  };
}

async function describeFile(file: string): Promise<ManifestFile> {
  const { size } = await stat(file);
  return { file: path.relative(BUILD, file), bytes: size, sha256: await hashFile(file) };
}
