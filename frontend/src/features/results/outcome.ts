import { zeroAddress } from "viem";
import type { RoundFacts } from "../../chain/reads.ts";
import { amountText, columnText } from "../../format.ts";
import type { ResultRow, Results } from "./read_results.ts";

/** A finished round in the numbers that everything about its result is told from. */
export type Outcome = {
  /** Accounts that contributed. */
  readonly gifts: number;
  readonly hasGifts: boolean;
  readonly hasPool: boolean;
  readonly token: RoundFacts["token"];
  readonly poolToken: RoundFacts["token"];
  readonly rows: readonly ResultRow[];
  /** Projects that get what was voted for them, those with most first. */
  readonly eligible: readonly ResultRow[];
  readonly results: Results;
};

export function makeOutcome(
  { settings, token, poolToken }: Pick<RoundFacts, "settings" | "token" | "poolToken">,
  { contributions }: { readonly contributions: number },
  results: Results,
): Outcome {
  return {
    gifts: contributions,
    hasGifts: settings.token !== zeroAddress,
    hasPool: settings.poolToken !== zeroAddress && results.accounts.pool.all > 0n,
    token,
    poolToken,
    rows: results.rows,
    eligible: results.rows.filter(({ eligible }) => eligible),
    results,
  };
}

/** What a project gets of the gifts: what was given to it, with its share of what donors left unspent. */
export const giftsOf = ({
  contributed,
  shared,
}: Pick<ResultRow, "contributed" | "shared">): bigint => contributed + shared;

/** Whether gifts and match are of two tokens, and so have no sum. */
export const isApart = ({ hasGifts, hasPool, token, poolToken }: Outcome): boolean =>
  hasGifts && hasPool && token.address !== poolToken.address;

/** What all projects get, in smallest units. */
export function allOf({ results: { accounts } }: Outcome): {
  readonly gifts: bigint;
  readonly match: bigint;
} {
  return {
    gifts: accounts.contributions.projects + accounts.shared,
    match: accounts.pool.projects,
  };
}

/** A project's money as it is shown everywhere: of what there is in this round. */
export function moneyText(outcome: Outcome, { shown }: ResultRow): string {
  const { hasGifts, hasPool, token, poolToken, results } = outcome;
  const { places } = results.shown;
  const gifts = columnText(giftsOf(shown), token, places.token);
  if (isApart(outcome))
    return `${gifts} + ${columnText(shown.matched, poolToken, places.poolToken)}`;
  if (hasGifts && !hasPool) return gifts;
  return columnText(giftsOf(shown) + shown.matched, poolToken, places.poolToken);
}

/** One amount in a sentence: as it is shown in the tables, unless it would look like none there. */
export function tellAmount(
  { results, token, poolToken }: Outcome,
  of: "token" | "poolToken",
  exact: bigint,
  shown: bigint,
): string {
  const { places } = results.shown;
  return amountText(shown === 0n ? exact : shown, of === "token" ? token : poolToken, places[of]);
}

/**
 * By what projects are compared: everything that they get, in one token. Where gifts and match are in two, the match, if there is any; where
 * the round carries no money, votes.
 */
export function worthOf(outcome: Outcome): {
  readonly kind: "all" | "match" | "gifts" | "votes";
  readonly of: (row: ResultRow) => bigint;
} {
  const all = allOf(outcome);
  if (all.gifts + all.match === 0n) return { kind: "votes", of: ({ votes }) => votes };
  if (!isApart(outcome)) return { kind: "all", of: (row) => giftsOf(row) + row.matched };
  return all.match > 0n
    ? { kind: "match", of: ({ matched }) => matched }
    : { kind: "gifts", of: giftsOf };
}

/** The largest first. */
export const descending = (a: bigint, b: bigint): number => (a > b ? -1 : a < b ? 1 : 0);

/** How many projects, those with most first, get half of all that is matched; undefined where nothing is. */
export function halfOf(outcome: Outcome): number | undefined {
  const { match } = allOf(outcome);
  if (match <= 0n) return undefined;
  let sum = 0n;
  return (
    outcome.eligible
      .map(({ matched }) => matched)
      .toSorted(descending)
      .findIndex((matched) => (sum += matched) * 2n >= match) + 1
  );
}
