import { writeFile } from "node:fs/promises";
import { readR1cs, type R1cs } from "./r1cs.ts";

/** Where a constraint's terms lie in the constraint bytes: A from `a` to `b`, B from `b` to `c`. */
type Place = { readonly a: number; readonly b: number; readonly c: number };

const COUNT_BYTES = 4;
const TERM_BYTES = 4 + 32;

/**
 * Swaps the factors of constraints (a·b = b·a) so that fewer wires stand in B: a key has a point of G2 for each of these, and points of
 * G2 cost a prover about three times as much as those of G1. The same witnesses satisfy the same constraints in the same order.
 *
 * In place. A wire that stands in both factors of a constraint stands in B in any case; then each constraint, short ones first, turns to
 * the side that brings fewer new wires. Not the least number there is, but near it, and the same on every machine.
 */
export function turnFactors({ wires, constraints, constraintBytes: bytes }: R1cs): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const after = (at: number) => at + COUNT_BYTES + TERM_BYTES * view.getUint32(at, true);
  const wiresAt = (at: number) =>
    Array.from({ length: view.getUint32(at, true) }, (_, i) =>
      view.getUint32(at + COUNT_BYTES + TERM_BYTES * i, true),
    );
  const places: Place[] = [];
  for (let at = 0, i = 0; i < constraints; i++) {
    const [b, c] = [after(at), after(after(at))];
    places.push({ a: at, b, c });
    at = after(c);
  }

  const inB = new Uint8Array(wires);
  for (const { a, b } of places) {
    const left = new Set(wiresAt(a));
    for (const wire of wiresAt(b)) if (left.has(wire)) inB[wire] = 1;
  }
  const shorter = ({ a, b, c }: Place) => Math.min(b - a, c - b);
  for (const { a, b, c } of places.sort((one, other) => shorter(one) - shorter(other))) {
    const [left, right] = [wiresAt(a), wiresAt(b)];
    const turns =
      left.filter((wire) => inB[wire] === 0).length <
      right.filter((wire) => inB[wire] === 0).length;
    for (const wire of turns ? left : right) inB[wire] = 1;
    if (turns) bytes.set(Buffer.concat([bytes.subarray(b, c), bytes.subarray(a, b)]), a);
  }
}

/** `turnFactors` on a constraint system's file. */
export async function turnFactorsInFile(file: string): Promise<void> {
  const r1cs = await readR1cs(file);
  turnFactors(r1cs);
  await writeFile(file, r1cs.bytes);
}
