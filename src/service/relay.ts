import { randomInt, randomUUID } from "node:crypto";
import type { Abi, Address, TransactionReceipt } from "viem";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { readProgress } from "../chain/round.ts";
import type { ReadClient } from "../chain/client.ts";
import { ContractRefusedError } from "../chain/send.ts";
import { finalBlock, type Finality } from "../chain/finality.ts";
import type { StepSender } from "../coordinator/sending/sender.ts";
import { relayQueue, type QueuedMessage, type RelayQueue } from "../coordinator/store/relay_queue.ts";
import type { Database } from "../coordinator/store/database.ts";
import { BaseError } from "../errors.ts";
import { isPublishable, type MessageWords } from "../protocol/message.ts";
import { roundRefText } from "../protocol/round_ref.ts";
import { coverMessage, drawCover } from "./cover_message.ts";

export class MessageRefusedError extends BaseError {
  constructor(why: string) {
    super(`The message is refused: ${why}.`, { fix: "Send what `createMessages` makes for this round: 11 words below p, the first two a point of the curve." });
  }
}

export class RelayClosedError extends BaseError {
  constructor(phase: string) {
    super(`The relay takes no more messages: the round is in phase "${phase}", or too close to its end.`, { fix: "Until the round's end anyone can publish on the chain itself." });
  }
}

export class RelayFullError extends BaseError {
  constructor() {
    super("The relay has taken as many messages in this hour as it may.", { fix: "Try again later, or publish on the chain yourself." });
  }
}

export class RelayLimitError extends BaseError {
  constructor(cover: number, limit: number) {
    super(`The relay's limit of ${limit} messages an hour leaves no room beside ${cover} cover messages.`, { fix: "Raise --relay-limit or lower --cover." });
  }
}

export type RelayOptions = {
  readonly client: ReadClient;
  readonly database: Database;
  readonly sender: StepSender;
  readonly chainId: number;
  readonly round: Address;
  readonly finality: Finality;
  readonly messageFee: bigint;
  /** The round's end, in seconds. */
  readonly end: bigint;
  /** A batch goes out when so many messages wait, … */
  readonly batchSize: number;
  /** … and at every tick, so many seconds apart. */
  readonly batchSeconds: number;
  /** Cover messages an hour, on average. */
  readonly coverPerHour: number;
  /** Messages an hour, cover among them: bounds what strangers can make the relay pay. */
  readonly messagesPerHour: number;
  /** Donors' and cover messages together: nobody is to learn how many of each. */
  readonly onPublished?: (messages: number) => void;
};

/**
 * Publishes donors' messages from the relay's account: whoever watches the chain learns no sender, and learns no time better than a
 * batch. It can read nothing that the chain will not show, and keeps neither addresses nor times beside messages.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #queue: RelayQueue;
  #hour = { started: Date.now(), taken: 0 };
  #coveredUntil = performance.now();
  #flushing: Promise<void> = Promise.resolve();

  /** @throws RelayLimitError */
  constructor(options: RelayOptions) {
    if (options.coverPerHour >= options.messagesPerHour) throw new RelayLimitError(options.coverPerHour, options.messagesPerHour);
    this.#options = options;
    this.#queue = relayQueue(options.database, roundRefText({ chainId: options.chainId, address: options.round }));
  }

  /** Takes one donor's messages, all or none, in their order. @throws MessageRefusedError, RelayClosedError, RelayFullError */
  async accept(messages: readonly MessageWords[]): Promise<void> {
    const { client, round, end, batchSize, batchSeconds, messagesPerHour } = this.#options;
    if (messages.length === 0 || messages.length > batchSize) throw new MessageRefusedError(`there must be 1 to ${batchSize} of them`);
    const wrong = messages.findIndex((words) => !isPublishable(words));
    if (wrong >= 0) throw new MessageRefusedError(`number ${wrong + 1} has a word of p or more, or no acceptable point`);
    const [{ phase }, { timestamp }] = await Promise.all([readProgress(client, round), client.getBlock()]);
    if ((phase !== "contributing" && phase !== "before start") || timestamp + BigInt(Math.ceil(2 * batchSeconds)) >= end) throw new RelayClosedError(phase);
    await this.#addCover();
    if (Date.now() - this.#hour.started >= 3_600_000) this.#hour = { started: Date.now(), taken: 0 };
    if (this.#hour.taken + messages.length > messagesPerHour) throw new RelayFullError();
    this.#hour.taken += messages.length;
    await this.#queue.add(messages);
    if ((await this.#queue.waiting()) >= batchSize) this.flush().catch(() => undefined); // the next tick tries again and reports
  }

  /** Called every `batchSeconds`: what waits goes out, its cover with it. */
  async tick(): Promise<void> {
    const { timestamp } = await this.#options.client.getBlock();
    if (timestamp < this.#options.end) await this.#addCover();
    await this.flush();
  }

  /**
   * Cover comes like donors' messages, at random moments (a Poisson process): before each message that is taken and at each tick, that of
   * the time since. So who makes batches go out, or fills the hour, at moments of his own choice still finds cover in every count.
   */
  async #addCover(): Promise<void> {
    const now = performance.now();
    const cover = drawCover((this.#options.coverPerHour * (now - this.#coveredUntil)) / 3_600_000);
    this.#coveredUntil = now;
    this.#hour.taken += cover;
    for (let i = 0; i < cover; i++) await this.#queue.add([coverMessage()]);
  }

  /** Publishes what waits. One at a time; also brings to an end what a crash or a reorganisation has left undone. */
  flush(): Promise<void> {
    const next = this.#flushing.catch(() => undefined).then(() => this.#flush());
    this.#flushing = next;
    return next;
  }

  async #flush(): Promise<void> {
    for (const batch of await this.#queue.openBatches()) await this.#publish(batch);
    while ((await this.#queue.waiting()) > 0) {
      const batch = randomUUID();
      await this.#queue.assign(batch, shuffled, this.#options.batchSize);
      await this.#publish(batch);
    }
  }

  async #publish(batch: string): Promise<void> {
    const { client, sender, round, messageFee, finality, onPublished } = this.#options;
    const messages = await this.#queue.ofBatch(batch);
    const call = async () => ({
      address: round, abi: iRoundAbi as Abi, functionName: "publishBatch", args: [messages.map(({ words }) => words)], value: messageFee * BigInt(messages.length),
    });
    // Mined is done; as nothing else on the chain would tell, the messages are kept until the block is final.
    let receipt: TransactionReceipt | undefined;
    try {
      receipt = await sender.perform({ name: `relay ${batch}`, isDone: async (mined) => mined !== undefined, call });
    } catch (error) {
      // Too late: the round ended, or was cancelled, while they waited. No transaction will ever take them.
      if (error instanceof ContractRefusedError && (error.reason === "OutsideInterval" || error.reason === "NotLive")) return this.#queue.remove(batch);
      throw error;
    }
    if (receipt === undefined || Number(receipt.blockNumber) > (await finalBlock(client, finality)).number) return;
    await this.#queue.remove(batch);
    onPublished?.(messages.length);
  }
}

/** Groups in random order, each group's messages in theirs. */
function shuffled(groups: readonly (readonly QueuedMessage[])[]): QueuedMessage[] {
  const order = [...groups];
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [order[i], order[j]] = [order[j] as readonly QueuedMessage[], order[i] as readonly QueuedMessage[]];
  }
  return order.flat();
}
