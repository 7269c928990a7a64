import fc from "fast-check";
import { encodePacked, keccak256, toHex } from "viem";
import { describe, expect, test } from "vitest";
import { listItems } from "../../src/protocol/item.ts";
import {
  chainValues,
  concatBytes,
  decodeLinks,
  encodeLink,
  LinkEncodingError,
  type Link,
} from "../../src/protocol/link.ts";
import * as arbitrary from "../helpers/arbitraries.ts";

const point = fc.record({ x: arbitrary.word, y: arbitrary.word });
const link: fc.Arbitrary<Link> = fc.oneof(
  fc.record({
    kind: fc.constant("contribution" as const),
    tag: arbitrary.uint(64),
    key: point,
    credits: arbitrary.uint(64),
  }),
  fc.record({
    kind: fc.constant("message" as const),
    words: fc.array(arbitrary.word, { minLength: 11, maxLength: 11 }),
  }),
  fc.record({
    kind: fc.constant("topUp" as const),
    tag: arbitrary.uint(64),
    credits: arbitrary.uint(64),
  }),
);

/** LINK-1 by the encoder that Solidity's abi.encodePacked is matched with. */
function packed(one: Link): `0x${string}` {
  if (one.kind === "message")
    return encodePacked(["uint8", ...one.words.map(() => "uint256")], [2, ...one.words]);
  if (one.kind === "topUp")
    return encodePacked(["uint8", "uint64", "uint64"], [3, one.tag, one.credits]);
  return encodePacked(
    ["uint8", "uint64", "uint256", "uint256", "uint64"],
    [1, one.tag, one.key.x, one.key.y, one.credits],
  );
}

describe("links", () => {
  test("LINK-1: bytes and chain agree with packed ABI encoding and keccak256", () => {
    fc.assert(
      fc.property(fc.array(link, { maxLength: 8 }), (links) => {
        let value: `0x${string}` = `0x${"00".repeat(32)}`;
        const values = [value];
        for (const one of links) {
          expect(toHex(encodeLink(one))).toBe(packed(one));
          values.push(
            (value = keccak256(encodePacked(["bytes32", "bytes"], [value, packed(one)]))),
          );
        }
        expect(chainValues(links).map((bytes) => toHex(bytes))).toEqual(values);
      }),
    );
  });

  test("LINK-1: concatenated links are read back, with their lengths", () => {
    fc.assert(
      fc.property(fc.array(link, { maxLength: 12 }), (links) => {
        const bytes = concatBytes(links.map(encodeLink));
        expect(decodeLinks(bytes)).toEqual(links);
        expect(bytes.length).toBe(
          links.reduce(
            (sum, { kind }) => sum + { contribution: 81, message: 353, topUp: 17 }[kind],
            0,
          ),
        );
      }),
    );
  });

  test("LINK-1: any bytes are either refused or the one encoding of what is read", () => {
    fc.assert(
      fc.property(
        fc.array(link, { maxLength: 4 }),
        fc.nat(),
        fc.nat({ max: 255 }),
        (links, place, byte) => {
          const bytes = concatBytes(links.map(encodeLink));
          if (bytes.length > 0) bytes[place % bytes.length] = byte;
          try {
            expect(concatBytes(decodeLinks(bytes).map(encodeLink))).toEqual(bytes);
          } catch (error) {
            if (!(error instanceof LinkEncodingError)) throw error;
          }
        },
      ),
    );
  });

  test("bytes that are no links are refused with their place", () => {
    const good = encodeLink({ kind: "topUp", tag: 1n, credits: 2n });
    expect(() => decodeLinks(concatBytes([good, Uint8Array.of(4)]))).toThrow(
      new LinkEncodingError(17, "unknown kind 4").message,
    );
    expect(() => decodeLinks(concatBytes([good, good.subarray(0, 16)]))).toThrow(
      new LinkEncodingError(17, "truncated").message,
    );
    expect(() => decodeLinks(Uint8Array.of(0))).toThrow(LinkEncodingError);
    expect(decodeLinks(new Uint8Array(0))).toEqual([]);
  });
});

describe("items", () => {
  const contribution = (tag: bigint, credits: bigint): Link => ({
    kind: "contribution",
    tag,
    credits,
    key: { x: tag, y: 1n },
  });
  const message = (first: bigint): Link => ({
    kind: "message",
    words: Array.from({ length: 11 }, (_, i) => first + BigInt(i)),
  });

  test("LINK-2, LINK-3: top-ups get no number and give the last of them as final credits, wherever they come", () => {
    const items = listItems([
      message(1n),
      contribution(7n, 10n),
      { kind: "topUp", tag: 7n, credits: 15n },
      contribution(8n, 20n),
      message(2n),
      { kind: "topUp", tag: 7n, credits: 18n },
    ]);
    expect(items.map(({ t, kind }) => [t, kind])).toEqual([
      [1, "message"],
      [2, "contribution"],
      [3, "contribution"],
      [4, "message"],
    ]);
    expect(items.map((item) => (item.kind === "contribution" ? item.credits : undefined))).toEqual([
      undefined,
      18n,
      20n,
      undefined,
    ]);
  });
});
