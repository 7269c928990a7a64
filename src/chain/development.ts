import { BaseError } from "../errors.ts";

/** Chains on which development keys are accepted: Hardhat's and Geth's development chains. */
export const DEVELOPMENT_CHAINS: readonly number[] = [31337, 1337];

export class DevelopmentKeysError extends BaseError {
  constructor(chainId: number) {
    super(`Development proving keys are refused on chain ${chainId}: whoever made them can forge a result.`, { fix: "Use keys from a ceremony (--artifacts), or a development chain (31337 or 1337)." });
  }
}
