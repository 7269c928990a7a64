import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bytesToInteger,
  integerToBytes,
  inverseOrZero,
  isWord,
  mod,
  toSigned,
} from "../../src/crypto/field.ts";
import { randomBelow, randomScalar } from "../../src/crypto/random.ts";
import { L, P } from "../../src/params.ts";
import * as arbitrary from "../helpers/arbitraries.ts";

test("PARAM-1: words are the integers from 0 to p - 1", () => {
  expect([-1n, 0n, P - 1n, P].map(isWord)).toEqual([false, true, true, false]);
  expect([mod(-1n), mod(P), mod(2n * P + 5n), mod(-3n, 7n)]).toEqual([P - 1n, 0n, 5n, 4n]);
});

test("bytes are big-endian and exact", () => {
  expect(integerToBytes(0x0102n, 4)).toEqual(Uint8Array.of(0, 0, 1, 2));
  fc.assert(
    fc.property(arbitrary.uint(256), (x) => {
      expect(bytesToInteger(integerToBytes(x, 32))).toBe(x);
    }),
  );
  for (const x of [-1n, 1n << 256n]) expect(() => integerToBytes(x, 32)).toThrow(RangeError);
});

test("inverses, with 0 for 0, and signs", () => {
  fc.assert(
    fc.property(arbitrary.word, (x) => {
      expect(mod(inverseOrZero(x) * x)).toBe(x === 0n ? 0n : 1n);
      expect(mod(toSigned(x))).toBe(x);
      expect(toSigned(x) > -P / 2n - 1n && toSigned(x) <= P / 2n).toBe(true);
    }),
  );
});

test("KEY-2: random scalars lie in [1, l)", () => {
  for (let i = 0; i < 200; i++) {
    expect([randomScalar() < L, randomScalar() > 0n]).toEqual([true, true]);
    expect([1n, 2n]).toContain(randomBelow(3n));
  }
});
