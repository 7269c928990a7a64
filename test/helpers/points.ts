import { add, isOnCurve, multiply, multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { Fp, mod } from "../../src/crypto/field.ts";
import { CURVE_A, CURVE_D, L, P } from "../../src/params.ts";

/** The points of small order of Baby Jubjub, multiples 0..7 of one point of order 8; so the index gives the order. */
export const TORSION: readonly Point[] = torsionPoints();
export const ORDER_8 = TORSION[1] as Point;
export const ORDER_4 = TORSION[2] as Point;
export const ORDER_2 = TORSION[4] as Point;

/** scalar·B plus a point of order 8: acceptable, but outside the prime-order subgroup. */
export function mixedOrder(scalar: bigint): Point {
  return add(multiplyBase(scalar), ORDER_8);
}

/** Pairs of words that are no acceptable point, by name: what KEY-1, SEM-5 and the contract must refuse. */
export const UNACCEPTABLE: readonly { readonly name: string; readonly point: Point }[] = [
  { name: "(0, 0)", point: { x: 0n, y: 0n } },
  { name: "(1, 1), off the curve", point: { x: 1n, y: 1n } },
  { name: "(p-1, p-1), off the curve", point: { x: P - 1n, y: P - 1n } },
  { name: "x = 0, off the curve", point: { x: 0n, y: 2n } },
  { name: "y = 0, off the curve", point: { x: 1n, y: 0n } },
  { name: "(1, √A), off the curve", point: { x: 1n, y: Fp.sqrt(CURVE_A) } },
  { name: "the identity", point: { x: 0n, y: 1n } },
  { name: "order 2", point: ORDER_2 },
  { name: "order 4", point: ORDER_4 },
  { name: "order 4, negated", point: TORSION[6] as Point },
  ...[1, 3, 5, 7].map((i) => ({ name: `order 8, multiple ${i}`, point: TORSION[i] as Point })),
];

function torsionPoints(): Point[] {
  for (let y = 2n; ; y++) {
    const x2 = Fp.div(mod(1n - y * y), mod(CURVE_A - CURVE_D * mod(y * y)));
    if (Fp.pow(x2, (P - 1n) / 2n) !== 1n) continue;
    const point = { x: Fp.sqrt(x2), y };
    const candidate = multiplyByL(point);
    const multiples = Array.from({ length: 8 }, (_, i) => multiply(candidate, BigInt(i)));
    if (isOnCurve(point) && multiples.slice(1).every(({ x, y: yy }) => x !== 0n || yy !== 1n))
      return multiples;
  }
}

/** L·point, which library functions for scalars below L do not give. */
function multiplyByL(point: Point): Point {
  return add(multiply(point, L - 1n), point);
}
