import { multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { decodeHeader, recomputeSignatureHash } from "../../src/protocol/command.ts";
import { readPoint } from "../../src/protocol/message.ts";
import { openWith, type View } from "./briber.ts";

const isSame = (a: Point, b: Point) => Number(a.x === b.x && a.y === b.y);

/**
 * Numbers that the briber can compute from a view: of what is opened, of every message and of everything that is published. A
 * distinguisher is a threshold on one of them.
 */
export function measureFeatures(view: View): number[] {
  const command = openWith(view, view.shown.t, view.shown.ephemeral);
  const R = multiplyBase(view.shown.ephemeral);
  const { nonce, append, tag } = decodeHeader(command[0] as bigint);
  const signed =
    recomputeSignatureHash(command, view.key.publicKey, R, view.round.rules.ctx) === command[7];
  const mine = [...view.senders].filter(([, who]) => who.startsWith("Target"));
  // What the donor must be able to open: every message that came from the donor's own account.
  const refused = mine.filter(
    ([t]) => view.round.messages.some((message) => message.t === t) && view.open(t) === undefined,
  ).length;
  const low = (x: bigint) => Number(x & 0xffn);
  return [
    Number(view.said === "sent"),
    view.round.links.length,
    Number(BigInt(view.signature === "0x" ? 0 : view.signature) & 0xffn),
    // Is the key that was given the one on the chain, and is any that the dictionary and the wallet's signature lead to?
    isSame(view.key.publicKey, view.contributionKey),
    ...view.dictionary.map(({ publicKey }) => isSame(publicKey, view.contributionKey)),
    ...view.dictionary.map(({ publicKey }) => isSame(publicKey, view.key.publicKey)),
    Number(signed),
    Number(append),
    Number(tag === view.tag),
    Number(nonce >> 16n) - view.shown.t,
    Number(nonce & 0xffffn),
    refused,
    mine.length,
    view.round.messages.length,
    view.round.items.length,
    view.published.length,
    ...view.published.map(low),
    ...view.round.messages.flatMap(({ words }) => [
      low(words[0] as bigint),
      low(words[2] as bigint),
      low(readPoint(words).y),
    ]),
  ];
}

export type Stump = {
  readonly feature: number;
  readonly threshold: number;
  readonly above: boolean;
};
export type Sample = { readonly features: readonly number[]; readonly obedient: boolean };

export const guess = ({ feature, threshold, above }: Stump, features: readonly number[]): boolean =>
  (features[feature] as number) >= threshold === above;
export const accuracy = (stump: Stump, samples: readonly Sample[]): number =>
  samples.filter(({ features, obedient }) => guess(stump, features) === obedient).length /
  samples.length;

/** The threshold on one number that tells the worlds apart best in the training rounds. */
export function train(samples: readonly Sample[]): Stump {
  let best: { readonly stump: Stump; readonly score: number } | undefined;
  for (let feature = 0; feature < (samples[0] as Sample).features.length; feature++) {
    for (const threshold of new Set(samples.map(({ features }) => features[feature] as number))) {
      for (const above of [false, true]) {
        const stump = { feature, threshold, above };
        const score = accuracy(stump, samples);
        if (best === undefined || score > best.score) best = { stump, score };
      }
    }
  }
  return (best as { stump: Stump }).stump;
}
