import { BaseError } from "../errors.ts";

/** Chains on which development keys are accepted: Hardhat's and Geth's development chains. */
export const DEVELOPMENT_CHAINS: readonly number[] = [31337, 1337];

export const isDevelopmentChain = (chainId: number): boolean =>
  DEVELOPMENT_CHAINS.includes(chainId);

export class DevelopmentKeysError extends BaseError {
  /** `circuits`: those whose keys they are, where that is known. */
  constructor(chainId: number, circuits: readonly string[] = []) {
    super(
      `Development proving keys are refused on chain ${chainId}: anybody can forge a result with them.`,
      {
        fix: `Use keys from a ceremony (--artifacts, docs/CEREMONY.md), or a development chain (${DEVELOPMENT_CHAINS.join(" or ")}).`,
        details: circuits.length === 0 ? [] : [`development keys: ${circuits.join(", ")}`],
      },
    );
  }
}
