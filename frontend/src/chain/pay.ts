import { isAddressEqual, type Address } from "viem";
import type { PayBy } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";

/** Whether the round's token is the wrapper of the chain's own coin, which then can be given directly. */
export function isNative({ wrappedNative }: SiteChain, token: Address): boolean {
  return wrappedNative !== undefined && isAddressEqual(wrappedNative, token);
}

/** How a token is paid here: the fuller of coin and wrapped coin where a round takes both. */
export const payBy = (chain: SiteChain, token: Address): PayBy =>
  isNative(chain, token) ? "fuller" : "token";
