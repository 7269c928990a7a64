import { utf8ToBytes } from "@noble/hashes/utils.js";
import { bytesToInteger } from "../../src/crypto/field.ts";
import { keccak, keccakWords } from "../../src/crypto/keccak.ts";
import { L } from "../../src/params.ts";

/** Reproducible numbers for tests and vectors: keccak in counter mode over a seed. Never for real keys. */
export type Seeded = {
  /** A scalar in [1, l). */
  readonly scalar: () => bigint;
  /** An integer in [0, limit). */
  readonly below: (limit: bigint) => bigint;
  /** An integer in [0, limit) as a number. */
  readonly index: (limit: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
};

export function seeded(seed: string): Seeded {
  const key = bytesToInteger(keccak(utf8ToBytes(seed)));
  let counter = 0n;
  const draw = () => (keccakWords(key, counter++) << 128n) | (keccakWords(key, counter++) >> 128n); // 384 bits: no visible bias
  const below = (limit: bigint) => draw() % limit;
  const index = (limit: number) => Number(below(BigInt(limit)));
  return {
    below,
    index,
    scalar: () => 1n + below(L - 1n),
    pick: (list) => list[index(list.length)] as never,
  };
}
