import { zeroAddress, type Address } from "viem";
import { BaseError } from "../errors.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { creationBlock } from "../chain/round.ts";
import { readEvents } from "../chain/logs.ts";
import { tagOf } from "../protocol/context.ts";
import type { Point } from "../crypto/curve.ts";
import type { RoundSession } from "./session.ts";

export class SeveralContributionsError extends BaseError {
  constructor(payer: Address, tags: readonly bigint[]) {
    super(`${payer} has contributed ${tags.length} times to this round.`, { fix: "Say which contribution is meant with --tag.", details: tags.map((tag) => `tag ${tag}`) });
  }
}

export class NoContributionError extends BaseError {
  constructor(who: string) {
    super(`${who} has not contributed to this round.`, { fix: "Contribute first, or check the account and the round." });
  }
}

/** The tags under which an account has contributed. */
export async function tagsOf({ read, round }: RoundSession, payer: Address): Promise<bigint[]> {
  const from = await creationBlock(read, round);
  const events = await readEvents(read, round, { from, to: await read.getBlockNumber() });
  return events.flatMap((event) => (event.eventName === "Contributed" && event.args.payer === payer ? [event.args.tag] : []));
}

/** The tag of an account's only contribution. @throws NoContributionError, SeveralContributionsError */
export async function onlyTagOf(session: RoundSession, payer: Address): Promise<bigint> {
  const tags = await tagsOf(session, payer);
  if (tags.length > 1) throw new SeveralContributionsError(payer, tags);
  if (tags[0] === undefined) throw new NoContributionError(payer);
  return tags[0];
}

/**
 * Which contribution a message is for: the one with the given tag; else the payer's only one; else the one to come, under
 * the given key (KEY-7).
 */
export async function tagForMessage(session: RoundSession, { tag, payer, key }: { readonly tag?: bigint | undefined; readonly payer: Address; readonly key: Point }): Promise<bigint> {
  if (tag !== undefined) return tag;
  const coming = tagOf(payer, key);
  const tags = await tagsOf(session, payer);
  if (tags.length === 0 || tags.includes(coming)) return coming;
  if (tags.length > 1) throw new SeveralContributionsError(payer, tags);
  return tags[0] as bigint;
}

/** A contribution's payer and credits; undefined if there is none under this tag yet. */
export async function donorOf({ read, round }: RoundSession, tag: bigint) {
  const donor = await read.readContract({ address: round, abi: iRoundAbi, functionName: "donors", args: [tag] });
  return donor.payer === zeroAddress ? undefined : donor;
}

