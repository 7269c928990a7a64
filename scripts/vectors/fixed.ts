import { keccakWords } from "../../src/crypto/keccak.ts";
import { L, P } from "../../src/params.ts";

/** Fixed numbers that look random: keccak256(abi.encode(n)). Vectors list every one they use. */
export const fixedWord = (n: number): bigint => keccakWords(BigInt(n)) % P;
export const fixedScalar = (n: number): bigint => 1n + (keccakWords(BigInt(n)) % (L - 1n));

/** A counter of fixed scalars, for functions that draw. */
export function fixedScalars(start: number): () => bigint {
  let n = start;
  return () => fixedScalar(n++);
}
