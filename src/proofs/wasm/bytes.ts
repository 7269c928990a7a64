import {
  add,
  addLong,
  and,
  each,
  gather,
  loadBoth,
  or,
  scatter,
  seq,
  shiftLeft,
  shiftRight,
  sub,
  subLong,
  type Code,
  type Local,
} from "./assembler.ts";
import { BIAS, BIAS_CARRY, C3, LIMBS, RADIX, type Pair } from "./field.ts";
import type { Module, Scope } from "./module.ts";

/** Two 32-byte little-endian integers below 2^255, from two addresses, as limbs in [0, 2^51). */
export function unpack(
  module: Module,
  scope: Scope,
  first: Code,
  second: Code,
  offset: number,
  into: Pair,
): Code {
  const words = scope.vectors(4);
  const word = (i: number) => (words[i] as Local).get;
  const [mask, c3] = [module.long(RADIX - 1n), module.double(C3)];
  const limb = [
    and(word(0), mask),
    and(or(shiftRight(word(0), 51), shiftLeft(word(1), 13)), mask),
    and(or(shiftRight(word(1), 38), shiftLeft(word(2), 26)), mask),
    and(or(shiftRight(word(2), 25), shiftLeft(word(3), 39)), mask),
    shiftRight(word(3), 12),
  ];
  return seq(
    each(4, (i) => (words[i] as Local).set(gather(first, second, offset + 8 * i))),
    each(LIMBS, (j) => (into[j] as Local).set(sub(addLong(limb[j] as Code, c3), c3))),
  );
}

/** Writes x + `shift` as 32-byte little-endian integers to two addresses; x + shift in [0, 2^256), limbs of x |.| < 2^51, `shift` five limbs in memory. */
export function pack(
  module: Module,
  scope: Scope,
  x: Pair,
  shift: Code,
  first: Code,
  second: Code,
): Code {
  const digits = scope.vectors(LIMBS);
  const digit = (i: number) => digits[i] as Local;
  const [c3, mask] = [module.double(C3), module.long(RADIX - 1n)];
  const toInteger = (j: number) =>
    subLong(add(add((x[j] as Local).get, loadBoth(shift, 8 * j)), c3), c3);
  const words = [
    or(digit(0).get, shiftLeft(digit(1).get, 51)),
    or(shiftRight(digit(1).get, 13), shiftLeft(digit(2).get, 38)),
    or(shiftRight(digit(2).get, 26), shiftLeft(digit(3).get, 25)),
    or(shiftRight(digit(3).get, 39), shiftLeft(digit(4).get, 12)),
  ];
  return seq(
    each(LIMBS, (j) => digit(j).set(toInteger(j))),
    each(LIMBS - 1, (j) =>
      seq(
        digit(j).set(addLong(digit(j).get, module.long(BIAS))),
        digit(j + 1).set(
          subLong(addLong(digit(j + 1).get, shiftRight(digit(j).get, 51)), module.long(BIAS_CARRY)),
        ),
        digit(j).set(and(digit(j).get, mask)),
      ),
    ),
    each(4, (i) =>
      seq(scatter(first, 8 * i, words[i] as Code, 0), scatter(second, 8 * i, words[i] as Code, 1)),
    ),
  );
}
