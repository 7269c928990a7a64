import { mod } from "../../crypto/field.ts";
import { LIMB_BITS, LIMBS, MONTGOMERY, PAIR_BYTES } from "./field.ts";
import {
  GROUP1,
  GROUP2,
  pointBytes,
  readPoint,
  writePoint,
  type Group,
  type Point,
} from "./groups.ts";
import { Kernels, Q, R } from "./kernels.ts";
import { Sums } from "./sums.ts";

const PRODUCTS = 200;

/**
 * Kernels that have shown on this machine that they are right, or why not: an engine without relaxed SIMD cannot compile them, and one whose multiply-add rounds twice
 * gives wrong products. Products of limbs of all sizes and additions in both groups are compared with BigInt and the curve library; it takes some 20 ms.
 */
export function testedKernels(): Kernels | { readonly unfit: string } {
  let kernels: Kernels;
  try {
    kernels = new Kernels();
  } catch (error) {
    return {
      unfit: `it cannot run the prover's WebAssembly (${(error as Error).message.split("\n", 1)[0]})`,
    };
  }
  if (!multipliesRight(kernels)) return { unfit: "its relaxed multiply-add rounds twice" };
  const adds = (group: Group<never>) => addsRight(kernels, group as unknown as Group<Listed>);
  return adds(GROUP1 as never) && adds(GROUP2 as never)
    ? kernels
    : { unfit: "its vector instructions give wrong sums of points" };
}

interface Listed extends Point<Listed> {
  equals(other: Listed): boolean;
}

/** Every number of bits from 1 to 51 in limbs, both signs: a multiply-add that rounds twice is wrong where a product has more than 53 bits. */
function multipliesRight(kernels: Kernels): boolean {
  return kernels.within(() => {
    const [x, y, z] = [
      kernels.allocate(PAIR_BYTES),
      kernels.allocate(PAIR_BYTES),
      kernels.allocate(PAIR_BYTES),
    ];
    let state = 1n;
    const limb = (width: number) => {
      state = mod(state * 6364136223846793005n + 1442695040888963407n, 1n << 64n);
      return BigInt.asIntN(width + 1, state >> 12n);
    };
    for (let i = 0; i < PRODUCTS; i++) {
      for (let word = 0; word < 2 * LIMBS; word++) {
        const most = word >= 2 * LIMBS - 2 ? 48 : 50;
        kernels.doubles[x / 8 + word] = Number(limb(1 + (i % most)));
        kernels.doubles[y / 8 + word] = Number(limb(most));
      }
      for (const [multiply, prime] of [
        [kernels.run.q_multiply, Q],
        [kernels.run.r_multiply, R],
      ] as const) {
        multiply(x, y, z);
        for (const lane of [0, 8]) {
          const [a, b, c] = [x, y, z].map((at) => kernels.readLimbs(at + lane, 16)) as [
            bigint,
            bigint,
            bigint,
          ];
          if (mod(c * MONTGOMERY - a * b, prime) !== 0n || c >> (LIMB_BITS * BigInt(LIMBS)) > 0n)
            return false;
        }
      }
    }
    return true;
  });
}

/** The sum of 1 to 9 times the generator, one of them negated. */
function addsRight(kernels: Kernels, group: Group<Listed>): boolean {
  return kernels.within(() => {
    const points = Array.from({ length: 9 }).reduce<Listed[]>(
      (list) => [...list, (list.at(-1) ?? group.zero).add(group.generator)],
      [],
    );
    const [size, place] = [pointBytes(group), kernels.allocate(9 * pointBytes(group))];
    points.forEach((point, i) => writePoint(kernels, group, place + i * size, point));
    const items = Uint32Array.from(points, (_, i) => place + i * size + (i === 4 ? 1 : 0));
    const lists = { items, starts: Uint32Array.of(0), lengths: Uint32Array.of(9) };
    new Sums(kernels, group, 9).sum(lists);
    const want = points.reduce(
      (sum, point, i) => sum.add(i === 4 ? point.negate() : point),
      group.zero,
    );
    return lists.lengths[0] === 1 && readPoint(kernels, group, items[0] as number).equals(want);
  });
}
