import { describe, expect, test } from "vitest";
import {
  GROUP1,
  GROUP2,
  pointBytes,
  readPoint,
  writePoint,
  type Group,
  type Point,
} from "../../../src/proofs/wasm/groups.ts";
import { Kernels } from "../../../src/proofs/wasm/kernels.ts";
import { Sums } from "../../../src/proofs/wasm/sums.ts";
import { seeded } from "../../helpers/seeded.ts";

interface Any extends Point<Any> {
  multiplyUnsafe(scalar: bigint): Any;
  equals(other: Any): boolean;
}

describe.each([
  ["G1", GROUP1],
  ["G2", GROUP2],
] as unknown as [string, Group<Any>][])("sums of lists in %s", (name, group) => {
  const random = seeded(name);
  const at = (k: number): Any =>
    k === 0
      ? group.zero
      : k > 0
        ? group.generator.multiplyUnsafe(BigInt(k))
        : group.generator.multiplyUnsafe(BigInt(-k)).negate();

  /** Each list holds multiples of the generator; negative ones are marked addresses. What comes out against the library, and how many sums were exceptions. */
  function sum(lists: readonly (readonly number[])[]): {
    readonly exceptions: number;
    readonly additions: number;
  } {
    const kernels = new Kernels();
    const all = lists.flat();
    const known = new Map<number, Any>();
    const once = (k: number): Any => known.get(k) ?? (known.set(k, at(k)).get(k) as Any);
    const size = pointBytes(group);
    const points = kernels.allocate(all.length * size);
    all.forEach((k, i) => writePoint(kernels, group, points + i * size, once(Math.abs(k))));
    const before = kernels.bytes.slice(points, points + all.length * size);
    const items = Uint32Array.from(all, (k, i) => points + i * size + (k < 0 ? 1 : 0));
    const lengths = Uint32Array.from(lists, (list) => list.length);
    const starts = Uint32Array.from(lists, (_, i) =>
      lists.slice(0, i).reduce((total, list) => total + list.length, 0),
    );
    const sums = new Sums(kernels, group, all.length);
    sums.sum({ items, starts, lengths });
    lists.forEach((list, i) => {
      const want = list.reduce((total, k) => total + k, 0);
      expect(lengths[i]).toBe(want === 0 ? 0 : 1);
      if (want !== 0)
        expect(
          readPoint(kernels, group, items[starts[i] as number] as number).equals(once(want)),
        ).toBe(true);
    });
    expect(kernels.bytes.slice(points, points + all.length * size)).toEqual(before);
    return sums.counts;
  }

  test("of none, one, two, three and many random points with signs", () => {
    const many = (length: number) =>
      Array.from({ length }, () => (1 + random.index(100_000)) * random.pick([1, -1]));
    sum([[], [5], [-5], [1, 2], [-1, 3], [7, -2, 9], many(17), many(64), many(1)]);
  });

  test("of equal points, opposite points, and both among others", () => {
    expect(
      sum([
        [3, 3],
        [3, -3],
        [3, 3, 3, 3],
        [3, -3, 3, -3],
        [3, 3, -3, -3],
        [4, 5, 6, -6],
        [1, 2, -3, 9],
        [8, -8, 8],
      ]).exceptions,
    ).toBeGreaterThan(8);
  });

  test("of equal points on either side of a job", () => {
    expect(
      sum([
        [1, 2],
        [3, 3],
      ]).exceptions,
    ).toBe(1);
    expect(
      sum([
        [3, 3],
        [1, 2],
      ]).exceptions,
    ).toBe(1);
  });

  test("of sums that meet their equals and opposites in later rounds", () => {
    expect(
      sum([
        [1, 4, 2, 3],
        [1, 4, -2, -3],
        [1, 4, -2, -3, 7, 8],
        [5, -5, 6, -6, 2, -2, 1, 1],
      ]).exceptions,
    ).toBeGreaterThan(3);
  });

  test("of a list as long as several batches, odd, and all of one point", () => {
    expect(sum([Array.from({ length: 2500 }, (_, i) => 2 * i + 1)])).toMatchObject({
      exceptions: 0,
      additions: 2499,
    });
    sum([
      Array.from({ length: 203 }, () => 6),
      Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? 6 : -6)),
    ]);
  });

  test("of every number of lists around a batch's", () => {
    for (const count of [1023, 1024, 1025])
      sum(
        Array.from({ length: count }, (_, i) => [
          1 + (i % 50),
          60 + (i % 40),
          101 + (i % 30),
          132 + (i % 7),
        ]),
      );
  });
});
