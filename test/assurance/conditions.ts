import { Fp, mod } from "../../src/crypto/field.ts";
import { MONTGOMERY_A } from "../../src/params.ts";
import type { Constraint, Term } from "../circuits/support/constraints.ts";
import type { Condition } from "./determinism.ts";
import { addTo, areProportional } from "./linear.ts";
import type { ConstraintSystem } from "./variants.ts";

/**
 * Who sees to it that a factor is not 0, in docs/SOUNDNESS.md's words.
 *
 * - curve: its argument, from R and root being on the curve, which a test finds proved in the constraint system.
 * - table: the fixed-base table, whose generator and a test check all intervals.
 * - draw: a challenge takes none of the values but with negligible probability.
 * - door: the contract admits it, or the row before made it so. Only where PM is known to be the contract's.
 */
export type Reason = "curve" | "table" | "draw" | "door";

/** What the constraints do not prove by themselves, by kind of wire: names without numbers. */
export const EXPLAINED: readonly {
  readonly kind: RegExp;
  readonly lemma: 1 | 4;
  readonly by: Reason;
  readonly why: string;
}[] = [
  {
    kind: /^(row\[\]\.)?EdwardsToMontgomery\.out\.v$/,
    lemma: 1,
    by: "curve",
    why: "x = 0 leaves u = 0; on the curve v = 0 then, which cannot be doubled",
  },
  {
    kind: /^(row\[\]\.)?(shared|product)\.MontgomeryDouble(\[\])?\.slope$/,
    lemma: 1,
    by: "curve",
    why: "only (0, 0) has v = 0, and there 0 = 1",
  },
  {
    kind: /^(row\[\]\.)?(shared|product)\.MontgomeryDoubleAndAdd(\[\])?\.slope2?$/,
    lemma: 1,
    by: "curve",
    why: "accumulator and summand have different torsion parts",
  },
  {
    kind: /^(row\[\]\.)?(shared|product)\.last\.slope$/,
    lemma: 1,
    by: "curve",
    why: "the accumulator is on the curve, and (0, 0) has no double",
  },
  {
    kind: /^row\[\]\.SignatureHash\.FixedBaseMultiple\.sum\[\]\.slope$/,
    lemma: 4,
    by: "table",
    why: "no accumulated multiple of B meets plus or minus a point of the table",
  },
  {
    kind: /^row\[\]\.SignatureHash\.FixedBaseMultiple\.EdwardsAdd\.[pq]\.[xy]$/,
    lemma: 4,
    by: "table",
    why: "a segment ends at a multiple of B that is not the identity, of prime order",
  },
  {
    kind: /^row\[\]\.SignatureHash\.sB\.[xy]$/,
    lemma: 4,
    by: "table",
    why: "both segments are on the curve, where the law is complete",
  },
  {
    kind: /^row\[\]\.SignatureHash\.EdwardsToMontgomery\.out\.v$/,
    lemma: 4,
    by: "door",
    why: "the key is acceptable",
  },
  {
    kind: /^row\[\]\.SignatureHash\.multiple\.(MontgomeryDouble\.slope|step\[\]\.slope2?)$/,
    lemma: 4,
    by: "door",
    why: "multiples of an acceptable key below l are different",
  },
  {
    kind: /^row\[\]\.SignatureHash\.(eKey|commitment)\.[xy]$/,
    lemma: 4,
    by: "door",
    why: "E·key is on the curve and not of small order",
  },
  {
    kind: /^row\[\]\.page\.fraction\[\]$/,
    lemma: 4,
    by: "draw",
    why: "theta is drawn after the ballot's positions are fixed",
  },
];

/** A signal's name without numbers of components, so that all places of one kind have one name. */
export function classify(name: string): string {
  return name.replace(/\[\d+\]/g, "[]").replace(/_\d+_\d+/g, "");
}

/** Whether a constraint A·B = C has no solution where A = 0: C is a constant other than 0 then. So that it holds proves A != 0. */
function isImpossibleAtZero(a: readonly Term[], c: readonly Term[]): boolean {
  const rest = new Map(c);
  const [wire, coefficient] = a.find(([at]) => at !== 0) ?? [0, 0n];
  if (wire === 0) return false;
  const factor = rest.get(wire);
  if (factor !== undefined) addTo(rest, a, mod(-Fp.div(factor, coefficient)));
  return rest.size === 1 && rest.has(0);
}

/** Whether some constraint, its own or another's, cannot hold where the condition's factor is 0. */
export function isProved(system: ConstraintSystem, { constraint, wire }: Condition): boolean {
  const { a, b } = system.all[constraint] as Constraint;
  const factor = a.some(([used]) => used === wire) ? b : a;
  return system.all.some(({ a: x, b: y, c: z }) =>
    [x, y].some(
      (side) => side.length > 0 && areProportional(side, factor) && isImpossibleAtZero(side, z),
    ),
  );
}

/** Whether the constraints say v^2 = u^3 + A·u^2 + u of two wires, in the form of MontgomeryOnCurve. */
export function isProvedOnCurve({ all }: ConstraintSystem, u: number, v: number): boolean {
  const only = (terms: readonly Term[], wire: number) =>
    terms.length === 1 && terms[0]?.[0] === wire ? (terms[0][1] as bigint) : undefined;
  /** The wire w and k with w = k·x·y, of constraints (α·x)·(β·y) = γ·w. */
  const squares = (wire: number) =>
    all.flatMap(({ a, b, c }) => {
      const [left, right, [result]] = [only(a, wire), only(b, wire), c] as const;
      return left === undefined || right === undefined || c.length !== 1 || result === undefined
        ? []
        : [{ wire: result[0], k: Fp.div(mod(left * right), result[1]) }];
    });
  return squares(u).some(({ wire: square, k }) =>
    all.some(({ a, b, c }) =>
      [
        [a, b],
        [b, a],
      ].some(([x, y]) => {
        const outer = only(x as readonly Term[], u);
        const inner = new Map(y);
        const [result] = c;
        if (outer === undefined || result === undefined || c.length !== 1 || inner.size !== 3)
          return false;
        const constant = inner.get(0) ?? 0n;
        const isShaped =
          mod((inner.get(square) ?? 0n) * k) === constant &&
          inner.get(u) === mod(MONTGOMERY_A * constant);
        // result·(u^3 + A·u^2 + u)-scale: the wire of the right side is scale·(u^3 + A·u^2 + u).
        const scale = Fp.div(mod(outer * constant), result[1]);
        return (
          isShaped &&
          squares(v).some(({ wire, k: factor }) => wire === result[0] && factor === scale)
        );
      }),
    ),
  );
}

export type Verdict = { readonly kind: string; readonly by: "constraint" | Reason | "nothing" };

/** Each kind of condition with who sees to it; `points` are those that lemma 1 needs on the curve. */
export function discharge(
  system: ConstraintSystem,
  conditions: readonly Condition[],
  points: readonly (readonly [u: number, v: number])[],
): Verdict[] {
  const areOnCurve = points.every(([u, v]) => isProvedOnCurve(system, u, v));
  const verdicts = new Map<string, Verdict>();
  for (const condition of conditions) {
    const kind = classify(system.nameWire(condition.wire));
    const explained = EXPLAINED.find((entry) => entry.kind.test(kind));
    const holds = explained !== undefined && (explained.by !== "curve" || areOnCurve);
    const by = isProved(system, condition) ? "constraint" : holds ? explained.by : "nothing";
    verdicts.set(`${kind} ${by}`, { kind, by });
  }
  return [...verdicts.values()];
}

/** The system with some wires fixed at values: one case of a case analysis. */
export function inCase(
  system: ConstraintSystem,
  values: ReadonlyMap<number, bigint>,
): ConstraintSystem {
  const put = (terms: readonly Term[]): readonly Term[] => {
    const sum = new Map<number, bigint>();
    for (const [wire, coefficient] of terms)
      addTo(
        sum,
        [
          values.has(wire)
            ? [0, mod(coefficient * (values.get(wire) as bigint))]
            : [wire, coefficient],
        ],
        1n,
      );
    return [...sum];
  };
  return system.with(system.all.map(({ a, b, c }) => ({ a: put(a), b: put(b), c: put(c) })));
}
