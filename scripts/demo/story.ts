import { publish } from "../../src/chain/publish.ts";
import { readProgress } from "../../src/chain/round.ts";
import { ContractRefusedError } from "../../src/chain/send.ts";
import { showAmount } from "../../src/cli/input/amounts.ts";
import { planBallot } from "../../src/devnet/donors.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { contributeAs, fundAs, topUpAs, type Devnet } from "../../src/devnet/devnet.ts";
import { integerSqrt } from "../../src/matching/sqrt.ts";
import { ballotCost, type Ballot } from "../../src/protocol/ballot.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { generateKeyPair, type KeyPair } from "../../src/protocol/key.ts";
import { createMessages } from "../../src/protocol/message.ts";
import {
  indexAmounts,
  DONORS,
  POOL,
  SECOND_THOUGHTS,
  TOP_UP,
  VICTORS_PROJECT,
  type Character,
} from "./cast.ts";
import { attacksAtTheDoor, attacksInside, coverMessage } from "./strangers.ts";
import { list, scene, tell } from "./tell.ts";

/** A donor with both keys. In real life nobody has all of this in one place. */
type Person = Character & {
  readonly first: KeyPair;
  readonly lasting: KeyPair;
  readonly tag: bigint;
};

/** What the story did, for the checks at the end. */
export type Played = {
  readonly ballots: ReadonlyMap<string, Ballot>;
  readonly contributed: bigint;
  readonly messages: number;
};

const COVER_EVERY = 3;

/** Plays everything up to the end of the round, and tells it. */
export async function playStory(devnet: Devnet): Promise<Played> {
  const story = new Story(devnet);
  await story.sponsor();
  await story.ballotsBeforeMoney();
  await story.contributions();
  await story.secondThoughts();
  await story.briber();
  await story.strangers();
  await story.topUp();
  return { ballots: story.counted, contributed: story.contributed, messages: story.messages };
}

class Story {
  /** Ballots that must count in the end, by donor. */
  readonly counted = new Map<string, Ballot>();
  contributed = 0n;
  messages = 0;
  readonly #devnet: Devnet;
  readonly #oneToken: bigint;
  readonly #people: readonly Person[];
  #somebodysMessage: readonly bigint[] = [];

  constructor(devnet: Devnet) {
    this.#devnet = devnet;
    this.#oneToken = 10n ** BigInt(devnet.token.decimals);
    this.#people = DONORS.map((character) => {
      const [first, lasting] = [generateKeyPair(), generateKeyPair()];
      return {
        ...character,
        first,
        lasting,
        tag: deriveTag(devnetAddress(`donor ${character.name}`), first.publicKey),
      };
    });
  }

  async sponsor(): Promise<void> {
    scene("A sponsor puts up the matching pool");
    await fundAs(this.#devnet, "sponsor", BigInt(POOL) * this.#oneToken);
    tell(
      `${this.#tokens(POOL)} that will be shared among the projects by quadratic funding: many small gifts count for more than one large one.`,
    );
  }

  async ballotsBeforeMoney(): Promise<void> {
    scene("Sixteen donors send their ballots, before they pay anything");
    tell(
      "Each makes a throw-away key and sends an encrypted ballot that also replaces this key by a lasting one (a rotation). A relayer passes the messages on, mixed with empty cover messages of its own. Only the coordinator can read them.",
    );
    for (const [i, person] of this.#people.entries()) {
      if (i % COVER_EVERY === 0)
        await this.#publish(
          coverMessage(
            this.#devnet.config,
            this.#devnet.coordinator.publicKey,
            await this.#items(),
          ),
        );
      const ballot = this.#ballotFor(person.wishes);
      const pages = await this.#vote(person, person.first, person.lasting, ballot);
      this.#somebodysMessage = i === 0 ? (pages[0] as bigint[]) : this.#somebodysMessage;
      this.counted.set(person.name, ballot);
    }
    list([
      `Nora supports ${this.#person("Nora").ballotSize} projects: 24 fit a message, so hers takes two.`,
      `${this.messages} messages so far.`,
    ]);
  }

  async contributions(): Promise<void> {
    scene("Then they contribute, each from her or his own account");
    await this.#devnet.chain.warpTo(this.#devnet.config.start);
    for (const { name, first, wishes, pays } of this.#people) {
      const amount =
        BigInt(pays ?? Object.values(wishes).reduce((sum, tokens) => sum + tokens, 0)) *
        this.#oneToken;
      await contributeAs(this.#devnet, `donor ${name}`, first.publicKey, amount);
      this.contributed += amount;
    }
    tell(
      `Everyone sees who gives how much: ${showAmount(this.contributed, this.#devnet.token)} in all. Nobody sees for what. The keys that become public now are dead already.`,
    );
    const omar = this.#countedBallot("Omar");
    this.counted.delete("Omar");
    list([
      `Omar overspends: his ballot costs ${ballotCost(omar)} voice credits, he paid for ${this.#credits(this.#person("Omar").pays ?? 0)}. It will not count.`,
      `Priya's ballot costs ${ballotCost(this.#countedBallot("Priya"))} and she paid for ${this.#credits(this.#person("Priya").pays ?? 0)}; she will do something about it.`,
    ]);
  }

  async secondThoughts(): Promise<void> {
    scene("Ines changes her mind");
    const ines = this.#person("Ines");
    const ballot = this.#ballotFor(SECOND_THOUGHTS);
    await this.#vote(ines, ines.lasting, ines.lasting, ballot);
    this.counted.set("Ines", ballot);
    tell(
      "She sends another ballot, signed with her lasting key. It replaces the first. From outside it looks like any other message.",
    );
  }

  async briber(): Promise<void> {
    scene("Victor buys a vote");
    const kemal = this.#person("Kemal");
    const votes = integerSqrt(
      this.#credits(Object.values(kemal.wishes).reduce((sum, tokens) => sum + tokens, 0)),
    );
    const victorsKey = generateKeyPair();
    await this.#vote(kemal, kemal.first, victorsKey, new Map([[VICTORS_PROJECT, votes]]));
    tell(
      `He pays Kemal for the key that Kemal contributed with. It is the real one: anybody can see it on the chain. With it Victor gives all of Kemal's credits, ${votes} votes, to his own project, Villa Victor, and puts in a key of his own. Nothing tells him that Kemal had rotated before: his ballot is void, and Kemal's stands.`,
    );
  }

  async strangers(): Promise<void> {
    scene("Strangers try to break it");
    const { config, coordinator, round, chain } = this.#devnet;
    const stranger = await chain.as("stranger");
    for (const { name, words } of attacksAtTheDoor()) {
      const refused = await publish(stranger, {
        round,
        message: words,
        messageFee: config.messageFee,
      }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!(refused instanceof ContractRefusedError))
        throw refused ?? new Error(`the contract took ${name}`);
      list([`refused at the door (${refused.reason}): ${name}`]);
    }
    for (const { name, words } of attacksInside(
      config,
      coordinator.publicKey,
      this.#person("Ana").tag,
      this.#somebodysMessage,
    )) {
      await this.#publish(words, "stranger");
      list([`taken, and without effect: ${name}`]);
    }
  }

  async topUp(): Promise<void> {
    scene("Priya tops up");
    const priya = this.#person("Priya");
    await topUpAs(this.#devnet, "donor Priya", priya.tag, BigInt(TOP_UP) * this.#oneToken);
    this.contributed += BigInt(TOP_UP) * this.#oneToken;
    tell(
      `With ${this.#tokens(TOP_UP)} more her ballot fits: what counts are the credits at the end.`,
    );
  }

  #person(name: string): Person & { readonly ballotSize: number } {
    const person = this.#people.find((one) => one.name === name) as Person;
    return { ...person, ballotSize: Object.keys(person.wishes).length };
  }

  #countedBallot(name: string): Ballot {
    return this.counted.get(name) as Ballot;
  }

  #ballotFor(wishes: Character["wishes"]): Ballot {
    return planBallot(
      { name: "", amounts: indexAmounts(wishes, this.#oneToken) },
      this.#devnet.config.unit,
    ).ballot;
  }

  #credits(tokens: number): bigint {
    return (BigInt(tokens) * this.#oneToken) / this.#devnet.config.unit;
  }

  #tokens(amount: number): string {
    return showAmount(BigInt(amount) * this.#oneToken, this.#devnet.token);
  }

  async #items(): Promise<number> {
    return (await readProgress(this.#devnet.chain.read, this.#devnet.round)).items;
  }

  /** Publishes a ballot through the relayer; answers its messages. */
  async #vote(
    { tag }: Person,
    signer: KeyPair,
    newKey: KeyPair,
    ballot: Ballot,
  ): Promise<bigint[][]> {
    const { config, coordinator } = this.#devnet;
    const messages = createMessages({
      ctx: config.context,
      coordinatorKey: coordinator.publicKey,
      tag,
      signer,
      newKey: newKey.publicKey,
      ballot,
      itemsSeen: await this.#items(),
    });
    for (const message of messages) await this.#publish(message);
    return messages;
  }

  async #publish(message: readonly bigint[], sender = "relayer"): Promise<void> {
    const { chain, round, config, gas } = this.#devnet;
    gas.add(
      "publish",
      (await publish(await chain.as(sender), { round, message, messageFee: config.messageFee }))
        .gasUsed,
    );
    this.messages++;
  }
}
