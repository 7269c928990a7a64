import { P } from "../params.ts";
import { mod } from "./field.ts";

const WARM_UP = 160;
const WORD_BITS = 254;

/**
 * Words from the Grain generator of the Poseidon paper (appendix E), seeded by field, S-box x⁵, width t and numbers of rounds. `reject`: those of P or more are left out; else they are taken mod P.
 * The curve library has the same and makes it bit by bit, which is most of what a donor's first message takes; `test/crypto/grain.test.ts` compares them.
 */
export function grainWords(
  t: number,
  roundsFull: number,
  roundsPartial: number,
): (count: number, reject: boolean) => bigint[] {
  const next = bitPairs(t, roundsFull, roundsPartial);
  /** Of each two bits the second counts if the first is 1. */
  const bits = (count: number): number => {
    let x = 0;
    for (let left = count; left > 0; ) {
      const pair = next();
      if (pair < 2) continue;
      x = 2 * x + (pair & 1);
      left--;
    }
    return x;
  };
  const word = (): bigint => {
    let x = 0n;
    for (let left = WORD_BITS; left > 0; left -= 48)
      x = (x << BigInt(Math.min(left, 48))) | BigInt(bits(Math.min(left, 48)));
    return x;
  };
  return (count, reject) =>
    Array.from({ length: count }, () => {
      let x = word();
      while (reject && x >= P) x = word();
      return mod(x);
    });
}

/**
 * The shift register, b[i] = b[i-18] + b[i-29] + b[i-42] + b[i-57] + b[i-67] + b[i-80] mod 2, 16 bits at a time, which no tap forbids; its bits in pairs, first bit first.
 * Its 80 bits are five halves of 32-bit words, `a` the oldest: 16 bits from `offset` on in two of them are tap 16 q - offset.
 */
function bitPairs(t: number, roundsFull: number, roundsPartial: number): () => number {
  const seed = [
    [1, 2],
    [0, 4],
    [WORD_BITS, 12],
    [t, 12],
    [roundsFull, 10],
    [roundsPartial, 10],
    [2 ** 30 - 1, 30],
  ] as const;
  const state = seed.reduce((x, [value, width]) => (x << BigInt(width)) | BigInt(value), 0n);
  let [a, b, c, d, e] = [64n, 48n, 32n, 16n, 0n].map((shift) =>
    Number((state >> shift) & 0xffffn),
  ) as [number, number, number, number, number];
  const tap = (first: number, second: number, offset: number) =>
    (first << offset) | (second >>> (16 - offset));
  const step = () => {
    const made =
      (tap(d, e, 14) ^ tap(d, e, 3) ^ tap(c, d, 6) ^ tap(b, c, 7) ^ tap(a, b, 13) ^ a) & 0xffff;
    a = b;
    b = c;
    c = d;
    d = e;
    e = made;
  };
  for (let done = 0; done < WARM_UP; done += 16) step();
  let left = 0;
  return () => {
    if (left === 0) {
      step();
      left = 16;
    }
    left -= 2;
    return (e >>> left) & 3;
  };
}
