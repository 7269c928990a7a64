import { createHash } from "node:crypto";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { createColors } from "picocolors";
import { describe, expect, test } from "vitest";
import { keyPictureLines } from "../../src/cli/output/key_picture.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { KEY_COLOURS, KEY_FORMS, keyPicture } from "../../src/protocol/key_picture.ts";

const keys = Array.from({ length: 2_000 }, (_, i) => multiplyBase(BigInt(i + 1)));

describe("KEY-9: the picture of a key", () => {
  test("is what the rule says, computed here in another way", () => {
    for (const key of keys.slice(0, 50)) {
      const hex = (x: bigint) => x.toString(16).padStart(64, "0");
      let d = BigInt(
        `0x${createHash("sha256")
          .update("Tacit key picture")
          .update(Buffer.from(hex(key.x) + hex(key.y), "hex"))
          .digest("hex")}`,
      );
      const below = (n: number) => {
        const drawn = Number(d % BigInt(n));
        d /= BigInt(n);
        return drawn;
      };
      const { words, form, cells, colours } = keyPicture(key);
      expect(words).toEqual([0, 1, 2, 3].map(() => wordlist[below(2048)]));
      expect(form).toBe(KEY_FORMS[below(4)]);
      for (const row of cells) {
        const half = [0, 1, 2, 3].map(() => Math.max(0, below(4) - 1));
        expect(row).toEqual([...half, half[2], half[1], half[0]]);
      }
      const names = Object.keys(KEY_COLOURS);
      const first = below(6);
      expect(colours).toEqual([names[first], names[(first + 1 + below(5)) % 6]]);
    }
  });

  test("words, and look without words, tell keys apart; all colours and forms occur", () => {
    const pictures = keys.map((key) => keyPicture(key));
    expect(new Set(pictures.map(({ words }) => words.join())).size).toBe(keys.length);
    expect(new Set(pictures.map(({ words: _, ...look }) => JSON.stringify(look))).size).toBe(
      keys.length,
    );
    expect(new Set(pictures.flatMap(({ colours }) => colours)).size).toBe(
      Object.keys(KEY_COLOURS).length,
    );
    expect(new Set(pictures.map(({ form }) => form)).size).toBe(KEY_FORMS.length);
    expect(pictures.filter(({ colours: [a, b] }) => a === b)).toEqual([]);
  });

  test("is told apart on a terminal without colours, too", () => {
    const drawn = keys.map((key) => keyPictureLines(key, createColors(false)).join("\n"));
    expect(new Set(drawn).size).toBe(keys.length);
    expect(
      drawn.every(
        (lines) =>
          lines.split("\n").length === 7 && lines.split("\n").every((line) => line.length === 14),
      ),
    ).toBe(true);
  });
});
