import { HALF_DIGITS, L } from "../params.ts";
import { mod } from "./field.ts";

/** c₁ ≡ c·c₂ (mod L), both odd and of absolute value < 2^127 (KEY-3). */
export type HalfSizePair = { readonly c1: bigint; readonly c2: bigint };

/**
 * The half-size pair of c in [1, L), or undefined if c has none that the ladder of ROW-5 can use
 * (about one random c in three: then no pair is short enough, or both are so short that their leading digits
 * +1 -1 bring the ladder back to its first point, which the next digit would add to itself).
 *
 * The pairs with c₁ ≡ c·c₂ form a lattice of determinant L; Gauss reduction gives a basis of vectors of about 2^125.
 * Since L is odd the basis is invertible mod 2, so one of u, v, u ± v has both coordinates odd.
 */
export function halfSizePair(c: bigint): HalfSizePair | undefined {
  const [u, v] = reduceBasis([L, 0n], [mod(c, L), 1n]);
  const candidates = [u, v, plus(u, v), plus(u, [-v[0], -v[1]])];
  for (const [c1, c2] of candidates) {
    const pair = { c1, c2 };
    if (isOdd(c1) && isOdd(c2) && fits(c1) && fits(c2) && !isExceptional(c, pair)) return pair;
  }
  return undefined;
}

/** The n = 127 signed digits of an odd integer below 2^127 in absolute value: x = Σ (2·bit_i - 1)·2^i. Least significant first. */
export function signedDigitBits(x: bigint): bigint[] {
  const shifted = (x + (1n << BigInt(HALF_DIGITS)) - 1n) / 2n;
  return Array.from({ length: HALF_DIGITS }, (_, i) => (shifted >> BigInt(i)) & 1n);
}

/**
 * Whether the ladder of ROW-5 meets an addition of points with equal u. All its points are known multiples of P = 8R,
 * which has the exact order L for every message that the contract accepts, so this depends on c alone and not on any message.
 */
function isExceptional(c: bigint, { c1, c2 }: HalfSizePair): boolean {
  const d1 = signedDigitBits(c1);
  const d2 = signedDigitBits(c2);
  const table = d1.map((bit, i) => mod((2n * bit - 1n) - (2n * (d2[i] as bigint) - 1n) * c, L));
  const at = (i: number) => table[i] as bigint;
  if (sameU(1n, c)) return true; // the table's own P ± S
  let q = mod(2n * at(HALF_DIGITS - 1), L);
  if (q === 0n || sameU(q, at(HALF_DIGITS - 2))) return true;
  q = mod(q + at(HALF_DIGITS - 2), L);
  for (let i = HALF_DIGITS - 3; i >= 1; i--) {
    if (sameU(q, at(i)) || sameU(q, q + at(i))) return true;
    q = mod(2n * q + at(i), L);
  }
  return q === 0n;
}

function sameU(a: bigint, b: bigint): boolean {
  return mod(a - b, L) === 0n || mod(a + b, L) === 0n;
}

function fits(x: bigint): boolean {
  return x > -(1n << BigInt(HALF_DIGITS)) && x < 1n << BigInt(HALF_DIGITS);
}

function isOdd(x: bigint): boolean {
  return (x & 1n) === 1n;
}

type Vector = readonly [bigint, bigint];

function plus(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1]];
}

function dot(a: Vector, b: Vector): bigint {
  return a[0] * b[0] + a[1] * b[1];
}

/** Lagrange-Gauss reduction of a basis of a rank-2 lattice. */
function reduceBasis(a: Vector, b: Vector): [Vector, Vector] {
  let [u, v] = dot(a, a) < dot(b, b) ? [a, b] : [b, a];
  for (;;) {
    const m = roundedQuotient(dot(u, v), dot(u, u));
    const w: Vector = [v[0] - m * u[0], v[1] - m * u[1]];
    if (dot(w, w) >= dot(u, u)) return [u, w];
    [v, u] = [u, w];
  }
}

function roundedQuotient(n: bigint, d: bigint): bigint {
  const twice = 2n * n + d;
  const q = twice / (2n * d);
  return twice < 0n && twice % (2n * d) !== 0n ? q - 1n : q;
}
