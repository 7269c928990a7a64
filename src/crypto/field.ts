import { Field } from "@noble/curves/abstract/modular.js";
import { P } from "../params.ts";

/** Arithmetic modulo P (PARAM-1). Elements are bigints in [0, P). */
export const Fp = Field(P);

/** The representative of x in [0, P). */
export function mod(x: bigint, modulus: bigint = P): bigint {
  const r = x % modulus;
  return r < 0n ? r + modulus : r;
}

/** Whether x is a word: an integer in [0, P). */
export function isWord(x: bigint): boolean {
  return x >= 0n && x < P;
}

/** 1/x mod P, and 0 for x = 0: the value a witness needs where a guarded denominator vanishes. */
export function inverseOrZero(x: bigint): bigint {
  const r = mod(x);
  return r === 0n ? 0n : Fp.inv(r);
}

/** An integer in (-P/2, P/2] written as the word that represents it mod P, and back. */
export function toSigned(word: bigint): bigint {
  return word > P / 2n ? word - P : word;
}

/** Big-endian bytes as an integer. */
export function bytesToInteger(bytes: Uint8Array): bigint {
  let x = 0n;
  for (const byte of bytes) x = (x << 8n) | BigInt(byte);
  return x;
}

/** x in `length` big-endian bytes. @throws RangeError if x is negative or does not fit. */
export function integerToBytes(x: bigint, length: number): Uint8Array {
  if (x < 0n || x >> BigInt(8 * length) !== 0n)
    throw new RangeError(`${x} does not fit ${length} bytes`);
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--, x >>= 8n) bytes[i] = Number(x & 0xffn);
  return bytes;
}
