import { createHash } from "node:crypto";
import { Fp, mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import type { Constraint, Term } from "../circuits/support/constraints.ts";
import { solveLinear, type Combination } from "./linear.ts";
import type { ConstraintSystem } from "./variants.ts";

/** A constraint a·b - c as its values at some random points, up to a factor; undefined where it vanishes at all of them. */
type Fingerprint = string | undefined;

export type Difference = {
  /** Signals without a wire in the eliminated system that linear equations of the full one do not give by those that have one. */
  readonly undetermined: readonly string[];
  /** Constraints of the full system, after elimination, that the eliminated one lacks; and the other way round. */
  readonly missing: readonly number[];
  readonly added: readonly number[];
};

const POINTS = 3;

/**
 * Whether a system is another one after linear elimination, and nothing else: every wire that is gone is an affine expression of wires that
 * stay, by linear equations of the full system, and with these put in both systems have the same constraints up to constant factors.
 * Then each witness of either is, with those wires left out or put in, one of the other.
 *
 * Checked at random values of the wires that stay: all that is compared are polynomials of degree 2, which agree at three random points of a
 * field of 2^254 only if they are the same, but for a probability below 2^-500. A factor that has one value at all points is a constant.
 */
export function compareAfterElimination(
  full: ConstraintSystem,
  eliminated: ConstraintSystem,
  seed: string,
): Difference {
  const values = new Map<number, readonly bigint[]>([[0, Array<bigint>(POINTS).fill(1n)]]);
  const staying = new Map<number, readonly bigint[]>(values);
  for (const [name, wire] of eliminated.signals) {
    const random = Array.from({ length: POINTS }, (_, i) =>
      mod(BigInt(`0x${createHash("sha512").update(`${seed} ${name} ${i}`).digest("hex")}`)),
    );
    staying.set(wire, random);
    values.set(full.wire(name), random);
  }
  for (;;) {
    const { found } = solveLinear(full.all.flatMap((constraint) => asEquation(constraint, values)));
    if (found.size === 0) break;
    for (const [wire, value] of found) values.set(wire, value);
  }
  const undetermined = [...full.signals]
    .filter(([, wire]) => !values.has(wire))
    .map(([name]) => name);
  if (undetermined.length > 0) return { undetermined, missing: [], added: [] };
  const before = full.all.map((constraint) => fingerprint(constraint, values));
  const afterwards = eliminated.all.map((constraint) => fingerprint(constraint, staying));
  const [left, right] = [new Set(before), new Set(afterwards)];
  return {
    undetermined,
    missing: before.flatMap((print, i) => (print === undefined || right.has(print) ? [] : [i])),
    added: afterwards.flatMap((print, i) => (print !== undefined && left.has(print) ? [] : [i])),
  };
}

/** A constraint as a linear equation of the wires without a value, where it is one: one of its factors is a constant. */
function asEquation(
  { a, b, c }: Constraint,
  values: ReadonlyMap<number, readonly bigint[]>,
): { row: Combination; right: bigint[] }[] {
  const isKnown = (terms: readonly Term[]) => terms.every(([wire]) => values.has(wire));
  const row: Combination = new Map();
  const right = Array<bigint>(POINTS).fill(0n);
  const put = (terms: readonly Term[], factor: bigint) => {
    for (const [wire, coefficient] of terms) {
      const value = values.get(wire);
      if (value === undefined) row.set(wire, mod((row.get(wire) ?? 0n) + factor * coefficient));
      else
        value.forEach((x, i) => (right[i] = mod((right[i] as bigint) - factor * coefficient * x)));
    }
  };
  put(c, 1n);
  const readConstant = (terms: readonly Term[]) => {
    const [first, ...others] = isKnown(terms) ? listValues(terms, values) : [];
    return others.every((value) => value === first) ? first : undefined;
  };
  const [x, y] = [readConstant(a), readConstant(b)];
  if (x !== undefined) put(b, P - x);
  else if (y !== undefined) put(a, P - y);
  else return [];
  for (const [wire, coefficient] of row) if (coefficient === 0n) row.delete(wire);
  return row.size === 0 ? [] : [{ row, right }];
}

function listValues(
  terms: readonly Term[],
  values: ReadonlyMap<number, readonly bigint[]>,
): bigint[] {
  const sum = Array<bigint>(POINTS).fill(0n);
  for (const [wire, coefficient] of terms)
    (values.get(wire) as readonly bigint[]).forEach(
      (value, i) => (sum[i] = (sum[i] as bigint) + coefficient * value),
    );
  return sum.map((value) => mod(value));
}

function fingerprint(
  { a, b, c }: Constraint,
  values: ReadonlyMap<number, readonly bigint[]>,
): Fingerprint {
  const [x, y, z] = [listValues(a, values), listValues(b, values), listValues(c, values)];
  const residues = x.map((value, i) => mod(value * (y[i] as bigint) - (z[i] as bigint)));
  if (residues.every((residue) => residue === 0n)) return undefined;
  const scale = Fp.inv(residues[0] as bigint);
  return residues.map((residue) => mod(residue * scale)).join();
}
