import type { Point } from "../crypto/curve.ts";
import { keccakToField, keccakWords } from "../crypto/keccak.ts";
import type { RoundRef } from "./round_ref.ts";

/** KEY-6: ctx, a word. */
export function deriveContext({ chainId, address }: RoundRef): bigint {
  return keccakToField(BigInt(chainId), BigInt(address));
}

/** KEY-7: the tag of a contribution by `payer` under `key`, in [0, 2^64). The contract refuses 0. */
export function deriveTag(payer: `0x${string}`, key: Point): bigint {
  return keccakWords(BigInt(payer), key.x, key.y) & 0xffff_ffff_ffff_ffffn;
}
