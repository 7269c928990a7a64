import { readR1cs } from "../../../scripts/keys/r1cs.ts";
import { P } from "../../../src/params.ts";

export type Term = readonly [wire: number, coefficient: bigint];
export type Constraint = {
  readonly a: readonly Term[];
  readonly b: readonly Term[];
  readonly c: readonly Term[];
};

/** A constraint system as a prover meets it: any witness may be held against it, not only those that the circuit's own code computes. */
export class Constraints {
  readonly #all: readonly Constraint[];
  readonly #byWire = new Map<number, Constraint[]>();
  readonly publicSignals: number;

  private constructor(all: readonly Constraint[], publicSignals: number) {
    this.#all = all;
    this.publicSignals = publicSignals;
    for (const constraint of all) {
      for (const wire of new Set(
        [constraint.a, constraint.b, constraint.c].flat().map(([wire]) => wire),
      )) {
        const users = this.#byWire.get(wire);
        if (users === undefined) this.#byWire.set(wire, [constraint]);
        else users.push(constraint);
      }
    }
  }

  static async read(file: string): Promise<Constraints> {
    const { constraintBytes: bytes, constraints, publicSignals } = await readR1cs(file);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    const combination = (): Term[] => {
      const length = view.getUint32(at, true);
      at += 4;
      return Array.from({ length }, () => {
        const wire = view.getUint32(at, true);
        let coefficient = 0n;
        for (let i = 24; i >= 0; i -= 8)
          coefficient = (coefficient << 64n) | view.getBigUint64(at + 4 + i, true);
        at += 36;
        return [wire, coefficient] as const;
      });
    };
    const all = Array.from({ length: constraints }, () => ({
      a: combination(),
      b: combination(),
      c: combination(),
    }));
    return new Constraints(all, publicSignals);
  }

  /** All constraints (a)·(b) = (c), each side a sum of coefficient·wire. */
  get all(): readonly Constraint[] {
    return this.#all;
  }

  isSatisfiedBy(witness: readonly bigint[]): boolean {
    return witness[0] === 1n && this.#all.every((constraint) => holds(constraint, witness));
  }

  /** Whether a satisfying witness would still be one with another value of a single wire. */
  toleratesChange(witness: readonly bigint[], wire: number, value: bigint): boolean {
    const changed = witness.with(wire, value);
    return (this.#byWire.get(wire) ?? []).every((constraint) => holds(constraint, changed));
  }

  /** Whether some constraint mentions exactly these wires (and perhaps the constant 1). */
  hasConstraintOn(...wires: readonly number[]): boolean {
    const wanted = new Set(wires);
    return (this.#byWire.get(wires[0] as number) ?? []).some(({ a, b, c }) => {
      const used = new Set(
        [a, b, c]
          .flat()
          .map(([wire]) => wire)
          .filter((wire) => wire !== 0),
      );
      return used.size === wanted.size && [...used].every((wire) => wanted.has(wire));
    });
  }
}

function holds({ a, b, c }: Constraint, witness: readonly bigint[]): boolean {
  return (value(a, witness) * value(b, witness) - value(c, witness)) % P === 0n;
}

function value(terms: readonly Term[], witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of terms) sum += coefficient * (witness[wire] as bigint);
  return sum % P;
}
