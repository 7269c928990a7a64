import { multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { decodeHeader, recomputeSignatureHash } from "../../src/protocol/command.ts";
import { readPoint } from "../../src/protocol/message.ts";
import { openWith, type View } from "./briber.ts";

const isSame = (a: Point, b: Point) => Number(a.x === b.x && a.y === b.y);

const low = (x: bigint) => Number(x & 0xffn);

/** Numbers of what the coordinator publishes: as many for every round of this size. */
export const publishedFeatures = ({ published }: View): number[] => [
  published.length,
  ...published.map(low),
];

/** Numbers that the briber can compute from a view: of what is opened and of every message. A distinguisher is a threshold on one of them. */
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
    view.batch,
    view.round.items.length,
    // The first that every batch has, by the floor, and all that came after it.
    ...[...view.round.messages.slice(0, 2), ...view.round.messages.slice(view.batch)].flatMap(
      ({ words }) => [low(words[0] as bigint), low(words[2] as bigint), low(readPoint(words).y)],
    ),
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

/** Right guesses about every sample by what was trained on the other half. */
export function judgeAll(samples: readonly Sample[]): number {
  const half = (which: number) => samples.filter((_, i) => i % 2 === which);
  return (
    [0, 1].reduce(
      (sum, which) => sum + accuracy(train(half(which)), half(1 - which)) * half(1 - which).length,
      0,
    ) / samples.length
  );
}

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
