import { mod } from "../../crypto/field.ts";
import { ELEMENT_BYTES, MONTGOMERY } from "./field.ts";
import { invert } from "./integers.ts";
import { R, type Kernels } from "./kernels.ts";

/** The smallest number that is no square modulo r. snarkjs' roots of unity, and so the points of its proving keys, come from it. */
const NON_RESIDUE = 5n;
/** r - 1 is divisible by 2^28. */
export const MOST_BITS = 27;

/** A primitive 2^bits-th root of unity modulo r. */
export function rootOfUnity(bits: number): bigint {
  return power(NON_RESIDUE, (R - 1n) >> BigInt(bits));
}

/** The lowest `bits` bits of i in reverse order. */
export function reverseBits(i: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
  return reversed;
}

/**
 * From a polynomial's values at the n-th roots of unity w^i to those at g w^i, where g^2 = w, by way of its coefficients. Values lie at position reverse(i), coefficients at i: a transform
 * splits x^n - c into x^(n/2) - d and x^(n/2) + d with d^2 = c, and so on down to x - z, which leaves the values at z in this order without moving anything.
 * The twiddles d of 2^l blocks at level l are then the first 2^l roots in the same order, whatever n, or the second 2^l if x^n + 1 is split, whose zeros are g w^i.
 */
export class Transform {
  readonly bits: number;
  readonly #kernels: Kernels;
  readonly #coset: number;
  readonly #inverse: number;
  readonly #one: number;

  /** Takes 60 bytes an element for twiddles. @param bits the logarithm of n, from 2 on */
  constructor(kernels: Kernels, bits: number) {
    this.bits = bits;
    this.#kernels = kernels;
    this.#one = kernels.allocateElement(1n, R);
    const g = rootOfUnity(bits + 1);
    this.#coset = twiddles(kernels, bits, g);
    this.#inverse = twiddles(kernels, bits - 1, invert(mod(g * g), R));
  }

  /** n times the coefficients, in place of the values. `array`: n/2 pairs. */
  inverse(array: number): void {
    const { run } = this.#kernels;
    run.transform_inverse_last(array, 2 ** (this.bits - 1), this.#inverse, this.#one);
    for (let level = this.bits - 2; level >= 0; level--)
      run.transform_inverse(array, 2 ** level, 2 ** (this.bits - 2 - level), this.#inverse);
  }

  /** The values at g w^i in place of the coefficients. */
  forward(array: number): void {
    const { run } = this.#kernels;
    for (let level = 0; level < this.bits - 1; level++)
      run.transform_forward(
        array,
        2 ** level,
        2 ** (this.bits - 2 - level),
        this.#coset + ELEMENT_BYTES * 2 ** level,
      );
    run.transform_forward_last(
      array,
      2 ** (this.bits - 1),
      this.#coset + ELEMENT_BYTES * 2 ** (this.bits - 1),
      this.#one,
    );
  }
}

/** root^reverse(k) for k below 2^bits, where root has order 2^(bits + 1). */
function twiddles(kernels: Kernels, bits: number, root: bigint): number {
  const table = kernels.allocate(ELEMENT_BYTES * 2 ** bits);
  const step = (level: number) => power(root, 1n << BigInt(bits - 1 - level));
  kernels.writeElement(table, 1n, R);
  kernels.writeElement(table + ELEMENT_BYTES, step(0), R);
  for (let level = 1; level < bits; level++) {
    kernels.within(() =>
      kernels.run.twiddles_extend(
        table,
        table + ELEMENT_BYTES * 2 ** level,
        2 ** (level - 1),
        kernels.allocatePair(step(level) * MONTGOMERY, R),
      ),
    );
  }
  return table;
}

function power(x: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (; exponent > 0n; exponent >>= 1n, x = mod(x * x))
    if ((exponent & 1n) === 1n) result = mod(result * x);
  return result;
}
