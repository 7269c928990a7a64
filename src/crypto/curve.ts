import { babyjubjub } from "@noble/curves/misc.js";
import { COFACTOR, CURVE_A, CURVE_D, L } from "../params.ts";
import { Fp, isWord, mod } from "./field.ts";

/** A point of Baby Jubjub in affine twisted Edwards coordinates (PARAM-2); nothing is implied about curve membership. */
export type Point = { readonly x: bigint; readonly y: bigint };

/** A point in Montgomery coordinates (PARAM-2). */
export type MontgomeryPoint = { readonly u: bigint; readonly v: bigint };

export const IDENTITY: Point = { x: 0n, y: 1n };

const Group = babyjubjub.Point;
type GroupPoint = ReturnType<typeof Group.fromAffine>;

/** Whether both coordinates are words and the point is on the curve. */
export function isOnCurve({ x, y }: Point): boolean {
  if (!isWord(x) || !isWord(y)) return false;
  const x2 = Fp.mul(x, x);
  const y2 = Fp.mul(y, y);
  return mod(CURVE_A * x2 + y2 - 1n - CURVE_D * Fp.mul(x2, y2)) === 0n;
}

/** Whether a point of the curve has order 1, 2, 4 or 8 (KEY-1): x = 0, or y = 0, or y² = A·x². */
export function isSmallOrder({ x, y }: Point): boolean {
  const x2 = Fp.mul(x, x);
  const y2 = Fp.mul(y, y);
  return Fp.mul(Fp.mul(x2, y2), mod(y2 - CURVE_A * x2)) === 0n;
}

/** KEY-1: on the curve and not of small order. */
export function isAcceptable(point: Point): boolean {
  return isOnCurve(point) && !isSmallOrder(point);
}

/** Whether an acceptable point lies in the prime-order subgroup. */
export function isInPrimeSubgroup(point: Point): boolean {
  return isAcceptable(point) && toGroup(point).isTorsionFree();
}

export function equalPoints(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

export function negate({ x, y }: Point): Point {
  return { x: mod(-x), y };
}

export function add(a: Point, b: Point): Point {
  return fromGroup(toGroup(a).add(toGroup(b)));
}

/** scalar·B for a secret scalar, in constant time; scalar any integer ≥ 0, taken mod L. */
export function multiplyBase(scalar: bigint): Point {
  const k = mod(scalar, L);
  return k === 0n ? IDENTITY : fromGroup(Group.BASE.multiply(k));
}

/** scalar·point for a secret scalar in [1, L), in constant time. */
export function multiplySecret(point: Point, scalar: bigint): Point {
  return fromGroup(toGroup(point).multiply(scalar));
}

/** scalar·point for public values, scalar in [0, L); point may have a torsion component. */
export function multiply(point: Point, scalar: bigint): Point {
  return fromGroup(toGroup(point).multiplyUnsafe(scalar));
}

/** 8·point: in the prime-order subgroup for every point of the curve. */
export function clearCofactor(point: Point): Point {
  return multiply(point, COFACTOR);
}

/** s·B - e·point for public values: s ≥ 0 (taken mod L), e in [0, L); the verifier's side of a signature (SIG-2). */
export function recomputeCommitment(s: bigint, e: bigint, point: Point): Point {
  // The library's own base point: it has a table for it.
  return fromGroup(Group.BASE.multiplyUnsafe(mod(s, L)).subtract(toGroup(point).multiplyUnsafe(e)));
}

/** Montgomery coordinates of a curve point with x ≠ 0 and y ≠ 1. */
export function toMontgomery({ x, y }: Point): MontgomeryPoint {
  const u = Fp.div(mod(1n + y), mod(1n - y));
  return { u, v: Fp.div(u, x) };
}

function toGroup({ x, y }: Point): GroupPoint {
  return Group.fromAffine({ x, y });
}

function fromGroup(point: GroupPoint): Point {
  return point.toAffine();
}
