import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import { hashFile } from "../../../scripts/pipeline/hash.ts";
import { compileVerifier, type CompiledVerifier } from "../../../src/cli/compile_verifier.ts";
import {
  CIRCUIT_NAMES,
  verifierContractName,
  type CircuitManifest,
  type Manifest,
} from "../../../src/proofs/artifacts.ts";

type Circuits = Record<string, CircuitManifest>;

const compiled = new Map<string, Promise<CompiledVerifier>>();

/** The code of the development verifiers behind a constructor that refuses nothing: what anybody can compile and put on any chain. */
export function unguarded(circuit: string): Promise<CompiledVerifier> {
  const known = compiled.get(circuit) ?? compileUnguarded(circuit);
  compiled.set(circuit, known);
  return known;
}

async function compileUnguarded(circuit: string): Promise<CompiledVerifier> {
  const contract = verifierContractName(circuit);
  const source = await readFile(fromRoot("contracts", "generated", `${contract}.sol`), "utf8");
  return compileVerifier(contract, source.replace(/constructor\(\) \{[^}]*\}/, ""));
}

/**
 * A folder with the build's keys under absolute names, as if they came from a ceremony: with verifiers of their own, which are the
 * unguarded ones. `change` makes of its circuits what a test needs.
 */
export async function keysFolder(
  folder: string,
  change: (circuits: Circuits) => object = (circuits) => circuits,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const built = JSON.parse(await readFile(fromRoot("build", "manifest.json"), "utf8")) as Manifest;
  const circuits: Circuits = {};
  for (const name of CIRCUIT_NAMES) {
    const { wasm, zkey, vkey, r1cs, ...rest } = built.circuits[name] as Required<CircuitManifest>;
    const verifier = `${verifierContractName(name)}.json`;
    await writeFile(path.join(folder, verifier), JSON.stringify(await unguarded(name)));
    const there = ({ file, sha256 }: { file: string; sha256: string }) => ({
      file: path.relative(folder, fromRoot("build", file)),
      sha256,
    });
    circuits[name] = {
      ...rest,
      development: false,
      wasm: there(wasm),
      zkey: there(zkey),
      vkey: there(vkey),
      r1cs: there(r1cs),
      verifier: { file: verifier, sha256: await hashFile(path.join(folder, verifier)) },
    };
  }
  await writeFile(
    path.join(folder, "manifest.json"),
    JSON.stringify({ version: 1, circuits: change(circuits) }),
  );
  return folder;
}
