// The few functions used from two packages that come without types.
declare module "wasmbuilder" {
  export class ModuleBuilder {
    setMemory(pages: number): void;
    build(): Uint8Array;
    modules: { bn128: { q: bigint; r: bigint; pG1gen: number; pG2gen: number } };
  }
}

declare module "wasmcurves" {
  import type { ModuleBuilder } from "wasmbuilder";
  export function buildBn128(builder: ModuleBuilder): void;
}
