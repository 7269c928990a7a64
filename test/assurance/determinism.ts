import { Fp, mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import type { Constraint, Term } from "../circuits/support/constraints.ts";
import { areProportional, solveLinear, type Combination } from "./linear.ts";
import type { ConstraintSystem } from "./variants.ts";

/** `wire` has one value only where `factor` is not 0: the constraint says factor·wire = something known. */
export type Condition = {
  readonly constraint: number;
  readonly wire: number;
  readonly factor: readonly number[];
};

type Reason = { readonly from: readonly number[]; readonly condition?: Condition };

/**
 * Which wires are functions of given ones, by propagation over the constraints: a wire alone in a constraint; linear equations together; bits by
 * their weighted sum; the output of an IsZero. Where a wire is multiplied by something that could be 0, the function has a side condition,
 * which is noted and never decided here.
 */
export class Determinism {
  readonly known = new Set([0]);
  readonly conditions: Condition[] = [];
  /** Inverses in IsZero: free where the input is 0, and read by nothing else. */
  readonly idle = new Set<number>();
  readonly #system: ConstraintSystem;
  readonly #reasons = new Map<number, Reason>();
  readonly #users = new Map<number, number[]>();
  readonly #booleans: ReadonlySet<number>;
  readonly #isZero: ReadonlyMap<
    number,
    { readonly input: readonly number[]; readonly output: number; readonly inverse: number }
  >;
  readonly #queue: Set<number>;
  /** Constraints that determine a wire on a condition: taken only when nothing follows without one. */
  readonly #conditional = new Set<number>();

  constructor(system: ConstraintSystem, given: Iterable<number>) {
    this.#system = system;
    system.all.forEach((constraint, i) =>
      listWires(constraint).forEach((wire) =>
        this.#users.set(wire, [...(this.#users.get(wire) ?? []), i]),
      ),
    );
    this.#booleans = new Set(system.all.flatMap(findBoolean));
    this.#isZero = this.#findIsZero();
    this.#queue = new Set(system.all.keys());
    for (const wire of given) this.#put(wire, { from: [] });
    do {
      this.#run(this.#queue, (at) => this.#step(at));
      this.#run(this.#conditional, (at) => this.#divide(at), true);
    } while (this.#queue.size > 0 || this.#solveTogether());
  }

  #run(queue: Set<number>, step: (at: number) => void, one = false): void {
    for (const at of queue) {
      queue.delete(at);
      step(at);
      if (one && this.#queue.size > 0) return;
    }
  }

  /** Conditions on which a wire is a function of the given ones, with all that it follows from. */
  findCone(...targets: readonly number[]): {
    readonly conditions: readonly Condition[];
    readonly wires: ReadonlySet<number>;
  } {
    const wires = new Set<number>();
    const conditions: Condition[] = [];
    const open = [...targets];
    for (let wire = open.pop(); wire !== undefined; wire = open.pop()) {
      const reason = this.#reasons.get(wire);
      if (wires.has(wire) || reason === undefined) continue;
      wires.add(wire);
      if (reason.condition !== undefined) conditions.push(reason.condition);
      open.push(...reason.from);
    }
    return { conditions, wires };
  }

  #put(wire: number, reason: Reason): void {
    if (this.known.has(wire)) return;
    this.known.add(wire);
    this.#reasons.set(wire, reason);
    if (reason.condition !== undefined) this.conditions.push(reason.condition);
    for (const at of this.#users.get(wire) ?? []) this.#queue.add(at);
  }

  #step(at: number): void {
    const isZero = this.#isZero.get(at);
    if (isZero !== undefined) {
      if (!isZero.input.every((wire) => this.known.has(wire))) return;
      this.#put(isZero.output, { from: isZero.input });
      this.idle.add(isZero.inverse);
      return;
    }
    const constraint = this.#system.all[at] as Constraint;
    const linear = this.#asLinear(constraint);
    const from = listWires(constraint);
    if (linear === undefined) {
      this.#conditional.add(at);
      return;
    }
    const open = [...linear.keys()];
    if (open.length === 1)
      this.#put(open[0] as number, { from: from.filter((wire) => wire !== open[0]) });
    else if (open.length > 1 && this.#areBits(linear))
      for (const wire of open)
        this.#put(wire, { from: from.filter((other) => !open.includes(other)) });
  }

  /** A wire from factor·wire = something, where nothing else is unknown. */
  #divide(at: number): void {
    const constraint = this.#system.all[at] as Constraint;
    const from = listWires(constraint);
    const [wire, ...others] = from.filter((used) => !this.known.has(used));
    if (wire === undefined || others.length > 0) return;
    const [inA, inB, inC] = [constraint.a, constraint.b, constraint.c].map((terms) =>
      terms.some(([used]) => used === wire),
    );
    if (inA === inB || inC) return; // a square, which has two roots, or a factor that is more than the other side
    const factor = (inA ? constraint.b : constraint.a)
      .map(([used]) => used)
      .filter((used) => used !== 0);
    this.#put(wire, {
      from: from.filter((other) => other !== wire),
      condition: { constraint: at, wire, factor },
    });
  }

  /** The unknown part of a constraint that is linear in it with constant coefficients: c's, and a factor's where the other is a constant or both are known. */
  #asLinear({ a, b, c }: Constraint): Combination | undefined {
    const isKnown = (terms: readonly Term[]) => terms.every(([wire]) => this.known.has(wire));
    const readConstant = (terms: readonly Term[]) =>
      terms.every(([wire]) => wire === 0) ? (terms[0]?.[1] ?? 0n) : undefined;
    const row: Combination = new Map();
    const put = (terms: readonly Term[], factor: bigint) => {
      for (const [wire, coefficient] of terms)
        if (!this.known.has(wire)) row.set(wire, mod((row.get(wire) ?? 0n) + factor * coefficient));
    };
    put(c, P - 1n);
    if (isKnown(a) && isKnown(b)) return withoutZeros(row);
    for (const [factor, other] of [
      [readConstant(a), b],
      [readConstant(b), a],
    ] as const) {
      if (factor === undefined) continue;
      put(other, factor);
      return withoutZeros(row);
    }
    return undefined;
  }

  /** Whether the unknowns are bits with distinct powers of two, so that their sum fixes each. */
  #areBits(row: Combination): boolean {
    if (![...row.keys()].every((wire) => this.#booleans.has(wire))) return false;
    return [...row.values()].some((base) => {
      const inverse = Fp.inv(base);
      const weights = [...row.values()].map((weight) => mod(weight * inverse));
      const isPower = weights.every((weight) => (weight & (weight - 1n)) === 0n);
      return (
        isPower &&
        new Set(weights).size === weights.length &&
        weights.reduce((sum, weight) => sum + weight, 0n) < P
      );
    });
  }

  #solveTogether(): boolean {
    const equations = this.#system.all.flatMap((constraint, at) => {
      if (this.#isZero.has(at)) return [];
      const row = this.#asLinear(constraint);
      return row === undefined || row.size < 2 ? [] : [{ row, right: [], constraint }];
    });
    const before = this.known.size;
    const { found } = solveLinear(equations);
    // Which of them a solution came from is not kept: it may depend on all that they contain.
    const from = [
      ...new Set(
        equations
          .flatMap(({ constraint }) => listWires(constraint))
          .filter((wire) => this.known.has(wire)),
      ),
    ];
    for (const wire of found.keys()) this.#put(wire, { from });
    return this.known.size > before;
  }

  /** IsZero by its shape: input·inverse = 1 - output and input·output = 0, the inverse being nowhere else. */
  #findIsZero() {
    const found = new Map<
      number,
      { readonly input: readonly number[]; readonly output: number; readonly inverse: number }
    >();
    const users = this.#users;
    this.#system.all.forEach(({ a, b, c }, at) => {
      for (const [input, [only, ...more]] of [
        [a, b],
        [b, a],
      ] as const) {
        if (
          only === undefined ||
          more.length > 0 ||
          only[0] === 0 ||
          users.get(only[0])?.length !== 1
        )
          continue;
        const [first, second, ...rest] = [...c].sort(([x], [y]) => x - y);
        if (
          first?.[0] !== 0 ||
          second === undefined ||
          rest.length > 0 ||
          mod(first[1] + second[1]) !== 0n
        )
          continue;
        const zeroes = (users.get(second[0]) ?? []).find((other) => {
          const { a: x, b: y, c: z } = this.#system.all[other] as Constraint;
          return (
            z.length === 0 &&
            [
              [x, y],
              [y, x],
            ].some(
              ([left, right]) =>
                right?.length === 1 &&
                right[0]?.[0] === second[0] &&
                areProportional(left as readonly Term[], input),
            )
          );
        });
        if (zeroes === undefined) continue;
        const entry = {
          input: input.map(([wire]) => wire).filter((wire) => wire !== 0),
          output: second[0],
          inverse: only[0],
        };
        found.set(at, entry).set(zeroes, entry);
      }
    });
    return found;
  }
}

export function listWires({ a, b, c }: Constraint): number[] {
  return [...new Set([a, b, c].flat().map(([wire]) => wire))].filter((wire) => wire !== 0);
}

function withoutZeros(row: Combination): Combination {
  return new Map([...row].filter(([, coefficient]) => coefficient !== 0n));
}

/** The wire of a constraint (w)·(w - 1) = 0, whatever its scale. */
function findBoolean({ a, b, c }: Constraint): number[] {
  const wires = [...new Set([...a, ...b].map(([wire]) => wire).filter((wire) => wire !== 0))];
  const [wire] = wires;
  if (wire === undefined || wires.length > 1 || c.length > 0) return [];
  const root = (terms: readonly Term[]) => {
    const at = new Map(terms);
    return at.has(wire) ? Fp.div(mod(-(at.get(0) ?? 0n)), at.get(wire) as bigint) : undefined;
  };
  return [root(a), root(b)].sort().join() === "0,1" ? [wire] : [];
}
