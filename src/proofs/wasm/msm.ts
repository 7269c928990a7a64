import { MONTGOMERY } from "./field.ts";
import { pointBytes, readPoint, type Group, type Point } from "./groups.ts";
import { Q, type Kernels } from "./kernels.ts";
import { Sums, type Lists } from "./sums.ts";

/** Of a scalar in (-r/2, r/2) plus 2^254. */
const SCALAR_BITS = 255;
export const SCALAR_BYTES = 32;

/**
 * Scalars as windows of c bits with digits in [-2^(c-1), 2^(c-1)): adding `shift` once, 2^(c-1) in every window, makes all digits a scalar's bits, less 2^(c-1) each.
 * In the last window it adds 2^254, which is more than any scalar.
 */
export type Windows = { readonly bits: number; readonly count: number; readonly shift: bigint };

export function windowsFor(points: number): Windows {
  const cost = (bits: number) => Math.ceil(SCALAR_BITS / bits) * (points + 2 ** bits);
  let bits = 4;
  while (bits < 16 && cost(bits + 1) < cost(bits)) bits++;
  const count = Math.ceil(SCALAR_BITS / bits);
  let shift = 1n << BigInt(SCALAR_BITS - 1);
  for (let window = 0; window < count - 1; window++)
    shift += 1n << BigInt(window * bits + bits - 1);
  return { bits, count, shift };
}

/** What a sum of multiples is made from: points as they are in a proving key, read piece by piece, and for each the address of its scalar, shifted, in 32 bytes. */
export type Terms = {
  readonly count: number;
  readonly windows: Windows;
  /** Copies the points from index `first` on to `target`: 64 bytes times the degree each, coordinates times 2^256 modulo q, all bytes 0 for the zero point. */
  readonly read: (target: Uint8Array, first: number) => void;
  readonly scalarAt: (index: number) => number;
};

const PIECE = 4096;

/** The sum of scalar * point over all terms: buckets of equal digits, window by window (Pippenger's algorithm). */
export function multiExponentiate<P extends Point<P>>(
  kernels: Kernels,
  group: Group<P>,
  terms: Terms,
): P {
  return kernels.within(() => {
    const places = [
      kernels.allocate((terms.count + 1) * SCALAR_BYTES),
      kernels.allocate(terms.count * 4),
      kernels.allocate(terms.count * 4),
    ] as const;
    const { points, count } = gatherTerms(kernels, group, terms, places[0]);
    const { windows } = terms;
    const buckets = 2 ** (windows.bits - 1) + 1;
    const sums = new Sums(
      kernels,
      group,
      Math.ceil(count / 2) + buckets + windows.bits * 2 ** Math.ceil(windows.bits / 2),
    );
    const byBit: P[] = Array.from({ length: SCALAR_BITS + windows.bits }, () => group.zero);
    const [scalars, items] = [
      kernels.words.subarray(places[0] / 4),
      kernels.words.subarray(places[1] / 4, places[1] / 4 + count),
    ];
    const digits = new Int32Array(kernels.words.buffer, places[2], count);
    for (let window = 0; window < windows.count; window++) {
      sums.clear();
      readDigits(scalars, windows, window, digits);
      const lists = sortByDigit(digits, items, buckets, points, pointBytes(group));
      sums.sum(lists);
      const weighed = weigh(sums, lists, windows.bits);
      for (let i = 0; i < weighed.count; i++) {
        const place = window * windows.bits + (weighed.keys[i] as number);
        byBit[place] = (byBit[place] as P).add(
          readPoint(kernels, group, weighed.points[i] as number),
        );
      }
    }
    return byBit.reduceRight((sum, point) => sum.double().add(point), group.zero);
  });
}

/** Copies the terms that count, neither zero point nor scalar 0: points in the kernels' form to where the answer says, scalars to `scalars`. */
function gatherTerms<P>(
  kernels: Kernels,
  group: Group<P>,
  { count, windows, read, scalarAt }: Terms,
  scalars: number,
): { readonly points: number; readonly count: number } {
  const size = 64 * group.degree;
  const zero = new Uint32Array(SCALAR_BYTES / 4).map((_, i) =>
    Number(BigInt.asUintN(32, windows.shift >> BigInt(32 * i))),
  );
  const factor = kernels.allocatePair((MONTGOMERY * MONTGOMERY) / (1n << 256n), Q);
  const piece = kernels.allocate(PIECE * size);
  const points = kernels.allocate(0);
  let kept = 0;
  for (let first = 0; first < count; first += PIECE) {
    const length = Math.min(PIECE, count - first);
    read(kernels.bytes.subarray(piece, piece + length * size), first);
    let filled = 0;
    const { words, bytes } = kernels;
    for (let i = 0; i < length; i++) {
      const scalar = scalarAt(first + i) / 4;
      const point = (piece + i * size) / 4;
      if (isEqual(words, scalar, zero) || isZero(words, point, size / 4)) continue;
      for (let j = 0; j < SCALAR_BYTES / 4; j++)
        words[scalars / 4 + (kept + filled) * (SCALAR_BYTES / 4) + j] = words[scalar + j] as number;
      if (filled !== i)
        bytes.copyWithin(piece + filled * size, piece + i * size, piece + (i + 1) * size);
      filled++;
    }
    if (filled === 0) continue;
    const target = kernels.allocate(filled * pointBytes(group));
    kernels.run.q_load(piece, target, filled * group.degree, factor);
    kept += filled;
  }
  return { points, count: kept };
}

function isEqual(words: Uint32Array, at: number, other: Uint32Array): boolean {
  for (let i = 0; i < other.length; i++) if (words[at + i] !== other[i]) return false;
  return true;
}

function isZero(words: Uint32Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (words[at + i] !== 0) return false;
  return true;
}

function readDigits(
  scalars: Uint32Array,
  { bits, shift }: Windows,
  window: number,
  digits: Int32Array,
): void {
  const from = window * bits;
  const [word, offset] = [from >> 5, from & 31];
  const crosses = offset + bits > 32 && word < 7;
  const mask = 2 ** bits - 1;
  const middle = Number((shift >> BigInt(from)) & BigInt(mask));
  for (let i = 0; i < digits.length; i++) {
    let digit = (scalars[8 * i + word] as number) >>> offset;
    if (crosses) digit |= (scalars[8 * i + word + 1] as number) << (32 - offset);
    digits[i] = (digit & mask) - middle;
  }
}

/** A list for each absolute value of a digit, of the points that have it, marked where the digit is negative. */
function sortByDigit(
  digits: Int32Array,
  items: Uint32Array,
  buckets: number,
  points: number,
  size: number,
): Lists {
  const [starts, lengths] = [new Uint32Array(buckets), new Uint32Array(buckets)];
  for (const digit of digits) if (digit !== 0) lengths[Math.abs(digit)]!++;
  for (let i = 1; i < buckets; i++)
    starts[i] = (starts[i - 1] as number) + (lengths[i - 1] as number);
  const next = starts.slice();
  for (let i = 0; i < digits.length; i++) {
    const digit = digits[i] as number;
    if (digit !== 0) items[next[Math.abs(digit)]!++] = points + size * i + (digit < 0 ? 1 : 0);
  }
  return { items, starts, lengths };
}

/**
 * From the sum S(b) of each bucket b to points T(j) with the sum of b S(b) = sum of 2^j T(j). First b = 2^low h + l: rows of equal h and columns of equal l are summed, twice as many
 * additions as there are buckets; then of the few that are left, for each bit j, those whose h or l has it.
 */
function weigh<P extends Point<P>>(
  sums: Sums<P>,
  { items, starts, lengths }: Lists,
  bits: number,
): Keyed {
  const low = bits >> 1;
  const mask = 2 ** low - 1;
  const [rows, columns] = [room(lengths.length), room(lengths.length)];
  for (let b = 1; b < lengths.length; b++) {
    if (lengths[b] === 0) continue;
    const point = items[starts[b] as number] as number;
    if (b > mask) put(rows, b >> low, point);
    if ((b & mask) > 0) put(columns, b & mask, point);
  }
  const byBit = room((bits + 1) * (lengths.length >> low) + bits * 2 ** low);
  for (const [{ keys, points, count }, above] of [
    [sumByKey(sums, columns), 0],
    [sumByKey(sums, rows), low],
  ] as const) {
    for (let i = 0; i < count; i++)
      for (let bit = 0; bit <= bits - above; bit++)
        if (((keys[i] as number) >> bit) & 1) put(byBit, above + bit, points[i] as number);
  }
  return sumByKey(sums, byBit);
}

/** Addresses of points, each with a small number. */
type Keyed = { readonly keys: Uint32Array; readonly points: Uint32Array; count: number };

const room = (most: number): Keyed => ({
  keys: new Uint32Array(most),
  points: new Uint32Array(most),
  count: 0,
});

function put(list: Keyed, key: number, point: number): void {
  list.keys[list.count] = key;
  list.points[list.count++] = point;
}

/** The sum of the points of each key, in the order of keys; without those whose sum is the zero point. */
function sumByKey<P extends Point<P>>(sums: Sums<P>, { keys, points, count }: Keyed): Keyed {
  const most = keys.subarray(0, count).reduce((a, b) => Math.max(a, b), 0) + 1;
  const [starts, lengths, items] = [
    new Uint32Array(most),
    new Uint32Array(most),
    new Uint32Array(count),
  ];
  for (let i = 0; i < count; i++) lengths[keys[i] as number]!++;
  for (let i = 1; i < most; i++) starts[i] = (starts[i - 1] as number) + (lengths[i - 1] as number);
  const next = starts.slice();
  for (let i = 0; i < count; i++) items[next[keys[i] as number]!++] = points[i] as number;
  sums.sum({ items, starts, lengths });
  const result = room(most);
  for (let key = 0; key < most; key++)
    if (lengths[key] === 1) put(result, key, items[starts[key] as number] as number);
  return result;
}
