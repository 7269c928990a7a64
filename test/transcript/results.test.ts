import fc from "fast-check";
import { encodeAbiParameters, encodePacked, keccak256, type Hex } from "viem";
import { describe, expect, test } from "vitest";
import { bytesToInteger, mod } from "../../src/crypto/field.ts";
import { deriveChallenges, transcriptBase } from "../../src/transcript/challenges.ts";
import { fingerprint, grandProduct } from "../../src/transcript/fingerprint.ts";
import {
  decodeResult,
  encodeResult,
  ResultEntryError,
  resultsFraction,
  resultsHash,
} from "../../src/transcript/results.ts";
import { resultsTree } from "../../src/transcript/results_tree.ts";
import type { Item } from "../../src/protocol/item.ts";
import { P } from "../../src/params.ts";
import * as arbitrary from "../helpers/arbitraries.ts";
import { inverse } from "../helpers/naive_crypto.ts";

const result = fc.record({
  project: fc.nat({ max: 65_535 }),
  votes: fc
    .tuple(arbitrary.uint(64), fc.boolean())
    .map(([magnitude, negative]) => (negative ? -magnitude : magnitude)),
  credits: arbitrary.uint(128).map((s) => (s === 0n ? 1n : s)),
});
const list = fc
  .uniqueArray(result, { selector: ({ project }) => project, maxLength: 20 })
  .map((entries) => entries.sort((a, b) => a.project - b.project));
const toHash = (hex: Hex) => BigInt(hex);
const words = (...values: bigint[]) =>
  toHash(
    keccak256(
      encodeAbiParameters(
        values.map(() => ({ type: "uint256" })),
        values,
      ),
    ),
  );

describe("result entries", () => {
  test("TALLY-6: by hand", () => {
    expect(encodeResult({ project: 3, votes: 5n, credits: 7n })).toBe(
      3n + 5n * 2n ** 16n + 7n * 2n ** 81n,
    );
    expect(encodeResult({ project: 65_535, votes: -1n, credits: 1n })).toBe(
      65_535n + 2n ** 16n + 2n ** 80n + 2n ** 81n,
    );
  });

  test("TALLY-6: any entry is read back, with nothing above bit 208", () => {
    fc.assert(
      fc.property(result, (entry) => {
        expect(decodeResult(encodeResult(entry))).toEqual(entry);
        expect(encodeResult(entry) >> 209n).toBe(0n);
      }),
    );
  });

  test("TALLY-8: fields out of range are refused by name", () => {
    const good = { project: 1, votes: 1n, credits: 1n };
    for (const change of [
      { project: 65_536 },
      { project: -1 },
      { votes: 1n << 64n },
      { votes: -(1n << 64n) },
      { credits: 0n },
      { credits: 1n << 128n },
    ]) {
      expect(() => encodeResult({ ...good, ...change })).toThrow(ResultEntryError);
    }
  });

  test("TALLY-7: the hash chain, salted last", () => {
    fc.assert(
      fc.property(list, arbitrary.uint(256), (results, salt) => {
        const entries = results.map(encodeResult);
        let x: Hex = `0x${"00".repeat(32)}`;
        for (const entry of entries)
          x = keccak256(encodePacked(["bytes32", "uint256"], [x, entry]));
        expect(resultsHash(salt, entries)).toBe(
          toHash(keccak256(encodePacked(["uint256", "bytes32"], [salt, x]))),
        );
      }),
    );
  });

  test("TALLY-9: Num/Den is the sum of fractions, for votes below zero too", () => {
    fc.assert(
      fc.property(list, arbitrary.word, arbitrary.word, (results, theta, delta) => {
        const { num, den } = resultsFraction(results, { theta, delta });
        fc.pre(den !== 0n);
        const sum = results.reduce(
          (total, { project, votes, credits }) =>
            total + mod(votes + delta * credits) * inverse(mod(theta - BigInt(project))),
          0n,
        );
        expect(mod(num * inverse(den))).toBe(mod(sum));
      }),
    );
    expect(
      resultsFraction([{ project: 9, votes: 1n, credits: 1n }], { theta: 9n, delta: 1n }).den,
    ).toBe(0n);
    expect(resultsFraction([], { theta: 9n, delta: 1n })).toEqual({ num: 0n, den: 1n });
  });

  test("MONEY-10: every entry's path leads to the root, with pairs sorted and peaks bagged from the last", () => {
    const pair = (a: Hex, b: Hex) =>
      keccak256(encodePacked(["bytes32", "bytes32"], toHash(a) < toHash(b) ? [a, b] : [b, a]));
    const hashLeaf = ({
      project,
      votes,
      credits,
    }: {
      project: number;
      votes: bigint;
      credits: bigint;
    }) =>
      keccak256(
        keccak256(
          encodeAbiParameters(
            [{ type: "uint256" }, { type: "int256" }, { type: "uint256" }],
            [BigInt(project), votes, credits],
          ),
        ),
      );
    /** Peaks from left to right, grown leaf by leaf as a contract would. */
    const computeRoot = (leaves: readonly Hex[]): Hex => {
      const peaks: { height: number; hash: Hex }[] = [];
      for (let node = { height: 0, hash: "0x" as Hex }, i = 0; i < leaves.length; i++) {
        node = { height: 0, hash: leaves[i] as Hex };
        while (peaks.at(-1)?.height === node.height)
          node = {
            height: node.height + 1,
            hash: pair((peaks.pop() as typeof node).hash, node.hash),
          };
        peaks.push(node);
      }
      return peaks.map(({ hash }) => hash).reduceRight((bag, peak) => pair(peak, bag));
    };
    fc.assert(
      fc.property(
        list.filter((entries) => entries.length > 0),
        (results) => {
          const leaves = results.map(hashLeaf);
          const { root, pathTo } = resultsTree(results);
          expect(bytesToInteger(root)).toBe(toHash(computeRoot(leaves)));
          leaves.forEach((leaf, i) => {
            const reached = pathTo(i).reduce(
              (hash, step) => pair(hash, `0x${Buffer.from(step).toString("hex")}`),
              leaf,
            );
            expect(toHash(reached)).toBe(bytesToInteger(root));
          });
          expect(() => pathTo(results.length)).toThrow(RangeError);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("challenges and fingerprints", () => {
  test("TALLY-1, TALLY-2: base and challenges as abi.encode gives them", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(),
        fc.nat({ max: 65_536 }),
        arbitrary.word,
        arbitrary.word,
        fc.boolean(),
        (chainHead, items, projects, ctx, D, signs) => {
          const coordinatorKey = { x: ctx ^ 1n, y: D ^ 1n };
          const base = transcriptBase(
            { chainHead, items, projects, coordinatorKey, signs, ctx },
            { D, resultsHash: 12n },
          );
          expect(base).toBe(
            words(
              bytesToInteger(chainHead),
              BigInt(items),
              BigInt(projects),
              coordinatorKey.x,
              coordinatorKey.y,
              D,
              12n,
              signs ? 1n : 0n,
              ctx,
            ),
          );
          const { g, beta, theta, delta } = deriveChallenges(base);
          expect([g, beta, theta, delta]).toEqual([1n, 2n, 3n, 4n].map((i) => words(base, i) % P));
        },
      ),
    );
  });

  const item: fc.Arbitrary<Item> = fc.oneof(
    fc.record({
      kind: fc.constant("contribution" as const),
      t: fc.nat(),
      tag: arbitrary.uint(64),
      key: fc.record({ x: arbitrary.word, y: arbitrary.word }),
      credits: arbitrary.uint(64),
    }),
    fc.record({
      kind: fc.constant("message" as const),
      t: fc.nat(),
      words: fc.array(arbitrary.word, { minLength: 11, maxLength: 11 }),
    }),
  );

  test("TALLY-3, TALLY-4: f by its powers of g, PM in any order", () => {
    const powerSum = (f: Item, g: bigint) => {
      const fields =
        f.kind === "contribution"
          ? [1n, f.tag, f.credits, f.key.x, f.key.y]
          : [2n, 0n, 0n, 0n, 0n, ...f.words];
      return mod(fields.reduce((sum, field, i) => sum + g ** BigInt(i + 1) * field, BigInt(f.t)));
    };
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 6 }),
        arbitrary.word,
        arbitrary.word,
        (items, g, beta) => {
          for (const one of items) expect(fingerprint(one, g)).toBe(powerSum(one, g));
          const product = items.reduce(
            (total, one) => mod(total * mod(beta - powerSum(one, g))),
            1n,
          );
          expect(grandProduct(items, { g, beta })).toBe(product);
          expect(grandProduct([...items].reverse(), { g, beta })).toBe(product);
        },
      ),
    );
  });
});
