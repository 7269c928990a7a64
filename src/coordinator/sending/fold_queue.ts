import { TransactionFailedError } from "../../chain/fate.ts";
import { ContractRefusedError } from "../../chain/send.ts";

/** Steps on their way that stand on each other. More would only wait in the nodes' pools. */
export const IN_FLIGHT = 4;

/**
 * Submits dependent transactions, several at a time where the sender preserves nonce order; after one
 * is refused, because somebody else has moved the round, the others cannot hold either, and all go one by one from where the round is.
 */
export class FoldQueue<T> {
  readonly #sendAhead: (item: T, onSigned: () => void) => Promise<void>;
  readonly #sendNow: (item: T) => Promise<void>;
  readonly #inFlight: { readonly item: T; readonly done: Promise<void> }[] = [];
  #oneByOne: boolean;

  constructor(
    isOrdered: boolean,
    sendAhead: (item: T, onSigned: () => void) => Promise<void>,
    sendNow: (item: T) => Promise<void>,
  ) {
    this.#oneByOne = !isOrdered;
    this.#sendAhead = sendAhead;
    this.#sendNow = sendNow;
  }

  /** Settles when the step has its place in the order and there is room for another. */
  async add(item: T): Promise<void> {
    if (this.#oneByOne) return this.#sendNow(item);
    const signed = Promise.withResolvers<void>();
    const done = this.#sendAhead(item, signed.resolve);
    done.catch(() => undefined); // met when its turn comes
    this.#inFlight.push({ item, done });
    await Promise.race([signed.promise, done.catch(() => undefined)]);
    while (this.#inFlight.length >= IN_FLIGHT) await this.#finishFirst();
  }

  /** Settles when all steps are mined. @throws what sending throws */
  async drain(): Promise<void> {
    while (this.#inFlight.length > 0) await this.#finishFirst();
  }

  async #finishFirst(): Promise<void> {
    const first = this.#inFlight.shift() as { readonly item: T; readonly done: Promise<void> };
    try {
      await first.done;
    } catch (error) {
      if (!(error instanceof ContractRefusedError || error instanceof TransactionFailedError))
        throw error;
      const rest = [first, ...this.#inFlight.splice(0)];
      await Promise.allSettled(rest.map(({ done }) => done));
      this.#oneByOne = true;
      for (const { item } of rest) await this.#sendNow(item);
    }
  }
}
