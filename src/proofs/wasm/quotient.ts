import { mod } from "../../crypto/field.ts";
import type { Source, Zkey } from "./files.ts";
import { MONTGOMERY, ELEMENT_BYTES } from "./field.ts";
import { reverseBits, Transform } from "./fft.ts";
import { invert } from "./integers.ts";
import { R, type Kernels } from "./kernels.ts";
import { COEFFICIENT_BYTES } from "./rows.ts";

/** Coefficients that are read at a time. Even: a lane takes each half. */
const PIECE = 16_384;

/**
 * The scalars of the key's points H: A(x) B(x) - C(x) at g w^i, where A, B are the polynomials with the values of the constraints' sides at w^i, C that with their products.
 * Writes (scalar + shift) as 32 bytes each to `target`, in the order of `reverseBits`; scalars are in (-r/2, r/2).
 *
 * Everything here is linear or a product, so factors are put right once at the end. With M = 2^255 and n elements: sums of coefficients come out as 4 M A, the inverse transform
 * makes 4 M n A of it, and a product divides by M: a = b-like = 4 M n A, c = 16 M n C, and a*b - c*balance = 16 M n^2 (A B - C) for balance = n M; times `plain` = 1 / (16 n^2) that is M times
 * the quotient, divided by M.
 */
export function writeQuotient(
  kernels: Kernels,
  source: Source,
  zkey: Zkey,
  witness: number,
  shift: bigint,
  target: number,
): void {
  const n = 2 ** zkey.domainBits;
  kernels.within(() => {
    const [a, b, c] = [
      kernels.allocate(n * ELEMENT_BYTES),
      kernels.allocate(n * ELEMENT_BYTES),
      kernels.allocate(n * ELEMENT_BYTES),
    ];
    kernels.bytes.fill(0, a, a + 2 * n * ELEMENT_BYTES);
    addRows(kernels, source, zkey, witness, a, b);
    kernels.run.rows_multiply(a, b, c, n / 2);
    const transform = new Transform(kernels, zkey.domainBits);
    for (const array of [a, b, c]) {
      transform.inverse(array);
      transform.forward(array);
    }
    const balance = kernels.allocatePair(BigInt(n) * MONTGOMERY, R);
    const plain = kernels.allocatePair(invert(mod(16n * BigInt(n) * BigInt(n)), R), R);
    const shiftLimbs = kernels.allocate(ELEMENT_BYTES);
    kernels.writeLimbs(shiftLimbs, shift);
    kernels.run.rows_quotient(a, b, c, n / 2, balance, plain, shiftLimbs, target);
  });
}

function addRows(
  kernels: Kernels,
  source: Source,
  { coefficients, domainBits, variables }: Zkey,
  witness: number,
  a: number,
  b: number,
): void {
  const n = 2 ** domainBits;
  kernels.within(() => {
    const places = kernels.allocate(4 * n);
    const piece = kernels.allocate(PIECE * COEFFICIENT_BYTES);
    for (let i = 0; i < n; i++) kernels.words[places / 4 + i] = reverseBits(i, domainBits);
    for (let first = 0; first < coefficients.count; first += PIECE) {
      const length = Math.min(PIECE, coefficients.count - first);
      source.read(
        kernels.bytes.subarray(piece, piece + length * COEFFICIENT_BYTES),
        coefficients.offset + first * COEFFICIENT_BYTES,
      );
      // A coefficient 0 of signal 0 makes an odd number even.
      if (length % 2 === 1)
        kernels.bytes.fill(
          0,
          piece + length * COEFFICIENT_BYTES,
          piece + (length + 1) * COEFFICIENT_BYTES,
        );
      const half = (length + 1) >> 1;
      kernels.run.rows_add(
        piece,
        piece + half * COEFFICIENT_BYTES,
        half,
        witness,
        variables,
        a,
        b,
        places,
        n,
      );
    }
  });
}
