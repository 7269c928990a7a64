import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { BaseError } from "../errors.ts";
import { FOLD_SIZES, type FoldSize } from "../params.ts";
import { DevelopmentKeysError, isDevelopmentChain } from "../chain/development.ts";
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
  /** The verifier's bytecode: keys of a ceremony have one of their own, that of development keys is the build's. */
  readonly verifier?: Artifact;
};

/** What the build or a ceremony made: which circuits with which keys. */
export type Manifest = {
  readonly version: 1;
  readonly circuits: Readonly<Record<string, CircuitManifest>>;
  /** The transcript of the ceremony that made the keys, where one did. */
  readonly ceremony?: Artifact;
};

/** Files of one circuit that a prover needs, checked against the manifest. */
export type CircuitArtifacts = {
  readonly name: string;
  readonly wasm: string;
  readonly zkey: string;
  readonly vkey: VerificationKey;
};

export type Artifacts = { readonly folder: string; readonly manifest: Manifest };

export class MissingArtifactsError extends BaseError {
  constructor(file: string, cause?: unknown) {
    super(`The circuit artifact ${file} is missing or cannot be read.`, {
      fix: "Make it with `npm run build` in a clone of this version's repository, then point --artifacts (or TACIT_ARTIFACTS) at the clone's build folder; for keys of a ceremony, at the folder that its organiser published.",
      cause,
    });
  }
}

export class ForeignArtifactsError extends BaseError {
  constructor(file: string, expected: string, found: string) {
    super(`The circuit artifact ${file} is not the one that the manifest names.`, {
      fix: "Remove it and run `npm run build`.",
      details: [`expected sha256 ${expected}`, `found    sha256 ${found}`],
    });
  }
}

export class IncompleteArtifactsError extends BaseError {
  constructor(file: string, why: string) {
    super(`${file} does not describe a whole set of keys: ${why}.`, {
      fix: `Use a folder with keys of all of ${CIRCUIT_NAMES.join(", ")}: \`tacit setup finish\` writes one, and \`npm run build\` one of development keys.`,
    });
  }
}

export class UnsafeKeyError extends BaseError {
  constructor(circuit: string) {
    super(
      `The verifying key of circuit ${circuit} has gamma = delta: anybody can forge proofs for it.`,
      {
        fix: "Never use these keys. A key is safe only after a contribution to its second phase: see docs/CEREMONY.md.",
      },
    );
  }
}

export const foldCircuitName = (size: FoldSize): string => `fold_${size}`;
export const closeCircuitName = "close";
/** Every circuit: a set of keys has all of them. */
export const CIRCUIT_NAMES: readonly string[] = [
  closeCircuitName,
  ...FOLD_SIZES.map(({ name }) => foldCircuitName(name)),
];

/** A circuit's verifier contract: `FoldVerifierSmall` of `fold_small`. */
export function verifierContractName(circuit: string): string {
  const [name = "", size = ""] = circuit
    .split("_")
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`);
  return `${name}Verifier${size}`;
}

export type VerifierBytecode = {
  readonly bytecode: `0x${string}`;
  readonly deployedBytecode: `0x${string}`;
};

/** The bytecode of a circuit's verifier that came with its keys; undefined for development keys alone. @throws MissingArtifactsError, ForeignArtifactsError */
export async function verifierBytecode(
  { folder, manifest }: Artifacts,
  name: string,
): Promise<VerifierBytecode | undefined> {
  const circuit = manifest.circuits[name];
  if (circuit?.development === true) return undefined;
  if (circuit?.verifier === undefined)
    throw new MissingArtifactsError(`of the verifier of circuit ${name}`);
  const file = path.join(folder, circuit.verifier.file);
  await requireHash(file, circuit.verifier.sha256);
  return JSON.parse(await readFile(file, "utf8")) as VerifierBytecode;
}

/** The fold size with a round's index. @throws MissingArtifactsError for an index that this version does not know. */
export function foldSizeAt(index: number): (typeof FOLD_SIZES)[number] {
  const size = FOLD_SIZES[index];
  if (size === undefined) throw new MissingArtifactsError(`for fold size ${index}`);
  return size;
}

/** A folder with keys of every circuit. The files' hashes are checked when they are read. @throws MissingArtifactsError, IncompleteArtifactsError */
export async function openArtifacts(folder: string): Promise<Artifacts> {
  const file = path.join(folder, "manifest.json");
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(file, "utf8")) as Manifest;
  } catch (cause) {
    throw new MissingArtifactsError(file, cause);
  }
  requireComplete(file, manifest);
  return { folder, manifest };
}

/** Nothing is filled in for what a manifest leaves out: not a circuit, not a verifier, not whether its keys are of development. */
function requireComplete(file: string, manifest: Manifest): void {
  if (manifest?.version !== 1 || typeof manifest.circuits !== "object")
    throw new IncompleteArtifactsError(file, "it is not a manifest of version 1");
  for (const name of CIRCUIT_NAMES) {
    const circuit = manifest.circuits[name];
    if (circuit === undefined)
      throw new IncompleteArtifactsError(file, `circuit ${name} is missing`);
    if (typeof circuit.development !== "boolean")
      throw new IncompleteArtifactsError(
        file,
        `it does not say whether the keys of ${name} are development keys`,
      );
    if (!circuit.development && circuit.verifier === undefined)
      throw new IncompleteArtifactsError(file, `the keys of ${name} come without their verifier`);
  }
}

/** Circuits whose keys are development keys. */
export function developmentCircuits({ manifest }: Artifacts): string[] {
  return Object.keys(manifest.circuits).filter(
    (name) => manifest.circuits[name]?.development !== false,
  );
}

/** What whoever uses these keys must know; undefined for keys of a ceremony. */
export function developmentNotice(artifacts: Artifacts): string | undefined {
  const circuits = developmentCircuits(artifacts);
  return circuits.length === 0
    ? undefined
    : `Development keys (${circuits.join(", ")}): anybody can forge a result with them. They are for development chains only.`;
}

/** @throws DevelopmentKeysError if these keys must not be used on that chain. */
export function requireKeysFor(artifacts: Artifacts, chainId: number): void {
  const circuits = developmentCircuits(artifacts);
  if (circuits.length > 0 && !isDevelopmentChain(chainId))
    throw new DevelopmentKeysError(chainId, circuits);
}

/** A circuit's files with their hashes checked. @throws MissingArtifactsError, ForeignArtifactsError */
export async function circuitArtifacts(
  { folder, manifest }: Artifacts,
  name: string,
): Promise<CircuitArtifacts> {
  const circuit = manifest.circuits[name];
  if (circuit === undefined) throw new MissingArtifactsError(`of circuit ${name}`);
  for (const artifact of [circuit.wasm, circuit.zkey])
    await requireHash(path.join(folder, artifact.file), artifact.sha256);
  return {
    name,
    wasm: path.join(folder, circuit.wasm.file),
    zkey: path.join(folder, circuit.zkey.file),
    vkey: await verificationKey({ folder, manifest }, name),
  };
}

/** A circuit's verifying key, its hash checked. @throws MissingArtifactsError, ForeignArtifactsError, UnsafeKeyError */
export async function verificationKey(
  { folder, manifest }: Artifacts,
  name: string,
): Promise<VerificationKey> {
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

/** A file's SHA-256 in hexadecimal. @throws MissingArtifactsError */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  } catch (cause) {
    throw new MissingArtifactsError(file, cause);
  }
  return hash.digest("hex");
}

/** @throws MissingArtifactsError, ForeignArtifactsError */
export async function requireHash(file: string, expected: string): Promise<void> {
  const found = await sha256OfFile(file);
  if (found !== expected) throw new ForeignArtifactsError(file, expected, found);
}
