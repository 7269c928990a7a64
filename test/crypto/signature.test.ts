import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { multiplyBase } from "../../src/crypto/curve.ts";
import {
  challengeScalar,
  recomputeHash,
  sign,
  signatureHash,
  type SignedContent,
} from "../../src/crypto/signature.ts";
import { L, P } from "../../src/params.ts";
import * as arbitrary from "../helpers/arbitraries.ts";
import { isSigned } from "../helpers/naive_crypto.ts";
import { mixedOrder } from "../helpers/points.ts";

const content: fc.Arbitrary<SignedContent> = fc.record({
  R: arbitrary.publicKey,
  words: fc.array(arbitrary.word, { minLength: 7, maxLength: 7 }),
  ctx: arbitrary.word,
});
const naive = (
  { e, s }: { e: bigint; s: bigint },
  key: { x: bigint; y: bigint },
  { words, R, ctx }: SignedContent,
) => isSigned([...words, e, s], [R.x, R.y], [key.x, key.y], ctx);

describe("signatures", () => {
  test("SIG-2: E is odd and in [2^128, 2^129), from the low 128 bits of e only", () => {
    expect(challengeScalar(0n)).toBe(2n ** 128n + 1n);
    expect(challengeScalar(2n ** 128n - 1n)).toBe(2n ** 129n + 2n ** 128n - 1n);
    expect(challengeScalar(5n + 2n ** 128n * 7n)).toBe(2n ** 128n + 11n);
  });

  test("SIG-1, SIG-2, SIG-3: signed content verifies, here and in the naive implementation; e and s are below 2^252", () => {
    fc.assert(
      fc.property(arbitrary.scalar, content, (secret, signed) => {
        const key = multiplyBase(secret);
        const signature = sign(secret, key, signed);
        expect(signature.e >> 252n === 0n && signature.s < L).toBe(true);
        expect(recomputeHash(signature, key, signed)).toBe(signature.e);
        expect(naive(signature, key, signed)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test("SIG-1: every signed word counts, and so do R, ctx, key, e and s", () => {
    const secret = 1234n;
    const key = multiplyBase(secret);
    const signed: SignedContent = {
      R: multiplyBase(5n),
      words: [1n, 2n, 3n, 4n, 5n, 6n, 7n],
      ctx: 8n,
    };
    const { e, s } = sign(secret, key, signed);
    const valid = (signature: { e: bigint; s: bigint }, other: SignedContent = signed, by = key) =>
      recomputeHash(signature, by, other) === signature.e;
    expect(valid({ e, s })).toBe(true);
    for (let i = 0; i < 7; i++)
      expect(
        valid({ e, s }, { ...signed, words: signed.words.map((w, k) => (k === i ? w + 1n : w)) }),
      ).toBe(false);
    expect(valid({ e, s }, { ...signed, R: multiplyBase(6n) })).toBe(false);
    expect(valid({ e, s }, { ...signed, ctx: 9n })).toBe(false);
    expect(valid({ e, s }, signed, multiplyBase(1235n))).toBe(false);
    expect(valid({ e, s: s + 1n })).toBe(false);
    expect(valid({ e: e ^ 1n, s })).toBe(false);
    expect(valid({ e: e ^ (1n << 200n), s })).toBe(false); // outside the 128 bits of E, but e itself is compared
    expect(valid({ e, s: s + L })).toBe(true); // the same scalar
  });

  test("SIG-2: the equation is total: any words under any curve point give an answer", () => {
    fc.assert(
      fc.property(
        arbitrary.word,
        arbitrary.word,
        arbitrary.scalar,
        content,
        (e, s, secret, signed) => {
          for (const key of [multiplyBase(secret), mixedOrder(secret)])
            expect(recomputeHash({ e, s }, key, signed) === e).toBe(naive({ e, s }, key, signed));
        },
      ),
      { numRuns: 15 },
    );
    const identityCommitment = { e: 5n, s: (challengeScalar(5n) * 77n) % L };
    const signed: SignedContent = { R: multiplyBase(5n), words: Array(7).fill(0n), ctx: P - 1n };
    expect(recomputeHash(identityCommitment, multiplyBase(77n), signed)).toBe(
      signatureHash({ x: 0n, y: 1n }, multiplyBase(77n), signed),
    );
  });

  test("SIG-3: k is drawn again until the hash is below 2^252", () => {
    const key = multiplyBase(7n);
    const signed: SignedContent = { R: multiplyBase(5n), words: Array(7).fill(3n), ctx: 1n };
    const draws: bigint[] = [];
    let next = 100n;
    const { e, s } = sign(7n, key, signed, () => (draws.push(next), next++));
    const hashes = draws.map((k) => signatureHash(multiplyBase(k), key, signed));
    expect(hashes.slice(0, -1).every((h) => h >> 252n > 0n)).toBe(true);
    expect([e, s]).toEqual([
      hashes.at(-1),
      ((draws.at(-1) as bigint) + challengeScalar(e) * 7n) % L,
    ]);
  });
});
