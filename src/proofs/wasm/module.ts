import { END, i32, load, seq, unsigned, type Code, type Local } from "./assembler.ts";

const I32 = 0x7f;
const V128 = 0x7b;

/** The locals of a function that is being written. */
export class Scope {
  readonly types: number[] = [];
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  int = (): Local => this.#local(I32);
  vector = (): Local => this.#local(V128);
  vectors = (count: number): readonly Local[] => Array.from({ length: count }, this.vector);

  #local(type: number): Local {
    return localAt(this.#parameters + this.types.push(type) - 1);
  }
}

const localAt = (index: number): Local => ({
  get: [0x20, ...unsigned(index)],
  set: (value) => seq(value, [0x21], unsigned(index)),
});

/** A function's address-taking call. */
export type Call = (...parameters: readonly Code[]) => Code;

/** A module under construction: functions that take 32-bit integers and return nothing, and vectors of constants at fixed addresses. */
export class Module {
  readonly #functions: {
    readonly name: string;
    readonly parameters: number;
    readonly types: readonly number[];
    readonly body: Code;
  }[] = [];
  readonly #constants = new Map<string, number>();
  readonly #constantWords: bigint[] = [];
  readonly #base: number;
  #scratch: number;

  /** Constants lie from address `base` on, scratch vectors from `scratch` on. */
  constructor(base: number, scratch: number) {
    this.#base = base;
    this.#scratch = scratch;
  }

  /** Adds an exported function; the answer calls it. */
  define(
    name: string,
    parameters: number,
    write: (scope: Scope, ...parameters: readonly Local[]) => Code,
  ): Call {
    const scope = new Scope(parameters);
    const body = write(scope, ...Array.from({ length: parameters }, (_, i) => localAt(i)));
    const index = this.#functions.push({ name, parameters, types: scope.types, body }) - 1;
    return (...values) => seq(...values, [0x10], unsigned(index));
  }

  /** A vector with the same 64-bit integer in both lanes. */
  long(value: bigint): Code {
    return this.longs(value, value);
  }

  longs(first: bigint, second: bigint): Code {
    const pair = [BigInt.asUintN(64, first), BigInt.asUintN(64, second)] as const;
    const key = pair.join();
    const index = this.#constants.get(key) ?? this.#constantWords.push(...pair) / 2 - 1;
    this.#constants.set(key, index);
    return load(i32(0), this.#base + 16 * index);
  }

  /** A vector with the same double in both lanes. */
  double(value: number): Code {
    return this.long(doubleBits(value));
  }

  /** Memory for intermediate values that belongs to one function. */
  scratch(bytes: number): number {
    const address = this.#scratch;
    this.#scratch += bytes;
    return address;
  }

  /** The module's bytes; it imports `env.memory`. @throws RangeError unless constants end before `scratch` and scratch vectors before `end` */
  bytes(scratch: number, end: number): Uint8Array<ArrayBuffer> {
    const data = this.#constantWords.flatMap((word) =>
      Array.from({ length: 8 }, (_, i) => Number((word >> BigInt(8 * i)) & 255n)),
    );
    if (this.#base + data.length > scratch || this.#scratch > end)
      throw new RangeError("the kernels' constants or scratch vectors have outgrown their place");
    const most = Math.max(...this.#functions.map(({ parameters }) => parameters));
    const types = Array.from({ length: most + 1 }, (_, count) => [
      0x60,
      ...vec(Array.from({ length: count }, () => [I32])),
      0,
    ]);
    const bodies = this.#functions.map(({ types: locals, body }) => {
      const code = seq(vec(locals.map((type) => [1, type])), body, [END]);
      return seq(unsigned(code.length), code);
    });
    return new Uint8Array(
      seq(
        [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        section(1, vec(types)),
        section(2, vec([seq(text("env"), text("memory"), [2, 0, 1])])),
        section(3, vec(this.#functions.map(({ parameters }) => unsigned(parameters)))),
        section(
          7,
          vec(this.#functions.map(({ name }, index) => seq(text(name), [0], unsigned(index)))),
        ),
        section(10, vec(bodies)),
        section(11, vec([seq([0], i32(this.#base), [END], unsigned(data.length), data)])),
      ),
    );
  }
}

/** The 64 bits of a double. */
export function doubleBits(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

const vec = (items: readonly Code[]): Code => seq(unsigned(items.length), ...items);
const section = (id: number, content: Code): Code => seq([id], unsigned(content.length), content);
const text = (name: string): Code => vec([...new TextEncoder().encode(name)].map((byte) => [byte]));
