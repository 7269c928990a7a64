import { Fp, mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import type { Constraint, Constraints, Term } from "../circuits/support/constraints.ts";

type Row = Map<number, bigint>;

/**
 * First-order freedom of a witness: which wires could move, all at once and in any combination, without breaking a constraint to first order,
 * while the wires in `fixed` stay. The constraints' derivatives at the witness are solved as linear equations modulo p.
 *
 * No such wire means that the witness is an isolated point: no slope, quotient or packed value is left to the prover. This finds every
 * `0·x === 0` and every missing constraint; other isolated witnesses (another bit, another root) are looked for by changing hints.
 */
export function freeWires(
  constraints: Pick<Constraints, "all">,
  witness: readonly bigint[],
  fixed: ReadonlySet<number>,
): number[] {
  const rows = constraints.all
    .map((constraint) => gradient(constraint, witness, fixed))
    .filter(({ size }) => size > 0);
  const users = new Map<number, Set<Row>>();
  for (const row of rows)
    for (const wire of row.keys()) users.set(wire, (users.get(wire) ?? new Set()).add(row));
  eliminate(rows, users);
  // What pivots could not express is free; wires that no derivative names are free too.
  const free = new Set<number>();
  const bound = new Set<number>();
  for (const row of rows) {
    const [pivot, ...others] = row.keys();
    if (pivot !== undefined && others.length === 0) bound.add(pivot);
    else for (const wire of row.keys()) free.add(wire);
  }
  for (let wire = 1; wire < witness.length; wire++)
    if (!fixed.has(wire) && !bound.has(wire)) free.add(wire);
  return [...free].sort((a, b) => a - b);
}

/** d(a·b - c) = (b)·da + (a)·db - dc. */
function gradient(
  { a, b, c }: Constraint,
  witness: readonly bigint[],
  fixed: ReadonlySet<number>,
): Row {
  const at = (terms: readonly Term[]) =>
    terms.reduce((sum, [wire, coefficient]) => sum + coefficient * (witness[wire] as bigint), 0n) %
    P;
  const row: Row = new Map();
  const put = (terms: readonly Term[], factor: bigint) => {
    if (factor === 0n) return;
    for (const [wire, coefficient] of terms) {
      if (wire === 0 || fixed.has(wire)) continue;
      const sum = mod((row.get(wire) ?? 0n) + coefficient * factor);
      if (sum === 0n) row.delete(wire);
      else row.set(wire, sum);
    }
  };
  put(a, at(b));
  put(b, at(a));
  put(c, P - 1n);
  return row;
}

/**
 * Gauss-Jordan, shortest rows first: most constraints determine one wire from others that are determined already, so that rows stay short. After
 * it every row is one wire (determined), or a pivot with the free wires that it depends on, or empty.
 */
function eliminate(rows: readonly Row[], users: Map<number, Set<Row>>): void {
  const done = new Set<Row>();
  const waiting = new Map<number, Set<Row>>();
  const file = (row: Row) => waiting.set(row.size, (waiting.get(row.size) ?? new Set()).add(row));
  for (const row of rows) file(row);
  for (;;) {
    const shortest = Math.min(
      ...[...waiting].filter(([size, set]) => size > 0 && set.size > 0).map(([size]) => size),
    );
    if (shortest === Infinity) return;
    const row = (waiting.get(shortest) as Set<Row>).values().next().value as Row;
    waiting.get(shortest)?.delete(row);
    done.add(row);
    const pivot = [...row.keys()].reduce((best, wire) =>
      (users.get(wire)?.size ?? 0) < (users.get(best)?.size ?? 0) ? wire : best,
    );
    const inverse = Fp.inv(row.get(pivot) as bigint);
    for (const other of [...(users.get(pivot) as Set<Row>)]) {
      if (other === row) continue;
      const factor = mod(-(other.get(pivot) as bigint) * inverse);
      if (!done.has(other)) waiting.get(other.size)?.delete(other);
      for (const [wire, coefficient] of row) {
        const sum = mod((other.get(wire) ?? 0n) + factor * coefficient);
        if (sum === 0n) {
          other.delete(wire);
          users.get(wire)?.delete(other);
        } else {
          other.set(wire, sum);
          users.get(wire)?.add(other);
        }
      }
      if (!done.has(other)) file(other);
    }
    // The pivot stands first, so that a row tells what it determines.
    const value = row.get(pivot) as bigint;
    row.delete(pivot);
    const rest = [...row];
    row.clear();
    row.set(pivot, value);
    for (const [wire, coefficient] of rest) row.set(wire, coefficient);
  }
}
