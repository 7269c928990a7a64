import { mod } from "../crypto/field.ts";
import { KIND, P } from "../params.ts";
import type { Item } from "../protocol/item.ts";
import type { Challenges } from "./challenges.ts";

/** TALLY-3: f of an item at challenge g. */
export function fingerprint(item: Item, g: bigint): bigint {
  const none = [0n, 0n, 0n, 0n];
  const fields =
    item.kind === "contribution"
      ? [BigInt(KIND.contribution), item.tag, item.credits, item.key.x, item.key.y]
      : [BigInt(KIND.message), ...none, ...item.words];
  let f = 0n;
  for (const field of fields.reverse()) f = ((f + field) * g) % P;
  return mod(f + BigInt(item.t));
}

/** TALLY-4: the product over items of (beta - f), in any order. */
export function grandProduct(
  items: readonly Item[],
  { g, beta }: Pick<Challenges, "g" | "beta">,
): bigint {
  return items.reduce((product, item) => (product * mod(beta - fingerprint(item, g))) % P, 1n);
}
