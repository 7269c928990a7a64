import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  clearCofactor,
  equalPoints,
  IDENTITY,
  multiply,
  multiplyBase,
  negate,
} from "../../src/crypto/curve.ts";
import { halfSizePair, signedDigitBits } from "../../src/crypto/half_size.ts";
import { mod } from "../../src/crypto/field.ts";
import { L } from "../../src/params.ts";
import { seeded } from "../helpers/seeded.ts";

const LIMIT = 1n << 127n;

describe("KEY-3: half-size pairs", () => {
  test("whatever is found is odd, short and a pair of c; about two random secrets in three have one", () => {
    const random = seeded("half-size");
    const secrets = Array.from({ length: 400 }, () => random.scalar());
    const pairs = secrets.map(halfSizePair);
    pairs.forEach((pair, i) => {
      if (pair === undefined) return;
      const { c1, c2 } = pair;
      expect(mod(c1 - (secrets[i] as bigint) * c2, L)).toBe(0n);
      for (const c of [c1, c2]) expect(c % 2n !== 0n && c < LIMIT && c > -LIMIT).toBe(true);
    });
    const found = pairs.filter((pair) => pair !== undefined).length;
    expect(found).toBeGreaterThan(200);
    expect(found).toBeLessThan(400);
  });

  test("c = 1 and c = -1 have none, for 8R = ±S is what the circuit excludes", () => {
    for (const c of [1n, L - 1n]) expect(halfSizePair(c)).toBe(undefined);
  });

  test("ROW-5: 127 digits ±1 give back every odd number below 2^127", () => {
    const odd = fc.bigInt(0n, (1n << 126n) - 1n).map((n) => 2n * n + 1n);
    fc.assert(
      fc.property(
        fc.oneof(
          odd,
          odd.map((n) => -n),
          fc.constantFrom(1n, -1n, LIMIT - 1n, 1n - LIMIT),
        ),
        (x) => {
          const bits = signedDigitBits(x);
          expect(bits.length).toBe(127);
          expect(bits.reduce((sum, bit, i) => sum + (2n * bit - 1n) * (1n << BigInt(i)), 0n)).toBe(
            x,
          );
        },
      ),
    );
  });

  test("ROW-5: the ladder over points gives c₁·8R - c₂·S = 0, and comes past 0 only there", () => {
    const random = seeded("ladder");
    for (let i = 0; i < 3; i++) {
      let c = random.scalar();
      while (halfSizePair(c) === undefined) c = random.scalar();
      const { c1, c2 } = halfSizePair(c) as { c1: bigint; c2: bigint };
      const point = clearCofactor(multiplyBase(random.scalar()));
      const shared = multiply(point, c);
      const [d1, d2] = [signedDigitBits(c1), signedDigitBits(c2)];
      let q = IDENTITY;
      for (let k = 126; k >= 0; k--) {
        const summand = add(
          d1[k] === 1n ? point : negate(point),
          d2[k] === 1n ? negate(shared) : shared,
        );
        q = add(add(q, q), summand);
        expect(equalPoints(q, IDENTITY)).toBe(k === 0);
      }
    }
  });
});
