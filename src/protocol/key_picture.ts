import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Point } from "../crypto/curve.ts";
import { bytesToInteger, integerToBytes } from "../crypto/field.ts";
import { concatBytes } from "./link.ts";

/** Colours of key pictures with their value on a light ground; a terminal has colours of the same names. */
export const KEY_COLOURS = {
  red: "#c62828",
  green: "#2e7d32",
  blue: "#1f5fbf",
  magenta: "#a3269b",
  yellow: "#a87900",
  cyan: "#0a8496",
} as const;
export type KeyColour = keyof typeof KEY_COLOURS;

/** What the cells of a picture are drawn as. */
export const KEY_FORMS = ["square", "disc", "diamond", "triangle"] as const;
export type KeyForm = (typeof KEY_FORMS)[number];

/** 0 is empty, 1 has the first colour, 2 the second. */
export type KeyCell = 0 | 1 | 2;

/** A key's picture (KEY-9), by which its owner knows it again: drawn by page and command line, each in its own way. */
export type KeyPicture = {
  /** Four English words: 44 bits, to compare by telephone. */
  readonly words: readonly string[];
  readonly colours: readonly [KeyColour, KeyColour];
  readonly form: KeyForm;
  /** 7 rows of 7 cells, the same from left and right. */
  readonly cells: readonly (readonly KeyCell[])[];
};

const WORDS = 4;
const WORD_BITS = 11n;
const ROWS = 7;
const HALF = 4;
const LABEL = utf8ToBytes("Tacit key picture");
const CELLS = [0, 0, 1, 2] as const;

/** KEY-9. */
export function keyPicture({ x, y }: Point): KeyPicture {
  let bits = bytesToInteger(
    sha256(concatBytes([LABEL, integerToBytes(x, 32), integerToBytes(y, 32)])),
  );
  const draw = (choices: bigint): number => {
    const drawn = bits % choices;
    bits /= choices;
    return Number(drawn);
  };
  const words = Array.from({ length: WORDS }, () => wordlist[draw(1n << WORD_BITS)] as string);
  const form = KEY_FORMS[draw(4n)] as KeyForm;
  const cells = Array.from({ length: ROWS }, () => {
    const half = Array.from({ length: HALF }, () => CELLS[draw(4n)] as KeyCell);
    return [...half, ...half.slice(0, HALF - 1).reverse()];
  });
  const names = Object.keys(KEY_COLOURS) as KeyColour[];
  const first = draw(BigInt(names.length));
  const second = (first + 1 + draw(BigInt(names.length - 1))) % names.length;
  return { words, form, cells, colours: [names[first] as KeyColour, names[second] as KeyColour] };
}
