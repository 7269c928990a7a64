import { Fp, mod } from "../../src/crypto/field.ts";
import type { Term } from "../circuits/support/constraints.ts";

/** A linear combination by wire, wire 0 for the constant. */
export type Combination = Map<number, bigint>;

/** target += factor·other, without zero entries. */
export function addTo(
  target: Combination,
  other: Iterable<readonly [number, bigint]>,
  factor: bigint,
): void {
  for (const [wire, coefficient] of other) {
    const sum = mod((target.get(wire) ?? 0n) + factor * coefficient);
    if (sum === 0n) target.delete(wire);
    else target.set(wire, sum);
  }
}

export function areProportional(x: readonly Term[], y: readonly Term[]): boolean {
  const [of, first] = [new Map(y), x[0]];
  if (first === undefined || x.length !== y.length || !x.every(([wire]) => of.has(wire)))
    return false;
  const ratio = Fp.div(first[1], of.get(first[0]) as bigint);
  return x.every(([wire, coefficient]) => mod((of.get(wire) as bigint) * ratio) === coefficient);
}

/**
 * Gauss-Jordan over the unknowns of some equations `row = right`, where a right side is an array of values that are combined along: several
 * instances of one system, solved at once. Returns the unknowns that the equations determine, and whether a row without unknowns fails.
 */
export function solveLinear(
  equations: Iterable<{ readonly row: Combination; readonly right: readonly bigint[] }>,
): { readonly found: Map<number, readonly bigint[]>; readonly contradiction: boolean } {
  const pivots = new Map<number, { readonly row: Combination; right: bigint[] }>();
  const users = new Map<number, Set<number>>(); // pivots whose rows contain the wire
  let contradiction = false;
  const sorted = [...equations].sort((a, b) => a.row.size - b.row.size);
  for (const { row: source, right: values } of sorted) {
    const row = new Map(source);
    const right = [...values];
    for (const wire of [...row.keys()]) {
      const pivot = pivots.get(wire);
      const factor = row.get(wire);
      if (pivot === undefined || factor === undefined) continue;
      addTo(row, pivot.row, -factor);
      pivot.right.forEach((value, i) => (right[i] = mod((right[i] as bigint) - factor * value)));
    }
    const [pivot] = row.keys();
    if (pivot === undefined) {
      if (right.some((value) => value !== 0n)) contradiction = true;
      continue;
    }
    const inverse = Fp.inv(row.get(pivot) as bigint);
    const entry = {
      row: new Map([...row].map(([wire, factor]) => [wire, mod(factor * inverse)])),
      right: right.map((value) => mod(value * inverse)),
    };
    for (const at of [...(users.get(pivot) ?? [])]) {
      const other = pivots.get(at) as typeof entry;
      const factor = other.row.get(pivot) as bigint;
      addTo(other.row, entry.row, -factor);
      entry.right.forEach(
        (value, i) => (other.right[i] = mod((other.right[i] as bigint) - factor * value)),
      );
      for (const wire of entry.row.keys()) {
        if (other.row.has(wire)) users.set(wire, (users.get(wire) ?? new Set()).add(at));
        else users.get(wire)?.delete(at);
      }
    }
    pivots.set(pivot, entry);
    for (const wire of entry.row.keys()) users.set(wire, (users.get(wire) ?? new Set()).add(pivot));
  }
  const found = new Map(
    [...pivots].flatMap(([wire, { row, right }]) =>
      row.size === 1 ? [[wire, right] as const] : [],
    ),
  );
  return { found, contradiction };
}
