// Multiplies one generator by many scalars: signed windows over a table of its multiples.
import { parentPort, workerData } from "node:worker_threads";
import { instantiate, SCALAR_BYTES, type Operation } from "./bn254.ts";
import { POINT_BYTES, type WorkerSetup } from "./fixed-base.ts";

const { group, window, code, generator } = workerData as WorkerSetup;
const instance = instantiate(code);
const { wasm } = instance;
const prefix = group === "G1" ? "g1m" : "g2m";
const add: Operation = wasm[`${prefix}_addMixed`];
const subtract: Operation = wasm[`${prefix}_subMixed`];
const setZero: Operation = wasm[`${prefix}_zero`];
const batchToAffine: Operation = wasm[`${prefix}_batchToAffine`];

const AFFINE = POINT_BYTES[group];
const JACOBIAN = (AFFINE / 2) * 3;
/** A scalar has 254 bits; the carry out of the highest window needs one more. */
const WINDOWS = Math.ceil(255 / window);
/** Digits lie in [-HALF, HALF]. */
const HALF = 2 ** (window - 1);

const table = buildTable();

/** The table's entry (j, k), k = 1..HALF, is k·2^(j·window)·generator, affine. */
function entry(j: number, k: number): number {
  return table + (j * HALF + k - 1) * AFFINE;
}

function buildTable(): number {
  const start = instance.allocate(WINDOWS * HALF * AFFINE);
  const mark = instance.mark();
  const base = instance.allocate(JACOBIAN);
  const baseAffine = instance.allocate(AFFINE);
  const multiples = instance.allocate(HALF * JACOBIAN);
  wasm[`${prefix}_copy`](generator, base);
  for (let j = 0; j < WINDOWS; j++) {
    wasm[`${prefix}_toAffine`](base, baseAffine);
    wasm[`${prefix}_copy`](base, multiples);
    for (let k = 1; k < HALF; k++)
      add(multiples + (k - 1) * JACOBIAN, baseAffine, multiples + k * JACOBIAN);
    batchToAffine(multiples, HALF, start + j * HALF * AFFINE);
    for (let bit = 0; bit < window; bit++) wasm[`${prefix}_double`](base, base);
  }
  instance.release(mark);
  return start;
}

function multiply(scalars: Uint8Array): Uint8Array {
  const count = scalars.byteLength / SCALAR_BYTES;
  const mark = instance.mark();
  const points = instance.allocate(count * JACOBIAN);
  const view = new DataView(scalars.buffer, scalars.byteOffset, scalars.byteLength);
  // One word more than a scalar has, so that the highest window may read past its end.
  const words = new Uint32Array(SCALAR_BYTES / 4 + 1);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < SCALAR_BYTES / 4; k++)
      words[k] = view.getUint32(i * SCALAR_BYTES + 4 * k, true);
    const sum = points + i * JACOBIAN;
    setZero(sum);
    let carry = 0;
    for (let j = 0; j < WINDOWS; j++) {
      let digit = bitsAt(words, j * window) + carry;
      carry = digit > HALF ? 1 : 0;
      digit -= carry * 2 * HALF;
      if (digit > 0) add(sum, entry(j, digit), sum);
      else if (digit < 0) subtract(sum, entry(j, -digit), sum);
    }
  }
  batchToAffine(points, count, points);
  const result = instance.memory().slice(points, points + count * AFFINE);
  instance.release(mark);
  return result;
}

function bitsAt(words: Uint32Array, bit: number): number {
  const word = bit >>> 5;
  const shift = bit & 31;
  let value = (words[word] ?? 0) >>> shift;
  if (shift + window > 32) value |= (words[word + 1] ?? 0) << (32 - shift);
  return value & (2 * HALF - 1);
}

parentPort?.on("message", (scalars: Uint8Array) => {
  const points = multiply(scalars);
  parentPort?.postMessage(points, [points.buffer as ArrayBuffer]);
});
