import {
  advance,
  andInt,
  countDown,
  each,
  gather,
  i32,
  i64,
  lanes,
  load,
  loadInt,
  seq,
  shiftLeftLong,
  addInt,
  store,
  sub,
  widen,
  xor,
  xorInt,
  type Code,
  type Local,
} from "./assembler.ts";
import type { Coordinates } from "./extension.ts";
import { unpack } from "./bytes.ts";
import {
  ELEMENT_BYTES,
  LIMBS,
  loadPair,
  PAIR_BYTES,
  scatterPair,
  storePair,
  type Field,
} from "./field.ts";
import type { Scope } from "./module.ts";

/**
 * Additions of affine points in batches. A sum needs the inverse of x2 - x1; all inverses of a batch come from one, of the product of all
 * (Montgomery's trick), which leaves about six multiplications a sum. No point may be infinity or have the other's x: msm.ts sees to that.
 *
 * A stored point is x then y, each `degree` elements of 40 bytes, |coordinate| <= 0.51 p. A *job* is two sums, one a lane, in six 32-bit words:
 * addresses a, a' of the first points, b, b' of the second, r, r' of the results, which may be those of a point. The lowest bit of a point's address,
 * always free, says to take the point with its y negated.
 */
export const JOB_BYTES = 24;

/**
 * Adds `<name>_forward(jobs, count, differences, products)`: differences[i] = x2 - x1 of job i and products[i + 1] = products[i] * differences[i]; products[0] is the caller's;
 * and `<name>_backward(jobs, count, differences, products, inverse)`, which goes from the end of each array down. `inverse` holds 1 / products[count].
 *
 * Bounds in units of p for degree 1; in brackets for degree 2, whose products are sums of two: differences 1.02 (0.51, as they are reduced), products and running inverse
 * 0.385 b + 0.51 = 0.83 (the same); inverse of one difference 0.78 (1.04); slope 0.82 (1.32); its square 0.77 (1.83); slope * (x1 - x3) 0.83 (1.53). All below 2.6.
 */
export function defineAdditions(coordinates: Coordinates, name: string): void {
  const { module, degree, multiply } = coordinates;
  const [SIDE, Y] = [degree * PAIR_BYTES, degree * ELEMENT_BYTES];

  module.define(`${name}_forward`, 4, (scope, jobs, count, differences, products) => {
    const [job, difference, product] = [jobs as Local, differences as Local, products as Local];
    const [a, b] = [pointers(scope), pointers(scope)];
    const x = scope.vectors(LIMBS);
    const reduce = coordinates.reduce(scope);
    return seq(
      touch(scope, job, count as Local, 2 * Y),
      countDown(
        count as Local,
        seq(
          a.read(job, 0),
          b.read(job, 8),
          each(degree, (c) =>
            seq(
              each(LIMBS, (j) => (x[j] as Local).set(sub(b.limb(c, j), a.limb(c, j)))),
              degree === 1 ? [] : reduce(x),
              storePair(difference.get, x, c * PAIR_BYTES),
            ),
          ),
          multiply(product.get, difference.get, addInt(product.get, i32(SIDE))),
          advance(job, JOB_BYTES),
          advance(difference, SIDE),
          advance(product, SIDE),
        ),
      ),
    );
  });

  const [one, slope, side, numerator] = [
    module.scratch(SIDE),
    module.scratch(SIDE),
    module.scratch(SIDE),
    module.scratch(SIDE),
  ];
  module.define(`${name}_backward`, 5, (scope, jobs, count, differences, products, inverse) => {
    const [job, difference, product] = [jobs as Local, differences as Local, products as Local];
    const [a, b, r] = [pointers(scope), pointers(scope), pointers(scope)];
    const [signA, signB] = [scope.vector(), scope.vector()];
    const v = scope.vectors(LIMBS);
    const reduce = coordinates.reduce(scope);
    const running = (inverse as Local).get;
    const y = (point: Pointers, sign: Local, c: number, j: number): Code =>
      xor(point.limb(degree + c, j), sign.get);
    return countDown(
      count as Local,
      seq(
        advance(job, -JOB_BYTES),
        advance(difference, -SIDE),
        advance(product, -SIDE),
        signA.set(signs(job, 0)),
        signB.set(signs(job, 8)),
        a.read(job, 0),
        b.read(job, 8),
        r.read(job, 16),
        multiply(running, product.get, i32(one)),
        multiply(running, difference.get, running),
        // slope = (y2 - y1) / (x2 - x1)
        each(degree, (c) =>
          each(LIMBS, (j) =>
            store(
              i32(0),
              numerator + c * PAIR_BYTES + 16 * j,
              sub(y(b, signB, c, j), y(a, signA, c, j)),
            ),
          ),
        ),
        multiply(i32(one), i32(numerator), i32(slope)),
        multiply(i32(slope), i32(slope), i32(side)),
        // x3 = slope^2 - x1 - x2, and x1 - x3
        each(degree, (c) =>
          seq(
            each(LIMBS, (j) =>
              (v[j] as Local).set(
                sub(sub(load(i32(0), side + c * PAIR_BYTES + 16 * j), a.limb(c, j)), b.limb(c, j)),
              ),
            ),
            reduce(v),
            each(LIMBS, (j) =>
              store(
                i32(0),
                numerator + c * PAIR_BYTES + 16 * j,
                sub(a.limb(c, j), (v[j] as Local).get),
              ),
            ),
            scatterPair(r.first.get, r.second.get, v, c * ELEMENT_BYTES),
          ),
        ),
        // y3 = slope * (x1 - x3) - y1
        multiply(i32(slope), i32(numerator), i32(side)),
        each(degree, (c) =>
          seq(
            each(LIMBS, (j) =>
              (v[j] as Local).set(
                sub(load(i32(0), side + c * PAIR_BYTES + 16 * j), y(a, signA, c, j)),
              ),
            ),
            reduce(v),
            scatterPair(r.first.get, r.second.get, v, Y + c * ELEMENT_BYTES),
          ),
        ),
      ),
    );
  });
}

/** `<name>_load(source, target, count, factor)`: pairs of 32-byte integers below 2^255 become stored elements, times the element pair `factor` / 2^255. */
export function defineLoading(field: Field, name: string): void {
  const { module } = field;
  const work = module.scratch(PAIR_BYTES);
  module.define(`${name}_load`, 4, (scope, source, target, count, factor) => {
    const [from, to] = [source as Local, target as Local];
    const v = scope.vectors(LIMBS);
    const reduce = field.reduce(scope);
    return countDown(
      count as Local,
      seq(
        unpack(module, scope, from.get, addInt(from.get, i32(32)), 0, v),
        storePair(i32(work), v),
        field.multiply(i32(work), (factor as Local).get, i32(work)),
        loadPair(i32(work), v),
        reduce(v),
        scatterPair(to.get, addInt(to.get, i32(ELEMENT_BYTES)), v),
        advance(from, 64),
        advance(to, PAIR_BYTES),
      ),
    );
  });
}

type Pointers = {
  readonly first: Local;
  readonly second: Local;
  readonly read: (job: Local, offset: number) => Code;
  readonly limb: (component: number, j: number) => Code;
};

/** The two points of a job's lanes, without the marks of their signs. */
function pointers(scope: Scope): Pointers {
  const [first, second] = [scope.int(), scope.int()];
  const address = (job: Local, offset: number) => andInt(loadInt(job.get, offset), i32(-2));
  return {
    first,
    second,
    read: (job, offset) =>
      seq(first.set(address(job, offset)), second.set(address(job, offset + 4))),
    limb: (component, j) => gather(first.get, second.get, component * ELEMENT_BYTES + 8 * j),
  };
}

/** Reads a word of every cache line of a batch's points and drops it: the cache fetches many at a time, and the additions, which wait for each other, find them there. A fifth of a proof. */
function touch(scope: Scope, jobs: Local, count: Local, size: number): Code {
  const [job, left, sink] = [scope.int(), scope.int(), scope.int()];
  const offsets = [
    ...Array.from({ length: Math.ceil(size / CACHE_LINE) }, (_, line) => CACHE_LINE * line),
    size - 4,
  ];
  return seq(
    job.set(jobs.get),
    left.set(count.get),
    countDown(
      left,
      seq(
        ...[0, 4, 8, 12].flatMap((point) =>
          offsets.map((offset) =>
            sink.set(xorInt(sink.get, loadInt(andInt(loadInt(job.get, point), i32(-2)), offset))),
          ),
        ),
        advance(job, JOB_BYTES),
      ),
    ),
  );
}

const CACHE_LINE = 64;

/** A double's sign bit in each lane where the point is to be negated. */
function signs(job: Local, offset: number): Code {
  const bit = (at: number) => shiftLeftLong(widen(loadInt(job.get, at)), i64(63n));
  return lanes(bit(offset), bit(offset + 4));
}
