import canonicalize from "canonicalize";
import { BaseError } from "../errors.ts";

/** Bytes of a document at the most (META-1). */
export const MOST_BYTES = 16_384;
/** How deep its values may lie in one another. */
const MOST_DEPTH = 12;

/** A document that is too long, or not in the one form that its digest is taken of. */
export class DocumentFormError extends BaseError {
  constructor(problem: string) {
    super(`The document cannot be used: ${problem}.`, {
      fix: `A document is JSON in its canonical form (RFC 8785), in UTF-8, of 1 to ${MOST_BYTES.toLocaleString("en")} bytes: write it with tacit's own commands, and shorten long texts.`,
    });
  }
}

/**
 * A value as the bytes that are published and hashed: canonical JSON (RFC 8785), so that equal documents have one digest (META-1).
 * @throws DocumentFormError where the value has more than 16,384 bytes, or is no JSON.
 */
export function encodeDocument(value: unknown): Uint8Array {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (error) {
    throw new DocumentFormError(`it is no JSON (${(error as Error).message})`);
  }
  if (text === undefined) throw new DocumentFormError("it is no JSON");
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MOST_BYTES) throw new DocumentFormError(`it has ${bytes.length} bytes`);
  return bytes;
}

/**
 * The value that published bytes stand for. Whoever made them chose them, so nothing but the canonical form passes: no key twice, no
 * byte order mark, no number in two spellings, no broken UTF-8.
 * @throws DocumentFormError
 */
export function decodeDocument(bytes: Uint8Array): unknown {
  if (bytes.length === 0 || bytes.length > MOST_BYTES)
    throw new DocumentFormError(`it has ${bytes.length} bytes`);
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw new DocumentFormError(`it is no JSON in UTF-8 (${(error as Error).message})`);
  }
  if (measureDepth(value, MOST_DEPTH) > MOST_DEPTH)
    throw new DocumentFormError(`its values lie more than ${MOST_DEPTH} deep in one another`);
  if (reencode(value) !== text) throw new DocumentFormError("it is not in the canonical form");
  return value;
}

function reencode(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch {
    return undefined; // a lone surrogate, written as an escape
  }
}

function measureDepth(value: unknown, budget: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (budget === 0) return 1;
  return (
    1 +
    Object.values(value).reduce((most, item) => Math.max(most, measureDepth(item, budget - 1)), 0)
  );
}
