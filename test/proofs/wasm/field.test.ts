import { beforeAll, describe, expect, test } from "vitest";
import { mod } from "../../../src/crypto/field.ts";
import {
  ELEMENT_BYTES,
  LIMB_BITS,
  LIMBS,
  splitLimbs,
  MONTGOMERY,
  PAIR_BYTES,
} from "../../../src/proofs/wasm/field.ts";
import { Kernels, Q, R } from "../../../src/proofs/wasm/kernels.ts";
import { seeded } from "../../helpers/seeded.ts";
import { toBytes } from "./support.ts";

let kernels: Kernels;
beforeAll(() => {
  kernels = new Kernels();
});

const random = seeded("limbs");
const edges = (prime: bigint) => [
  0n,
  1n,
  2n,
  prime - 1n,
  prime - 2n,
  (prime - 1n) / 2n,
  (prime + 1n) / 2n,
  (1n << 51n) - 1n,
  1n << 50n,
  (1n << 204n) - 1n,
  mod(MONTGOMERY, prime),
];

/** Limbs at the ends of what a multiplication takes: 2^51 and -2^51 below a top limb that keeps the value within 1.02 p, or anything between. */
const extremeLimbs = (prime: bigint): readonly number[] => {
  const end = () =>
    random.pick([
      2 ** 51,
      -(2 ** 51),
      2 ** 51 - 1,
      2 ** 50,
      -(2 ** 50),
      0,
      Number(random.below(1n << 52n)) - 2 ** 51,
    ]);
  const top = Number(((prime * 102n) / 100n) >> 204n) - 1;
  return [end(), end(), end(), end(), random.pick([top, -top, 0, random.index(top)])];
};
const joinLimbs = (limbs: readonly number[]): bigint =>
  limbs.reduceRight((x, limb) => (x << LIMB_BITS) + BigInt(limb), 0n);
const writeLane = (pair: number, lane: number, limbs: readonly number[]) =>
  limbs.forEach((limb, j) => (kernels.doubles[pair / 8 + 2 * j + lane] = limb));
const readLane = (pair: number, lane: number) =>
  Array.from({ length: LIMBS }, (_, j) => kernels.doubles[pair / 8 + 2 * j + lane] as number);

/** Balanced limbs and a value within `most` hundredths of p. */
function expectStored(limbs: readonly number[], prime: bigint, most: bigint): void {
  for (const limb of limbs) expect(Math.abs(limb)).toBeLessThanOrEqual(2 ** 50);
  const value = joinLimbs(limbs);
  expect((value < 0n ? -value : value) * 100n <= prime * most).toBe(true);
}

describe.each([
  ["q", Q],
  ["r", R],
] as const)("multiplication modulo %s", (name, prime) => {
  const multiply = (
    x: readonly (readonly number[])[],
    y: readonly (readonly number[])[],
  ): readonly (readonly number[])[] =>
    kernels.within(() => {
      const [a, b, c] = [
        kernels.allocate(PAIR_BYTES),
        kernels.allocate(PAIR_BYTES),
        kernels.allocate(PAIR_BYTES),
      ];
      for (const lane of [0, 1]) {
        writeLane(a, lane, x[lane] as readonly number[]);
        writeLane(b, lane, y[lane] as readonly number[]);
      }
      kernels.run[`${name}_multiply`](a, b, c);
      return [readLane(c, 0), readLane(c, 1)];
    });
  const expectRight = (x: readonly number[], y: readonly number[], z: readonly number[]) => {
    expect(mod(joinLimbs(z) * MONTGOMERY, prime)).toBe(mod(joinLimbs(x) * joinLimbs(y), prime));
    expectStored(z, prime, 91n); // 1.02^2 * 0.378 + 0.51
  };

  test("is BigInt's on edge values", () => {
    for (const x of edges(prime))
      for (const y of edges(prime)) {
        const lanes = [
          [splitLimbs(x), splitLimbs(-y)],
          [splitLimbs(y), splitLimbs(prime - x)],
        ] as const;
        multiply(lanes[0], lanes[1]).forEach((z, lane) =>
          expectRight(lanes[0][lane] as readonly number[], lanes[1][lane] as readonly number[], z),
        );
      }
  });

  test("is BigInt's on random values, and on limbs as large as they may be", () => {
    for (let i = 0; i < 3000; i++) {
      const make = () => (i % 2 === 0 ? splitLimbs(random.below(prime)) : extremeLimbs(prime));
      const [x, y] = [
        [make(), make()],
        [make(), make()],
      ];
      multiply(x, y).forEach((z, lane) =>
        expectRight(x[lane] as readonly number[], y[lane] as readonly number[], z),
      );
    }
  });
});

describe("inverses", () => {
  test("modulo q, and 0 of 0", () => {
    const [x, y] = [kernels.allocate(PAIR_BYTES), kernels.allocate(PAIR_BYTES)];
    for (const value of [...edges(Q), random.below(Q)]) {
      writeLane(x, 0, splitLimbs(value));
      writeLane(x, 1, splitLimbs(Q - value));
      kernels.run.q_invert(x, y);
      for (const [lane, of] of [value, Q - value].entries()) {
        expect(mod(joinLimbs(readLane(y, lane)) * of, Q)).toBe(
          mod(of, Q) === 0n ? 0n : mod(MONTGOMERY * MONTGOMERY, Q),
        );
      }
    }
  });

  test("in the extension", () => {
    const [x, y, z] = [
      kernels.allocate(2 * PAIR_BYTES),
      kernels.allocate(2 * PAIR_BYTES),
      kernels.allocate(2 * PAIR_BYTES),
    ];
    for (const [a, b] of [
      [1n, 0n],
      [0n, 1n],
      [Q - 1n, Q - 1n],
      [random.below(Q), random.below(Q)],
    ] as const) {
      for (const lane of [0, 1]) {
        writeLane(x, lane, splitLimbs(a));
        writeLane(x + PAIR_BYTES, lane, splitLimbs(b));
      }
      kernels.run.q2_invert(x, y);
      kernels.run.q2_multiply(x, y, z);
      for (const lane of [0, 1])
        expect([0, PAIR_BYTES].map((c) => mod(joinLimbs(readLane(z + c, lane)), Q))).toEqual([
          mod(MONTGOMERY, Q),
          0n,
        ]);
    }
  });
});

test("multiplication in the extension is BigInt's, in place too, with limbs as large as they may be", () => {
  const [x, y] = [kernels.allocate(2 * PAIR_BYTES), kernels.allocate(2 * PAIR_BYTES)];
  for (let i = 0; i < 2000; i++) {
    const make = () =>
      i % 2 === 0 ? splitLimbs(random.pick([...edges(Q), random.below(Q)])) : extremeLimbs(Q);
    const [a, b, c, d] = [
      [make(), make()],
      [make(), make()],
      [make(), make()],
      [make(), make()],
    ] as const;
    for (const lane of [0, 1] as const)
      [
        [x, a],
        [x + PAIR_BYTES, b],
        [y, c],
        [y + PAIR_BYTES, d],
      ].forEach(([at, from]) =>
        writeLane(at as number, lane, (from as typeof a)[lane] as readonly number[]),
      );
    kernels.run.q2_multiply(x, y, x);
    for (const lane of [0, 1] as const) {
      const [ar, ai, cr, ci] = [a, b, c, d].map((from) =>
        joinLimbs(from[lane] as readonly number[]),
      ) as [bigint, bigint, bigint, bigint];
      [ar * cr - ai * ci, ar * ci + ai * cr].forEach((want, part) => {
        const got = readLane(x + part * PAIR_BYTES, lane);
        expect(mod(joinLimbs(got) * MONTGOMERY, Q)).toBe(mod(want, Q));
        expectStored(got, Q, 130n); // 2 * 1.02^2 * 0.378 + 0.51
      });
    }
  }
});

describe("between bytes and limbs", () => {
  test("points' coordinates, times 2^256, become elements", () => {
    const values = [...edges(Q), random.below(Q)];
    const source = kernels.allocate(64 * values.length);
    const target = kernels.allocate(PAIR_BYTES * values.length);
    values.forEach((x, i) =>
      [x, Q - 1n - x].forEach((y, half) =>
        kernels.bytes.set(toBytes(mod(y << 256n, Q)), source + 64 * i + 32 * half),
      ),
    );
    kernels.run.q_load(source, target, values.length, kernels.allocatePair(1n << 254n, Q));
    values.forEach((x, i) => {
      expect(kernels.readElement(target + PAIR_BYTES * i, Q)).toBe(mod(x, Q));
      expect(kernels.readElement(target + PAIR_BYTES * i + ELEMENT_BYTES, Q)).toBe(
        mod(Q - 1n - x, Q),
      );
      expectStored(
        Array.from({ length: LIMBS }, (_, j) => kernels.doubles[target / 8 + 10 * i + j] as number),
        Q,
        51n,
      );
    });
  });

  test("scalars are brought between -r/2 and r/2 and shifted", () => {
    const values = [...edges(R).filter((x) => x < R), random.below(R), random.below(R)].slice(
      0,
      12,
    );
    const shift = (1n << 254n) + random.below(1n << 250n);
    const [source, target, limbs] = [
      kernels.allocate(32 * values.length),
      kernels.allocate(32 * values.length),
      kernels.allocate(ELEMENT_BYTES),
    ];
    values.forEach((x, i) => kernels.bytes.set(toBytes(x), source + 32 * i));
    kernels.writeLimbs(limbs, shift);
    kernels.run.scalars_shift(source, target, values.length / 2, limbs);
    values.forEach((x, i) => {
      const signed =
        BigInt(
          `0x${Buffer.from(kernels.bytes.slice(target + 32 * i, target + 32 * i + 32))
            .reverse()
            .toString("hex")}`,
        ) - shift;
      expect(mod(signed, R)).toBe(x);
      expect(signed >= -(R / 2n) - 1n && signed <= R / 2n + 1n).toBe(true);
    });
  });
});
