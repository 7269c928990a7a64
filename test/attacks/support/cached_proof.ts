import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "viem";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import { proofKey } from "../../../src/coordinator/store/proofs.ts";
import { circuitArtifacts, openArtifacts } from "../../../src/proofs/artifacts.ts";
import type { CircuitInputs } from "../../../src/proofs/inputs.ts";
import type { Proof } from "../../../src/proofs/proof.ts";
import { prove, releaseProver } from "../../../src/proofs/prove.ts";
import { verifyProof } from "../../../src/proofs/verify.ts";

const FOLDER = fromRoot("build", "attack-proofs");

/** A real proof from a real witness, made once for each key and statement. What lies in the folder is verified before it is used. */
export async function cachedProof(
  circuit: string,
  signals: readonly bigint[],
  inputs: () => CircuitInputs,
): Promise<Proof> {
  const files = await circuitArtifacts(await openArtifacts(fromRoot("build")), circuit);
  const file = path.join(FOLDER, `${proofKey(files, signals)}.json`);
  const known = await readFile(file, "utf8").then(parse, () => undefined);
  if (known !== undefined && (await verifyProof(files.vkey, signals, known))) return known;
  const made = await prove(files, inputs());
  await releaseProver();
  if (made.signals.join() !== signals.join())
    throw new Error(`${circuit} proves other signals than expected`);
  await mkdir(FOLDER, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, stringify(made.proof));
  await rename(temporary, file);
  return made.proof;
}

const parse = (text: string): Proof =>
  JSON.parse(text, (_, x: unknown) => (typeof x === "string" ? BigInt(x) : x)) as Proof;
