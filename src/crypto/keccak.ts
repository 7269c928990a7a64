import { keccak_256 } from "@noble/hashes/sha3.js";
import { P } from "../params.ts";
import { bytesToInteger, integerToBytes } from "./field.ts";

/** keccak256 of concatenated bytes. */
export function keccak(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = keccak_256.create();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

/** keccak256(abi.encode(x...)) for arguments that are all one static 32-byte word each, as an integer. */
export function keccakWords(...words: readonly bigint[]): bigint {
  return bytesToInteger(keccak(...words.map((word) => integerToBytes(word, 32))));
}

/** The same, reduced mod P. */
export function keccakToField(...words: readonly bigint[]): bigint {
  return keccakWords(...words) % P;
}
