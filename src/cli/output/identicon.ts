import { integerToBytes } from "../../crypto/field.ts";
import { keccak } from "../../crypto/keccak.ts";
import type { Point } from "../../crypto/curve.ts";

/** A small picture of a public key, mirrored left to right: a person notices at a glance that it is another one (a mistyped passphrase). */
export function identicon({ x, y }: Point): string[] {
  const bytes = keccak(integerToBytes(x, 32), integerToBytes(y, 32));
  return Array.from({ length: 5 }, (_, row) => {
    const half = Array.from({ length: 3 }, (_, column) => SHADES[(bytes[row * 3 + column] as number) % SHADES.length] as string);
    return [...half, half[1], half[0]].map((cell) => `${cell}${cell}`).join("");
  });
}

const SHADES = [" ", "░", "▓", "█"];
