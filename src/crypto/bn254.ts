import { bn254 } from "@noble/curves/bn254.js";

/** The groups of BN254, in which Groth16 proofs live. Coordinates of G2 are c0 + c1·u with u² = -1; the zero point is (0, 0) in affine form. */
export const G1 = bn254.G1.Point;
export const G2 = bn254.G2.Point;
export type G1Point = InstanceType<typeof G1>;
export type G2Point = InstanceType<typeof G2>;
