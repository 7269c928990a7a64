import { describe, expect, test } from "vitest";
import { JOB_BYTES } from "../../../src/proofs/wasm/curve.ts";
import { LIMBS, PAIR_BYTES } from "../../../src/proofs/wasm/field.ts";
import {
  GROUP1,
  GROUP2,
  pointBytes,
  writePoint,
  type Group,
} from "../../../src/proofs/wasm/groups.ts";
import { Kernels, Q } from "../../../src/proofs/wasm/kernels.ts";

// The bounds that curve.ts promises for what a batch stores; the sums themselves are tested by sums.test.ts.
describe.each([
  ["g1", GROUP1, 102n, 2 ** 51],
  ["g2", GROUP2, 51n, 2 ** 50],
] as const)("%s", (name, group, most, largestLimb) => {
  test("differences and products stay within their bounds", () => {
    const kernels = new Kernels();
    const [size, count] = [pointBytes(group), 200];
    const points = kernels.allocate(4 * count * size);
    let point = group.generator as never as { add: (other: unknown) => never };
    for (let i = 0; i < 4 * count; i++, point = point.add(group.generator))
      writePoint(kernels, group as never as Group<unknown>, points + i * size, point);
    const side = group.degree * PAIR_BYTES;
    const [jobs, differences, products] = [
      kernels.allocate(count * JOB_BYTES),
      kernels.allocate(count * side),
      kernels.allocate((count + 1) * side),
    ];
    kernels.bytes.fill(0, products, products + side);
    for (const lane of [0, 8]) kernels.writeLimbs(products + lane, (1n << 255n) % Q, 16);
    for (let i = 0; i < count; i++)
      [0, 1, 2, 3].forEach(
        (n) => (kernels.words[jobs / 4 + 6 * i + n] = points + (4 * i + n) * size),
      );
    kernels.run[`${name}_forward`](jobs, count, differences, products);
    const expectWithin = (pair: number, hundredths: bigint, limb: number) => {
      for (const lane of [0, 8]) {
        const value = kernels.readLimbs(pair + lane, 16);
        expect((value < 0n ? -value : value) * 100n <= Q * hundredths).toBe(true);
        for (let j = 0; j < LIMBS; j++)
          expect(
            Math.abs(kernels.doubles[(pair + lane + 16 * j) / 8] as number),
          ).toBeLessThanOrEqual(limb);
      }
    };
    for (let i = 0; i < count; i++)
      for (let c = 0; c < group.degree; c++) {
        expectWithin(differences + i * side + c * PAIR_BYTES, most, largestLimb);
        expectWithin(products + (i + 1) * side + c * PAIR_BYTES, 83n + 1n, 2 ** 50);
      }
  });
});
