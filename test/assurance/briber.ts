import { multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { keystream, sharedPoint, sharedRoot } from "../../src/crypto/keystream.ts";
import { mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import { keyPairFromSecret, type KeyPair } from "../../src/protocol/key.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { RoundBuilder, type BuiltRound } from "../helpers/round_builder.ts";
import { coverName, planCover, superfluous } from "../../src/service/cover_clock.ts";
import type { MessageWords } from "../../src/protocol/message.ts";
import { seeded, type Seeded } from "../helpers/seeded.ts";
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
  | "no throw-away key"
  | "a relay whose floor cover never steps aside";

/** Everything that the briber sees of one round. */
export type View = {
  readonly round: BuiltRound;
  /** By item number: who sent it, and in which transaction; relayed messages have the relay's name. */
  readonly senders: ReadonlyMap<number, string>;
  /** What the coordinator publishes, where the round was tallied. */
  readonly published: readonly bigint[];
  readonly results: string;
  /** Messages in the relay's batch before the contribution. */
  readonly batch: number;
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

/** The relay of the model: its defaults. */
const RELAY = { coverPerHour: 6, coverFloor: 2, batchSeconds: 300 };

/**
 * One batch of a relay, made up as `RelayPublisher` does, in random order: messages of cover, and undefined where a donor's is.
 * @param donors how many messages came from donors
 */
function relayBatch(random: Seeded, donors: number, client: Client): (MessageWords | undefined)[] {
  const fraction = () => (random.index(2 ** 47 - 1) + 1) / 2 ** 47;
  const message = (): MessageWords => {
    const R = multiplyBase(random.scalar());
    return [R.x, R.y, ...Array.from({ length: 9 }, () => random.below(P))];
  };
  const kinds = planCover(RELAY, fraction).map(({ kind }) => ({ words: message(), kind }));
  const cover = new Map(kinds.map(({ words, kind }) => [coverName(words), kind]));
  const handed = Array.from({ length: donors }, () => ({ words: message() }));
  const waiting: { readonly words: MessageWords }[] = [...kinds, ...handed];
  const aside =
    client === "a relay whose floor cover never steps aside"
      ? []
      : superfluous(waiting, cover, RELAY.coverFloor);
  const batch = waiting.filter((one) => !aside.includes(one));
  for (let i = batch.length - 1; i > 0; i--) {
    const j = random.index(i + 1);
    [batch[i], batch[j]] = [batch[j]!, batch[i]!];
  }
  return batch.map((one) => (handed.includes(one) ? undefined : one.words));
}

/**
 * One round, with an obedient or a disobedient donor. The published totals are the same: another donor, whom the briber knows nothing of,
 * votes the other way in each world. Before the contribution lies a relay's batch: cover, and the donor's rotation if there is one.
 * @param tallied whether what the tally publishes is wanted: two thirds of the work
 */
export async function playRound(
  seed: string,
  obedient: boolean,
  hold: Hold,
  client: Client = "as specified",
  tallied = true,
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
  const cover = (words: MessageWords) => {
    senders.set(round.nextT, "relay");
    round.publish("cover", "malformed (CMD-3)", words);
  };
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

  const bundled = client === "rotation in the contribution's transaction";
  // Whoever sells the key for real has not rotated; who gives a passphrase, right or wrong, has.
  const rotates = !obedient || typed;
  const rotation = vote("the rotation", first, lasting, obedient ? BRIBED : WANTED);
  const batch = relayBatch(random, rotates && !bundled ? 1 : 0, client);
  for (const words of batch) {
    if (words === undefined) say("relay", rotation);
    else cover(words);
  }
  if (bundled)
    say(
      "Target, transaction 1",
      rotates ? rotation : vote("an obedient first ballot", first, first, BRIBED),
    );
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

  const built = round.finish();
  return {
    ...(tallied ? await publishTally(built) : { results: "", published: [] }),
    batch: batch.length,
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
    shown: { t: shownAt, ephemeral: ephemerals.get(shownAt) as bigint },
    // A disobedient donor opens only what was sent to be shown.
    open: (t) => (t === shownAt || obedient ? ephemerals.get(t) : undefined),
  };
}

/** What the coordinator publishes of a round. */
async function publishTally(built: BuiltRound): Promise<Pick<View, "results" | "published">> {
  const key = localCoordinatorKey(built.coordinator.secret);
  const tally = await prepareTally(built.items, built.statement, key, 11);
  const { folds, acc } = await completeTranscript(tally, key);
  return {
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
  };
}

/** The command in a message, for whoever has its ephemeral secret. */
export function openWith(view: View, t: number, ephemeral: bigint): readonly bigint[] {
  const words = view.round.messages.find((message) => message.t === t)!.words;
  const { statement, rules } = view.round;
  const stream = keystream(sharedPoint(sharedRoot(ephemeral, statement.coordinatorKey)), rules.ctx);
  return stream.map((k, i) => mod((words[2 + i] as bigint) - k));
}
