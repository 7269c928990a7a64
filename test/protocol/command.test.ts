import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BOUNDED_WORDS,
  decodeHeader,
  encodeHeader,
  FieldRangeError,
  isWellFormed,
  recomputeSignatureHash,
  signCommand,
} from "../../src/protocol/command.ts";
import { keyPairFromSecret } from "../../src/protocol/key.ts";
import { P } from "../../src/params.ts";
import * as arbitrary from "../helpers/arbitraries.ts";
import { listEdges } from "../helpers/hostile_edges.ts";

const header = fc.record({
  tag: arbitrary.uint(64),
  append: fc.boolean(),
  nonce: arbitrary.uint(48),
});

describe("CMD-2: the header", () => {
  test("by hand", () => {
    expect(encodeHeader({ tag: 3n, append: false, nonce: 0n })).toBe(3n);
    expect(encodeHeader({ tag: 3n, append: true, nonce: 5n })).toBe(
      3n + 2n ** 64n + 5n * 2n ** 65n,
    );
    expect(encodeHeader({ tag: 2n ** 64n - 1n, append: true, nonce: 2n ** 48n - 1n })).toBe(
      2n ** 113n - 1n,
    );
  });

  test("any header is read back, and every header below 2^113 is one", () => {
    fc.assert(
      fc.property(header, (fields) => {
        expect(decodeHeader(encodeHeader(fields))).toEqual(fields);
      }),
    );
    fc.assert(
      fc.property(arbitrary.uint(113), (bits) => {
        expect(encodeHeader(decodeHeader(bits))).toBe(bits);
      }),
    );
  });

  test("fields out of range are refused by name", () => {
    for (const fields of [
      { tag: 1n << 64n, nonce: 0n },
      { tag: -1n, nonce: 0n },
      { tag: 0n, nonce: 1n << 48n },
    ]) {
      expect(() => encodeHeader({ append: false, ...fields })).toThrow(FieldRangeError);
    }
  });
});

describe("CMD-1, CMD-3: well-formed commands", () => {
  const zero = Array.from({ length: 9 }, () => 0n);
  test("each bounded word decides alone, at its limit", () => {
    expect(BOUNDED_WORDS.map(({ index, bits }) => [index, bits])).toEqual([
      [0, 113],
      [3, 252],
      [4, 252],
      [5, 252],
      [6, 252],
      [7, 252],
      [8, 252],
    ]);
    for (const { index, bits } of BOUNDED_WORDS) {
      for (const { value, inBounds } of listEdges(bits))
        expect(isWellFormed(zero.map((word, i) => (i === index ? value : word)))).toBe(inBounds);
    }
  });

  test("the new key's words are not bounded", () => {
    expect(isWellFormed(zero.map((word, i) => (i === 1 || i === 2 ? P - 1n : word)))).toBe(true);
  });
});

describe("signed commands", () => {
  test("SIG-1, SIG-3: a signed command verifies under its key and R only", () => {
    fc.assert(
      fc.property(
        arbitrary.scalar,
        arbitrary.publicKey,
        header,
        fc.array(arbitrary.uint(252), { minLength: 4, maxLength: 4 }),
        arbitrary.word,
        (secret, R, fields, ballot, ctx) => {
          const signer = keyPairFromSecret(secret);
          const command = signCommand(
            { header: encodeHeader(fields), newKey: R, ballot },
            { secret, key: signer.publicKey },
            { R, ctx },
          );
          expect(command.length).toBe(9);
          expect(isWellFormed(command)).toBe(true);
          expect(recomputeSignatureHash(command, signer.publicKey, R, ctx)).toBe(command[7]);
          expect(
            recomputeSignatureHash(command, signer.publicKey, signer.publicKey, ctx) === command[7],
          ).toBe(R.x === signer.publicKey.x && R.y === signer.publicKey.y);
          expect(
            recomputeSignatureHash(command, keyPairFromSecret(7n).publicKey, R, ctx) === command[7],
          ).toBe(secret === 7n);
        },
      ),
      { numRuns: 15 },
    );
  });

  test("MSG-1: a command word that is no word is refused by name", () => {
    const { secret, publicKey } = keyPairFromSecret(5n);
    const sign = (ballot: bigint[]) =>
      signCommand(
        { header: 1n, newKey: publicKey, ballot },
        { secret, key: publicKey },
        { R: publicKey, ctx: 1n },
      );
    expect(() => sign([0n, P, 0n, 0n])).toThrow(FieldRangeError);
    expect(() => sign([0n, 0n, 0n])).toThrow(FieldRangeError);
  });
});
