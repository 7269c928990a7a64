import { readFile } from "node:fs/promises";
import path from "node:path";
import { keccak256, type Hex } from "viem";
import { FOLD_SIZES } from "../params.ts";
import { closeCircuitName, foldCircuitName, foldSizeAt, MissingArtifactsError, verificationKey, type Artifacts } from "../proofs/artifacts.ts";
import type { TrustedKeys } from "../verify/verify_round.ts";

/** Where the build leaves compiled contracts. */
const CONTRACTS = path.resolve(import.meta.dirname, "../../artifacts/contracts/generated");

/** What this installation trusts for rounds with a size index: its verifying keys, and the code of the verifiers made from them. */
export async function trustedKeys(artifacts: Artifacts, size: number): Promise<TrustedKeys> {
  const { name } = foldSizeAt(size);
  return {
    fold: await verificationKey(artifacts, foldCircuitName(name)),
    close: await verificationKey(artifacts, closeCircuitName),
    foldCodeHash: await runtimeCodeHash(`FoldVerifier${capitalised(name)}`),
    closeCodeHash: await runtimeCodeHash("CloseVerifier"),
  };
}

/** @throws MissingArtifactsError */
async function runtimeCodeHash(contract: string): Promise<Hex> {
  const file = path.join(CONTRACTS, `${contract}.sol`, `${contract}.json`);
  try {
    const { deployedBytecode } = JSON.parse(await readFile(file, "utf8")) as { deployedBytecode: Hex };
    return keccak256(deployedBytecode);
  } catch (cause) {
    throw new MissingArtifactsError(file, cause);
  }
}

const capitalised = (name: (typeof FOLD_SIZES)[number]["name"]): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;
