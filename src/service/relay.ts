import { readProgress } from "../chain/round.ts";
import { relayQueue, type RelayQueue } from "../coordinator/store/relay_queue.ts";
import type { Stamp, StampChallenge } from "../donor/stamp.ts";
import { isPublishable, type MessageWords } from "../protocol/message.ts";
import { roundRefText } from "../protocol/round_ref.ts";
import type { ClientNames } from "./client_networks.ts";
import type { ContributionRelay } from "./contribution_relay.ts";
import { coverAnHour, NO_COVER, type IntervalCover } from "./cover_clock.ts";
import {
  MessageRefusedError,
  RelayClosedError,
  RelayFullError,
  RelayLimitError,
} from "./relay_errors.ts";
import type { RelayOptions, RelaySettings } from "./relay_options.ts";
import { RelayPublisher } from "./relay_publisher.ts";
import { Shares } from "./shares.ts";
import { StampMissingError, Stamps } from "./stamps.ts";

/** Who hands messages in: a stranger with a stamp, or the relay's own cover, which comes by the same door and is refused nothing. */
export type Visitor = {
  readonly stamp: Stamp;
  readonly names: ClientNames;
  readonly isCover?: boolean;
};

/**
 * Intervals before the end in which what comes can no longer be sure to go out. Cover comes for one more: else the floor would be missing from the
 * batch of the interval in which donors are refused at last.
 */
const [LAST_INTERVALS, LAST_INTERVALS_OF_COVER] = [2, 1];

/**
 * Publishes donors' messages from the relay's account: whoever watches the chain learns no sender, and learns no time better than a
 * batch. It can read nothing that the chain will not show, and keeps neither addresses nor times beside messages. Cover comes from a clock of its
 * own (`coverInterval`) through `accept` like everything else: what a request costs, shows or waits for is the same with it and without.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #queue: RelayQueue;
  readonly #publisher: RelayPublisher;
  readonly #shares: Shares;
  readonly #stamps: Stamps;

  /** @throws RelayLimitError */
  constructor(options: RelayOptions) {
    const cover = coverAnHour(options);
    if (2 * cover > options.messagesPerHour)
      throw new RelayLimitError(cover, options.messagesPerHour);
    this.#options = options;
    this.#queue = relayQueue(
      options.database,
      roundRefText({ chainId: options.chainId, address: options.round }),
    );
    this.#publisher = new RelayPublisher(options, this.#queue);
    this.#shares = new Shares(options.messagesPerHour);
    this.#stamps = new Stamps(options.stampBits);
  }

  get settings(): RelaySettings {
    return this.#options;
  }

  /** Who sends members' contributions, where the relay does. */
  get contributions(): ContributionRelay | undefined {
    return this.#options.contributions;
  }

  /** The work that messages handed in now need. */
  challenge(): StampChallenge {
    return this.#stamps.challenge(this.#options.round, this.#shares.share);
  }

  /**
   * Takes one donor's messages, all or none, in their order. The stamp is looked at before anything else is done.
   * @throws StampMissingError, ShareTakenError, MessageRefusedError, RelayClosedError, RelayFullError
   */
  async accept(
    messages: readonly MessageWords[],
    { stamp, names, isCover = false }: Visitor,
  ): Promise<void> {
    const { round, batchSize } = this.#options;
    const isPaid = this.#stamps.isPaid(stamp, this.#shares.share, { round, messages });
    if (!isPaid && !isCover) throw new StampMissingError();
    if (messages.length === 0 || messages.length > batchSize)
      throw new MessageRefusedError(`there must be 1 to ${batchSize} of them`);
    await this.#stamps.once(stamp, { round, messages }, async () => {
      this.#shares.take(messages.length, names, isCover);
      try {
        await this.#admit(messages, isCover ? LAST_INTERVALS_OF_COVER : LAST_INTERVALS);
      } catch (error) {
        this.#shares.give(messages.length, names);
        throw error;
      }
    });
  }

  async #admit(messages: readonly MessageWords[], lastIntervals: number): Promise<void> {
    const { client, round, end, batchSeconds, mostMessages, mostWei, messageFee } = this.#options;
    const wrong = messages.findIndex((words) => !isPublishable(words));
    if (wrong >= 0)
      throw new MessageRefusedError(
        `number ${wrong + 1} has a word of p or more, or no acceptable point`,
      );
    const [{ phase }, { timestamp }] = await Promise.all([
      readProgress(client, round),
      client.getBlock(),
    ]);
    if (
      (phase !== "contributing" && phase !== "before start") ||
      timestamp + BigInt(Math.ceil(lastIntervals * batchSeconds)) >= end
    )
      throw new RelayClosedError(phase);
    const [totals, unpublished] = [await this.#queue.totals(), await this.#queue.unpublished()];
    const pending = unpublished + messages.length;
    if (totals.messages + pending > (mostMessages ?? Infinity)) throw new RelayFullError();
    if (mostWei !== undefined && totals.wei + messageFee * BigInt(pending) >= mostWei)
      throw new RelayFullError();
    await this.#queue.add(messages);
  }

  /**
   * Called every `batchSeconds`, and at no other time: what waits goes out, cover and donors' messages together.
   * @param cover what of it came from `coverInterval`
   * @param floor how much of that keeps its place beside donors' messages
   * @throws what sending throws: then the next one goes on
   */
  async flush(
    cover: IntervalCover = NO_COVER,
    floor: number = this.#options.coverFloor,
  ): Promise<void> {
    const both = [this.#publisher.flush(cover, floor), this.#options.contributions?.flush()];
    const failed = (await Promise.allSettled(both)).find(({ status }) => status === "rejected");
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  }
}
