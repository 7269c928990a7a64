import { G1, G2, type G1Point, type G2Point } from "../../crypto/bn254.ts";
import { ELEMENT_BYTES } from "./field.ts";
import { Q, type Kernels } from "./kernels.ts";

/** One of the two groups, as the layers above the kernels see it: a stored point is x then y, `degree` elements each. */
export type Group<P> = {
  readonly name: "g1" | "g2";
  readonly degree: 1 | 2;
  readonly zero: P;
  readonly generator: P;
  /** Coordinates in the order in which they are stored; all 0 for the zero point. */
  readonly fromCoordinates: (coordinates: readonly bigint[]) => P;
  readonly toCoordinates: (point: P) => readonly bigint[];
};

/** What is asked of a point of either group. */
export type Point<P> = {
  readonly add: (other: P) => P;
  readonly double: () => P;
  readonly negate: () => P;
  readonly is0: () => boolean;
};

export const GROUP1: Group<G1Point> = {
  name: "g1",
  degree: 1,
  zero: G1.ZERO,
  generator: G1.BASE,
  fromCoordinates: ([x = 0n, y = 0n]) => (x === 0n && y === 0n ? G1.ZERO : G1.fromAffine({ x, y })),
  toCoordinates: (point) => Object.values(point.is0() ? { x: 0n, y: 0n } : point.toAffine()),
};

export const GROUP2: Group<G2Point> = {
  name: "g2",
  degree: 2,
  zero: G2.ZERO,
  generator: G2.BASE,
  fromCoordinates: ([a = 0n, b = 0n, c = 0n, d = 0n]) =>
    [a, b, c, d].every((x) => x === 0n)
      ? G2.ZERO
      : G2.fromAffine({ x: { c0: a, c1: b }, y: { c0: c, c1: d } }),
  toCoordinates: (point) => {
    if (point.is0()) return [0n, 0n, 0n, 0n];
    const { x, y } = point.toAffine();
    return [x.c0, x.c1, y.c0, y.c1];
  },
};

export const pointBytes = ({ degree }: { readonly degree: number }): number =>
  2 * degree * ELEMENT_BYTES;

/** A point that is not zero, out of the kernels' memory and into it. */
export function readPoint<P extends Point<P>>(
  kernels: Kernels,
  group: Group<P>,
  marked: number,
): P {
  const address = marked - (marked & 1);
  const point = group.fromCoordinates(
    Array.from({ length: 2 * group.degree }, (_, i) =>
      kernels.readElement(address + ELEMENT_BYTES * i, Q),
    ),
  );
  return marked === address ? point : point.negate();
}

export function writePoint<P>(kernels: Kernels, group: Group<P>, address: number, point: P): void {
  group
    .toCoordinates(point)
    .forEach((x, i) => kernels.writeElement(address + ELEMENT_BYTES * i, x, Q));
}
