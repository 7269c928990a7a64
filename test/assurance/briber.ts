import { multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { keystream, sharedPoint, sharedRoot } from "../../src/crypto/keystream.ts";
import { mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import { keyPairFromSecret, type KeyPair } from "../../src/protocol/key.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { RoundBuilder, type BuiltRound } from "../helpers/round_builder.ts";
import { seeded } from "../helpers/seeded.ts";
import { PASSPHRASES, WALLETS } from "./lasting_keys.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

/**
 * What the briber has of the donor, beside all that is public: the first key; a message's plaintext and ephemeral secret; the running app,
 * into which the donor types a passphrase before his eyes; or the wallet, which signs and sends whatever he wants, with such a passphrase.
 */
export type Hold = "first key" | "opened message" | "app under pressure" | "wallet signatures";
/** How the donor's software behaves: as it should, or broken in a way that must show. */
export type Client =
  | "as specified"
  | "rotation in the contribution's transaction"
  | "nonces that count up"
  | "a passphrase that is checked"
  | "no throw-away key";

/** Everything that the briber sees of one round. */
export type View = {
  readonly round: BuiltRound;
  /** By item number: who sent it, and in which transaction; relayed messages have the relay's name. */
  readonly senders: ReadonlyMap<number, string>;
  readonly published: readonly bigint[];
  readonly results: string;
  readonly tag: bigint;
  readonly contributionKey: Point;
  /** The wallet's signature and the keys of all passphrases in the briber's dictionary, where the hold gives them. */
  readonly signature: string;
  readonly dictionary: readonly KeyPair[];
  /** What the app says once it has a passphrase. */
  readonly said: string;
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
export async function playRound(
  seed: string,
  obedient: boolean,
  hold: Hold,
  client: Client = "as specified",
): Promise<View> {
  const random = seeded(`${seed} donor`);
  const wallet = random.pick(WALLETS);
  const round = new RoundBuilder({ seed, projects: 5, payers: [wallet.address] });
  const typed = hold === "app under pressure" || hold === "wallet signatures";
  const right = random.index(PASSPHRASES.length);
  const wrong = (right + 1 + random.index(PASSPHRASES.length - 1)) % PASSPHRASES.length;
  const findKey = (passphrase: number) => wallet.keys[passphrase] as KeyPair;
  const senders = new Map<number, string>();
  const ephemerals = new Map<number, bigint>();
  const lasting = typed ? findKey(right) : keyPairFromSecret(random.scalar());
  const target = round.actor(
    "Target",
    60n,
    client === "no throw-away key" ? lasting : round.keyPair(),
  );
  const other = round.actor("Other", 60n);
  const first = target.key;
  const say = (who: string, send: (ephemeral: bigint) => void) => {
    const ephemeral = random.scalar();
    senders.set(round.nextT, who);
    ephemerals.set(round.nextT, ephemeral);
    send(ephemeral);
  };
  const cover = () =>
    say("relay", (ephemeral) => {
      const R = multiplyBase(ephemeral);
      round.publish("cover", "malformed (CMD-3)", [
        R.x,
        R.y,
        ...Array.from({ length: 9 }, () => random.below(P)),
      ]);
    });
  const counting = client === "nonces that count up";
  let count = 0n;
  const vote =
    (label: string, signer: KeyPair, newKey: KeyPair, project: number) => (ephemeral: bigint) => {
      const nonce = counting ? ++count : undefined;
      round.send(target, label, "accepted", {
        signer,
        newKey,
        ephemeral,
        ballot: new Map([[project, VOTES]]),
        ...(nonce === undefined ? {} : { nonce }),
      });
    };

  cover();
  const bundled = client === "rotation in the contribution's transaction";
  const where = bundled ? "Target, transaction 1" : "relay";
  // Whoever sells the key for real has not rotated; who gives a passphrase, right or wrong, has.
  if (obedient && !typed) {
    if (bundled) say(where, vote("an obedient first ballot", first, first, BRIBED));
    else cover();
  } else say(where, vote("the rotation", first, lasting, obedient ? BRIBED : WANTED));
  senders.set(round.nextT, "Target, transaction 1");
  round.contribute(target);
  senders.set(round.nextT, "Other");
  round.contribute(other);
  say(
    "relay",
    (ephemeral) =>
      void round.send(other, "votes", "accepted", {
        ephemeral,
        ballot: new Map([[obedient ? WANTED : BRIBED, VOTES]]),
      }),
  );
  const given = typed ? findKey(obedient ? right : wrong) : first;
  const shownAt = round.nextT;
  say("Target", vote("what the briber sees being sent", given, given, BRIBED));
  if (hold === "wallet signatures") round.topUp(target, 9n); // only the payer can, and the briber has the payer
  cover();

  const built = round.finish();
  const tally = await prepareTally(
    built.items,
    built.statement,
    localCoordinatorKey(built.coordinator.secret),
    11,
  );
  const { folds, acc } = await completeTranscript(
    tally,
    localCoordinatorKey(built.coordinator.secret),
  );
  return {
    round: built,
    senders,
    tag: target.tag,
    contributionKey: target.firstKey,
    key: given,
    signature: typed ? wallet.signature : "0x",
    dictionary: typed ? wallet.keys : [],
    said:
      client === "a passphrase that is checked" && given !== lasting
        ? "not your passphrase"
        : "sent",
    results: tally.outcome.results
      .map(({ project, votes, credits }) => `${project}:${votes}:${credits}`)
      .join(),
    published: [
      tally.commitment.D,
      tally.commitment.resultsHash,
      tally.resultsSalt,
      acc,
      ...folds.map(({ after }) => after),
    ],
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
