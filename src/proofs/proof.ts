import type { Groth16Proof } from "snarkjs";

/** A Groth16 proof over BN254 as the contracts take it: b's coordinates with the imaginary part first (EIP-197). */
export type Proof = {
  readonly a: readonly [bigint, bigint];
  readonly b: readonly [readonly [bigint, bigint], readonly [bigint, bigint]];
  readonly c: readonly [bigint, bigint];
};

/** A proof with the public signals that it proves. */
export type Proved = { readonly proof: Proof; readonly signals: readonly bigint[] };

/** From snarkjs' JSON, whose b has the real part first. */
export function fromSnarkjs({ pi_a, pi_b, pi_c }: Groth16Proof): Proof {
  const at = (list: readonly string[] | undefined, i: number) => BigInt(list?.[i] as string);
  return {
    a: [at(pi_a, 0), at(pi_a, 1)],
    b: [
      [at(pi_b[0], 1), at(pi_b[0], 0)],
      [at(pi_b[1], 1), at(pi_b[1], 0)],
    ],
    c: [at(pi_c, 0), at(pi_c, 1)],
  };
}

/** To snarkjs' JSON. */
export function toSnarkjs({ a, b, c }: Proof): Groth16Proof {
  return {
    pi_a: [String(a[0]), String(a[1]), "1"],
    pi_b: [
      [String(b[0][1]), String(b[0][0])],
      [String(b[1][1]), String(b[1][0])],
      ["1", "0"],
    ],
    pi_c: [String(c[0]), String(c[1]), "1"],
    protocol: "groth16",
    curve: "bn128",
  };
}
