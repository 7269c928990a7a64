import type { Point } from "../crypto/curve.ts";
import type { Link } from "./link.ts";
import type { MessageWords } from "./message.ts";

/** An item of the transcript (LINK-2): its number t counts from 1. */
export type Contribution = {
  readonly kind: "contribution";
  readonly t: number;
  readonly tag: bigint;
  readonly key: Point;
  readonly credits: bigint;
};
export type Message = {
  readonly kind: "message";
  readonly t: number;
  readonly words: MessageWords;
};
export type Item = Contribution | Message;

/** The items of a chain, contributions with their final credits (LINK-2, LINK-3). */
export function listItems(links: Iterable<Link>): Item[] {
  return [...eachItem(links)];
}

/** The same, one at a time; `links` is read twice. */
export function* eachItem(links: Iterable<Link>): Generator<Item> {
  const finalCredits = new Map<bigint, bigint>();
  for (const link of links) if (link.kind !== "message") finalCredits.set(link.tag, link.credits);
  let t = 0;
  for (const link of links) {
    if (link.kind === "contribution")
      yield { ...link, t: ++t, credits: finalCredits.get(link.tag) as bigint };
    else if (link.kind === "message") yield { kind: "message", t: ++t, words: link.words };
  }
}

export const isContribution = (item: Item): item is Contribution => item.kind === "contribution";
export const isMessage = (item: Item): item is Message => item.kind === "message";
