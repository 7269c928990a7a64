import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import {
  CIRCUIT_NAMES,
  openArtifacts,
  requireHash,
  sha256OfFile,
  verifierContractName,
  type Artifact,
  type CircuitManifest,
  type Manifest,
} from "../proofs/artifacts.ts";
import {
  CeremonyError,
  requireFinished,
  exportVerifierSource,
  exportVerificationKey,
  verifyPhase2,
} from "../proofs/ceremony.ts";
import type { Contribution } from "../proofs/contributions.ts";
import { compileVerifier } from "./compile_verifier.ts";

/** What a ceremony comes to, as `ceremony.json` has it: of each circuit the hashes of what went in and came out, and every step. */
export type Transcript = {
  readonly version: 1;
  /** BLAKE2b-512 of the powers-of-tau file. */
  readonly powersOfTau: string;
  readonly circuits: Readonly<
    Record<
      string,
      {
        readonly r1cs: string;
        readonly zkey: string;
        readonly contributions: readonly Contribution[];
      }
    >
  >;
};

export type CeremonyRequest = {
  /** Folder of a build of one's own: circuits, witness programs and their manifest. */
  readonly build: string;
  readonly ptau: string;
  readonly ptauHash: string;
  /** Final key of each circuit. */
  readonly zkeys: ReadonlyMap<string, string>;
  /** Fewest contributions of each key. */
  readonly least: number;
};

/** @throws CeremonyError unless there is exactly one key for each circuit */
export function requireAllCircuits(chosen: readonly string[]): Map<string, string> {
  const zkeys = new Map<string, string>();
  for (const text of chosen) {
    const [name = "", ...file] = text.split("=");
    if (!CIRCUIT_NAMES.includes(name) || file.length === 0)
      throw new CeremonyError(
        `There is no circuit "${name}".`,
        `Give --circuit <name>=<zkey> once for each of ${CIRCUIT_NAMES.join(", ")}.`,
      );
    if (zkeys.has(name))
      throw new CeremonyError(`Two keys are given for circuit ${name}.`, "Give one.");
    zkeys.set(name, file.join("="));
  }
  const missing = CIRCUIT_NAMES.filter((name) => !zkeys.has(name));
  if (missing.length > 0)
    throw new CeremonyError(
      `No key is given for ${missing.join(" and ")}.`,
      "A round needs keys of all circuits from a ceremony: finish them together. Nothing was written.",
    );
  return zkeys;
}

/**
 * Verifies all keys and writes the folder that --artifacts names: whole, or not at all. It is a function of the keys, the powers of tau
 * and the build, byte for byte, so that everybody can make it again and compare. @throws CeremonyError, MalformedKeyError, ForeignArtifactsError
 */
export async function assembleKeys(request: CeremonyRequest, out: string): Promise<Transcript> {
  if (existsSync(out))
    throw new CeremonyError(
      `${out} exists and is not overwritten.`,
      "Choose another name. Nothing was written.",
    );
  const { folder, manifest } = await openArtifacts(request.build);
  await mkdir(path.dirname(path.resolve(out)), { recursive: true });
  const aside = await mkdtemp(`${path.resolve(out)}.making-`);
  try {
    const made: [string, CircuitManifest, Transcript["circuits"][string]][] = [];
    for (const name of CIRCUIT_NAMES)
      made.push([
        name,
        ...(await assembleCircuit(
          request,
          name,
          folder,
          manifest.circuits[name] as CircuitManifest,
          aside,
        )),
      ]);
    const transcript: Transcript = {
      version: 1,
      powersOfTau: request.ptauHash,
      circuits: Object.fromEntries(made.map(([name, , steps]) => [name, steps])),
    };
    const ceremony = await writeJson(aside, "ceremony.json", transcript);
    const result: Manifest = {
      version: 1,
      ceremony,
      circuits: Object.fromEntries(made.map(([name, circuit]) => [name, circuit])),
    };
    await writeJson(aside, "manifest.json", result);
    await rename(aside, out);
    return transcript;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function assembleCircuit(
  { ptau, zkeys, least }: CeremonyRequest,
  name: string,
  folder: string,
  built: CircuitManifest,
  out: string,
): Promise<[CircuitManifest, Transcript["circuits"][string]]> {
  const zkey = zkeys.get(name) as string;
  if (built.r1cs === undefined)
    throw new CeremonyError(
      `${folder} has no constraint system of circuit ${name}.`,
      "Give the folder of a build, made with `npm run build`.",
    );
  const [r1cs, wasm] = [path.join(folder, built.r1cs.file), path.join(folder, built.wasm.file)];
  await requireHash(r1cs, built.r1cs.sha256);
  await requireHash(wasm, built.wasm.sha256);
  const own = path.join(out, `${name}.zkey`);
  await copyFile(zkey, own); // what is verified is what is written, whatever becomes of the other file
  const contributions = await verifyPhase2(r1cs, ptau, own, zkey);
  requireFinished(zkey, contributions, least);
  const contract = verifierContractName(name);
  const vkey = await writeJson(out, `${name}.vkey.json`, await exportVerificationKey(own), 1);
  const verifier = await writeJson(
    out,
    `${contract}.json`,
    await compileVerifier(contract, await exportVerifierSource(own, contract)),
  );
  await copyFile(wasm, path.join(out, `${name}.wasm`));
  const artifact = async (file: string): Promise<Artifact> => ({
    file,
    sha256: await sha256OfFile(path.join(out, file)),
  });
  const [wasmFile, zkeyFile] = [await artifact(`${name}.wasm`), await artifact(`${name}.zkey`)];
  return [
    { ...built, development: false, wasm: wasmFile, zkey: zkeyFile, vkey, verifier },
    { r1cs: built.r1cs.sha256, zkey: zkeyFile.sha256, contributions },
  ];
}

/** Files of a folder of keys that are not what its keys, the powers of tau and a build of one's own come to. */
export async function differences(published: string, again: string): Promise<string[]> {
  const [theirs, ours] = [new Set(await readdir(published)), new Set(await readdir(again))];
  const lines: string[] = [];
  for (const file of new Set([...theirs, ...ours])) {
    if (!ours.has(file)) lines.push(`${file}: does not belong there`);
    else if (!theirs.has(file)) lines.push(`${file}: is missing`);
    else if (
      (await sha256OfFile(path.join(published, file))) !==
      (await sha256OfFile(path.join(again, file)))
    )
      lines.push(`${file}: is another one than what the keys come to`);
  }
  return lines.sort();
}

async function writeJson(
  folder: string,
  file: string,
  content: unknown,
  indent = 2,
): Promise<Artifact> {
  await writeFile(path.join(folder, file), `${JSON.stringify(content, undefined, indent)}\n`);
  return { file, sha256: await sha256OfFile(path.join(folder, file)) };
}
