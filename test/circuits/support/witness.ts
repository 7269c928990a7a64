import { P } from "../../../src/params.ts";

/** Input signals by name, nested arrays of integers; negative ones stand for their words mod p. */
export type Inputs = { readonly [signal: string]: InputValue };
export type InputValue = bigint | readonly InputValue[];

/** Thrown where inputs contradict a constraint; the message names template and line. */
export class UnsatisfiedError extends Error {}

/** What circom's WASM modules export, as far as it is used; a field element passes through shared memory, 32 bits at a time. */
type Exports = {
  getFieldNumLen32(): number;
  getWitnessSize(): number;
  getInputSize(): number;
  getInputSignalSize(high: number, low: number): number;
  init(sanityCheck: number): void;
  setInputSignal(high: number, low: number, index: number): void;
  getWitness(index: number): void;
  readSharedRWMemory(index: number): number;
  writeSharedRWMemory(index: number, value: number): void;
  getMessageChar(): number;
};

/** Codes that circom's modules pass to their exception handler. */
const ASSERTION_FAILED = 4;

/** Runs a compiled circuit's own witness calculation. */
export class WitnessCalculator {
  readonly #exports: Exports;
  readonly #width: number;
  #message = "";

  constructor(module: WebAssembly.Module) {
    const runtime = {
      exceptionHandler: (code: number) => {
        throw code === ASSERTION_FAILED
          ? new UnsatisfiedError(this.#message.trim())
          : new Error(`circom exception ${code}: ${this.#message}`);
      },
      printErrorMessage: () => void (this.#message += `${this.#readMessage()}\n`),
      writeBufferMessage: () => undefined,
      showSharedRWMemory: () => undefined,
    };
    this.#exports = new WebAssembly.Instance(module, { runtime }).exports as unknown as Exports;
    this.#width = this.#exports.getFieldNumLen32();
  }

  /** @throws UnsatisfiedError where the inputs contradict a constraint */
  solve(inputs: Inputs): bigint[] {
    this.#message = "";
    this.#exports.init(1);
    let given = 0;
    for (const [name, value] of Object.entries(inputs)) {
      const [high, low] = fnv(name);
      const words = [value].flat(Infinity as 1) as bigint[];
      const size = this.#exports.getInputSignalSize(high, low);
      if (size !== words.length)
        throw new RangeError(`Signal ${name} takes ${size} words, not ${words.length}`);
      words.forEach((word, i) => {
        this.#write(((word % P) + P) % P);
        this.#exports.setInputSignal(high, low, i);
        given++;
      });
    }
    if (given !== this.#exports.getInputSize())
      throw new RangeError(`${given} input words given of ${this.#exports.getInputSize()}`);
    return Array.from({ length: this.#exports.getWitnessSize() }, (_, i) => {
      this.#exports.getWitness(i);
      return this.#read();
    });
  }

  #write(word: bigint): void {
    for (let i = 0; i < this.#width; i++, word >>= 32n)
      this.#exports.writeSharedRWMemory(i, Number(word & 0xffffffffn));
  }

  #read(): bigint {
    let word = 0n;
    for (let i = this.#width - 1; i >= 0; i--)
      word = (word << 32n) | BigInt(this.#exports.readSharedRWMemory(i) >>> 0);
    return word;
  }

  #readMessage(): string {
    let text = "";
    for (let c = this.#exports.getMessageChar(); c !== 0; c = this.#exports.getMessageChar())
      text += String.fromCharCode(c);
    return text;
  }
}

/** 64-bit FNV-1a of a signal's name, as its two halves: how circom's modules address inputs. */
function fnv(name: string): [number, number] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}
