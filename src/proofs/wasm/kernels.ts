import { P as R } from "../../params.ts";
import { mod } from "../../crypto/field.ts";
import { defineAdditions, defineLoading } from "./curve.ts";
import {
  defineField,
  ELEMENT_BYTES,
  LIMB_BITS,
  LIMBS,
  splitLimbs,
  MONTGOMERY,
  PAIR_BYTES,
} from "./field.ts";
import { overExtension, overField } from "./extension.ts";
import { invert } from "./integers.ts";
import { defineRows } from "./rows.ts";
import { defineTransforms } from "./transform.ts";
import { Module } from "./module.ts";

/** BN254's base field, in which the coordinates of its points are; its scalar field is that of the circuits (PARAM-1). */
export const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
export { R };

/** A kernel takes addresses and counts. Counts are at least 1. */
type Kernel = (...parameters: number[]) => void;
type Names =
  | "q_multiply"
  | "r_multiply"
  | "q_invert"
  | "q2_multiply"
  | "q2_invert"
  | "q_load"
  | `${"g1" | "g2"}_${"forward" | "backward"}`
  | `transform_${"forward" | "inverse"}${"" | "_last"}`
  | "twiddles_extend"
  | "rows_add"
  | "rows_multiply"
  | "rows_quotient"
  | "scalars_shift";

const [OUT_OF_Q, OUT_OF_R] = [invert(MONTGOMERY, Q), invert(MONTGOMERY, R)];

// The first bytes of the memory: constants of the code, then its scratch vectors, then what is allocated.
const CONSTANTS = 1024;
const SCRATCH = 8192;
const HEAP = 16_384;
const PAGE = 65_536;
const MOST_PAGES = 32_768;

let compiled: WebAssembly.Module | undefined;

/** The kernels' module. @throws WebAssembly.CompileError where the engine has no relaxed SIMD */
function compile(): WebAssembly.Module {
  if (compiled !== undefined) return compiled;
  const module = new Module(CONSTANTS, SCRATCH);
  const [base, scalars] = [defineField(module, "q", Q), defineField(module, "r", R)];
  const coordinates = overField(base, "q");
  defineLoading(base, "q");
  defineAdditions(coordinates, "g1");
  defineAdditions(overExtension(base, coordinates, "q2"), "g2");
  defineTransforms(scalars);
  defineRows(scalars);
  return (compiled = new WebAssembly.Module(module.bytes(SCRATCH, HEAP)));
}

/** An instance of the kernels with its memory, from which a proof takes what it needs and gives it back. */
export class Kernels {
  readonly run: Readonly<Record<Names, Kernel>>;
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  #top = HEAP;
  #bytes = new Uint8Array(this.#memory.buffer);
  #words = new Uint32Array(this.#memory.buffer);
  #doubles = new Float64Array(this.#memory.buffer);

  constructor() {
    this.run = new WebAssembly.Instance(compile(), { env: { memory: this.#memory } })
      .exports as unknown as Record<Names, Kernel>;
  }

  /** Views of the memory. An allocation may replace them: do not keep them across one. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }
  get words(): Uint32Array<ArrayBuffer> {
    return this.#words;
  }
  get doubles(): Float64Array<ArrayBuffer> {
    return this.#doubles;
  }

  /** An address, a multiple of 16; what lies there is whatever was there before. @throws RangeError where memory is short */
  allocate(bytes: number): number {
    const address = this.#top;
    this.#top = Math.ceil((address + bytes) / 16) * 16;
    const missing = Math.ceil((this.#top - this.#memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      this.#memory.grow(missing);
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#words = new Uint32Array(this.#memory.buffer);
      this.#doubles = new Float64Array(this.#memory.buffer);
    }
    return address;
  }

  /** Frees all that was allocated since `mark` gave its answer, once `work` is done. */
  within<T>(work: () => T): T {
    const mark = this.#top;
    try {
      return work();
    } finally {
      this.#top = mark;
    }
  }

  /** Writes an integer, |x| < 2^255, as it is, as limbs `stride` bytes apart. */
  writeLimbs(address: number, x: bigint, stride: 8 | 16 = 8): void {
    splitLimbs(x).forEach((limb, j) => (this.#doubles[(address + stride * j) / 8] = limb));
  }

  /** The integer that such limbs stand for. */
  readLimbs(address: number, stride: 8 | 16 = 8): bigint {
    let x = 0n;
    for (let j = LIMBS - 1; j >= 0; j--)
      x = (x << LIMB_BITS) + BigInt(this.#doubles[(address + stride * j) / 8] as number);
    return x;
  }

  /** Stores an element in Montgomery form. */
  writeElement(address: number, x: bigint, prime: bigint): void {
    this.writeLimbs(address, balanced(x * MONTGOMERY, prime));
  }

  readElement(address: number, prime: bigint): bigint {
    return mod(this.readLimbs(address) * (prime === Q ? OUT_OF_Q : OUT_OF_R), prime);
  }

  /** Allocates and writes a pair with the same integer on both sides. */
  allocatePair(x: bigint, prime: bigint): number {
    const address = this.allocate(PAIR_BYTES);
    for (const lane of [0, 8]) this.writeLimbs(address + lane, balanced(x, prime), 16);
    return address;
  }

  allocateElement(x: bigint, prime: bigint): number {
    const address = this.allocate(ELEMENT_BYTES);
    this.writeElement(address, x, prime);
    return address;
  }
}

/** The representative of x in (-p/2, p/2). */
export function balanced(x: bigint, prime: bigint): bigint {
  const r = mod(x, prime);
  return r > prime / 2n ? r - prime : r;
}
