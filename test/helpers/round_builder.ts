import { add, multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { sign, type Signature, type SignedContent } from "../../src/crypto/signature.ts";
import { packBallot, type Ballot, type BallotPage } from "../../src/protocol/ballot.ts";
import { encodeHeader } from "../../src/protocol/command.ts";
import { deriveContext, deriveTag } from "../../src/protocol/context.ts";
import type { RoundRef } from "../../src/protocol/round_ref.ts";
import { listItems, type Item } from "../../src/protocol/item.ts";
import { keyPairFromSecret, type KeyPair } from "../../src/protocol/key.ts";
import { halfSizePair } from "../../src/crypto/half_size.ts";
import { chainValues, type Link } from "../../src/protocol/link.ts";
import { encrypt, type MessageWords } from "../../src/protocol/message.ts";
import type { RoundRules, Verdict } from "../../src/round/semantics.ts";
import type { Statement } from "../../src/transcript/challenges.ts";
import { ORDER_8 } from "./points.ts";
import { seeded, type Seeded } from "./seeded.ts";

/** A donor as the builder knows it. `key` and `nonce` follow the messages that were expected to be accepted. */
export type Actor = {
  readonly name: string;
  readonly payer: `0x${string}`;
  readonly tag: bigint;
  /** The key given to the contract. */
  readonly firstKey: Point;
  key: KeyPair;
  nonce: bigint;
  credits: bigint;
};

/** What happens on chain, in order; `t` numbers the items (LINK-2). A contribution or top-up is called by its payer. */
export type RoundStep =
  | {
      readonly kind: "contribution";
      readonly t: number;
      readonly label: string;
      readonly payer: `0x${string}`;
      readonly tag: bigint;
      readonly key: Point;
      readonly credits: bigint;
    }
  | {
      readonly kind: "topUp";
      readonly label: string;
      readonly payer: `0x${string}`;
      readonly tag: bigint;
      readonly added: bigint;
      readonly credits: bigint;
    }
  | {
      readonly kind: "message";
      readonly t: number;
      readonly label: string;
      readonly words: MessageWords;
      readonly expected: Verdict;
    };

export type RoundOptions = {
  readonly seed: string;
  readonly projects: number;
  readonly signs?: boolean;
  /** Where the round lives: ctx follows from it (KEY-6). */
  readonly roundId?: RoundRef;
  /** Payers of the actors in order of creation; made up where the list ends. Tags follow from them (KEY-7). */
  readonly payers?: readonly `0x${string}`[];
  readonly coordinator?: KeyPair;
};

/** A finished round: steps as calls, links, items, labels by t, and what the coordinator needs. */
export type BuiltRound = {
  readonly rules: RoundRules;
  readonly roundId: RoundRef;
  readonly coordinator: KeyPair;
  readonly actors: readonly Actor[];
  readonly steps: readonly RoundStep[];
  readonly links: readonly Link[];
  readonly items: readonly Item[];
  readonly messages: readonly (RoundStep & { readonly kind: "message" })[];
  readonly statement: Statement;
};

export type SendOptions = {
  /** A one-page ballot, or raw words. */
  readonly ballot?: Ballot | BallotPage;
  readonly newKey?: KeyPair | Point;
  readonly append?: boolean;
  readonly nonce?: bigint;
  readonly tag?: bigint;
  readonly header?: bigint;
  readonly signer?: KeyPair;
  readonly ephemeral?: bigint;
  /** Adds a point of order 8 to R: the shared point stays the same. */
  readonly mixedR?: boolean;
  /** Replaces the signature; with undefined another R is drawn. */
  readonly sign?: (content: SignedContent) => Signature | undefined;
  /** Changes the signed command before it is encrypted. */
  readonly alter?: (command: bigint[]) => bigint[];
};

export const DEFAULT_ROUND_ID: RoundRef = {
  chainId: 31337,
  address: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
};

/** A coordinator key drawn from a seed (KEY-3). */
export function seededCoordinator(random: Seeded): KeyPair {
  for (;;) {
    const secret = random.scalar();
    if (halfSizePair(secret) !== undefined) return keyPairFromSecret(secret);
  }
}

export class RoundBuilder {
  readonly random: Seeded;
  readonly rules: RoundRules;
  readonly coordinator: KeyPair;
  readonly actors: Actor[] = [];
  readonly #steps: RoundStep[] = [];
  readonly #options: RoundOptions;
  #items = 0;

  constructor(options: RoundOptions) {
    this.#options = options;
    this.random = seeded(options.seed);
    this.rules = {
      projects: options.projects,
      signs: options.signs ?? false,
      ctx: deriveContext(options.roundId ?? DEFAULT_ROUND_ID),
    };
    this.coordinator = options.coordinator ?? seededCoordinator(this.random);
  }

  /** The number that the next item gets. */
  get nextT(): number {
    return this.#items + 1;
  }

  keyPair(): KeyPair {
    return keyPairFromSecret(this.random.scalar());
  }

  /** A future donor; `key` may carry torsion (publicKey ≠ secret·B). */
  actor(name: string, credits: bigint, key: KeyPair = this.keyPair()): Actor {
    const payer =
      this.#options.payers?.[this.actors.length] ??
      (`0x${this.random
        .below(1n << 160n)
        .toString(16)
        .padStart(40, "0")}` as const);
    const actor = {
      name,
      payer,
      credits,
      key,
      nonce: 0n,
      firstKey: key.publicKey,
      tag: deriveTag(payer, key.publicKey),
    };
    this.actors.push(actor);
    return actor;
  }

  contribute(actor: Actor): void {
    const { payer, tag, firstKey, credits, name } = actor;
    this.#steps.push({
      kind: "contribution",
      t: ++this.#items,
      label: `${name} contributes`,
      payer,
      tag,
      key: firstKey,
      credits,
    });
  }

  topUp(actor: Actor, added: bigint): void {
    actor.credits += added;
    this.#steps.push({
      kind: "topUp",
      label: `${actor.name} tops up`,
      payer: actor.payer,
      tag: actor.tag,
      added,
      credits: actor.credits,
    });
  }

  publish(label: string, expected: Verdict, words: MessageWords): MessageWords {
    this.#steps.push({ kind: "message", t: ++this.#items, label, words, expected });
    return words;
  }

  /** Publishes a command of `actor`, by default correct: the next nonce, the current key, kept. */
  send(actor: Actor, label: string, expected: Verdict, options: SendOptions = {}): MessageWords {
    const { append = false, signer = actor.key, alter = (words) => words } = options;
    const newKey = options.newKey ?? actor.key;
    const newPoint = "publicKey" in newKey ? newKey.publicKey : newKey;
    const nonce =
      options.nonce ??
      (append ? actor.nonce + 1n : (BigInt(this.#items) << 16n) + 1n + this.random.below(60_000n));
    const header = options.header ?? encodeHeader({ tag: options.tag ?? actor.tag, append, nonce });
    const page = makePage(
      options.ballot ??
        new Map([
          [3, 10n],
          [7, 20n],
        ]),
    );
    for (;;) {
      const ephemeral = options.ephemeral ?? this.random.scalar();
      const base = multiplyBase(ephemeral);
      const R = options.mixedR === true ? add(base, ORDER_8) : base;
      const content = { R, ctx: this.rules.ctx, words: [header, newPoint.x, newPoint.y, ...page] };
      const signature =
        options.sign === undefined
          ? sign(signer.secret, signer.publicKey, content, this.random.scalar)
          : options.sign(content);
      if (signature === undefined) continue;
      const command = alter([...content.words, signature.e, signature.s]);
      const [, , ...ciphertext] = encrypt(
        command,
        ephemeral,
        this.coordinator.publicKey,
        this.rules.ctx,
      );
      if (expected === "accepted") {
        actor.nonce = nonce;
        if ("publicKey" in newKey) actor.key = newKey;
      }
      return this.publish(`${actor.name}: ${label}`, expected, [R.x, R.y, ...ciphertext]);
    }
  }

  finish(): BuiltRound {
    const links = this.#steps.map(makeLink);
    const { rules, coordinator, actors } = this;
    const items = listItems(links);
    return {
      rules,
      coordinator,
      actors,
      links,
      items,
      roundId: this.#options.roundId ?? DEFAULT_ROUND_ID,
      steps: this.#steps,
      messages: this.#steps.filter((step) => step.kind === "message"),
      statement: {
        chainHead: chainValues(links).at(-1) as Uint8Array,
        items: items.length,
        coordinatorKey: coordinator.publicKey,
        ...rules,
      },
    };
  }
}

function makePage(ballot: Ballot | BallotPage): BallotPage {
  if (!(ballot instanceof Map)) return ballot as BallotPage;
  const pages = packBallot(ballot);
  if (pages.length !== 1) throw new RangeError("send() takes one page; append the others");
  return pages[0] as BallotPage;
}

function makeLink(step: RoundStep): Link {
  if (step.kind === "contribution")
    return { kind: "contribution", tag: step.tag, key: step.key, credits: step.credits };
  if (step.kind === "topUp") return { kind: "topUp", tag: step.tag, credits: step.credits };
  return { kind: "message", words: step.words };
}
