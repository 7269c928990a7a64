import { quadraticWeight } from "../../../../src/index.ts";
import type { Results, ResultRow } from "./read_results.ts";

/** How the quadratic rule came to a project's match (MONEY-3); `left` is what rounding left of the pool, which goes with the last payment. */
export type ByWeight =
  | { readonly how: "none" }
  | { readonly how: "inFull" | "share"; readonly match: bigint; readonly left: bigint };

/** Undefined where the match is not what the weights alone come to: then a condition stands before the rule. */
export function matchByWeight(
  row: Pick<ResultRow, "votes" | "credits" | "matched">,
  {
    totalWeight,
    budget,
    available,
    rows,
  }: Pick<Results, "totalWeight" | "budget" | "available"> & {
    readonly rows: { readonly length: number };
  },
  unit: bigint,
): ByWeight | undefined {
  if (totalWeight === 0n) return row.matched === 0n ? { how: "none" } : undefined;
  const weight = quadraticWeight(row);
  const how = budget === unit * totalWeight ? "inFull" : "share";
  const match = how === "inFull" ? unit * weight : (weight * available) / totalWeight;
  const left = row.matched - match;
  // Less than a unit a project.
  return left < 0n || left >= BigInt(rows.length) ? undefined : { how, match, left };
}
