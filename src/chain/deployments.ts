import type { Address } from "viem";

/** A round factory that somebody has deployed with keys of a ceremony, and from which on its rounds can be found. */
export type KnownFactory = {
  readonly chainId: number;
  readonly factory: Address;
  /** The block in which it was made: nobody has to look for rounds before it. */
  readonly fromBlock: bigint;
  /** SHA-256 of the ceremony's manifest.json, in hexadecimal: who verifies or tallies needs exactly these keys. */
  readonly manifest: string;
};

/** Factories known to this version, the newest of a chain last. None so far: no ceremony has been held. */
export const KNOWN_FACTORIES: readonly KnownFactory[] = [];

/**
 * The newest known factory of a chain; undefined where there is none.
 * @example
 * ```ts
 * const since = knownFactory(1)?.fromBlock ?? 0n;
 * ```
 */
export function knownFactory(
  chainId: number,
  factories: readonly KnownFactory[] = KNOWN_FACTORIES,
): KnownFactory | undefined {
  return factories.findLast((known) => known.chainId === chainId);
}
