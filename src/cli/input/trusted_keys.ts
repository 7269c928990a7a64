import { closeCircuitName, foldCircuitName, foldSizeAt, verificationKey, type Artifacts } from "../../proofs/artifacts.ts";
import type { TrustedKeys } from "../../verify/verify_round.ts";

/** The verifying keys that this installation trusts for rounds with a size index. @throws MissingArtifactsError, ForeignArtifactsError */
export async function trustedKeys(artifacts: Artifacts, size: number): Promise<TrustedKeys> {
  return {
    fold: await verificationKey(artifacts, foldCircuitName(foldSizeAt(size).name)),
    close: await verificationKey(artifacts, closeCircuitName),
  };
}
