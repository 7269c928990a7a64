import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { BaseError } from "../errors.ts";
import { FOLD_SIZES, type FoldSize } from "../params.ts";
import { DEVELOPMENT_CHAINS, DevelopmentKeysError } from "../chain/development.ts";
import type { VerificationKey } from "./verify.ts";

/** One file of an artifacts folder, relative to its manifest, and its SHA-256 in hexadecimal. */
export type Artifact = { readonly file: string; readonly sha256: string };

/** One circuit in `manifest.json`; files are relative to the manifest. `development`: whoever made the keys can forge proofs. */
export type CircuitManifest = {
  readonly development: boolean;
  readonly constraints: number;
  readonly publicSignals: number;
  readonly rows?: number;
  readonly power?: number;
  readonly wasm: Artifact;
  readonly zkey: Artifact;
  readonly vkey: Artifact;
  /** The compiled constraint system; who compiles the circuit again can compare it. */
  readonly r1cs?: Artifact;
  /** The verifier's bytecode, where the keys are not those that this version's contracts were built with: keys of a ceremony. */
  readonly verifier?: Artifact;
};

/** What the build or a ceremony made: which circuits with which keys. */
export type Manifest = { readonly version: 1; readonly circuits: Readonly<Record<string, CircuitManifest>> };

/** Files of one circuit that a prover needs, checked against the manifest. */
export type CircuitArtifacts = { readonly name: string; readonly wasm: string; readonly zkey: string; readonly vkey: VerificationKey };

export type Artifacts = { readonly folder: string; readonly manifest: Manifest };

export class MissingArtifactsError extends BaseError {
  constructor(file: string, cause?: unknown) {
    super(`The circuit artifact ${file} is missing or cannot be read.`, { fix: "Make it with `npm run build` in a clone of this version's repository, then point --artifacts (or TACIT_ARTIFACTS) at the clone's build folder; for keys of a ceremony, at the folder that its organiser published.", cause });
  }
}

export class ForeignArtifactsError extends BaseError {
  constructor(file: string, expected: string, found: string) {
    super(`The circuit artifact ${file} is not the one that the manifest names.`, { fix: "Remove it and run `npm run build`.", details: [`expected sha256 ${expected}`, `found    sha256 ${found}`] });
  }
}

export class UnsafeKeyError extends BaseError {
  constructor(circuit: string) {
    super(`The verifying key of circuit ${circuit} has gamma = delta: anybody can forge proofs for it.`, { fix: "Never use these keys. A key is safe only after a contribution to its second phase: see docs/CEREMONY.md." });
  }
}

export const foldCircuitName = (size: FoldSize): string => `fold_${size}`;
export const closeCircuitName = "close";

/** A circuit's verifier contract: `FoldVerifierSmall` of `fold_small`. */
export function verifierContractOf(circuit: string): string {
  const [name = "", size = ""] = circuit.split("_").map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`);
  return `${name}Verifier${size}`;
}

/** The bytecode of a circuit's verifier that came with its keys; undefined where the build has it. @throws MissingArtifactsError, ForeignArtifactsError */
export async function verifierBytecode({ folder, manifest }: Artifacts, name: string): Promise<{ readonly bytecode: `0x${string}`; readonly deployedBytecode: `0x${string}` } | undefined> {
  const artifact = manifest.circuits[name]?.verifier;
  if (artifact === undefined) return undefined;
  await requireHash(path.join(folder, artifact.file), artifact.sha256);
  return JSON.parse(await readFile(path.join(folder, artifact.file), "utf8")) as { bytecode: `0x${string}`; deployedBytecode: `0x${string}` };
}

/** The fold size with a round's index. @throws MissingArtifactsError for an index that this version does not know. */
export function foldSizeAt(index: number): (typeof FOLD_SIZES)[number] {
  const size = FOLD_SIZES[index];
  if (size === undefined) throw new MissingArtifactsError(`for fold size ${index}`);
  return size;
}

/** @throws MissingArtifactsError */
export async function openArtifacts(folder: string): Promise<Artifacts> {
  const file = path.join(folder, "manifest.json");
  try {
    return { folder, manifest: JSON.parse(await readFile(file, "utf8")) as Manifest };
  } catch (cause) {
    throw new MissingArtifactsError(file, cause);
  }
}

/** @throws DevelopmentKeysError if these keys must not be used on that chain. */
export function requireKeysFor(artifacts: Artifacts, chainId: number): void {
  const development = Object.values(artifacts.manifest.circuits).some((circuit) => circuit.development);
  if (development && !DEVELOPMENT_CHAINS.includes(chainId)) throw new DevelopmentKeysError(chainId);
}

/** A circuit's files with their hashes checked. @throws MissingArtifactsError, ForeignArtifactsError */
export async function circuitArtifacts({ folder, manifest }: Artifacts, name: string): Promise<CircuitArtifacts> {
  const circuit = manifest.circuits[name];
  if (circuit === undefined) throw new MissingArtifactsError(`of circuit ${name}`);
  for (const artifact of [circuit.wasm, circuit.zkey]) await requireHash(path.join(folder, artifact.file), artifact.sha256);
  return { name, wasm: path.join(folder, circuit.wasm.file), zkey: path.join(folder, circuit.zkey.file), vkey: await verificationKey({ folder, manifest }, name) };
}

/** A circuit's verifying key, its hash checked. @throws MissingArtifactsError, ForeignArtifactsError, UnsafeKeyError */
export async function verificationKey({ folder, manifest }: Artifacts, name: string): Promise<VerificationKey> {
  const artifact = manifest.circuits[name]?.vkey;
  if (artifact === undefined) throw new MissingArtifactsError(`of circuit ${name}`);
  const file = path.join(folder, artifact.file);
  await requireHash(file, artifact.sha256);
  const key = JSON.parse(await readFile(file, "utf8")) as VerificationKey;
  requireSafe(key, name);
  return key;
}

/** Two live systems were drained through keys whose second phase had not happened: gamma = delta. @throws UnsafeKeyError */
export function requireSafe({ vk_gamma_2, vk_delta_2 }: VerificationKey, circuit: string): void {
  if (JSON.stringify(vk_gamma_2) === JSON.stringify(vk_delta_2)) throw new UnsafeKeyError(circuit);
}

async function requireHash(file: string, expected: string): Promise<void> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  } catch (cause) {
    throw new MissingArtifactsError(file, cause);
  }
  const found = hash.digest("hex");
  if (found !== expected) throw new ForeignArtifactsError(file, expected, found);
}
