import { allocate, votesForAmount } from "../matching/allocate.ts";
import { CREDITS_BITS } from "../params.ts";
import { MAX_VOTES } from "../params.ts";
import { ballotCost, packBallot, type Ballot } from "../protocol/ballot.ts";

/** What a donor wants for one project: token units, or votes as they are; neither while an amount cannot be read. */
export type Wish = {
  readonly project: number;
  readonly amount?: bigint | undefined;
  readonly votes?: bigint;
  /** Whether the amount is for votes against. */
  readonly isAgainst?: boolean;
};

/** One wish in numbers; `votes` is what the ballot will say, votes² credits is what it costs. */
export type DraftLine = {
  readonly project: number;
  readonly amount: bigint;
  readonly votes: bigint;
  readonly problem: "amount" | "tooSmall" | "tooLarge" | undefined;
};

/** A ballot that is not encrypted yet. */
export type Draft = {
  readonly lines: readonly DraftLine[];
  /** Whole credits that the votes cost, or those that the donor has; and what they cost in token units. */
  readonly credits: bigint;
  readonly pay: bigint;
  /** Credits that the wishes come to: more than `credits` if they do not fit. */
  readonly needed: bigint;
  readonly unspent: bigint;
  /** Messages that carry the ballot. */
  readonly pages: number;
  readonly ballot: Ballot;
  /** Whether every wish can be read and all of them together fit the credits. */
  readonly ready: boolean;
};

/**
 * What wishes come to in votes: amounts become the integer votes that come closest. `credits` where the donor has bought them
 * already; else as many as the votes cost, which is at most what the wishes come to.
 */
export function draftBallot(
  wishes: readonly Wish[],
  {
    unit,
    credits: owned,
    least = 0n,
  }: {
    readonly unit: bigint;
    readonly credits?: bigint | undefined;
    /** The fewest credits that the round takes. */
    readonly least?: bigint | undefined;
  },
): Draft {
  const tooLarge = ({ amount, votes }: Wish) =>
    (amount ?? 0n) / unit >= (MAX_VOTES + 1n) ** 2n || magnitude(votes ?? 0n) > MAX_VOTES;
  const unread = ({ amount, votes }: Wish) => amount === undefined && votes === undefined;
  const total = wishes.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);
  const fixed = ballotCost(new Map(wishes.map(({ project, votes }) => [project, votes ?? 0n])));
  const needed = fixed + (total + unit - 1n) / unit;
  const offered = owned ?? needed;
  const fits =
    !wishes.some((wish) => unread(wish) || tooLarge(wish)) &&
    needed <= offered &&
    offered >> BigInt(CREDITS_BITS) === 0n;
  const split = fits
    ? allocate(
        wishes.map(({ amount }) => amount ?? 0n),
        unit,
        offered - fixed,
      )
    : undefined;
  // Who has not paid yet pays what the votes cost, and the round's least: what rounding leaves over stays with the donor.
  const cost = fixed + (split?.spent ?? 0n);
  const asked = needed < least ? needed : least;
  const credits = owned ?? (split === undefined ? needed : cost > asked ? cost : asked);
  const lines = wishes.map((wish, i): DraftLine => {
    const bought = split?.votes[i] ?? 0n;
    const votes = fits ? (wish.votes ?? (wish.isAgainst === true ? -bought : bought)) : 0n;
    const { project, amount = 0n } = wish;
    const problem = unread(wish)
      ? "amount"
      : tooLarge(wish)
        ? "tooLarge"
        : amount > 0n && votes === 0n && votesForAmount(amount, unit) === 0n
          ? "tooSmall"
          : undefined;
    return { project, amount, votes, problem };
  });
  const ballot = new Map(
    lines.filter(({ votes }) => votes !== 0n).map(({ project, votes }) => [project, votes]),
  );
  return {
    lines,
    credits,
    needed,
    ballot,
    pay: credits * unit,
    unspent: split === undefined ? 0n : credits - cost,
    pages: packBallot(ballot).length,
    ready: fits && lines.every(({ problem }) => problem === undefined),
  };
}

const magnitude = (votes: bigint): bigint => (votes < 0n ? -votes : votes);
