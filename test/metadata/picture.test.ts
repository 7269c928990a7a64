import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isPictureOf,
  MOST_PICTURE_BYTES,
  PictureError,
  readPicture,
} from "../../src/metadata/picture.ts";
import { digestDocument } from "../../src/metadata/reference.ts";
import {
  AVIF,
  JPEG,
  makePng,
  pngOf,
  WEBP_ALPHA,
  WEBP_LOSSLESS,
  WEBP_LOSSY,
  WEBP_MOVING,
} from "../helpers/pictures.ts";

const text = (content: string) => new TextEncoder().encode(content);
const changed = (bytes: Uint8Array, at: number, ...to: readonly number[]): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy.set(to, at);
  return copy;
};
/** Where the words begin in a file. */
const find = (bytes: Uint8Array, words: string): number =>
  Buffer.from(bytes).indexOf(Buffer.from(words, "latin1"));

describe("META-5 a picture", () => {
  test.each([
    ["PNG", makePng({ width: 3, height: 2 }), "image/png", 3, 2],
    ["JPEG", JPEG, "image/jpeg", 1, 1],
    ["lossy WebP", WEBP_LOSSY, "image/webp", 1, 1],
    ["lossless WebP", WEBP_LOSSLESS, "image/webp", 1, 1],
    ["WebP with transparency", WEBP_ALPHA, "image/webp", 1, 1],
    ["AVIF", AVIF, "image/avif", 2, 2],
  ])("is told by its bytes: %s", (_, bytes, type, width, height) => {
    expect(readPicture(bytes)).toEqual({ type, width, height });
  });

  const png = makePng({ width: 1, height: 1 });
  const header = (width: number, height: number) => makePng({ width, height }).slice(16, 29);
  test.each([
    ["SVG", text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ["a web page", text("<!doctype html><script>alert(1)</script>")],
    ["a GIF", text("GIF89a\u0001\u0000\u0001\u0000")],
    ["a page behind a PNG's signature", text("\u0089PNG<script>")],
    ["nothing", new Uint8Array()],
    ["a PNG without data", pngOf([["IHDR", Buffer.from(header(1, 1))]])],
    [
      "a PNG that moves",
      pngOf([
        ["IHDR", Buffer.from(header(1, 1))],
        ["acTL", Buffer.alloc(8)],
        ["IDAT", Buffer.alloc(1)],
      ]),
    ],
    ["a PNG without width", changed(png, 16, 0, 0, 0, 0)],
    ["a PNG of 4,097 pixels", changed(png, 18, 0x10, 0x01)],
    ["a JPEG that ends before its frame", JPEG.slice(0, 30)],
    ["a JPEG of 65,535 pixels", changed(JPEG, find(JPEG, "\xff\xc2") + 5, 255, 255)],
    ["a WebP that moves", WEBP_MOVING],
    ["a WebP of 16,777,216 pixels", changed(WEBP_ALPHA, 24, 255, 255, 255)],
    ["a WebP of an unknown form", changed(WEBP_LOSSY, 15, 0x39)],
    ["an AVIF that moves", changed(AVIF, find(AVIF, "avifmif1"), ...text("avis"))],
    ["another file of boxes", changed(changed(AVIF, 8, ...text("heic")), 16, ...text("heic"))],
    ["an AVIF that tells no size", changed(AVIF, find(AVIF, "ispe"), ...text("free"))],
    ["an AVIF of 65,536 pixels", changed(AVIF, find(AVIF, "ispe") + 9, 1)],
    ["one byte too many", new Uint8Array([...png, ...new Uint8Array(MOST_PICTURE_BYTES)])],
  ])("is not %s", (_, bytes) => {
    expect(() => readPicture(bytes)).toThrow(PictureError);
  });

  test("may have as many bytes and pixels as are told, and no more", () => {
    const most = new Uint8Array(MOST_PICTURE_BYTES);
    most.set(png);
    expect(readPicture(most)).toMatchObject({ type: "image/png" });
    expect(readPicture(changed(png, 16, 0, 0, 0x10, 0, 0, 0, 0x10, 0))).toMatchObject({
      width: 4096,
      height: 4096,
    });
  });

  test("is the one named, to the bit", () => {
    const digest = digestDocument(png);
    expect(isPictureOf(digest, png)).toBe(true);
    expect(isPictureOf(digest, changed(png, png.length - 1, 0))).toBe(false);
    const page = text("<!doctype html>");
    expect(isPictureOf(digestDocument(page), page)).toBe(false);
  });

  test("of any bytes is read to an end, or refused in plain words", () => {
    const samples = [png, JPEG, WEBP_LOSSY, WEBP_LOSSLESS, WEBP_ALPHA, WEBP_MOVING, AVIF];
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.nat(400),
        (sample, edits, length) => {
          const bytes = Uint8Array.from(sample.slice(0, length));
          for (const [at, to] of edits) if (at < bytes.length) bytes[at] = to;
          try {
            const { width, height } = readPicture(bytes);
            expect(Math.max(width, height)).toBeLessThanOrEqual(4096);
          } catch (error) {
            expect(error).toBeInstanceOf(PictureError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
