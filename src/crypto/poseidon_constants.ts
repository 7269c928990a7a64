import { P } from "../params.ts";
import { Fp, mod } from "./field.ts";
import { grainWords } from "./grain.ts";

type Vector = readonly bigint[];
type Matrix = readonly Vector[];

/**
 * Partial rounds for widths t = 2..17 (circomlib's `poseidon.circom`; Poseidon paper, table 2, rounded up there).
 * Constants come from the paper's Grain LFSR and are compared with circomlib's in the tests.
 */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const FULL_ROUNDS = 8;

/**
 * A permutation of width t in the form of the Poseidon paper's appendix B, in which a partial round costs 2t - 1
 * multiplications instead of t².
 *
 * Write M = [[m, v], [w, N]]. A partial round touches only element 0, so
 * - constants of the other elements pass through its S-box and move, times M, into the next round;
 * - M = diag(1, N)·[[m, v], [N⁻¹w, I]], and diag(1, N) passes through the next round's S-box into the next M.
 * So round i has the sparse matrix [[m, v·Nⁱ], [N⁻⁽ⁱ⁺¹⁾·w, I]], and diag(1, Nᴿ) is left over after all R.
 */
export type PermutationConstants = {
  readonly mds: Matrix;
  /** Constants of the 4 full rounds before, and of the 4 after the partial ones. */
  readonly fullBefore: Matrix;
  readonly fullAfter: Matrix;
  readonly partial: readonly {
    readonly constant: bigint;
    readonly row: Vector;
    readonly column: Vector;
  }[];
  /** Nᴿ, applied to elements 1..t-1 after the partial rounds. */
  readonly leftOver: Matrix;
};

/** @throws RangeError for a width that Poseidon does not have. */
export function deriveConstants(t: number): PermutationConstants {
  const roundsPartial = PARTIAL_ROUNDS[t - 2];
  if (roundsPartial === undefined)
    throw new RangeError(`Poseidon has no width ${t}; widths are 2 to 17`);
  const words = grainWords(t, FULL_ROUNDS, roundsPartial);
  const roundConstants = Array.from({ length: FULL_ROUNDS + roundsPartial }, () => words(t, true));
  const [xs, ys] = [words(t, false), words(t, false)];
  const mds = xs.map((x) => Fp.invertBatch(ys.map((y) => mod(x + y))));
  const half = FULL_ROUNDS / 2;
  const inner = mds.slice(1).map((row) => row.slice(1));
  const inverse = invert(inner);
  const corner = mds[0]?.[0] as bigint;
  let v = (mds[0] as Vector).slice(1);
  let w = timesVector(
    inverse,
    mds.slice(1).map((row) => row[0] as bigint),
  );
  let carried: Vector = Array.from({ length: t }, () => 0n);
  const partial = roundConstants.slice(half, half + roundsPartial).map((constants) => {
    const all = plus(constants, carried);
    const round = { constant: all[0] as bigint, row: [corner, ...v], column: w };
    carried = timesVector(mds, [0n, ...all.slice(1)]);
    v = timesVector(transpose(inner), v);
    w = timesVector(inverse, w);
    return round;
  });
  const [first, ...rest] = roundConstants.slice(half + roundsPartial);
  return {
    mds,
    partial,
    fullBefore: roundConstants.slice(0, half),
    fullAfter: [plus(first as Vector, carried), ...rest],
    leftOver: power(inner, roundsPartial),
  };
}

export function timesVector(m: Matrix, x: Vector): bigint[] {
  return m.map((row) => {
    let sum = 0n;
    for (let j = 0; j < row.length; j++) sum += (row[j] as bigint) * (x[j] as bigint);
    return sum % P;
  });
}

function plus(a: Vector, b: Vector): bigint[] {
  return a.map((x, i) => mod(x + (b[i] as bigint)));
}

function transpose(m: Matrix): bigint[][] {
  return m.map((_, i) => m.map((row) => row[i] as bigint));
}

function power(m: Matrix, exponent: number): Matrix {
  if (exponent === 1) return m;
  const root = power(m, exponent >> 1);
  const square = transpose(transpose(root).map((column) => timesVector(root, column)));
  return exponent % 2 === 0
    ? square
    : transpose(transpose(square).map((column) => timesVector(m, column)));
}

/** Gauss-Jordan; every square block of a Cauchy matrix, as Poseidon's is, has an inverse and non-zero pivots. */
function invert(m: Matrix): bigint[][] {
  const rows = m.map((row, i) => [...row, ...m.map((_, j) => BigInt(i === j))]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = Fp.inv(rows[i]?.[i] as bigint);
    const scaled = (rows[i] as bigint[]).map((x) => mod(x * pivot));
    rows[i] = scaled;
    for (let j = 0; j < rows.length; j++) {
      const factor = rows[j]?.[i] as bigint;
      if (j !== i)
        rows[j] = (rows[j] as bigint[]).map((x, k) => mod(x - factor * (scaled[k] as bigint)));
    }
  }
  return rows.map((row) => row.slice(m.length));
}
