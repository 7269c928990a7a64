import type { Point } from "../crypto/curve.ts";
import { keccakToField, keccakWords } from "../crypto/keccak.ts";

/** A round's place on earth: the chain and the contract's address. Everything signed or committed is bound to it. */
export type RoundId = { readonly chainId: bigint; readonly address: `0x${string}` };

/** KEY-6: ctx, a word. */
export function contextOf({ chainId, address }: RoundId): bigint {
  return keccakToField(chainId, BigInt(address));
}

/** KEY-7: the tag of a contribution by `payer` under `key`, in [0, 2^64). The contract refuses 0. */
export function tagOf(payer: `0x${string}`, key: Point): bigint {
  return keccakWords(BigInt(payer), key.x, key.y) & 0xffff_ffff_ffff_ffffn;
}
