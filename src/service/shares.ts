import { BaseError } from "../errors.ts";
import type { ClientNames } from "./client_networks.ts";

export class ShareTakenError extends BaseError {
  constructor() {
    super(
      "So many messages have come from this network in this hour that the rest is kept for others.",
      { fix: "Try again later, or publish on the chain yourself." },
    );
  }
}

/** Of the hour's messages, what one client and what one network may take. */
const [CLIENT_SHARE, NETWORK_SHARE] = [1 / 20, 1 / 5];
/** The last part of an hour is for clients that have had few messages in it. */
const [RESERVE_SHARE, RESERVE_EACH] = [1 / 4, 4];
const HOUR_MS = 3_600_000;

/** Who has taken how many messages of the hour: nobody can take what others need. Names of clients are forgotten with the hour. */
export class Shares {
  readonly #most: number;
  #hour = 0;
  #taken = 0;
  #by = new Map<string, number>();

  /** @param most messages an hour, cover among them */
  constructor(most: number) {
    this.#most = most;
  }

  /** How much of the hour is taken, from 0 on. */
  get share(): number {
    this.#turn();
    return this.#taken / this.#most;
  }

  /** Counts messages that are about to be taken; cover is counted like any other, and never refused. @throws ShareTakenError */
  take(count: number, names: ClientNames, isCover = false): void {
    this.#turn();
    this.#charge(count, names, isCover);
    this.#taken += count;
  }

  /** Undoes a `take` whose messages were refused after all. */
  give(count: number, names: ClientNames): void {
    this.#taken = Math.max(0, this.#taken - count);
    for (const name of shareKeys(names))
      this.#by.set(name, Math.max(0, (this.#by.get(name) ?? 0) - count));
  }

  #charge(count: number, names: ClientNames, isCover: boolean): void {
    const [client, network] = shareKeys(names);
    const [ofClient, ofNetwork] = [
      (this.#by.get(client) ?? 0) + count,
      (this.#by.get(network) ?? 0) + count,
    ];
    const isReserve = this.#taken + count > this.#most * (1 - RESERVE_SHARE);
    const most = isReserve
      ? Math.min(RESERVE_EACH, this.#most * CLIENT_SHARE)
      : this.#most * CLIENT_SHARE;
    const isTooMuch =
      ofClient > Math.max(1, most) ||
      ofNetwork > Math.max(1, this.#most * NETWORK_SHARE) ||
      this.#taken + count > this.#most;
    if (isTooMuch && !isCover) throw new ShareTakenError();
    this.#by.set(client, ofClient).set(network, ofNetwork);
  }

  #turn(): void {
    const hour = Math.floor(Date.now() / HOUR_MS);
    if (hour === this.#hour) return;
    [this.#hour, this.#taken, this.#by] = [hour, 0, new Map()];
  }
}

const shareKeys = ({ client, network }: ClientNames): readonly [string, string] => [
  `client ${client}`,
  `network ${network}`,
];
