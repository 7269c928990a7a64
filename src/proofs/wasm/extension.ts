import {
  add,
  addInt,
  each,
  i32,
  load,
  negate,
  seq,
  store,
  type Code,
  type Local,
} from "./assembler.ts";
import { LIMBS, loadPair, multiplySum, PAIR_BYTES, type Field, type Pair } from "./field.ts";
import type { Call, Module, Scope } from "./module.ts";

/** The coordinates of a curve: elements of the field itself (degree 1, G1) or of its extension by u, u^2 = -1 (degree 2, G2). */
export type Coordinates = {
  readonly module: Module;
  readonly degree: 1 | 2;
  /** (x, y, r) on pairs of `degree` components of 80 bytes; limbs of operands |.| <= 2^51. r may be x or y. */
  readonly multiply: Call;
  /** (x, r): r = 1/x, or 0 for x = 0; |x| <= p. r may be x. */
  readonly invert: Call;
  readonly reduce: (scope: Scope) => (x: Pair) => Code;
};

/** Field elements as coordinates, with the inverse by Fermat: x^(p-2), square and multiply. */
export function overField(field: Field, name: string): Coordinates {
  const { module, prime, multiply, reduce } = field;
  const base = module.scratch(PAIR_BYTES);
  const bits = [...(prime - 2n).toString(2)].slice(1);
  const invert = module.define(`${name}_invert`, 2, (scope, x, r) => {
    const limbs = scope.vectors(LIMBS);
    const result = (r as Local).get;
    return seq(
      loadPair((x as Local).get, limbs),
      storePairAt(base, limbs),
      each(LIMBS, (j) => store(result, 16 * j, (limbs[j] as Local).get)),
      ...bits.map((bit) =>
        seq(
          multiply(result, result, result),
          bit === "1" ? multiply(result, i32(base), result) : [],
        ),
      ),
    );
  });
  return { module, degree: 1, multiply, invert, reduce };
}

/**
 * The quadratic extension. Each component of a product is a sum of two products reduced once,
 * (a + b u)(c + d u) = (a c - b d) + (a d + b c) u, so |component| <= 2 |x||y| / 2^255 + 0.51 p.
 */
export function overExtension(field: Field, base: Coordinates, name: string): Coordinates {
  const { module, prime } = field;
  const multiply = module.define(`${name}_multiply`, 3, (scope, x, y, r) => {
    const [real, imaginary, first] = [
      scope.vectors(LIMBS),
      scope.vectors(LIMBS),
      scope.vectors(LIMBS),
    ];
    const [a, b] = [
      (i: number) => load((x as Local).get, 16 * i),
      (i: number) => load((x as Local).get, PAIR_BYTES + 16 * i),
    ];
    return seq(
      loadPair((y as Local).get, real),
      loadPair((y as Local).get, imaginary, PAIR_BYTES),
      multiplySum(
        module,
        scope,
        prime,
        [
          { x: a, y: real },
          { x: (i) => negate(b(i)), y: imaginary },
        ],
        (j, value) => (first[j] as Local).set(value),
      ),
      multiplySum(
        module,
        scope,
        prime,
        [
          { x: a, y: imaginary },
          { x: b, y: real },
        ],
        (j, value) => store((r as Local).get, PAIR_BYTES + 16 * j, value),
      ),
      // Last, as r may be x or y. The second component is written when all of x has been read.
      each(LIMBS, (j) => store((r as Local).get, 16 * j, (first[j] as Local).get)),
    );
  });
  const [norm, square] = [module.scratch(PAIR_BYTES), module.scratch(PAIR_BYTES)];
  // 1 / (a + b u) = (a - b u) / (a^2 + b^2)
  const invert = module.define(`${name}_invert`, 2, (_, x, r) => {
    const [a, b] = [(x as Local).get, addInt((x as Local).get, i32(PAIR_BYTES))];
    const [c, d] = [(r as Local).get, addInt((r as Local).get, i32(PAIR_BYTES))];
    return seq(
      base.multiply(a, a, i32(norm)),
      base.multiply(b, b, i32(square)),
      each(LIMBS, (j) =>
        store(
          i32(0),
          norm + 16 * j,
          add(load(i32(0), norm + 16 * j), load(i32(0), square + 16 * j)),
        ),
      ),
      base.invert(i32(norm), i32(norm)),
      base.multiply(a, i32(norm), c),
      base.multiply(b, i32(norm), d),
      each(LIMBS, (j) =>
        store(
          (r as Local).get,
          PAIR_BYTES + 16 * j,
          negate(load((r as Local).get, PAIR_BYTES + 16 * j)),
        ),
      ),
    );
  });
  return { module, degree: 2, multiply, invert, reduce: base.reduce };
}

const storePairAt = (address: number, x: Pair): Code =>
  each(LIMBS, (j) => store(i32(0), address + 16 * j, (x[j] as Local).get));
