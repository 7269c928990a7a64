import { HALF_DIGITS, L } from "../params.ts";
import { mod } from "./field.ts";

/** c₁ ≡ c·c₂ (mod L), both odd and of absolute value < 2^127 (KEY-3). */
export type HalfSizePair = { readonly c1: bigint; readonly c2: bigint };

/**
 * The half-size pair of c in [1, L), or undefined if c has none that the ladder of ROW-5 can use
 * (about one random c in twenty: then no pair is short enough).
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
 * Whether the ladder of ROW-5 comes past the identity. All its points are known multiples of P = 8R, up to the point of order 2, and
 * P has the exact order L for every message that the contract accepts, so this depends on c alone and not on any message.
 */
function isExceptional(c: bigint, { c1, c2 }: HalfSizePair): boolean {
  if (mod(c - 1n, L) === 0n || mod(c + 1n, L) === 0n) return true; // the table's own P ± S
  const d2 = signedDigitBits(c2);
  let q = 0n;
  return signedDigitBits(c1)
    .map((bit, i) => 2n * bit - 1n - (2n * (d2[i] as bigint) - 1n) * c)
    .slice(1)
    .reverse()
    .some((summand) => (q = mod(2n * q + summand, L)) === 0n);
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
