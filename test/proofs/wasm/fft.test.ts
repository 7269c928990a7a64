import { describe, expect, test } from "vitest";
import { mod } from "../../../src/crypto/field.ts";
import { ELEMENT_BYTES, MONTGOMERY, PAIR_BYTES } from "../../../src/proofs/wasm/field.ts";
import { reverseBits, rootOfUnity, Transform } from "../../../src/proofs/wasm/fft.ts";
import { balanced, Kernels, R } from "../../../src/proofs/wasm/kernels.ts";
import { seeded } from "../../helpers/seeded.ts";

const random = seeded("transform");
const evaluate = (coefficients: readonly bigint[], x: bigint) =>
  coefficients.reduceRight((sum, c) => mod(sum * x + c), 0n);
const power = (x: bigint, k: number): bigint =>
  Array.from({ length: k }).reduce<bigint>((y) => mod(y * x), 1n);

describe.each([2, 3, 4, 7])("transforms of 2^%i elements", (bits) => {
  const n = 2 ** bits;
  const [g, w] = [rootOfUnity(bits + 1), rootOfUnity(bits)];
  const address = (array: number, i: number) => array + (i >> 1) * PAIR_BYTES + 8 * (i & 1);
  const fill = (kernels: Kernels, array: number, values: readonly bigint[]) =>
    values.forEach((x, i) =>
      kernels.writeLimbs(address(array, i), balanced(x * MONTGOMERY, R), 16),
    );
  const read = (kernels: Kernels, array: number) =>
    Array.from({ length: n }, (_, i) => mod(kernels.readLimbs(address(array, i), 16), R));

  test.each([
    ["random", () => random.below(R)],
    ["0", () => 0n],
    ["1", () => 1n],
    ["r - 1", () => R - 1n],
    ["0 or r - 1", () => random.pick([0n, R - 1n])],
  ])(
    "of %s coefficients are the values at the odd roots, and back from those at the even ones",
    (_, next) => {
      const kernels = new Kernels();
      const array = kernels.allocate(n * ELEMENT_BYTES);
      const transform = new Transform(kernels, bits);
      const coefficients = Array.from({ length: n }, next);
      const plain = (x: bigint) => mod(x * MONTGOMERY, R);
      fill(kernels, array, coefficients);
      transform.forward(array);
      expect(read(kernels, array)).toEqual(
        coefficients.map((_c, j) =>
          plain(evaluate(coefficients, mod(g * power(w, reverseBits(j, bits))))),
        ),
      );
      fill(
        kernels,
        array,
        coefficients.map((_c, j) => evaluate(coefficients, power(w, reverseBits(j, bits)))),
      );
      transform.inverse(array);
      expect(read(kernels, array)).toEqual(coefficients.map((c) => plain(BigInt(n) * c)));
    },
  );
});
