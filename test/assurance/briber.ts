import { multiplyBase } from "../../src/crypto/curve.ts";
import { keystream, sharedPoint, sharedRoot } from "../../src/crypto/keystream.ts";
import { mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import { decodeHeader, signatureHashOf } from "../../src/protocol/command.ts";
import { keyPairOf, type KeyPair } from "../../src/protocol/key.ts";
import { pointOf } from "../../src/protocol/message.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { RoundBuilder, type BuiltRound } from "../helpers/round_builder.ts";
import { seeded } from "../helpers/seeded.ts";

/** What the briber has of the donor, beside all that is public. */
export type Hold = "first key" | "opened message" | "app under pressure";
/** How the donor's software behaves: as it should, or broken in a way that must show. */
export type Client = "as specified" | "rotation in the contribution's transaction" | "nonces that count up";

/** Everything that the briber sees of one round. */
export type View = {
  readonly round: BuiltRound;
  /** By item number: who sent it, and in which transaction; relayed messages have the relay's name. */
  readonly senders: ReadonlyMap<number, string>;
  readonly published: readonly bigint[];
  readonly results: string;
  readonly tag: bigint;
  readonly payer: string;
  /** The key that the donor gave away, and the message that was sent with it in the briber's presence. */
  readonly key: KeyPair;
  readonly shown: { readonly t: number; readonly ephemeral: bigint };
  /** What the donor opens of a message that the briber can name, or a refusal. */
  readonly open: (t: number) => bigint | undefined;
};

const BRIBED = 1;
const WANTED = 2;
const VOTES = 7n;

/**
 * One round, with an obedient or a disobedient donor. The published totals are the same: another donor, whom the briber knows nothing of,
 * votes the other way in each world. Before the contribution lies one message from a relay: cover traffic, or the donor's rotation.
 */
export function playRound(seed: string, obedient: boolean, hold: Hold, client: Client = "as specified"): View {
  const round = new RoundBuilder({ seed, projects: 5 });
  const random = seeded(`${seed} donor`);
  const senders = new Map<number, string>();
  const ephemerals = new Map<number, bigint>();
  const target = round.actor("Target", 60n);
  const other = round.actor("Other", 60n);
  const first = target.key;
  const lasting = keyPairOf(random.scalar());
  const say = (who: string, send: (ephemeral: bigint) => void) => {
    const ephemeral = random.scalar();
    senders.set(round.nextT, who);
    ephemerals.set(round.nextT, ephemeral);
    send(ephemeral);
  };
  const cover = () => say("relay", (ephemeral) => {
    const R = multiplyBase(ephemeral);
    round.publish("cover", "malformed (CMD-3)", [R.x, R.y, ...Array.from({ length: 9 }, () => random.below(P))]);
  });
  const counting = client === "nonces that count up";
  let count = 0n;
  const vote = (label: string, signer: KeyPair, newKey: KeyPair, option: number) => (ephemeral: bigint) => {
    const nonce = counting ? ++count : undefined;
    round.send(target, label, "accepted", { signer, newKey, ephemeral, ballot: new Map([[option, VOTES]]), ...(nonce === undefined ? {} : { nonce }) });
  };

  cover();
  const bundled = client === "rotation in the contribution's transaction";
  const where = bundled ? "Target, transaction 1" : "relay";
  // Whoever sells the key for real has not rotated; under pressure with the app there is a rotation in both worlds.
  if (obedient && hold !== "app under pressure") {
    if (bundled) say(where, vote("an obedient first ballot", first, first, BRIBED));
    else cover();
  } else say(where, vote("the rotation", first, lasting, obedient ? BRIBED : WANTED));
  senders.set(round.nextT, "Target, transaction 1");
  round.contribute(target);
  senders.set(round.nextT, "Other");
  round.contribute(other);
  say("relay", (ephemeral) => void round.send(other, "votes", "accepted", { ephemeral, ballot: new Map([[obedient ? WANTED : BRIBED, VOTES]]) }));
  const given = hold === "app under pressure" ? (obedient ? lasting : keyPairOf(random.scalar())) : first;
  const shownAt = round.nextT;
  say("Target", vote("what the briber sees being sent", given, given, BRIBED));
  cover();

  const built = round.finish();
  const tally = prepareTally(built.items, built.statement, built.coordinator.secret, 11);
  const { folds, acc } = completeTranscript(tally, built.coordinator.secret);
  return {
    round: built, senders, tag: target.tag, payer: target.payer, key: given,
    results: tally.outcome.results.map(({ option, votes, credits }) => `${option}:${votes}:${credits}`).join(),
    published: [tally.commitment.D, tally.commitment.resultsHash, tally.resultsSalt, acc, ...folds.map(({ after }) => after)],
    shown: { t: shownAt, ephemeral: ephemerals.get(shownAt) as bigint },
    // A disobedient donor opens only what was sent to be shown.
    open: (t) => (t === shownAt || obedient ? ephemerals.get(t) : undefined),
  };
}

/** The command in a message, for whoever has its ephemeral secret. */
export function openWith(view: View, t: number, ephemeral: bigint): readonly bigint[] {
  const words = view.round.messages.find((message) => message.t === t)!.words;
  const { statement, rules } = view.round;
  const stream = keystream(sharedPoint(sharedRoot(ephemeral, statement.coordinatorKey)), rules.ctx);
  return stream.map((k, i) => mod((words[2 + i] as bigint) - k));
}

/**
 * Numbers that the briber can compute from a view: of what is opened, of every message and of everything that is published. A
 * distinguisher is a threshold on one of them.
 */
export function featuresOf(view: View): number[] {
  const command = openWith(view, view.shown.t, view.shown.ephemeral);
  const R = multiplyBase(view.shown.ephemeral);
  const { nonce, append, tag } = decodeHeader(command[0] as bigint);
  const signed = signatureHashOf(command, view.key.publicKey, R, view.round.rules.ctx) === command[7];
  const mine = [...view.senders].filter(([, who]) => who.startsWith("Target"));
  // What the donor must be able to open: every message that came from the donor's own account.
  const refused = mine.filter(([t]) => view.round.messages.some((message) => message.t === t) && view.open(t) === undefined).length;
  const low = (x: bigint) => Number(x & 0xffn);
  return [
    Number(signed), Number(append), Number(tag === view.tag), Number(nonce >> 16n) - view.shown.t, Number(nonce & 0xffffn), refused, mine.length,
    view.round.messages.length, view.round.items.length, view.published.length, ...view.published.map(low),
    ...view.round.messages.flatMap(({ words }) => [low(words[0] as bigint), low(words[2] as bigint), low(pointOf(words).y)]),
  ];
}

export type Stump = { readonly feature: number; readonly threshold: number; readonly above: boolean };
export type Sample = { readonly features: readonly number[]; readonly obedient: boolean };

export const guess = ({ feature, threshold, above }: Stump, features: readonly number[]): boolean => ((features[feature] as number) >= threshold) === above;
export const accuracy = (stump: Stump, samples: readonly Sample[]): number => samples.filter(({ features, obedient }) => guess(stump, features) === obedient).length / samples.length;

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
