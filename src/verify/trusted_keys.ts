import { installed } from "../installation.ts";
import {
  closeCircuitName,
  foldCircuitName,
  foldSizeAt,
  openArtifacts,
  verificationKey,
  type Artifacts,
} from "../proofs/artifacts.ts";
import type { TrustedKeys } from "./verify_round.ts";

/**
 * The circuits and keys that this version was built with. The package holds their manifest, with the hash of every file, and the verifying
 * keys: enough to verify, not to prove.
 * @throws MissingArtifactsError
 */
export const packagedArtifacts = (): Promise<Artifacts> => openArtifacts(installed("build"));

/** The verifying keys that this installation trusts for rounds with a size index. @throws MissingArtifactsError, ForeignArtifactsError */
export async function trustedKeys(artifacts: Artifacts, size: number): Promise<TrustedKeys> {
  return {
    fold: await verificationKey(artifacts, foldCircuitName(foldSizeAt(size).name)),
    close: await verificationKey(artifacts, closeCircuitName),
  };
}
