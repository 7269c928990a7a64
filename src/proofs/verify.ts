import { groth16, type VerificationKey } from "snarkjs";
import { toSnarkjs, type Proof } from "./proof.ts";

export type { VerificationKey };

/**
 * Whether a proof is valid for public signals under a verifying key.
 * A proof with a point off the curve or a coordinate out of range is invalid, never an error.
 */
export async function verifyProof(key: VerificationKey, signals: readonly bigint[], proof: Proof): Promise<boolean> {
  return groth16.verify(key, signals.map(String), toSnarkjs(proof));
}
