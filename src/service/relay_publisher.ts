import { randomInt, randomUUID } from "node:crypto";
import type { Abi, TransactionReceipt } from "viem";
import { finalBlock } from "../chain/finality.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { TransactionFailedError } from "../chain/fate.ts";
import { ContractRefusedError } from "../chain/send.ts";
import type { QueuedMessage, RelayQueue } from "../coordinator/store/relay_queue.ts";
import { describeError } from "../errors.ts";
import { NO_COVER, superfluous, type IntervalCover } from "./cover_clock.ts";
import type { RelayOptions } from "./relay_options.ts";

type PublisherOptions = Pick<
  RelayOptions,
  | "client"
  | "sender"
  | "round"
  | "messageFee"
  | "finality"
  | "end"
  | "batchSize"
  | "messagesPerHour"
  | "onPublished"
  | "onTrouble"
>;

/** Refusals of the round's state, and not of anything in a batch: it is kept whole, until the round has ended for good. */
const OF_THE_ROUND = ["OutsideInterval", "NotLive", "WrongMessageFee"];
/** Ticks at which a message that is refused by itself is tried: a lying node does not make us drop it. */
const TRIES_ALONE = 5;
const HOUR_MS = 3_600_000;

class HourSpentError extends Error {}

/** Brings a relay's queue to the chain, batch by batch, one at a time; also what a crash or a reorganisation has left undone. */
export class RelayPublisher {
  readonly #options: PublisherOptions;
  readonly #queue: RelayQueue;
  readonly #refusals = new Map<string, number>();
  #cover: IntervalCover = NO_COVER;
  #hour = { started: 0, messages: 0 };
  #gathering: Promise<void> = Promise.resolve();
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: PublisherOptions, queue: RelayQueue) {
    this.#options = options;
    this.#queue = queue;
  }

  /** @throws what sending throws: then the next flush goes on */
  flush(cover: IntervalCover, floor: number): Promise<void> {
    // At once: however long the last one takes to go out, each interval's messages are a batch of their own.
    const gathering = this.#gathering.catch(() => undefined).then(() => this.#gather(cover, floor));
    this.#gathering = gathering;
    const next = Promise.allSettled([gathering, this.#flushing]).then(() => this.#flush());
    this.#flushing = next;
    return Promise.all([gathering, next]).then(() => undefined);
  }

  /** Makes batches of what waits. */
  async #gather(cover: IntervalCover, floor: number): Promise<void> {
    const { batchSize } = this.#options;
    this.#cover = new Map([...this.#cover, ...cover]);
    const waiting = await this.#queue.waiting();
    await this.#queue.drop(superfluous(waiting, this.#cover, floor).map(({ id }) => id));
    this.#cover = NO_COVER; // not before: where the database did not answer, it waits with the next interval's
    while ((await this.#queue.assign(randomUUID(), shuffled, batchSize)) > 0);
  }

  /** Counted where a transaction is signed, and of whatever: who writes rows or batches into the database, or takes out what was sent, gets no more out than the hour has. */
  #isInHour(messages: number): boolean {
    if (Date.now() - this.#hour.started >= HOUR_MS)
      this.#hour = { started: Date.now(), messages: 0 };
    return this.#hour.messages + messages <= this.#options.messagesPerHour;
  }

  async #flush(): Promise<void> {
    const { client, finality, end, onTrouble } = this.#options;
    for (const batch of await this.#queue.openBatches()) await this.#publish(batch);
    // Only a final block tells for good that the round is over.
    if ((await finalBlock(client, finality)).timestamp < end) return;
    const lost = await this.#queue.clear();
    if (lost > 0)
      onTrouble?.({
        what: "late",
        messages: lost,
        why: "the round ended before they could be published",
      });
  }

  async #publish(batch: string): Promise<void> {
    const { client, sender, round, messageFee, finality, onPublished } = this.#options;
    const messages = await this.#queue.ofBatch(batch);
    const value = messageFee * BigInt(messages.length);
    const call = async () => {
      if (!this.#isInHour(messages.length)) throw new HourSpentError();
      return {
        address: round,
        abi: iRoundAbi as Abi,
        functionName: "publishBatch",
        args: [messages.map(({ words }) => words)],
        value,
      };
    };
    // Mined is done; as nothing else on the chain would tell, the messages are kept until the block is final.
    let receipt: TransactionReceipt | undefined;
    try {
      receipt = await sender.perform(
        { name: `relay ${batch}`, isDone: async (mined) => mined !== undefined, call },
        () => (this.#hour.messages += messages.length),
      );
    } catch (error) {
      if (error instanceof HourSpentError) return; // one of the next ticks has room
      if (!(error instanceof ContractRefusedError || error instanceof TransactionFailedError))
        throw error;
      return this.#refused(batch, messages.length, error);
    }
    this.#refusals.delete(batch);
    if (
      receipt === undefined ||
      Number(receipt.blockNumber) > (await finalBlock(client, finality)).number
    )
      return;
    await this.#queue.finish(batch, value + receipt.gasUsed * receipt.effectiveGasPrice);
    onPublished?.(messages.length);
  }

  /** A batch that the contract does not take is parted until what it does not take stands alone. */
  async #refused(
    batch: string,
    messages: number,
    error: ContractRefusedError | TransactionFailedError,
  ): Promise<void> {
    const { onTrouble } = this.#options;
    if (error instanceof ContractRefusedError && OF_THE_ROUND.includes(error.reason)) return;
    const why = describeError(error);
    if (await this.#queue.part(batch)) return onTrouble?.({ what: "parted", messages, why });
    const tries = (this.#refusals.get(batch) ?? 0) + 1;
    this.#refusals.set(batch, tries);
    if (tries < TRIES_ALONE) return;
    this.#refusals.delete(batch);
    await this.#queue.setAside(batch);
    onTrouble?.({ what: "set aside", messages, why });
  }
}

/** Groups in random order, each group's messages in theirs. */
function shuffled(groups: readonly (readonly QueuedMessage[])[]): QueuedMessage[] {
  const order = [...groups];
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [order[i], order[j]] = [
      order[j] as readonly QueuedMessage[],
      order[i] as readonly QueuedMessage[],
    ];
  }
  return order.flat();
}
