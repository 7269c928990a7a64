import { groth16 } from "snarkjs";
import { toSnarkjs, type Proof } from "./proof.ts";

/** A Groth16 verifying key as snarkjs writes it; numbers are decimal strings. Written out here since snarkjs comes without types for those who use ours. */
export type VerificationKey = {
  protocol: string;
  curve: string;
  nPublic: number;
  vk_alpha_1: string[];
  vk_beta_2: string[][];
  vk_gamma_2: string[][];
  vk_delta_2: string[][];
  vk_alphabeta_12: string[][][];
  IC: string[][];
};

/**
 * Whether a proof is valid for public signals under a verifying key.
 * A proof with a point off the curve, or a coordinate or signal out of range, is invalid and never an error.
 */
export async function verifyProof(
  key: VerificationKey,
  signals: readonly bigint[],
  proof: Proof,
): Promise<boolean> {
  return groth16.verify(key, signals.map(String), toSnarkjs(proof));
}
