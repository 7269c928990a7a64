import { proportionalShares } from "./direct.ts";

/**
 * What the pool would have been under one person, one vote: in proportion to the number of a project's supporters.
 * Supporters are not public (T and S do not reveal them): only who knows the ballots can compute this.
 */
export function onePersonOneVote(supporters: readonly number[], pool: bigint): bigint[] {
  return proportionalShares(supporters.map(BigInt), pool);
}

/** What the pool would have been under one dollar, one vote: in proportion to a project's contributions (unit·S_j is public). */
export function oneDollarOneVote(contributions: readonly bigint[], pool: bigint): bigint[] {
  return proportionalShares(contributions, pool);
}
