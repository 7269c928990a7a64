import { sum } from "./quadratic.ts";

export type AccountsRequest = {
  /** Token units a credit; 0 where contributions carry no money. */
  readonly unit: bigint;
  /** Credits that all donors bought, spent or not. */
  readonly totalCredits: bigint;
  readonly pool: bigint;
  readonly fee: bigint;
  readonly budget: bigint;
  /** What each sponsor added. */
  readonly sponsors: readonly bigint[];
  /** The whole result list, with the match and the share of the leftovers that each project gets. */
  readonly projects: readonly {
    readonly credits: bigint;
    readonly eligible: boolean;
    readonly matched: bigint;
    readonly shared: bigint;
  }[];
};

/** Where the money of a finished round goes, in token units. Each whole is the sum of its parts (MONEY-8). */
export type Accounts = {
  /** What donors paid, in the contributions' token. */
  readonly contributions: {
    readonly all: bigint;
    /** To projects, for the votes that they got. */
    readonly projects: bigint;
    /** Spent on projects that are not eligible any more. */
    readonly ineligible: bigint;
    /** Spent on no project: unused credits, and those of ballots that did not count. */
    readonly unspent: bigint;
  };
  /** Of ineligible and unspent, what is shared among the projects; the rest goes to `remainderTo` (MONEY-5). */
  readonly shared: bigint;
  /** What sponsors added, in the pool's token. */
  readonly pool: {
    readonly all: bigint;
    /** Matches. */
    readonly projects: bigint;
    readonly fee: bigint;
    /** Back to the sponsors (MONEY-4). */
    readonly sponsors: bigint;
    /** To `remainderTo`: what rounding leaves of matches and refunds, and what a rule gives to nobody. */
    readonly rest: bigint;
  };
};

/** Accounts for every unit of a finished round's money (MONEY-2 to MONEY-5). */
export function accountFor(request: AccountsRequest): Accounts {
  const { unit, totalCredits, pool, fee, budget, sponsors, projects } = request;
  const spent = (eligible: boolean) =>
    unit * sum(projects.filter((one) => one.eligible === eligible).map(({ credits }) => credits));
  const [all, given, ineligible] = [unit * totalCredits, spent(true), spent(false)];
  const matched = sum(projects.map((project) => project.matched));
  const surplus = pool - fee - budget;
  const back = sum(sponsors.map((amount) => (pool === 0n ? 0n : (amount * surplus) / pool)));
  return {
    contributions: { all, projects: given, ineligible, unspent: all - given - ineligible },
    shared: sum(projects.map(({ shared }) => shared)),
    pool: { all: pool, projects: matched, fee, sponsors: back, rest: pool - fee - matched - back },
  };
}
