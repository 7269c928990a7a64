import { describe, expect, test } from "vitest";
import { BOUNDED_WORDS, isWellFormed } from "../../src/protocol/command.ts";
import { malformedHints } from "../../src/transcript/malformed.ts";
import { P } from "../../src/params.ts";
import { listEdges } from "../helpers/hostile_edges.ts";
import { seeded } from "../helpers/seeded.ts";

const SPAN = 1n << 253n;

/** Every (pointer, high, a) with which ROW-3 would let a word pass as out of bounds. */
function listProofs(word: bigint, limit: bigint): { readonly high: bigint; readonly a: bigint }[] {
  return [
    { high: 0n, a: (word - limit + P) % P },
    { high: 1n, a: (word - (P - SPAN) + P) % P },
  ].filter(({ a }) => a < SPAN);
}

describe("ROW-3: well formed or not is proved either way", () => {
  const random = seeded("malformed");
  const commands = BOUNDED_WORDS.flatMap(({ index, bits }) => {
    const words = [
      ...listEdges(bits).map(({ value }) => value),
      ...Array.from({ length: 20 }, () => random.below(P)),
      ...Array.from({ length: 5 }, () => random.below(1n << BigInt(bits))),
    ];
    return words.map((word) => ({
      index,
      bits,
      command: Array.from({ length: 9 }, (_, i) => (i === index ? word : 5n)),
    }));
  });

  test("complete: each command has hints that satisfy the relation, bits included", () => {
    for (const { index, bits, command } of commands) {
      const { wellFormed, pointer, high, bounded } = malformedHints(command);
      expect(wellFormed).toBe(isWellFormed(command) ? 1n : 0n);
      if (wellFormed === 1n) {
        expect(pointer.every((bit) => bit === 0n)).toBe(true);
        expect(bounded).toEqual(BOUNDED_WORDS.map((word) => command[word.index]));
        continue;
      }
      const which = BOUNDED_WORDS.findIndex((word) => word.index === index);
      expect(pointer).toEqual(BOUNDED_WORDS.map((_, i) => (i === which ? 1n : 0n)));
      const a = (bounded[1] as bigint) + ((bounded[2] as bigint) << 252n);
      expect(a >= 0n && a < SPAN && (bounded[1] as bigint) >> 252n === 0n).toBe(true);
      expect((high === 1n ? a + P - SPAN : a + (1n << BigInt(bits))) % P).toBe(command[index]);
    }
  });

  test("sound: a word has such a proof iff it is out of bounds", () => {
    for (const { index, bits, command } of commands) {
      const limit = 1n << BigInt(bits);
      const word = command[index] as bigint;
      expect(listProofs(word, limit).length > 0, `${word}`).toBe(word >= limit);
    }
    expect(P - SPAN >= 1n << 252n && (1n << 113n) + SPAN > P - SPAN).toBe(true);
  });

  test("the first word out of bounds is the one pointed at", () => {
    const { pointer } = malformedHints(Array.from({ length: 9 }, () => P - 1n));
    expect(pointer).toEqual([1n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });
});
