import { beforeAll, describe, expect, test } from "vitest";
import {
  add,
  clearCofactor,
  multiply,
  multiplyBase,
  negate,
  toMontgomery,
  type Point,
} from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import { halfSizePair, signedDigitBits } from "../../src/crypto/half_size.ts";
import { sharedPoint, sharedRoot } from "../../src/crypto/keystream.ts";
import { HALF_DIGITS, L, P } from "../../src/params.ts";
import { mixedOrder, ORDER_2, TORSION } from "../helpers/points.ts";
import { seededCoordinator } from "../helpers/round_builder.ts";
import { seeded } from "../helpers/seeded.ts";
import { TestCircuit } from "./support/circuit.ts";

const random = seeded("half-size ladder");
const montgomery = (point: Point) => {
  const { u, v } = toMontgomery(point);
  return [u, v];
};
const inverseModL = (x: bigint) => power(mod(x, L), L - 2n);

describe("ROW-5: HalfSizeMultiple with 127 digits", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("half_size")));
  const { secret } = seededCoordinator(random);
  const pair = halfSizePair(secret) as { c1: bigint; c2: bigint };
  const R = mixedOrder(random.scalar());
  const rejection = (changes: { c1?: bigint; c2?: bigint; R?: Point; root?: bigint[] }) => {
    const {
      c1 = pair.c1,
      c2 = pair.c2,
      R: point = R,
      root = montgomery(sharedRoot(secret, R)),
    } = changes;
    return circuit.rejection({ c1, c2, R: montgomery(point), root });
  };

  test("MSG-2: gives the shared point, for ephemeral points with any torsion component and many secrets", () => {
    for (let i = 0; i < 40; i++) {
      const { secret: c } = seededCoordinator(random);
      const point = add(multiplyBase(random.scalar()), TORSION[i % 8] as Point);
      const root = sharedRoot(c, point);
      const { c1, c2 } = halfSizePair(c) as typeof pair;
      const { u, v } = sharedPoint(root);
      for (const digits of [
        { c1, c2 },
        { c1: -c1, c2: -c2 },
      ]) {
        expect(
          circuit.read(
            circuit.solve({ ...digits, R: montgomery(point), root: montgomery(root) }),
            "u",
            "v",
          ),
        ).toEqual([u, v]);
      }
    }
    expect(rejection({})).toBeUndefined();
  });

  test("ROW-5: a root with another torsion component gives the same shared point", () => {
    const root = sharedRoot(secret, R);
    for (const torsion of TORSION) {
      const witness = circuit.solve({
        ...pair,
        R: montgomery(R),
        root: montgomery(add(root, torsion)),
      });
      const { u, v } = sharedPoint(root);
      expect(circuit.read(witness, "u", "v")).toEqual([u, v]);
    }
  });

  test("ROW-5: no other point passes for the shared one", () => {
    const root = sharedRoot(secret, R);
    const [u, v] = montgomery(root) as [bigint, bigint];
    const wrong: [string, bigint[]][] = [
      ["-root", montgomery(negate(root))],
      ["R", montgomery(R)],
      ["-R", montgomery(negate(R))],
      ["2·root", montgomery(add(root, root))],
      ["root + B", montgomery(add(root, multiplyBase(1n)))],
      ["random", montgomery(multiplyBase(random.scalar()))],
      ["S for root", montgomery(clearCofactor(root))],
      ["off the curve, u + 1", [u + 1n, v]],
      ["off the curve, v + 1", [u, v + 1n]],
      ["(0, 0)", [0n, 0n]],
      ["(0, 1)", [0n, 1n]],
      ...[1, 2, 3, 5, 6, 7].map((i): [string, bigint[]] => [
        `torsion ${i}`,
        montgomery(TORSION[i] as Point),
      ]),
    ];
    expect(
      wrong
        .filter(([, wrongRoot]) => rejection({ root: wrongRoot }) === undefined)
        .map(([name]) => name),
    ).toEqual([]);
  });

  test("ROW-5: R and root off the curve are refused for that, before the ladder", () => {
    const off = (point: Point): (readonly [bigint, bigint])[] => {
      const [u, v] = montgomery(point) as [bigint, bigint];
      return [
        [u + 1n, v],
        [u, v + 1n],
        [0n, 1n],
        [0n, v],
        [1n, 0n],
      ];
    };
    const root = montgomery(sharedRoot(secret, R));
    const inputs = [
      ...off(R).map((point) => ({ ...pair, R: point, root })),
      ...off(sharedRoot(secret, R)).map((point) => ({ ...pair, R: montgomery(R), root: point })),
    ];
    // The ladder would refuse most of these too; that no other passes without the check, assurance/small_prime shows.
    for (const each of inputs)
      expect(circuit.rejection(each)).toMatch(/^Error in template MontgomeryOnCurve_/);
  });

  test("KEY-3, FOLD-4: only odd digits' values below 2^127 decompose, and only this ratio fits", () => {
    const { c1, c2 } = pair;
    const limit = 1n << 127n;
    const wrong = [
      { c1: -c1 },
      { c2: -c2 },
      { c1: c2, c2: c1 },
      { c1: c1 + 2n },
      { c1: c1 + 1n },
      { c1: c1 + limit },
      { c1: c1 + L },
      { c2: c2 + L },
      { c1: 0n },
      { c2: 0n },
      { c1: limit + 1n },
      { c1: -limit - 1n },
    ];
    expect(wrong.filter((change) => rejection(change) === undefined)).toEqual([]);
  });

  test("ROW-5: roots chosen to let accumulator and summand meet in the group of prime order do not let them meet, and are rejected", () => {
    const d1 = signedDigitBits(pair.c1).map((bit) => 2n * bit - 1n);
    const d2 = signedDigitBits(pair.c2).map((bit) => 2n * bit - 1n);
    const point = clearCofactor(R);
    let tried = 0;
    for (
      let i = HALF_DIGITS - 2, a = d1[HALF_DIGITS - 1] as bigint, b = d2[HALF_DIGITS - 1] as bigint;
      i >= 1;
      i--
    ) {
      const [x, y] = [d1[i] as bigint, d2[i] as bigint];
      for (const sign of [1n, -1n]) {
        // Accumulator a·P - b·S equals ±(x·P - y·S) for S = k·P with this k:
        const denominator = b - sign * y;
        if (denominator === 0n) continue;
        const k = mod((a - sign * x) * inverseModL(denominator), L);
        if (k < 2n || k === L - 1n || mod(k - secret, L) === 0n) continue;
        const accumulator = multiply(point, mod(a - b * k, L));
        const summand = multiply(point, mod(x - y * k, L));
        expect(toMontgomery(summand).u).toBe(toMontgomery(accumulator).u);
        const [lifted, plain] = i % 2 === 0 ? [accumulator, summand] : [summand, accumulator];
        expect(toMontgomery(add(lifted, ORDER_2)).u).not.toBe(toMontgomery(plain).u);
        expect(rejection({ root: montgomery(multiply(R, k)) })).toBeDefined();
        tried++;
      }
      [a, b] = [2n * a + x, 2n * b + y];
    }
    expect(tried).toBeGreaterThan(200);
  });

  test("every wire is fixed by the inputs", () => {
    const witness = circuit.solve({
      ...pair,
      R: montgomery(R),
      root: montgomery(sharedRoot(secret, R)),
    });
    const free = Array.from({ length: witness.length - 1 }, (_, i) => i + 1).filter((wire) =>
      [((witness[wire] as bigint) + 1n) % P, (P - (witness[wire] as bigint)) % P].some(
        (value) =>
          value !== witness[wire] && circuit.constraints.toleratesChange(witness, wire, value),
      ),
    );
    expect(free).toEqual([]);
  });
});

describe("ROW-5: the ladder with 5 digits, all pairs against all small ratios", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("half_size_5")));

  test("accepts a root k·R iff c1 = k·c2, except where KEY-3 excludes the pair", () => {
    const n = 5;
    const R = multiplyBase(random.scalar());
    const odd = Array.from({ length: 32 }, (_, i) => BigInt(2 * i - 31));
    const ratios: [bigint, bigint][] = [];
    for (let a = -9n; a <= 9n; a++)
      for (let b = 1n; b <= 9n; b++)
        if (gcd(a < 0n ? -a : a, b) === 1n && a !== 0n) ratios.push([a, b]);
    const wrong: string[] = [];
    let accepted = 0;
    for (const [a, b] of ratios) {
      const root = montgomery(multiply(R, mod(a * inverseModL(b), L)));
      for (const c1 of odd) {
        for (const c2 of odd.slice(16)) {
          const equal = c1 * b === c2 * a;
          // Of those that differ, a sample: they are many.
          if (!equal && random.index(12) !== 0) continue;
          const isAccepted = solves(circuit, { c1, c2, R: montgomery(R), root });
          accepted += Number(isAccepted);
          if (isAccepted && !equal) wrong.push(`accepts ${c1}/${c2} for ${a}/${b}`);
          if (!isAccepted && equal && !isExcluded(c1, c2, a, b, n))
            wrong.push(`rejects ${c1}/${c2}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(accepted).toBeGreaterThan(20);
  });
});

/** KEY-3 for n digits and c = a/b: c = ±1, or a prefix of the digits with quotient c. */
function isExcluded(c1: bigint, c2: bigint, a: bigint, b: bigint, n: number): boolean {
  if (a === b || a === -b) return true;
  const bits = (c: bigint) => (c + (1n << BigInt(n)) - 1n) / 2n;
  const prefix = (c: bigint, i: bigint) => 2n * (bits(c) >> i) - ((1n << (BigInt(n) - i)) - 1n);
  return Array.from({ length: n - 1 }, (_, i) => BigInt(i + 1)).some(
    (i) => prefix(c1, i) * b === prefix(c2, i) * a,
  );
}

function solves(circuit: TestCircuit, inputs: Parameters<TestCircuit["rejection"]>[0]): boolean {
  return circuit.rejection(inputs) === undefined;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % L)
    if (e & 1n) result = (result * b) % L;
  return result;
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
