import type { Address } from "viem";

/** Chains with the Ethereum Name Service, and its universal resolver, which is at one address on all of them. */
const CHAINS: ReadonlySet<number> = new Set([1, 17_000, 11_155_111]);
const UNIVERSAL_RESOLVER: Address = "0xeEeEEEeE14D718C2B47D9923Deab1335E144EeEe";

/** A chain, and its universal resolver where it is not one that this version knows. */
export type NameChain = {
  readonly chainId: number;
  readonly universalResolver?: Address | undefined;
};

/** The contract that names are asked of: it finds a name's own resolver, wildcards and later versions of the service among them. */
export const findResolver = ({ chainId, universalResolver }: NameChain): Address | undefined =>
  universalResolver ?? (CHAINS.has(chainId) ? UNIVERSAL_RESOLVER : undefined);

/** Whether names can be looked up on a chain. */
export const hasNames = (chain: NameChain): boolean => findResolver(chain) !== undefined;
