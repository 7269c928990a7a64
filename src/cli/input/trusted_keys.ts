import { readFile } from "node:fs/promises";
import path from "node:path";
import { keccak256, type Hex } from "viem";
import { closeCircuitName, foldCircuitName, foldSizeAt, MissingArtifactsError, verificationKey, verifierBytecode, verifierContractOf, type Artifacts } from "../../proofs/artifacts.ts";
import type { RoundCode } from "../../verify/code.ts";
import type { TrustedKeys } from "../../verify/verify_round.ts";

/** Where the build leaves compiled contracts. */
const CONTRACTS = path.resolve(import.meta.dirname, "../../../artifacts/contracts");

/** What this installation trusts for rounds with a size index: its verifying keys, and the code of the verifiers made from them. */
export async function trustedKeys(artifacts: Artifacts, size: number): Promise<TrustedKeys> {
  const { name } = foldSizeAt(size);
  return {
    fold: await verificationKey(artifacts, foldCircuitName(name)),
    close: await verificationKey(artifacts, closeCircuitName),
    foldCodeHash: await verifierCodeHash(artifacts, foldCircuitName(name)),
    closeCodeHash: await verifierCodeHash(artifacts, closeCircuitName),
    roundCode: await compiled("Round"),
  };
}

type Compiled = { readonly deployedBytecode: Hex; readonly immutableReferences?: Readonly<Record<string, readonly { readonly start: number }[]>> };

/** @throws MissingArtifactsError */
async function compiled(contract: string): Promise<RoundCode> {
  const file = path.join(CONTRACTS, `${contract}.sol`, `${path.basename(contract)}.json`);
  try {
    const { deployedBytecode, immutableReferences = {} } = JSON.parse(await readFile(file, "utf8")) as Compiled;
    return { code: deployedBytecode, immutables: Object.values(immutableReferences).flat().map(({ start }) => start) };
  } catch (cause) {
    throw new MissingArtifactsError(file, cause);
  }
}

async function verifierCodeHash(artifacts: Artifacts, circuit: string): Promise<Hex> {
  const own = await verifierBytecode(artifacts, circuit);
  return keccak256(own?.deployedBytecode ?? (await compiled(`generated/${verifierContractOf(circuit)}`)).code);
}
