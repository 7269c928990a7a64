import { ModuleBuilder } from "wasmbuilder";
import { buildBn128 } from "wasmcurves";

/** BN254 arithmetic in WebAssembly: the machine code once, to be instantiated in as many threads as there are. */
export type Bn254Code = {
  code: Uint8Array;
  /** Addresses of the generators inside each instance's memory. */
  generator: { G1: number; G2: number };
  /** Order of the base field and of the scalar field. */
  q: bigint;
  r: bigint;
};

export function buildCode(): Bn254Code {
  const builder = new ModuleBuilder();
  builder.setMemory(25);
  buildBn128(builder);
  const code = builder.build();
  const { q, r, pG1gen, pG2gen } = builder.modules.bn128;
  return { code, generator: { G1: pG1gen, G2: pG2gen }, q: BigInt(q), r: BigInt(r) };
}

/** All functions take and return addresses; a field element of r is 32 bytes, little-endian. */
export type Operation = (...addresses: number[]) => number;
type Fr =
  | "mul"
  | "add"
  | "sub"
  | "copy"
  | "one"
  | "toMontgomery"
  | "fromMontgomery"
  | "batchInverse";
type Curve = "copy" | "zero" | "double" | "addMixed" | "subMixed" | "toAffine" | "batchToAffine";
export type Exports = { [K in Fr as `frm_${K}`]: Operation } & {
  [K in Curve as `${"g1m" | "g2m"}_${K}`]: Operation;
};

export type Instance = {
  wasm: Exports;
  /** A fresh view of the memory: an older one is dead once an allocation has grown it. */
  memory(): Uint8Array;
  allocate(bytes: number): number;
  /** A mark to give back to `release`, which frees everything allocated since. */
  mark(): number;
  release(mark: number): void;
};

const PAGE = 65_536;
// 1 GiB to start with, 2 GiB at most: 2^18 constraints take about 0.5 GiB. Pages cost nothing until they are touched.
const INITIAL_PAGES = 16_384;
const MAXIMUM_PAGES = 32_767;
const GROWTH_PAGES = 8_192;

export function instantiate(code: Uint8Array): Instance {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
  const module = new WebAssembly.Module(new Uint8Array(code));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  // The module keeps the address of its first free byte in the first word of the memory.
  const top = () => new Uint32Array(memory.buffer, 0, 1);
  return {
    wasm: exports as unknown as Exports,
    memory: () => new Uint8Array(memory.buffer),
    mark: () => top()[0] ?? 0,
    release(mark) {
      top()[0] = mark;
    },
    allocate(bytes) {
      const start = ((top()[0] ?? 0) + 7) & ~7;
      const end = start + bytes;
      if (end > memory.buffer.byteLength)
        memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE) + GROWTH_PAGES);
      top()[0] = end;
      return start;
    },
  };
}

export const SCALAR_BYTES = 32;

/** 32 bytes, little-endian. */
export function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(SCALAR_BYTES);
  for (let i = 0; i < SCALAR_BYTES; i++) {
    bytes[i] = Number(value & 0xffn);
    value >>= 8n;
  }
  return bytes;
}

/** Stores a scalar as it is. */
export function storePlain(instance: Instance, value: bigint): number {
  const address = instance.allocate(SCALAR_BYTES);
  instance.memory().set(littleEndian(value), address);
  return address;
}

/** Stores a scalar times R. A product of one plain and one Montgomery operand is plain. */
export function storeMontgomery(instance: Instance, value: bigint): number {
  const address = storePlain(instance, value);
  instance.wasm.frm_toMontgomery(address, address);
  return address;
}
