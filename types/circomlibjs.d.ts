// The few functions used from a package that comes without types. Field elements are opaque: `F.e` makes them, `F.toObject` reads them.
declare module "circomlibjs" {
  export type Element = Uint8Array;
  export type Field = { e(value: bigint): Element; toObject(element: Element): bigint };
  export type Pair = [Element, Element];
  export function buildPoseidon(): Promise<
    ((inputs: readonly bigint[], capacity: bigint, outputs: number) => Element[]) & { F: Field }
  >;
  export function buildBabyjub(): Promise<{
    F: Field;
    Base8: Pair;
    addPoint(a: Pair, b: Pair): Pair;
    mulPointEscalar(point: Pair, scalar: bigint): Pair;
    inSubgroup(point: Pair): boolean;
  }>;
  export function buildEddsa(): Promise<{
    F: Field;
    prv2pub(key: Uint8Array): Pair;
    signPoseidon(key: Uint8Array, message: Element): { R8: Pair; S: bigint };
  }>;
}
