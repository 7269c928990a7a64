import type { Constraint, Constraints } from "../circuits/support/constraints.ts";

/** What can be seen of a constraint system without a witness. */
export type Lint = {
  /** Wires that no constraint mentions: their value is the prover's. */
  readonly unused: readonly number[];
  /** Wires of one constraint only: either nothing depends on them, or nothing determines them. Outputs have none after them. */
  readonly once: readonly number[];
  /** Constraints without a product: the compiler should have put them into others, or they are linear checks of inputs. */
  readonly linear: readonly Constraint[];
  /** How many constraints say what another one says already. */
  readonly repeated: number;
};

export function lint(
  { all, publicSignals }: Pick<Constraints, "all" | "publicSignals">,
  wires: number,
): Lint {
  const uses = new Map<number, number>();
  for (const { a, b, c } of all)
    for (const wire of new Set([a, b, c].flat().map(([wire]) => wire)))
      uses.set(wire, (uses.get(wire) ?? 0) + 1);
  const withUses = (count: number, first: number) =>
    Array.from({ length: wires - first }, (_, i) => first + i).filter(
      (wire) => (uses.get(wire) ?? 0) === count,
    );
  const isConstant = (terms: Constraint["a"]) => terms.every(([wire]) => wire === 0);
  const text = ({ a, b, c }: Constraint) =>
    [a, b, c]
      .map((terms) =>
        terms
          .map(([wire, factor]) => `${factor}*${wire}`)
          .sort()
          .join("+"),
      )
      .join(" ");
  return {
    unused: withUses(0, 1),
    once: withUses(1, 1 + publicSignals),
    linear: all.filter(({ a, b }) => isConstant(a) || isConstant(b)),
    repeated: all.length - new Set(all.map(text)).size,
  };
}
