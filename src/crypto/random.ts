import { randomBytes } from "@noble/hashes/utils.js";
import { L } from "../params.ts";
import { bytesToInteger } from "./field.ts";

/** A uniform integer in [1, max): 128 bits beyond max leave a bias below 2^-128. Source: the platform's secure generator. */
export function randomBelow(max: bigint): bigint {
  const length = Math.ceil(max.toString(2).length / 8) + 16;
  return (bytesToInteger(randomBytes(length)) % (max - 1n)) + 1n;
}

/** A uniform secret scalar in [1, L). */
export function randomScalar(): bigint {
  return randomBelow(L);
}
