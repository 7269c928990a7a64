import type { Accounts } from "../matching/accounts.ts";
import { placesFor, roundTogether, roundUnits } from "../readers/show.ts";
import type { ResultLine } from "./results.ts";
import type { TokenFacts } from "./token.ts";

/** A project's amounts as they are shown: every column adds up to the round's line, and so does every line to what the project gets. */
export type ReadableLine = {
  readonly contributed: bigint;
  readonly shared: bigint;
  readonly matched: bigint;
};

/** The round's amounts as they are shown, with the decimals that each token is shown with. */
export type ReadableAccounts = Accounts & {
  readonly places: { readonly token: number; readonly poolToken: number };
};

/** Rounds all amounts of a result at once, so that who adds up what the page shows finds its sums. */
export function roundForReading(
  lines: readonly Pick<ResultLine, keyof ReadableLine>[],
  { contributions, shared, pool }: Accounts,
  { token, poolToken }: { readonly token: TokenFacts; readonly poolToken: TokenFacts },
): { readonly lines: readonly ReadableLine[]; readonly accounts: ReadableAccounts } {
  // One token has one number of decimals, which the smaller of its two wholes needs.
  const wholes = [contributions.all, pool.all];
  const least = wholes.filter((one) => one > 0n).sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
  const isOneToken = token.address === poolToken.address;
  const places = {
    token: placesFor(isOneToken ? least : contributions.all, token.decimals),
    poolToken: placesFor(isOneToken ? least : pool.all, poolToken.decimals),
  };
  const [projects = 0n, ineligible = 0n, unspent = 0n] = roundTogether(
    [contributions.projects, contributions.ineligible, contributions.unspent],
    token.decimals,
    places.token,
  );
  const [matched = 0n, fee = 0n, sponsors = 0n, rest = 0n] = roundTogether(
    [pool.projects, pool.fee, pool.sponsors, pool.rest],
    poolToken.decimals,
    places.poolToken,
  );
  const sharedOut =
    shared === contributions.ineligible + contributions.unspent
      ? ineligible + unspent
      : roundUnits(shared, token.decimals, places.token);
  const column = (name: keyof ReadableLine, whole: bigint) =>
    roundTogether(
      lines.map((line) => line[name]),
      name === "matched" ? poolToken.decimals : token.decimals,
      name === "matched" ? places.poolToken : places.token,
      whole,
    );
  const columns = {
    contributed: column("contributed", projects),
    shared: column("shared", sharedOut),
    matched: column("matched", matched),
  };
  return {
    lines: lines.map((_, i) => ({
      contributed: columns.contributed[i] ?? 0n,
      shared: columns.shared[i] ?? 0n,
      matched: columns.matched[i] ?? 0n,
    })),
    accounts: {
      contributions: { all: projects + ineligible + unspent, projects, ineligible, unspent },
      shared: sharedOut,
      pool: { all: matched + fee + sponsors + rest, projects: matched, fee, sponsors, rest },
      places,
    },
  };
}
