import { describe, expect, test } from "vitest";
import { mod } from "../../../src/crypto/field.ts";
import { ELEMENT_BYTES } from "../../../src/proofs/wasm/field.ts";
import { GROUP1, GROUP2, type Group, type Point } from "../../../src/proofs/wasm/groups.ts";
import { Kernels, Q, R } from "../../../src/proofs/wasm/kernels.ts";
import { multiExponentiate, SCALAR_BYTES, windowsFor } from "../../../src/proofs/wasm/msm.ts";
import { seeded } from "../../helpers/seeded.ts";
import { toBytes } from "./support.ts";

interface Any extends Point<Any> {
  multiplyUnsafe(scalar: bigint): Any;
  equals(other: Any): boolean;
}

const EDGES = [
  0n,
  1n,
  2n,
  R - 1n,
  R - 2n,
  (R - 1n) / 2n,
  (R + 1n) / 2n,
  1n << 253n,
  (1n << 253n) - 1n,
  0x8080808080808080808080808080808080808080n,
];

describe.each([
  ["G1", GROUP1],
  ["G2", GROUP2],
] as unknown as [string, Group<Any>][])("a multi-exponentiation in %s", (name, group) => {
  const random = seeded(name);

  /** Points are multiples of the generator, 0 for the zero point. `windows` as for so many points. */
  function check(
    terms: readonly { readonly multiple: bigint; readonly scalar: bigint }[],
    sizedFor = terms.length,
  ): void {
    const kernels = new Kernels();
    const windows = windowsFor(sizedFor);
    const size = 64 * group.degree;
    const known = new Map<bigint, readonly bigint[]>();
    const key = new Uint8Array(terms.length * size);
    terms.forEach(({ multiple }, i) => {
      const coordinates =
        known.get(multiple) ??
        group.toCoordinates(
          multiple === 0n ? group.zero : group.generator.multiplyUnsafe(multiple),
        );
      known.set(multiple, coordinates);
      coordinates.forEach((x, c) => key.set(toBytes(mod(x << 256n, Q)), i * size + 32 * c));
    });
    const scalars = kernels.allocate(SCALAR_BYTES * (terms.length + 1));
    const shift = kernels.allocate(ELEMENT_BYTES);
    terms.forEach(({ scalar }, i) =>
      kernels.bytes.set(toBytes(scalar), scalars + SCALAR_BYTES * i),
    );
    kernels.writeLimbs(shift, windows.shift);
    kernels.run.scalars_shift(scalars, scalars, (terms.length + 1) >> 1, shift);
    const got = multiExponentiate(kernels, group, {
      count: terms.length,
      windows,
      scalarAt: (i) => scalars + SCALAR_BYTES * i,
      read: (target, first) => target.set(key.subarray(first * size, first * size + target.length)),
    });
    const want = mod(
      terms.reduce((sum, { multiple, scalar }) => sum + multiple * scalar, 0n),
      R,
    );
    expect(got.equals(want === 0n ? group.zero : group.generator.multiplyUnsafe(want))).toBe(true);
  }

  test("with scalars at the edges, and zero points", () => {
    check(EDGES.map((scalar, i) => ({ scalar, multiple: BigInt(3 * i + 1) })));
    check(EDGES.map((scalar, i) => ({ scalar, multiple: BigInt(i % 3) })));
    for (const scalar of EDGES) check([{ scalar, multiple: 5n }]);
    check([{ scalar: 0n, multiple: 0n }]);
    check([
      { scalar: 7n, multiple: 1n },
      { scalar: R - 7n, multiple: 1n },
    ]);
  });

  test("with random scalars, windows of every width", () => {
    const terms = Array.from({ length: 40 }, (_, i) => ({
      scalar: random.below(R),
      multiple: BigInt(i + 1),
    }));
    const widths = new Set<number>();
    for (let sizedFor = 1; sizedFor < 2 ** 21; sizedFor *= 2) {
      if (widths.has(windowsFor(sizedFor).bits)) continue;
      widths.add(windowsFor(sizedFor).bits);
      check(terms, sizedFor);
    }
    expect([Math.min(...widths), Math.max(...widths), widths.size]).toEqual([4, 16, 11]);
  });

  test("with all scalars equal, all points equal, all of both, and columns that repeat", () => {
    const same = random.below(R);
    check(Array.from({ length: 300 }, (_, i) => ({ scalar: same, multiple: BigInt(i + 1) })));
    check(Array.from({ length: 70 }, () => ({ scalar: random.below(R), multiple: 9n })));
    check(Array.from({ length: 70 }, () => ({ scalar: same, multiple: 9n })));
    check(
      Array.from({ length: 90 }, (_, i) => ({
        scalar: BigInt(i % 2),
        multiple: BigInt(1 + (i % 7)),
      })),
    );
    check(
      Array.from({ length: 90 }, (_, i) => ({ scalar: 1n, multiple: i % 2 === 0 ? 4n : R - 4n })),
    );
  });

  test("with more points than are read at a time, most of which do not count", () => {
    check(
      Array.from({ length: 9000 }, (_, i) => ({
        scalar: i % 97 === 0 ? random.below(R) : 0n,
        multiple: BigInt(i % 5),
      })),
    );
  });
});
