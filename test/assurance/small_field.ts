import { P } from "../../src/params.ts";
import type { Term } from "../circuits/support/constraints.ts";
import type { ConstraintSystem } from "./variants.ts";

type Side = { readonly wires: readonly number[]; readonly factors: readonly number[] };
type Constraint = {
  readonly a: Side;
  readonly b: Side;
  readonly c: Side;
  readonly used: readonly number[];
};
/** A wire's values from a constraint that has no other unknown wire, or a constraint to check. */
type Step =
  | { readonly kind: "solve"; readonly wire: number; readonly by: number }
  | { readonly kind: "check"; readonly by: number };
export type Plan = {
  readonly steps: readonly Step[];
  readonly known: ReadonlySet<number>;
  readonly placed: ReadonlySet<number>;
};

/**
 * A compiled constraint system with its coefficients reduced modulo a small prime p, at which ALL witnesses can be enumerated.
 *
 * The compiler's coefficients are small integers or small integers over a power of two, written modulo P; read as such they mean the same
 * circuit over another field. Whether that field's curve is of the same kind is for the caller to check.
 */
export class SmallSystem {
  readonly p: number;
  readonly #all: readonly Constraint[];
  readonly #users = new Map<number, number[]>();
  readonly system: ConstraintSystem;
  readonly #inverses: Int32Array;
  readonly #roots: readonly (readonly number[])[];
  /** Names of wires that took every value in some witness, as nothing determined them. */
  readonly free = new Set<string>();

  constructor(system: ConstraintSystem, p: number) {
    this.p = p;
    this.system = system;
    const side = (terms: readonly Term[]): Side => ({
      wires: terms.map(([wire]) => wire),
      factors: terms.map(([, factor]) => reduce(factor, p)),
    });
    this.#all = system.all.map(({ a, b, c }) => ({
      a: side(a),
      b: side(b),
      c: side(c),
      used: [...new Set([a, b, c].flat().map(([wire]) => wire))].filter((wire) => wire !== 0),
    }));
    this.#all.forEach(({ used }, i) =>
      used.forEach((wire) => this.#users.set(wire, [...(this.#users.get(wire) ?? []), i])),
    );
    this.#inverses = Int32Array.from({ length: p }, (_, x) => inverse(x, p));
    const roots: number[][] = Array.from({ length: p }, () => []);
    for (let x = 0; x < p; x++) roots[(x * x) % p]?.push(x);
    this.#roots = roots;
  }

  /**
   * In which order wires follow from `known` ones, one by one. A `forced` plan stops where a wire would have several values by its kind (a root
   * of a square, a bit); a `full` one goes on to the last wire. @throws RangeError where that is not possible
   */
  plan(
    known: Iterable<number>,
    mode: "forced" | "full",
    done: ReadonlySet<number> = new Set(),
  ): Plan {
    const found = new Set([0, ...known]);
    const placed = new Set(done);
    const steps: Step[] = [];
    for (;;) {
      const open = this.#all.flatMap((constraint, by) =>
        placed.has(by)
          ? []
          : [{ by, constraint, unknown: constraint.used.filter((wire) => !found.has(wire)) }],
      );
      const put = (step: Step) => {
        steps.push(step);
        placed.add(step.by);
        if (step.kind === "solve") found.add(step.wire);
      };
      const checks = open.filter(({ unknown }) => unknown.length === 0);
      if (checks.length > 0) {
        for (const { by } of checks) put({ kind: "check", by });
        continue;
      }
      const single = open.filter(({ unknown }) => unknown.length === 1);
      const squared = (constraint: Constraint, wire: number) =>
        constraint.a.wires.includes(wire) && constraint.b.wires.includes(wire);
      const next =
        single.find(({ constraint, unknown: [wire] }) => !squared(constraint, wire as number)) ??
        (mode === "full" ? single[0] : undefined);
      if (next !== undefined) put({ kind: "solve", wire: next.unknown[0] as number, by: next.by });
      else {
        const missing = this.#all
          .find((_, by) => !placed.has(by))
          ?.used.find((wire) => !found.has(wire));
        if (mode === "full" && missing !== undefined)
          throw new RangeError(`Nothing determines ${this.system.nameWire(missing)} alone`);
        return { steps, known: found, placed };
      }
    }
  }

  /** Wires of a plan's result that constraints outside it read: all that the rest can know of it. */
  listInterface({ known, placed }: Plan): number[] {
    return [...known].filter(
      (wire) => wire !== 0 && (this.#users.get(wire) ?? []).some((by) => !placed.has(by)),
    );
  }

  /** An assignment with these signals' values and nothing else. */
  values(given: Readonly<Record<string, number>>): Int32Array {
    const values = new Int32Array(this.system.wires);
    values[0] = 1;
    for (const [name, value] of Object.entries(given))
      values[this.system.wire(name)] = mod(value, this.p);
    return values;
  }

  /** Calls `visit` with every assignment that satisfies the plan's constraints; `values` is written over. */
  solve({ steps }: Plan, values: Int32Array, visit: (values: Int32Array) => void): void {
    this.#solve(steps, values, visit, 0, []);
  }

  #solve(
    steps: readonly Step[],
    values: Int32Array,
    visit: (values: Int32Array) => void,
    at: number,
    free: readonly number[],
  ): void {
    const { p } = this;
    for (let i = at; i < steps.length; i++) {
      const step = steps[i] as Step;
      if (step.kind === "check") {
        const { a, b, c } = this.#all[step.by] as Constraint;
        if ((sum(a, values, p) * sum(b, values, p) - sum(c, values, p)) % p !== 0) return;
        continue;
      }
      const candidates = this.#listValues(step.wire, this.#all[step.by] as Constraint, values);
      if (candidates?.length === 0) return;
      if (candidates?.length === 1) {
        values[step.wire] = candidates[0] as number;
        continue;
      }
      for (let k = 0; k < (candidates?.length ?? p); k++) {
        values[step.wire] = candidates === undefined ? k : (candidates[k] as number);
        this.#solve(
          steps,
          values,
          visit,
          i + 1,
          candidates === undefined ? [...free, step.wire] : free,
        );
      }
      return;
    }
    for (const wire of free) this.free.add(this.system.nameWire(wire));
    visit(values);
  }

  /** All values of one wire that satisfy a constraint whose other wires are known; undefined for every value. */
  #listValues(
    wire: number,
    { a, b, c }: Constraint,
    values: Int32Array,
  ): readonly number[] | undefined {
    const { p } = this;
    const factor = ({ wires, factors }: Side) => factors[wires.indexOf(wire)] ?? 0;
    values[wire] = 0;
    const [a0, b0, c0, a1, b1, c1] = [
      sum(a, values, p),
      sum(b, values, p),
      sum(c, values, p),
      factor(a),
      factor(b),
      factor(c),
    ];
    const square = (a1 * b1) % p;
    const linear = mod(a1 * b0 + b1 * a0 - c1, p);
    const constant = mod(a0 * b0 - c0, p);
    if (square === 0)
      return linear !== 0
        ? [mod(-constant * (this.#inverses[linear] as number), p)]
        : constant === 0
          ? undefined
          : [];
    const half = this.#inverses[(2 * square) % p] as number;
    return (this.#roots[mod(linear * linear - 4 * square * constant, p)] as readonly number[]).map(
      (root) => mod((root - linear) * half, p),
    );
  }
}

export const mod = (x: number, p: number): number => ((x % p) + p) % p;

export function inverse(x: number, p: number): number {
  let result = 1;
  for (let base = mod(x, p), e = p - 2; e > 0; e >>= 1, base = (base * base) % p)
    if (e & 1) result = (result * base) % p;
  return result;
}

function sum({ wires, factors }: Side, values: Int32Array, p: number): number {
  let total = 0;
  for (let i = 0; i < wires.length; i++)
    total += (factors[i] as number) * (values[wires[i] as number] as number);
  return total % p;
}

const LARGEST = 10n ** 9n;

/** A coefficient as what the source says: an integer of a few digits over a small power of two. @throws RangeError for any other */
function reduce(coefficient: bigint, p: number): number {
  for (let denominator = 1n; denominator <= 256n; denominator *= 2n) {
    const scaled = (coefficient * denominator) % P;
    const integer = scaled > P / 2n ? scaled - P : scaled;
    if (integer < LARGEST && integer > -LARGEST)
      return mod(Number(integer % BigInt(p)) * inverse(Number(denominator), p), p);
  }
  throw new RangeError(`Coefficient ${coefficient} is no small fraction`);
}
