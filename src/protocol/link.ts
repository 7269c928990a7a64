import { bytesToInteger, integerToBytes } from "../crypto/field.ts";
import { keccak } from "../crypto/keccak.ts";
import type { Point } from "../crypto/curve.ts";
import { KIND, LINK_BYTES, MESSAGE_WORDS } from "../params.ts";
import { BaseError } from "../errors.ts";
import type { MessageWords } from "./message.ts";

/** A donor's entry into the round: tag < 2^64, non-zero; credits as first paid (< 2^64). */
export type ContributionLink = {
  readonly kind: "contribution";
  readonly tag: bigint;
  readonly key: Point;
  readonly credits: bigint;
};
export type MessageLink = { readonly kind: "message"; readonly words: MessageWords };
/** `credits` is the new total. */
export type TopUpLink = { readonly kind: "topUp"; readonly tag: bigint; readonly credits: bigint };

/** One link of a round's chain (LINK-1). */
export type Link = ContributionLink | MessageLink | TopUpLink;

export class LinkEncodingError extends BaseError {
  constructor(offset: number, why: string) {
    super(`Malformed links at byte ${offset}: ${why}.`, {
      fix: "Read the round's events again from a node that you trust.",
    });
  }
}

/** LINK-1's bytes. */
export function encodeLink(link: Link): Uint8Array {
  const fields =
    link.kind === "contribution"
      ? [
          integerToBytes(link.tag, 8),
          integerToBytes(link.key.x, 32),
          integerToBytes(link.key.y, 32),
          integerToBytes(link.credits, 8),
        ]
      : link.kind === "message"
        ? link.words.map((word) => integerToBytes(word, 32))
        : [integerToBytes(link.tag, 8), integerToBytes(link.credits, 8)];
  return concatBytes([Uint8Array.of(KIND[link.kind]), ...fields]);
}

/** Decodes concatenated links, as replay chunks carry them. @throws LinkEncodingError */
export function decodeLinks(bytes: Uint8Array): Link[] {
  const links: Link[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const kind = (Object.keys(KIND) as (keyof typeof KIND)[]).find(
      (name) => KIND[name] === bytes[offset],
    );
    if (kind === undefined) throw new LinkEncodingError(offset, `unknown kind ${bytes[offset]}`);
    const end = offset + LINK_BYTES[kind];
    if (end > bytes.length) throw new LinkEncodingError(offset, "truncated");
    const read = (from: number, length: number) =>
      bytesToInteger(bytes.subarray(offset + from, offset + from + length));
    if (kind === "contribution")
      links.push({
        kind,
        tag: read(1, 8),
        key: { x: read(9, 32), y: read(41, 32) },
        credits: read(73, 8),
      });
    else if (kind === "message")
      links.push({
        kind,
        words: Array.from({ length: MESSAGE_WORDS }, (_, i) => read(1 + 32 * i, 32)),
      });
    else links.push({ kind, tag: read(1, 8), credits: read(9, 8) });
    offset = end;
  }
  return links;
}

/** The chain's value after `link` (LINK-1). Values are 32 bytes; the first is all zeros. */
export function nextChainValue(previous: Uint8Array, link: Link): Uint8Array {
  return keccak(previous, encodeLink(link));
}

/** The chain's values after each link, the initial zero first: `links.length + 1` values. */
export function chainValues(links: readonly Link[]): Uint8Array[] {
  const values: Uint8Array[] = [new Uint8Array(32)];
  for (const link of links) values.push(nextChainValue(values.at(-1) as Uint8Array, link));
  return values;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
