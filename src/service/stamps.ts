import { createHmac, randomBytes } from "node:crypto";
import { bytesToHex, type Address } from "viem";
import {
  hasStamp,
  LEAST_STAMP_BITS,
  stampSeed,
  type Stamp,
  type StampChallenge,
} from "../donor/stamp.ts";
import { BaseError } from "../errors.ts";
import type { MessageWords } from "../protocol/message.ts";

export class StampMissingError extends BaseError {
  constructor() {
    super("The messages lack the work that this relay asks for.", {
      fix: "Ask /rounds/<round>/stamp for the present epoch and bits, and do the work over these messages.",
    });
  }
}

/** Work is good for this epoch and the next: nobody can lay in a store of it for longer. */
const EPOCH_SECONDS = 300;
const LIFE_SECONDS = 2 * EPOCH_SECONDS;

/** The price stays at its least up to this share of the hour's messages, … */
const CALM = 0.5;
/** … and doubles so many times from there to a full hour: the last messages cost a flood a minute of a core each. */
const DOUBLINGS = 8;

/** Bits a part for an hour of which this share is taken, 0 to 1. */
export const bitsAt = (share: number): number =>
  LEAST_STAMP_BITS + Math.floor((DOUBLINGS * Math.max(0, Math.min(1, share) - CALM)) / (1 - CALM));

/** Says what work a round's relay asks for, and checks it. Epochs are this process's own: nobody else can tell one beforehand. */
export class Stamps {
  readonly #secret = randomBytes(32);
  readonly #bits: number | undefined;
  /** Work that was taken, by what it is over: of this turn and the one before, each as long as work is good at most. */
  #spent = new Map<string, Promise<void>>();
  #before = new Map<string, Promise<void>>();
  #turn = 0;

  /** @param bits instead of the price by load: for sandboxes */
  constructor(bits?: number) {
    this.#bits = bits;
  }

  challenge(round: string, share: number): StampChallenge {
    return { epoch: this.#epoch(round, 0), bits: this.#bits ?? bitsAt(share) };
  }

  /** One doubling less is taken too: the price may have risen while the work was done. */
  isPaid(
    stamp: Stamp,
    share: number,
    what: { readonly round: Address; readonly messages: readonly MessageWords[] },
  ): boolean {
    const isPresent = [0, 1]
      .map((back) => this.#epoch(what.round, back) === stamp.epoch)
      .includes(true);
    const bits = this.#bits ?? Math.max(LEAST_STAMP_BITS, bitsAt(share) - 1);
    return hasStamp(stamp, bits, what) && isPresent;
  }

  /**
   * Does `take` once for one work: what is handed in again with it, also meanwhile, has the first one's answer. Work whose messages were refused
   * is good again.
   */
  once(
    { epoch }: Stamp,
    what: { readonly round: Address; readonly messages: readonly MessageWords[] },
    take: () => Promise<void>,
  ): Promise<void> {
    const turn = Math.floor(Date.now() / (1000 * LIFE_SECONDS));
    if (turn !== this.#turn)
      [this.#turn, this.#before, this.#spent] = [
        turn,
        turn === this.#turn + 1 ? this.#spent : new Map(),
        new Map(),
      ];
    const [spent, key] = [this.#spent, bytesToHex(stampSeed(epoch, what))];
    const known = spent.get(key) ?? this.#before.get(key);
    if (known !== undefined) return known;
    const taking = take();
    spent.set(key, taking);
    taking.catch(() => spent.delete(key));
    return taking;
  }

  #epoch(round: string, back: number): string {
    return createHmac("sha256", this.#secret)
      .update(`${round.toLowerCase()} ${Math.floor(Date.now() / (1000 * EPOCH_SECONDS)) - back}`)
      .digest("hex")
      .slice(0, 32);
  }
}
