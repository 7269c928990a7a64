import { Fp, mod } from "../../src/crypto/field.ts";
import type { Constraint, Term } from "../circuits/support/constraints.ts";
import { listWires } from "./determinism.ts";
import type { ConstraintSystem } from "./variants.ts";

/** What constraints make of some given values when every other wire, hints among them, is the prover's. */
export type Outcome =
  | { readonly kind: "none"; readonly at: Constraint } // a constraint that no value satisfies
  | {
      readonly kind: "open";
      readonly values: ReadonlyMap<number, bigint>;
      readonly unknown: readonly number[];
    };

/**
 * Follows the constraints from given values: a wire that is alone in a constraint has the value that it must have, and a factor that turned out
 * to be 0 determines nothing. So "none" is a proof that there is no witness, whatever the hints. Squares with two roots are left open.
 */
export function follow(system: ConstraintSystem, given: ReadonlyMap<number, bigint>): Outcome {
  const values = new Map([[0, 1n], ...given]);
  const queue = new Set(system.all.keys());
  const users = indexUsers(system);
  for (const at of queue) {
    queue.delete(at);
    const constraint = system.all[at] as Constraint;
    const found = solve(constraint, values);
    if (found === undefined) continue;
    if (found.roots.length === 0) return { kind: "none", at: constraint };
    if (found.wire === undefined || found.roots.length > 1) continue;
    values.set(found.wire, found.roots[0] as bigint);
    for (const user of users.get(found.wire) ?? []) queue.add(user);
  }
  return {
    kind: "open",
    values,
    unknown: Array.from({ length: system.wires }, (_, wire) => wire).filter(
      (wire) => !values.has(wire),
    ),
  };
}

/** The same for both roots of every square that is left open, and so of every bit and sign: twice as many outcomes for each. */
export function followAll(system: ConstraintSystem, given: ReadonlyMap<number, bigint>): Outcome[] {
  const outcome = follow(system, given);
  if (outcome.kind === "none") return [outcome];
  for (const constraint of system.all) {
    const found = solve(constraint, outcome.values);
    if (found?.wire === undefined || found.roots.length < 2) continue;
    return found.roots.flatMap((root) =>
      followAll(system, new Map([...outcome.values, [found.wire as number, root]])),
    );
  }
  return [outcome];
}

const known = new WeakMap<ConstraintSystem, ReadonlyMap<number, readonly number[]>>();
function indexUsers(system: ConstraintSystem): ReadonlyMap<number, readonly number[]> {
  const users = new Map<number, number[]>();
  const cached = known.get(system);
  if (cached !== undefined) return cached;
  system.all.forEach((constraint, at) =>
    listWires(constraint).forEach((wire) => {
      const list = users.get(wire);
      if (list === undefined) users.set(wire, [at]);
      else list.push(at);
    }),
  );
  known.set(system, users);
  return users;
}

type Linear = { readonly constant: bigint; readonly open: ReadonlyMap<number, bigint> };

function partly(terms: readonly Term[], values: ReadonlyMap<number, bigint>): Linear {
  let constant = 0n;
  const open = new Map<number, bigint>();
  for (const [wire, coefficient] of terms) {
    const value = values.get(wire);
    if (value === undefined) open.set(wire, coefficient);
    else constant += coefficient * value;
  }
  return { constant: mod(constant), open };
}

/**
 * What a constraint says of its only open wire: the values that satisfy it. No wire and no root is a contradiction, no wire and a root a
 * constraint that holds; undefined where more wires are open than it can tell apart.
 */
function solve(
  { a, b, c }: Constraint,
  values: ReadonlyMap<number, bigint>,
): { readonly wire?: number; readonly roots: readonly bigint[] } | undefined {
  const [x, y, z] = [partly(a, values), partly(b, values), partly(c, values)];
  const open = new Map<number, bigint>(
    [...z.open].map(([wire, coefficient]) => [wire, mod(-coefficient)]),
  );
  const put = (terms: ReadonlyMap<number, bigint>, factor: bigint) => {
    for (const [wire, coefficient] of terms)
      open.set(wire, mod((open.get(wire) ?? 0n) + factor * coefficient));
  };
  put(x.open, y.constant);
  put(y.open, x.constant);
  const constant = mod(x.constant * y.constant - z.constant);
  if (x.open.size > 0 && y.open.size > 0) {
    const wires = new Set([...x.open.keys(), ...y.open.keys(), ...z.open.keys()]);
    const [wire] = wires;
    if (wire === undefined || wires.size > 1) return undefined;
    return {
      wire,
      roots: solveQuadratic(
        mod((x.open.get(wire) as bigint) * (y.open.get(wire) as bigint)),
        open.get(wire) ?? 0n,
        constant,
      ),
    };
  }
  const rest = [...open].filter(([, coefficient]) => coefficient !== 0n);
  const [first] = rest;
  if (first === undefined) return { roots: constant === 0n ? [0n] : [] };
  return rest.length > 1
    ? undefined
    : { wire: first[0], roots: [mod(-Fp.div(constant, first[1]))] };
}

function solveQuadratic(square: bigint, linear: bigint, constant: bigint): bigint[] {
  const discriminant = mod(linear * linear - 4n * square * constant);
  const half = Fp.inv(mod(2n * square));
  try {
    const root = Fp.sqrt(discriminant);
    return [...new Set([root, mod(-root)])].map((each) => mod((each - linear) * half));
  } catch {
    return []; // no square
  }
}
