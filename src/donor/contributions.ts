import { isAddressEqual, type Address } from "viem";
import type { RoundHistory } from "../chain/history.ts";
import type { Point } from "../crypto/curve.ts";
import { BaseError } from "../errors.ts";
import { deriveTag } from "../protocol/context.ts";

/** A contribution as the chain shows it, with its credits as of the last top-up (LINK-3). */
export type OwnContribution = {
  readonly tag: bigint;
  readonly payer: Address;
  readonly credits: bigint;
};

export class SeveralContributionsError extends BaseError {
  constructor(payer: Address, tags: readonly bigint[]) {
    super(`${payer} has contributed ${tags.length} times to this round.`, {
      fix: "Say which contribution is meant with --tag.",
      details: tags.map((tag) => `tag ${tag}`),
    });
  }
}

export class NoContributionError extends BaseError {
  constructor(who: string) {
    super(`${who} has not contributed to this round.`, {
      fix: "Contribute first, or check the account and the round.",
    });
  }
}

/** All contributions of a round, in chain order. */
export function allContributions({ links, payers }: RoundHistory): OwnContribution[] {
  const credits = new Map<bigint, bigint>();
  for (const link of links) if (link.kind !== "message") credits.set(link.tag, link.credits);
  return [...credits].map(([tag, amount]) => ({
    tag,
    payer: payers.get(tag) as Address,
    credits: amount,
  }));
}

/** Those that an account has made. */
export function listContributions(history: RoundHistory, account: Address): OwnContribution[] {
  return allContributions(history).filter(({ payer }) => isAddressEqual(payer, account));
}

/** The only one of an account, or the one with a given tag. @throws NoContributionError, SeveralContributionsError */
export function oneContribution(
  history: RoundHistory,
  { payer, tag }: { readonly payer: Address; readonly tag?: bigint | undefined },
): OwnContribution {
  const own =
    tag === undefined
      ? listContributions(history, payer)
      : allContributions(history).filter((one) => one.tag === tag);
  if (own.length > 1)
    throw new SeveralContributionsError(
      payer,
      own.map((one) => one.tag),
    );
  if (own[0] === undefined) throw new NoContributionError(tag === undefined ? payer : `Tag ${tag}`);
  return own[0];
}

/**
 * Which contribution a message is for: the one with the given tag; or the payer's only one, else the one to come, under the given key
 * (KEY-7). `contribution` is what the chain shows of it. `isShared`: the payer is a relay, whose other contributions are other people's.
 * @throws SeveralContributionsError
 */
export function contributionForMessage(
  history: RoundHistory,
  of:
    | { readonly tag: bigint }
    | { readonly payer: Address; readonly key: Point; readonly isShared?: boolean },
): { readonly tag: bigint; readonly contribution: OwnContribution | undefined } {
  const find = (wanted: bigint) => ({
    tag: wanted,
    contribution: allContributions(history).find((one) => one.tag === wanted),
  });
  if ("tag" in of) return find(of.tag);
  const { payer, key, isShared = false } = of;
  const coming = find(deriveTag(payer, key));
  const own = listContributions(history, payer);
  if (isShared || coming.contribution !== undefined || own[0] === undefined) return coming;
  if (own.length > 1)
    throw new SeveralContributionsError(
      payer,
      own.map((one) => one.tag),
    );
  return { tag: own[0].tag, contribution: own[0] };
}
