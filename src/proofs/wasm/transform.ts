import {
  add,
  addInt,
  advance,
  countDown,
  each,
  gather,
  i32,
  load,
  loadBoth,
  mulInt,
  seq,
  shuffle,
  store,
  sub,
  type Code,
  type Local,
} from "./assembler.ts";
import {
  ELEMENT_BYTES,
  LIMBS,
  loadPair,
  PAIR_BYTES,
  scatterPair,
  storePair,
  type Field,
  type Pair,
} from "./field.ts";

/**
 * Number-theoretic transforms, one level of butterflies a call; fft.ts puts them together. An array of n elements is n/2 pairs, element 2 i and 2 i + 1 in pair i.
 * At each level the array is in blocks of two halves of `half` pairs, and each block has one twiddle, a stored element; at the last level a block is one pair.
 *
 * Stored elements stay at |x| <= 0.51 p with balanced limbs: a sum or difference of two has limbs |.| <= 2^51, which a multiplication takes.
 */
export function defineTransforms(field: Field): void {
  const { module, multiply } = field;
  const [twiddle, work] = [module.scratch(PAIR_BYTES), module.scratch(PAIR_BYTES)];
  const splat = (from: Local): Code =>
    each(LIMBS, (j) => store(i32(0), twiddle + 16 * j, loadBoth(from.get, 8 * j)));
  const combine = (x: Pair, operation: typeof add, a: Code, b: Code, offset = 0): Code =>
    each(LIMBS, (j) => (x[j] as Local).set(operation(load(a, 16 * j), load(b, offset + 16 * j))));

  const level = (
    name: string,
    butterfly: (a: Local, b: Local, x: Pair, reduce: (x: Pair) => Code) => Code,
  ): void => {
    module.define(name, 4, (scope, array, blocks, half, twiddles) => {
      const [a, b, count] = [array as Local, scope.int(), scope.int()];
      const x = scope.vectors(LIMBS);
      const bytes = mulInt((half as Local).get, i32(PAIR_BYTES));
      return countDown(
        blocks as Local,
        seq(
          splat(twiddles as Local),
          advance(twiddles as Local, ELEMENT_BYTES),
          b.set(addInt(a.get, bytes)),
          count.set((half as Local).get),
          countDown(
            count,
            seq(
              butterfly(a, b, x, field.reduce(scope)),
              advance(a, PAIR_BYTES),
              advance(b, PAIR_BYTES),
            ),
          ),
          a.set(b.get),
        ),
      );
    });
  };
  // (a, b) becomes (a + b w, a - b w)
  level("transform_forward", (a, b, x, reduce) =>
    seq(
      multiply(b.get, i32(twiddle), i32(work)),
      combine(x, sub, a.get, i32(0), work),
      reduce(x),
      storePair(b.get, x),
      combine(x, add, a.get, i32(0), work),
      reduce(x),
      storePair(a.get, x),
    ),
  );
  // (a, b) becomes (a + b, (a - b) w)
  level("transform_inverse", (a, b, x, reduce) =>
    seq(
      combine(x, sub, a.get, b.get),
      storePair(i32(work), x),
      combine(x, add, a.get, b.get),
      reduce(x),
      storePair(a.get, x),
      multiply(i32(work), i32(twiddle), i32(work)),
      loadPair(i32(work), x),
      reduce(x),
      storePair(b.get, x),
    ),
  );

  // The last level, inside pairs: (array, pairs, twiddles, one), where the element `one` is 1.
  const both = (x: Pair, first: Code, second: Code): Code =>
    each(LIMBS, (j) => (x[j] as Local).set(gather(first, second, 8 * j)));
  /** (s, t) of a pair becomes (s + t, s - t). */
  const sumAndDifference = (x: Pair, from: Code): Code =>
    each(LIMBS, (j) => {
      const v = load(from, 16 * j);
      return (x[j] as Local).set(
        shuffle(add(v, shuffle(v, v, 1, 0)), sub(v, shuffle(v, v, 1, 0)), 0, 2),
      );
    });
  module.define("transform_forward_last", 4, (scope, array, pairs, twiddles, one) => {
    const [a, w] = [array as Local, twiddles as Local];
    const [x, reduce] = [scope.vectors(LIMBS), field.reduce(scope)];
    return countDown(
      pairs as Local,
      seq(
        both(x, (one as Local).get, w.get),
        storePair(i32(twiddle), x),
        multiply(a.get, i32(twiddle), i32(work)),
        sumAndDifference(x, i32(work)),
        reduce(x),
        storePair(a.get, x),
        advance(a, PAIR_BYTES),
        advance(w, ELEMENT_BYTES),
      ),
    );
  });
  module.define("transform_inverse_last", 4, (scope, array, pairs, twiddles, one) => {
    const [a, w] = [array as Local, twiddles as Local];
    const [x, reduce] = [scope.vectors(LIMBS), field.reduce(scope)];
    return countDown(
      pairs as Local,
      seq(
        both(x, (one as Local).get, w.get),
        storePair(i32(twiddle), x),
        sumAndDifference(x, a.get),
        storePair(i32(work), x),
        multiply(i32(work), i32(twiddle), i32(work)),
        loadPair(i32(work), x),
        reduce(x),
        storePair(a.get, x),
        advance(a, PAIR_BYTES),
        advance(w, ELEMENT_BYTES),
      ),
    );
  });

  // (source, target, pairs, factor): stored elements times `factor`, a pair; the target's elements follow each other, 40 bytes each.
  module.define("twiddles_extend", 4, (scope, source, target, pairs, factor) => {
    const [from, to] = [source as Local, target as Local];
    const [x, reduce] = [scope.vectors(LIMBS), field.reduce(scope)];
    return countDown(
      pairs as Local,
      seq(
        both(x, from.get, addInt(from.get, i32(ELEMENT_BYTES))),
        storePair(i32(work), x),
        multiply(i32(work), (factor as Local).get, i32(work)),
        loadPair(i32(work), x),
        reduce(x),
        scatterPair(to.get, addInt(to.get, i32(ELEMENT_BYTES)), x),
        advance(from, PAIR_BYTES),
        advance(to, PAIR_BYTES),
      ),
    );
  });
}
