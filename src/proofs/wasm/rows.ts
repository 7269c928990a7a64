import {
  add,
  addInt,
  advance,
  andInt,
  countDown,
  each,
  equalInt,
  gather,
  i32,
  lessInt,
  load,
  loadInt,
  mulInt,
  orInt,
  scatter,
  seq,
  shiftLeftInt,
  shiftRightInt,
  shuffle,
  sub,
  unreachable,
  when,
  type Code,
  type Local,
} from "./assembler.ts";
import { pack, unpack } from "./bytes.ts";
import { LIMBS, loadPair, PAIR_BYTES, storePair, type Field, type Pair } from "./field.ts";

/** A coefficient in a proving key: matrix (0 A, 1 B), constraint, signal, 32-bit each, then the value times 2^512 modulo r in 32 bytes. */
export const COEFFICIENT_BYTES = 44;

/**
 * The rest of what a proof does in the scalar field:
 *
 * `rows_add(first, second, count, witness, signals, a, b, places, rows)`: coefficient times witness value, added to the row's sum. Lane 0 takes `count` coefficients from `first` on,
 * lane 1 from `second` on, so that the lanes meet the same row seldom; where they do, their products are added first. `witness` is 32-byte integers below r, `a` and `b` arrays of pairs,
 * `places` says at which element of them a constraint's sum is. A sum comes out as value * 2^257, four times the Montgomery form. It traps on a signal or constraint out of range.
 *
 * `rows_multiply(a, b, c, pairs)`: c = a * b.
 *
 * `rows_quotient(a, b, c, pairs, balance, plain, shift, target)`: ((a*b - c*balance) * plain) + shift as 32-byte integers; balance and plain are pairs, see prove.ts.
 *
 * `scalars_shift(source, target, pairs, shift)`: 32-byte integers below r, brought to (-r/2, r/2), plus shift.
 */
export function defineRows(field: Field): void {
  const { module, multiply } = field;
  const [left, right, spare] = [
    module.scratch(PAIR_BYTES),
    module.scratch(PAIR_BYTES),
    module.scratch(PAIR_BYTES),
  ];

  module.define("rows_add", 9, (scope, ...parameters) => {
    const [first, second, count, witness, signals, a, b, places, rows] = parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const [x, reduce] = [scope.vectors(LIMBS), field.reduce(scope)];
    const [row0, row1, place] = [scope.int(), scope.int(), scope.int()];
    const signal = (record: Local): Code =>
      addInt(witness.get, mulInt(loadInt(record.get, 8), i32(32)));
    const check = (record: Local): Code =>
      seq(
        ...[
          [0, i32(2)],
          [4, rows.get],
          [8, signals.get],
        ].map(([offset, limit]) =>
          when(lessInt(loadInt(record.get, offset as number), limit as Code), [], unreachable),
        ),
      );
    const find = (record: Local, row: Local): Code =>
      seq(
        place.set(loadInt(addInt(places.get, mulInt(loadInt(record.get, 4), i32(4))))),
        when(equalInt(loadInt(record.get), i32(0)), row.set(a.get), row.set(b.get)),
        row.set(
          addInt(
            row.get,
            orInt(
              mulInt(shiftRightInt(place.get, i32(1)), i32(PAIR_BYTES)),
              shiftLeftInt(andInt(place.get, i32(1)), i32(3)),
            ),
          ),
        ),
      );
    return countDown(
      count,
      seq(
        check(first),
        check(second),
        find(first, row0),
        find(second, row1),
        unpack(module, scope, first.get, second.get, 12, x),
        storePair(i32(left), x),
        unpack(module, scope, signal(first), signal(second), 0, x),
        storePair(i32(right), x),
        multiply(i32(left), i32(right), i32(left)),
        when(
          equalInt(row0.get, row1.get),
          seq(
            each(LIMBS, (j) => (x[j] as Local).set(load(i32(0), left + 16 * j))),
            each(LIMBS, (j) =>
              (x[j] as Local).set(
                add((x[j] as Local).get, shuffle((x[j] as Local).get, (x[j] as Local).get, 1, 0)),
              ),
            ),
            storePair(i32(left), x),
            row1.set(i32(spare)),
          ),
        ),
        gatherStrided(row0, row1, x),
        each(LIMBS, (j) =>
          (x[j] as Local).set(add((x[j] as Local).get, load(i32(0), left + 16 * j))),
        ),
        reduce(x),
        scatterStrided(row0, row1, x),
        advance(first, COEFFICIENT_BYTES),
        advance(second, COEFFICIENT_BYTES),
      ),
    );
  });

  module.define("rows_multiply", 4, (_, a, b, c, pairs) =>
    countDown(
      pairs as Local,
      seq(
        multiply((a as Local).get, (b as Local).get, (c as Local).get),
        ...[a, b, c].map((array) => advance(array as Local, PAIR_BYTES)),
      ),
    ),
  );

  module.define("rows_quotient", 8, (scope, ...parameters) => {
    const [a, b, c, pairs, balance, plain, shift, target] = parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const [x, reduce] = [scope.vectors(LIMBS), field.reduce(scope)];
    return countDown(
      pairs,
      seq(
        multiply(a.get, b.get, i32(left)),
        multiply(c.get, balance.get, i32(right)),
        each(LIMBS, (j) =>
          (x[j] as Local).set(sub(load(i32(0), left + 16 * j), load(i32(0), right + 16 * j))),
        ),
        storePair(i32(left), x),
        multiply(i32(left), plain.get, i32(left)),
        loadPair(i32(left), x),
        reduce(x),
        pack(module, scope, x, shift.get, target.get, addInt(target.get, i32(32))),
        ...[a, b, c].map((array) => advance(array, PAIR_BYTES)),
        advance(target, 64),
      ),
    );
  });

  module.define("scalars_shift", 4, (scope, source, target, pairs, shift) => {
    const [from, to] = [source as Local, target as Local];
    const [x, reduce] = [scope.vectors(LIMBS), field.reduce(scope)];
    return countDown(
      pairs as Local,
      seq(
        unpack(module, scope, from.get, addInt(from.get, i32(32)), 0, x),
        reduce(x),
        pack(module, scope, x, (shift as Local).get, to.get, addInt(to.get, i32(32))),
        advance(from, 64),
        advance(to, 64),
      ),
    );
  });
}

/** Elements of pair arrays, whichever lane they are in: their limbs are 16 bytes apart. */
const gatherStrided = (first: Local, second: Local, x: Pair): Code =>
  each(LIMBS, (j) => (x[j] as Local).set(gather(first.get, second.get, 16 * j)));
const scatterStrided = (first: Local, second: Local, x: Pair): Code =>
  each(LIMBS, (j) =>
    seq(
      scatter(first.get, 16 * j, (x[j] as Local).get, 0),
      scatter(second.get, 16 * j, (x[j] as Local).get, 1),
    ),
  );
