import { TransactionFailedError } from "../../chain/fate.ts";
import { ContractRefusedError } from "../../chain/send.ts";

/** Transactions on their way that stand on each other. More would only wait in the nodes' pools. */
export const IN_FLIGHT = 4;

/** How a queue sends: each call takes the first `batchSize(waiting)` of those that wait, in their order. */
export type FoldSending<T> = {
  /** Whether transactions keep their order, so that one may be sent before those that it stands on are mined. */
  readonly isOrdered: boolean;
  /** How many of the first that wait go into one call, at least 1. */
  readonly batchSize: (waiting: readonly T[]) => number;
  readonly sendAhead: (items: readonly T[], onSigned: () => void) => Promise<void>;
  readonly sendNow: (items: readonly T[]) => Promise<void>;
};

/** A call on its way. */
type Begun<T> = { readonly items: readonly T[]; readonly done: Promise<void> };

/**
 * Submits dependent folds, several transactions at a time where the sender preserves nonce order. While as many are on their way as may be,
 * or one is being mined, folds wait; all that wait go together in the next. After one is refused, because somebody else has moved
 * the round, the others cannot hold either, and all go one call after another from where the round is.
 */
export class FoldQueue<T> {
  readonly #sending: FoldSending<T>;
  readonly #waiting: T[] = [];
  readonly #inFlight: Begun<T>[] = [];
  #oneByOne: boolean;
  #pump: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(sending: FoldSending<T>) {
    this.#sending = sending;
    this.#oneByOne = !sending.isOrdered;
  }

  /** Takes an item, to be sent after those before it. @throws what sending an earlier one threw */
  add(item: T): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#waiting.push(item);
    this.#pump ??= this.#sendWaiting();
  }

  /** Settles when all are mined. @throws what sending throws */
  async drain(): Promise<void> {
    await this.#pump;
    if (this.#failure !== undefined) throw this.#failure.error;
    while (this.#inFlight.length > 0) await this.#finishFirst();
  }

  async #sendWaiting(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const items = this.#waiting.splice(0, this.#sending.batchSize(this.#waiting));
        if (this.#oneByOne) await this.#sending.sendNow(items);
        else await this.#begin(items);
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#pump = undefined;
  }

  /** Settles when the call has its place in the order and there is room for another. */
  async #begin(items: readonly T[]): Promise<void> {
    const signed = Promise.withResolvers<void>();
    const done = this.#sending.sendAhead(items, signed.resolve);
    done.catch(() => undefined); // met when its turn comes
    this.#inFlight.push({ items, done });
    await Promise.race([signed.promise, done.catch(() => undefined)]);
    while (this.#inFlight.length >= IN_FLIGHT) await this.#finishFirst();
  }

  async #finishFirst(): Promise<void> {
    const first = this.#inFlight.shift() as Begun<T>;
    try {
      await first.done;
    } catch (error) {
      if (!(error instanceof ContractRefusedError || error instanceof TransactionFailedError))
        throw error;
      const rest = [first, ...this.#inFlight.splice(0)];
      await Promise.allSettled(rest.map(({ done }) => done));
      this.#oneByOne = true;
      for (const { items } of rest) await this.#sending.sendNow(items);
    }
  }
}
