import {
  add,
  addLong,
  and,
  each,
  fma,
  load,
  scatter,
  seq,
  shiftRight,
  store,
  sub,
  type Code,
  type Local,
} from "./assembler.ts";
import { mod } from "../../crypto/field.ts";
import { invert } from "./integers.ts";
import { doubleBits, type Call, type Module, type Scope } from "./module.ts";

/**
 * Arithmetic modulo a 254-bit prime p on doubles.
 *
 * An element is five limbs of 51 bits, value = sum of limb[j] * 2^(51 j), each limb a double that holds an integer. Limbs are signed:
 * "balanced" means |limb| <= 2^50, which is what every stored element is. The value is signed too and not unique: |value| <= 2.6 p
 * keeps the top limb below 2^51 (2^255 = 2.645 p for both primes of BN254). Elements are in Montgomery form, x stands for x * 2^255.
 *
 * In memory an element is 40 bytes; a *pair* is two elements side by side, 80 bytes: limb j of the first at byte 16 j, of the
 * second at byte 16 j + 8. All arithmetic is on pairs, one in each lane of a vector.
 *
 * The product of two limbs has up to 102 bits. With C1 = 3 * 2^102, h = fma(a, b, C1) is a*b + C1 rounded to a multiple of 2^51, as doubles
 * in [2^103, 2^104] are 2^51 apart; |a*b| <= 2^102 keeps it there. So the bits of h, read as an integer, are those of C1 plus round(a*b / 2^51).
 * The rest l = fma(a, b, C2 - h) with C2 = C1 + C3, C3 = 3 * 2^51, is exact, |l - C3| <= 2^50, and its bits are those of C3 plus a*b - round(..)*2^51.
 * Columns add up such bits as 64-bit integers; what the C's bits sum to is known and subtracted from the start. This takes an fma that
 * rounds once: see self_test.ts.
 */
export const LIMBS = 5;
export const LIMB_BITS = 51n;
export const ELEMENT_BYTES = 8 * LIMBS;
export const PAIR_BYTES = 2 * ELEMENT_BYTES;
export const MONTGOMERY = 1n << 255n;

export const RADIX = 1n << LIMB_BITS;
const HALF = RADIX / 2n;
const C1 = 3 * 2 ** 102;
export const C3 = 3 * 2 ** 51;
const C2 = C1 + C3;
/** Keeps a column positive while it is shifted: its bits above 2^51 are then the floor, plus this shifted. */
export const BIAS = 1n << 62n;
export const BIAS_CARRY = BIAS >> LIMB_BITS;

/** The limbs of an integer, |x| < 2^255: all but the last in [-2^50, 2^50). */
export function splitLimbs(x: bigint): readonly number[] {
  return Array.from({ length: LIMBS }, (_, j) => {
    const limb = j === LIMBS - 1 ? x : BigInt.asIntN(51, x);
    x = (x - limb) >> LIMB_BITS;
    return Number(limb);
  });
}

/** Five vectors, a limb of both elements each. */
export type Pair = readonly Local[];

/** What the layers above use to write their functions over one field. */
export type Field = {
  readonly prime: bigint;
  readonly module: Module;
  /** (x, y, r): pairs at addresses, r = x*y / 2^255. Operands' limbs |.| <= 2^51; result balanced, |r| <= |x||y| / 2^255 + 0.51 p. r may be x or y. */
  readonly multiply: Call;
  /** The value brought to |x| <= 0.51 p with balanced limbs; limbs before |.| <= 2^52.5. */
  readonly reduce: (scope: Scope) => (x: Pair) => Code;
};

/** A sum of products x*y for `multiplySum`: code of x's limb, and y's limbs, which are read often. */
export type Product = { readonly x: (limb: number) => Code; readonly y: readonly Local[] };

export function defineField(module: Module, name: string, prime: bigint): Field {
  const multiply = module.define(`${name}_multiply`, 3, (scope, x, y, r) => {
    const limbs = scope.vectors(LIMBS);
    return seq(
      each(LIMBS, (j) => (limbs[j] as Local).set(load((y as Local).get, 16 * j))),
      multiplySum(
        module,
        scope,
        prime,
        [{ x: (i) => load((x as Local).get, 16 * i), y: limbs }],
        (j, value) => store((r as Local).get, 16 * j, value),
      ),
    );
  });
  return { prime, module, multiply, reduce: (scope) => reducer(module, scope, prime) };
}

/** Montgomery steps 0 to 2 take a multiple of p that is -1 modulo 2^51; see `multiplySum`. */
const EASY_STEPS = 3;

/**
 * Writes sum(x*y) / 2^255 mod p for one or two products. Limbs of x and y |.| <= 2^51.
 *
 * Row i adds x[i]*y to columns i.. and then makes column i vanish by adding a multiple of the prime:
 * in the first three steps q * k*p with k*p = -1 mod 2^51, |k| <= 2^50, so that q is the column itself and q*k*p = -q + q*m*2^51, m = (k*p + 1) / 2^51;
 * in the last two q * p with q = column * (-1/p) mod 2^51, as k*p is 51 bits longer and would make the result too large.
 * |q| <= 2^50 throughout. Divided by 2^255, the first three add at most 2^50 * 2^50 p * (1 + 2^51 + 2^102) < 2^-52 p, the last two 2^50 p (2^153 + 2^204) < 0.501 p.
 * A column has at most 2*2*5 high and low parts from products (high |.| <= 2^51, low <= 2^50) and 2*5 from the steps, and a carry: |.| < 2^57.
 */
export function multiplySum(
  module: Module,
  scope: Scope,
  prime: bigint,
  products: readonly Product[],
  put: (limb: number, value: Code) => Code,
): Code {
  const negativeInverse = mod(-invert(prime, RADIX), RADIX);
  const k = BigInt.asIntN(51, negativeInverse);
  const easy = splitLimbs((k * prime + 1n) / RADIX);
  const plain = splitLimbs(prime);
  const [c1, c2, c3, mask, high, q] = [
    scope.vector(),
    scope.vector(),
    scope.vector(),
    scope.vector(),
    scope.vector(),
    scope.vector(),
  ];
  const xs = products.map(() => scope.vector());
  const columns = scope.vectors(2 * LIMBS);
  const column = (i: number) => columns[i] as Local;
  const start = columnStarts(products.length);
  const begin = (i: number): Code =>
    i < 2 * LIMBS ? column(i).set(module.long(start[i] as bigint)) : [];

  /** column += low part of a*b, next column += high part. */
  const multiplyAdd = (a: Code, b: Code, i: number): Code =>
    seq(
      high.set(fma(a, b, c1.get)),
      column(i + 1).set(addLong(column(i + 1).get, high.get)),
      column(i).set(addLong(column(i).get, fma(a, b, sub(c2.get, high.get)))),
    );
  /** The column's low 51 bits as a double: in [0, 2^51), or less `offset`. */
  const lowBits = (i: number, offset: Code): Code =>
    sub(addLong(and(column(i).get, mask.get), c3.get), offset);
  const carry = (i: number): Code =>
    column(i + 1).set(addLong(column(i + 1).get, shiftRight(column(i).get, Number(LIMB_BITS))));
  const minusHalf = module.double(C3 + Number(HALF));

  const step = (i: number): Code => {
    if (i < EASY_STEPS)
      return seq(
        q.set(lowBits(i, minusHalf)),
        carry(i),
        each(LIMBS, (j) => multiplyAdd(q.get, module.double(easy[j] as number), i + 1 + j)),
      );
    const inverse = module.double(Number(negativeInverse));
    return seq(
      q.set(lowBits(i, c3.get)),
      q.set(sub(fma(q.get, inverse, sub(c2.get, fma(q.get, inverse, c1.get))), c3.get)),
      each(LIMBS, (j) => multiplyAdd(q.get, module.double(plain[j] as number), i + j)),
      carry(i),
    );
  };
  return seq(
    c1.set(module.double(C1)),
    c2.set(module.double(C2)),
    c3.set(module.double(C3)),
    mask.set(module.long(RADIX - 1n)),
    each(LIMBS + 1, begin),
    each(LIMBS, (i) =>
      seq(
        begin(i + LIMBS + 1),
        ...products.map(({ x }, n) => (xs[n] as Local).set(x(i))),
        each(LIMBS, (j) =>
          seq(
            ...products.map(({ y }, n) =>
              multiplyAdd((xs[n] as Local).get, (y[j] as Local).get, i + j),
            ),
          ),
        ),
        step(i),
      ),
    ),
    each(LIMBS - 1, (j) => seq(carry(LIMBS + j), put(j, lowBits(LIMBS + j, minusHalf)))),
    put(LIMBS - 1, sub(addLong(column(2 * LIMBS - 1).get, c3.get), c3.get)),
  );
}

/** What each column must start from, so that the bits of C1 and C3 that it collects, and the biases, cancel. */
function columnStarts(products: number): readonly bigint[] {
  const starts = Array.from({ length: 2 * LIMBS }, () => 0n);
  const count = (i: number) => {
    starts[i] = (starts[i] as bigint) - doubleBits(C3);
    starts[i + 1] = (starts[i + 1] as bigint) - doubleBits(C1);
  };
  for (let i = 0; i < LIMBS; i++) {
    for (let j = 0; j < LIMBS; j++) {
      for (let n = 0; n < products; n++) count(i + j);
      count(i < EASY_STEPS ? i + 1 + j : i + j);
    }
  }
  // Columns that are shifted get the bias; what is shifted out of the one before is taken off again. Columns whose low bits are read
  // as a signed number get 2^50, which `minusHalf` takes off.
  return starts.map((start, i) => {
    const shifted = i < 2 * LIMBS - 1;
    const balanced = i < EASY_STEPS || (i >= LIMBS && shifted);
    return start + (shifted ? BIAS : 0n) - (i > 0 ? BIAS_CARRY : 0n) + (balanced ? HALF : 0n);
  });
}

/** Subtracts the nearest multiple of p by the top limb (which says x / 2^204 up to 2) and carries: |x| <= 0.51 p, limbs |.| <= 2^50. */
function reducer(module: Module, scope: Scope, prime: bigint): (x: Pair) => Code {
  const [times, carry] = [scope.vector(), scope.vector()];
  const limbs = splitLimbs(prime);
  const top = Number(prime) / 2 ** 204;
  return (x) =>
    seq(
      // Adding and subtracting 3 * 2^51 rounds to an integer, 3 * 2^102 to a multiple of 2^51.
      times.set(
        sub(
          fma((x[LIMBS - 1] as Local).get, module.double(1 / top), module.double(C3)),
          module.double(C3),
        ),
      ),
      each(LIMBS, (j) =>
        (x[j] as Local).set(
          fma(times.get, module.double(-(limbs[j] as number)), (x[j] as Local).get),
        ),
      ),
      each(LIMBS - 1, (j) => {
        const [here, next] = [x[j] as Local, x[j + 1] as Local];
        return seq(
          carry.set(sub(add(here.get, module.double(C1)), module.double(C1))),
          here.set(sub(here.get, carry.get)),
          next.set(fma(carry.get, module.double(2 ** -51), next.get)),
        );
      }),
    );
}

export const loadPair = (address: Code, into: Pair, offset = 0): Code =>
  each(LIMBS, (j) => (into[j] as Local).set(load(address, offset + 16 * j)));
export const storePair = (address: Code, x: Pair, offset = 0): Code =>
  each(LIMBS, (j) => store(address, offset + 16 * j, (x[j] as Local).get));
/** The elements of a pair to where they are stored. */
export const scatterPair = (first: Code, second: Code, x: Pair, offset = 0): Code =>
  each(LIMBS, (j) =>
    seq(
      scatter(first, offset + 8 * j, (x[j] as Local).get, 0),
      scatter(second, offset + 8 * j, (x[j] as Local).get, 1),
    ),
  );
