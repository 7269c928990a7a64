import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ARTIFACTS } from "../compile-contracts.ts";
import { artifactFiles, CIRCUITS, verifierFile } from "../pipeline/circuits.ts";
import { hashFile } from "../pipeline/hash.ts";
import { filesBelow } from "../pipeline/imports.ts";
import { toRelative } from "../pipeline/paths.ts";
import type { Json, Snapshot } from "./snapshot.ts";

type Artifact = { readonly contractName: string; readonly bytecode: string };

/**
 * SHA-256 of all that the build makes of circuits and contracts: who builds the same sources elsewhere must get the same. Verifiers are
 * those of the development keys, which follow from the constraint systems alone.
 */
async function measure(): Promise<Json> {
  const circuits = await Promise.all(
    CIRCUITS.toReversed().map(async ({ name }) => {
      const { r1cs, wasm } = artifactFiles(name);
      return [name, { r1cs: await hashFile(r1cs), wasm: await hashFile(wasm) }] as const;
    }),
  );
  const verifiers = await Promise.all(
    CIRCUITS.toReversed().map(
      async (circuit) => [circuit.verifier, await hashFile(verifierFile(circuit))] as const,
    ),
  );
  const files = (await filesBelow(`${ARTIFACTS}/contracts`, ".json")).filter(
    (file) => !toRelative(file).includes("/mocks/"),
  );
  const artifacts = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, "utf8")) as Artifact),
  );
  const deployed = artifacts
    .filter(({ bytecode }) => bytecode !== "0x")
    .sort((a, b) => (a.contractName < b.contractName ? -1 : 1));
  const bytecode = deployed.map(
    ({ contractName, bytecode }) =>
      [
        contractName,
        createHash("sha256")
          .update(Buffer.from(bytecode.slice(2), "hex"))
          .digest("hex"),
      ] as const,
  );
  return {
    circuits: Object.fromEntries(circuits),
    verifierSources: Object.fromEntries(verifiers),
    creationCode: Object.fromEntries(bytecode),
  };
}

export const hashes: Snapshot = { name: "hashes", measure, tolerance: 0 };
