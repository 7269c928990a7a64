import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { multiplyBase } from "../../src/crypto/curve.ts";
import {
  decodeHeader,
  isWellFormed,
  readNewKey,
  recomputeSignatureHash,
} from "../../src/protocol/command.ts";
import {
  createMessages,
  decrypt,
  encrypt,
  isPublishable,
  readPoint,
} from "../../src/protocol/message.ts";
import { keyPairFromSecret } from "../../src/protocol/key.ts";
import { BallotOrderError, packBallot } from "../../src/protocol/ballot.ts";
import * as arbitrary from "../helpers/arbitraries.ts";
import { open } from "../helpers/naive_crypto.ts";
import { seeded } from "../helpers/seeded.ts";

const command = fc.array(arbitrary.word, { minLength: 9, maxLength: 9 });

describe("encryption", () => {
  test("MSG-1, MSG-2, MSG-3: any command comes back, here and in the naive implementation", () => {
    fc.assert(
      fc.property(
        command,
        arbitrary.scalar,
        arbitrary.scalar,
        arbitrary.word,
        (words, r, c, ctx) => {
          const message = encrypt(words, r, multiplyBase(c), ctx);
          expect(isPublishable(message)).toBe(true);
          expect(readPoint(message)).toEqual(multiplyBase(r));
          expect(decrypt(message, c, ctx)).toEqual(words);
          expect(open(message, c, ctx)).toEqual(words);
        },
      ),
      { numRuns: 15 },
    );
  });

  test("MSG-3: another round, coordinator or ephemeral gives another keystream in every word", () => {
    const words = Array.from({ length: 9 }, (_, i) => BigInt(i));
    const message = encrypt(words, 5n, multiplyBase(6n), 7n);
    for (const other of [
      encrypt(words, 5n, multiplyBase(6n), 8n),
      encrypt(words, 5n, multiplyBase(7n), 7n),
      encrypt(words, 6n, multiplyBase(6n), 7n),
    ]) {
      message.slice(2).forEach((word, i) => expect(other[2 + i]).not.toBe(word));
    }
  });

  test("MSG-1: eleven words, no more and no less", () => {
    const message = encrypt(
      Array.from({ length: 9 }, () => 0n),
      5n,
      multiplyBase(6n),
      7n,
    );
    expect([message, message.slice(1), [...message, 0n]].map(isPublishable)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("a donor's messages", () => {
  const random = seeded("messages");
  const signer = keyPairFromSecret(random.scalar());
  const coordinator = keyPairFromSecret(random.scalar());
  const newKey = multiplyBase(99n);
  const request = (itemsSeen: number, ballot: ReadonlyMap<number, bigint>) => ({
    ctx: 11n,
    coordinatorKey: coordinator.publicKey,
    tag: 42n,
    signer,
    newKey,
    ballot,
    itemsSeen,
  });

  test("CMD-4, BAL-2: pages with rising nonces, all but the first appended, only the last rotates, every R fresh", () => {
    const ballot = new Map(Array.from({ length: 60 }, (_, i) => [2 * i, BigInt(i + 1)]));
    const messages = createMessages(request(1000, ballot));
    const commands = messages.map((message) => decrypt(message, coordinator.secret, 11n));
    expect(commands.map((words) => words.slice(3, 7))).toEqual(packBallot(ballot));
    expect(commands.map((words) => decodeHeader(words[0] as bigint).append)).toEqual([
      false,
      true,
      true,
    ]);
    expect(commands.map(readNewKey)).toEqual([signer.publicKey, signer.publicKey, newKey]);
    const nonces = commands.map((words) => decodeHeader(words[0] as bigint).nonce);
    expect(nonces.map((nonce) => nonce - (nonces[0] as bigint))).toEqual([0n, 1n, 2n]);
    expect(nonces.every((nonce) => nonce >> 16n === 1000n)).toBe(true);
    expect(new Set(messages.map((message) => message[0])).size).toBe(3);
    commands.forEach((words, i) => {
      expect(isWellFormed(words)).toBe(true);
      expect(
        recomputeSignatureHash(words, signer.publicKey, readPoint(messages[i] as bigint[]), 11n),
      ).toBe(words[7]);
    });
  });

  test("SEM-6, BAL-2: pages appended to an earlier ballot take its next nonce and go on at its end", () => {
    const messages = createMessages({
      ...request(
        1000,
        new Map([
          [12, 1n],
          [80, 2n],
        ]),
      ),
      appendTo: { nonce: 77n, pos: 10 },
    });
    const [words] = messages.map((message) => decrypt(message, coordinator.secret, 11n)) as [
      bigint[],
    ];
    expect(messages.length).toBe(1);
    expect(decodeHeader(words[0] as bigint)).toEqual({ tag: 42n, append: true, nonce: 78n });
    expect(words.slice(3, 7)).toEqual(
      packBallot(
        new Map([
          [12, 1n],
          [80, 2n],
        ]),
        10,
      )[0],
    );
    expect(() =>
      createMessages({ ...request(1000, new Map([[9, 1n]])), appendTo: { nonce: 77n, pos: 10 } }),
    ).toThrow(BallotOrderError);
  });

  test("CMD-4: the longest ballot's last page keeps the items seen; a nonce says nothing of the past", () => {
    const base = (1n << 16n) - 4096n - 1n;
    expect(
      base + BigInt(packBallot(new Map(Array.from({ length: 65_536 }, (_, i) => [i, 1n]))).length),
    ).toBeLessThan(1n << 16n);
    const nonce = () =>
      decodeHeader(
        decrypt(
          createMessages(request(3, new Map()))[0] as bigint[],
          coordinator.secret,
          11n,
        )[0] as bigint,
      ).nonce;
    expect(nonce()).not.toBe(nonce());
  });
});
