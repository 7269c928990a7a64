import { SCALAR_BYTES, storeMontgomery, type Instance } from "./bn254.ts";

/** The multiplicative group of the scalar field has 2^28 as its greatest power of two; 5 is not a square. */
const TWO_ADICITY = 28;
const NON_RESIDUE = 5n;

export function power(base: bigint, exponent: bigint, r: bigint): bigint {
  let result = 1n;
  for (base %= r; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % r;
    base = (base * base) % r;
  }
  return result;
}

/** r is prime. */
export function inverse(value: bigint, r: bigint): bigint {
  return power(value, r - 2n, r);
}

/** The generator of the subgroup of order 2^bits that snarkjs takes. */
export function rootOfUnity(bits: number, r: bigint): bigint {
  const root = power(NON_RESIDUE, (r - 1n) >> BigInt(TWO_ADICITY), r);
  return power(root, 1n << BigInt(TWO_ADICITY - bits), r);
}

/**
 * All Lagrange polynomials of the domain {w^i} of size n = 2^bits, at tau:
 *
 *   L_i(tau) = (tau^n - 1)/n · w^i / (tau - w^i)
 *
 * Returns the address of n scalars in Montgomery form. tau is not in the domain (it would be with probability 2^-226).
 */
export function lagrangeAt(instance: Instance, bits: number, tau: bigint, r: bigint): number {
  const { wasm } = instance;
  const size = 2 ** bits;
  const result = instance.allocate(size * SCALAR_BYTES);
  const mark = instance.mark();
  const denominators = instance.allocate(size * SCALAR_BYTES);
  const tauAt = storeMontgomery(instance, tau);
  const root = storeMontgomery(instance, rootOfUnity(bits, r));
  const vanishing = (power(tau, BigInt(size), r) - 1n + r) % r;
  const factor = storeMontgomery(instance, (vanishing * inverse(BigInt(size), r)) % r);
  const point = storeMontgomery(instance, 1n);
  for (let i = 0; i < size; i++) {
    wasm.frm_mul(factor, point, result + i * SCALAR_BYTES);
    wasm.frm_sub(tauAt, point, denominators + i * SCALAR_BYTES);
    wasm.frm_mul(point, root, point);
  }
  wasm.frm_batchInverse(denominators, SCALAR_BYTES, size, denominators, SCALAR_BYTES);
  for (let i = 0; i < size; i++) {
    const at = result + i * SCALAR_BYTES;
    wasm.frm_mul(at, denominators + i * SCALAR_BYTES, at);
  }
  instance.release(mark);
  return result;
}
