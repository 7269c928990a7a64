import { mod } from "../../crypto/field.ts";
import { R } from "./kernels.ts";

/** A circuit's inputs: numbers in any nesting, by signal name. */
type Inputs = { readonly [signal: string]: Nested };
type Nested = bigint | readonly Nested[];

/** What circom's witness code exports. A value goes through eight 32-bit words of its memory, at `getSharedRWMemoryStart`. */
type Circuit = {
  readonly memory: WebAssembly.Memory;
  readonly getSharedRWMemoryStart: () => number;
  readonly getFieldNumLen32: () => number;
  readonly getRawPrime: () => void;
  readonly getInputSize: () => number;
  readonly getInputSignalSize: (high: number, low: number) => number;
  readonly getWitnessSize: () => number;
  readonly init: (sanityCheck: 0 | 1) => void;
  readonly setInputSignal: (high: number, low: number, index: number) => void;
  readonly getWitness: (index: number) => void;
  readonly getMessageChar: () => number;
};

const WORDS = 8;
const ERRORS = [
  "",
  "signal not found",
  "too many signals set",
  "signal already set",
  "an assertion failed",
  "not enough memory",
  "input array access exceeds its size",
];

/**
 * The witness of a circuit that circom 2 compiled to WebAssembly, as a file in snarkjs' form. Each call runs in memory of its own, which nothing else sees.
 * @throws Error where the inputs are not those of the circuit, or do not satisfy it
 */
export function computeWitness(
  module: WebAssembly.Module,
  inputs: Inputs,
): Uint8Array<ArrayBuffer> {
  const circuit = instantiate(module);
  const value = new Uint32Array(circuit.memory.buffer, circuit.getSharedRWMemoryStart(), WORDS);
  circuit.getRawPrime();
  if (circuit.getFieldNumLen32() !== WORDS || toInteger(value) !== R)
    throw new Error("the circuit is over another field");
  circuit.init(0);
  let set = 0;
  for (const [name, nested] of Object.entries(inputs)) {
    const [high, low] = hashName(name);
    const values = [nested].flat(Infinity as 1) as unknown as readonly bigint[];
    const size = circuit.getInputSignalSize(high, low);
    if (size !== values.length)
      throw new Error(
        size <= 0
          ? `the circuit has no input ${name}`
          : `input ${name} takes ${size} values, not ${values.length}`,
      );
    values.forEach((x, i) => {
      const word = mod(x, R);
      for (let j = 0; j < WORDS; j++) value[j] = Number(BigInt.asUintN(32, word >> BigInt(32 * j)));
      circuit.setInputSignal(high, low, i);
      set++;
    });
  }
  if (set !== circuit.getInputSize())
    throw new Error(`${set} inputs are given of ${circuit.getInputSize()}`);
  return toFile(circuit, value);
}

/** Header and values: wtns, version 2, two sections. */
function toFile(circuit: Circuit, value: Uint32Array): Uint8Array<ArrayBuffer> {
  const count = circuit.getWitnessSize();
  const header = [0x736e_7477, 2, 2, 1, 40, 0, 32];
  const words = new Uint32Array(header.length + WORDS + 1 + 3 + WORDS * count);
  words.set(header);
  circuit.getRawPrime();
  words.set(value, header.length);
  let at = header.length + WORDS;
  words.set([count, 2, 32 * count, Math.floor((32 * count) / 2 ** 32)], at);
  at += 4;
  for (let i = 0; i < count; i++, at += WORDS) {
    circuit.getWitness(i);
    for (let j = 0; j < WORDS; j++) words[at + j] = value[j] as number;
  }
  return new Uint8Array(words.buffer);
}

function instantiate(module: WebAssembly.Module): Circuit {
  let said = "";
  const message = () => {
    let text = "";
    for (let code = circuit.getMessageChar(); code !== 0; code = circuit.getMessageChar())
      text += String.fromCharCode(code);
    return text;
  };
  const runtime = {
    exceptionHandler: (code: number) => {
      throw new Error(
        [ERRORS[code] ?? "unknown error", ...said.trim().split("\n").filter(Boolean)].join("; "),
      );
    },
    printErrorMessage: () => {
      said += `${message()}\n`;
    },
    // What a circuit logs is nobody's business: it would be secret.
    writeBufferMessage: message,
    showSharedRWMemory: () => undefined,
  };
  const circuit = new WebAssembly.Instance(module, { runtime }).exports as unknown as Circuit;
  return circuit;
}

/** FNV-1a of a signal's name, 64 bits in two halves. */
function hashName(name: string): readonly [high: number, low: number] {
  const hash = [...name].reduce(
    (h, character) => BigInt.asUintN(64, (h ^ BigInt(character.charCodeAt(0))) * 0x1_0000_0001_b3n),
    0xcbf2_9ce4_8422_2325n,
  );
  return [Number(BigInt.asIntN(32, hash >> 32n)), Number(BigInt.asIntN(32, hash))];
}

const toInteger = (words: Uint32Array): bigint =>
  words.reduceRight((x, word) => (x << 32n) | BigInt(word), 0n);
