import { randomInt } from "node:crypto";
import type { MessageWords } from "../protocol/message.ts";
import { coverMessage } from "./cover_message.ts";

export type CoverSettings = {
  /** Cover messages an hour that come at random moments, on average. */
  readonly coverPerHour: number;
  /** Messages that no batch goes out without: cover makes up what is missing. */
  readonly coverFloor: number;
  /** Seconds from one batch to the next. */
  readonly batchSeconds: number;
};

/** When cover is due, in seconds from the last batch. `ifShort`: only if the batch would otherwise stay below the floor. */
export type CoverMoment = { readonly at: number; readonly ifShort: boolean };

/** Resolution of a random fraction: what randomInt gives at most. */
const FRACTION = 2 ** 47;
const fraction = (): number => randomInt(1, FRACTION) / FRACTION;

/**
 * The cover of one interval, drawn before anything of it is known: a Poisson process, so that no count tells how many are donors', and the floor at
 * even chance anywhere, its last at the interval's end, where nothing can come after it.
 */
export function planCover({
  coverPerHour,
  coverFloor,
  batchSeconds,
}: CoverSettings): CoverMoment[] {
  const moments: CoverMoment[] = [];
  const wait = () =>
    coverPerHour === 0 ? Infinity : (-Math.log(fraction()) * 3600) / coverPerHour;
  for (let at = wait(); at < batchSeconds; at += wait()) moments.push({ at, ifShort: false });
  for (let i = 0; i < coverFloor; i++)
    moments.push({ at: i === 0 ? batchSeconds : fraction() * batchSeconds, ifShort: true });
  return moments.sort((a, b) => a.at - b.at);
}

/** Cover an hour, at most on average: random messages count towards the floor too. */
export const coverAnHour = ({ coverPerHour, coverFloor, batchSeconds }: CoverSettings): number =>
  coverPerHour + (coverFloor * 3600) / batchSeconds;

/**
 * Messages made ahead, as many after each batch as an interval can take: making them costs the same whether they are used or not.
 */
export class CoverStock {
  readonly #each: number;
  #ready: MessageWords[] = [];

  constructor({ coverPerHour, coverFloor, batchSeconds }: CoverSettings) {
    const mean = (coverPerHour * batchSeconds) / 3600;
    this.#each = coverFloor + Math.ceil(mean + 6 * Math.sqrt(mean)); // more are drawn once in a hundred million intervals
  }

  /** Makes an interval's messages anew, with a pause after each for what else is to be done. */
  async refill(): Promise<void> {
    const made: MessageWords[] = [];
    for (let i = 0; i < this.#each; i++) {
      made.push(coverMessage());
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#ready = made;
  }

  take(): MessageWords {
    return this.#ready.pop() ?? coverMessage();
  }
}

/** What a cover clock works on. */
export type CoverDoor = {
  readonly settings: CoverSettings;
  /** Messages that wait for the next batch. */
  readonly waiting: () => Promise<number>;
  /** Hands a message in as donors do. */
  readonly post: (message: MessageWords) => Promise<void>;
  /** Waits until so many seconds after the interval's start; false when it is over. */
  readonly until: (seconds: number) => Promise<boolean>;
};

/** One interval's cover, each at its moment. Its moments are drawn before; what donors do changes no wait. */
export async function coverInterval(
  { settings, waiting, post, until }: CoverDoor,
  stock: CoverStock,
): Promise<void> {
  const moments = planCover(settings);
  let floorLeft = settings.coverFloor;
  for (const { at, ifShort } of moments) {
    if (!(await until(at))) return;
    if (ifShort && (await waiting()) + floorLeft-- > settings.coverFloor) continue;
    await post(stock.take());
  }
  await until(settings.batchSeconds);
}
