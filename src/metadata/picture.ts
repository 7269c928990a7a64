import type { Hex } from "viem";
import { BaseError } from "../errors.ts";
import { digestDocument } from "./reference.ts";

/** Bytes of a picture at the most (META-5). */
export const MOST_PICTURE_BYTES = 262_144;
/** Pixels of width and height at the most: a few bytes can stand for a picture that fills a phone's memory. */
const MOST_PIXELS = 4_096;

/** A picture as its bytes tell: never by a file's name or a server's word. */
export type Picture = {
  readonly type: "image/png" | "image/jpeg" | "image/webp" | "image/avif";
  readonly width: number;
  readonly height: number;
};

/** Bytes that are no picture that a document may name. */
export class PictureError extends BaseError {
  constructor(problem: string) {
    super(`The picture cannot be used: ${problem}.`, {
      fix: `Give a still picture in PNG, JPEG, WebP or AVIF of at most ${MOST_PICTURE_BYTES.toLocaleString("en")} bytes and ${MOST_PIXELS.toLocaleString("en")} pixels in width and height; 1,200 by 675 is plenty.`,
    });
  }
}

/**
 * Type and size of a picture that anybody may have made, from its bytes (META-5). SVG is none: it can hold programs and addresses.
 * @throws PictureError
 */
export function readPicture(bytes: Uint8Array): Picture {
  if (bytes.length === 0 || bytes.length > MOST_PICTURE_BYTES)
    throw new PictureError(`it has ${bytes.length.toLocaleString("en")} bytes`);
  const picture = [readPng, readJpeg, readWebp, readAvif].reduce<Picture | undefined>(
    (found, read) => found ?? read(bytes),
    undefined,
  );
  if (picture === undefined) throw new PictureError("it is no PNG, JPEG, WebP or AVIF");
  const { width, height } = picture;
  if (width === 0 || height === 0 || width > MOST_PIXELS || height > MOST_PIXELS)
    throw new PictureError(`it is ${width} by ${height} pixels`);
  return picture;
}

/** Whether bytes are the picture that a document names (META-5). */
export function isPictureOf(digest: Hex, bytes: Uint8Array): boolean {
  try {
    readPicture(bytes);
    return digestDocument(bytes) === digest;
  } catch {
    return false;
  }
}

const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const MOVES = "it moves";

/** PNG: a signature, then chunks of length, name, data and checksum; `IHDR` is the first, and `acTL` before the data makes it move. */
function readPng(bytes: Uint8Array): Picture | undefined {
  if (textAt(bytes, 0, 8) !== "\x89PNG\r\n\x1a\n" || textAt(bytes, 12, 4) !== "IHDR")
    return undefined;
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = textAt(bytes, at + 4, 4);
    if (name === "acTL") throw new PictureError(MOVES);
    if (name === "IDAT")
      return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
  }
  return undefined;
}

/** JPEG: segments of a marker and a length, until the frame's, which has height and width. */
function readJpeg(bytes: Uint8Array): Picture | undefined {
  if (textAt(bytes, 0, 2) !== "\xff\xd8") return undefined;
  const view = viewOf(bytes);
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) at += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** WebP: one of three forms behind its header, each with the size at a place of its own. */
function readWebp(bytes: Uint8Array): Picture | undefined {
  if (textAt(bytes, 0, 4) !== "RIFF" || textAt(bytes, 8, 4) !== "WEBP" || bytes.length < 30)
    return undefined;
  const view = viewOf(bytes);
  const picture = (width: number, height: number): Picture => ({
    type: "image/webp",
    width,
    height,
  });
  switch (textAt(bytes, 12, 4)) {
    case "VP8 ":
      return picture(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    case "VP8L": {
      const packed = view.getUint32(21, true);
      return picture((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
    }
    case "VP8X":
      if ((view.getUint8(20) & 2) !== 0) throw new PictureError(MOVES);
      return picture(
        (view.getUint32(24, true) & 0xffffff) + 1,
        (view.getUint32(26, true) >>> 8) + 1,
      );
    default:
      return undefined;
  }
}

/** AVIF: boxes in boxes; the largest of the sizes (`ispe`) that its properties tell. */
function readAvif(bytes: Uint8Array): Picture | undefined {
  const [file] = boxesIn(bytes, 0, bytes.length);
  if (file?.name !== "ftyp") return undefined;
  const brands = Array.from({ length: Math.max(0, (file.end - file.at) >> 2) }, (_, i) =>
    textAt(bytes, file.at + 4 * i, 4),
  );
  if (brands.includes("avis")) throw new PictureError(MOVES);
  if (!brands.includes("avif")) return undefined;
  const inside =
    (name: string, skip = 0) =>
    (outer: Box) =>
      boxesIn(bytes, outer.at + skip, outer.end).filter((box) => box.name === name);
  const view = viewOf(bytes);
  const sizes = boxesIn(bytes, 0, bytes.length)
    .filter(({ name }) => name === "meta")
    .flatMap(inside("iprp", 4))
    .flatMap(inside("ipco"))
    .flatMap(inside("ispe"))
    .filter(({ at, end }) => end - at >= 12)
    .map(({ at }) => [view.getUint32(at + 4), view.getUint32(at + 8)] as const);
  return sizes.length === 0
    ? undefined
    : {
        type: "image/avif",
        width: Math.max(...sizes.map(([width]) => width)),
        height: Math.max(...sizes.map(([, height]) => height)),
      };
}

type Box = { readonly name: string; readonly at: number; readonly end: number };

/** Boxes (ISO 14496-12) between two places: length, name, content. Ends at the first that is not whole. */
function boxesIn(bytes: Uint8Array, from: number, to: number): Box[] {
  const [boxes, view]: [Box[], DataView] = [[], viewOf(bytes)];
  for (let at = from; at + 8 <= to; ) {
    const told = view.getUint32(at);
    const end = told === 0 ? to : at + told;
    if (end < at + 8 || end > to) break;
    boxes.push({ name: textAt(bytes, at + 4, 4), at: at + 8, end });
    at = end;
  }
  return boxes;
}
