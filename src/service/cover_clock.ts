import { randomInt } from "node:crypto";
import { encodeMessage, type MessageWords } from "../protocol/message.ts";
import { coverMessage } from "./cover_message.ts";

export type CoverSettings = {
  /** Cover messages an hour that come at random moments, on average. */
  readonly coverPerHour: number;
  /** Messages that no batch goes out without, beside those: cover makes up what is missing. */
  readonly coverFloor: number;
  /** Seconds from one batch to the next. */
  readonly batchSeconds: number;
};

/** `random`: goes out whatever else does. `floor`: steps aside for a donor's message when the batch is made up. */
export type CoverKind = "random" | "floor";

/** When cover is due, in seconds from the last batch. */
export type CoverMoment = { readonly at: number; readonly kind: CoverKind };

/** Resolution of a random fraction: what randomInt gives at most. */
const FRACTION = 2 ** 47;
const secureFraction = (): number => randomInt(1, FRACTION) / FRACTION;

/**
 * The cover of one interval, drawn before anything of it is known: a Poisson process, so that no count tells how many are donors', and the floor,
 * each at even chance anywhere. Nothing that happens in the interval changes a moment.
 * @param fraction gives numbers in (0, 1), uniform
 */
export function planCover(
  { coverPerHour, coverFloor, batchSeconds }: CoverSettings,
  fraction: () => number = secureFraction,
): CoverMoment[] {
  const moments: CoverMoment[] = [];
  const wait = () =>
    coverPerHour === 0 ? Infinity : (-Math.log(fraction()) * 3600) / coverPerHour;
  for (let at = wait(); at < batchSeconds; at += wait()) moments.push({ at, kind: "random" });
  for (let i = 0; i < coverFloor; i++)
    moments.push({ at: fraction() * batchSeconds, kind: "floor" });
  return moments.sort((a, b) => a.at - b.at);
}

/** Cover an hour, on average, where no donor comes: the most that is published. */
export const coverAnHour = ({ coverPerHour, coverFloor, batchSeconds }: CoverSettings): number =>
  coverPerHour + (coverFloor * 3600) / batchSeconds;

/** As much cover as one interval may hold: more is drawn once in a hundred million. */
export function mostCover({ coverPerHour, coverFloor, batchSeconds }: CoverSettings): number {
  const mean = (coverPerHour * batchSeconds) / 3600;
  return coverFloor + Math.ceil(mean + 6 * Math.sqrt(mean));
}

/**
 * For the first interval of a process: what waits from one that was interrupted, and which of that is cover, nobody knows any more, so all of it
 * passes for donors' messages. A floor above all the cover that it may hold hides it, and as many donors as ever.
 */
export const firstFloor = (settings: CoverSettings): number =>
  settings.coverFloor === 0 ? 0 : settings.coverFloor + mostCover(settings);

/**
 * Messages made ahead, as many after each batch as an interval can take: making them costs the same whether they are used or not.
 */
export class CoverStock {
  readonly #each: number;
  #ready: MessageWords[] = [];

  constructor(settings: CoverSettings) {
    this.#each = mostCover(settings);
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
  /** Hands a message in as donors do. @returns whether it was taken */
  readonly post: (message: MessageWords) => Promise<boolean>;
  /** Waits until so many seconds after the interval's start; false when it is over. */
  readonly until: (seconds: number) => Promise<boolean>;
};

/** What of an interval's messages is cover, by `coverName`. Only this process's memory has it, and only until the batch is made up. */
export type IntervalCover = ReadonlyMap<string, CoverKind>;

export const NO_COVER: IntervalCover = new Map();

export const coverName = (message: MessageWords): string => encodeMessage(message).join();

/** One interval's cover, each at its moment: the same number at the same moments, whatever donors do. */
export async function coverInterval(
  { settings, post, until }: CoverDoor,
  stock: CoverStock,
  moments: readonly CoverMoment[] = planCover(settings),
): Promise<IntervalCover> {
  const cover = new Map<string, CoverKind>();
  for (const { at, kind } of moments) {
    if (!(await until(at))) return cover;
    const message = stock.take();
    if (await post(message)) cover.set(coverName(message), kind);
  }
  await until(settings.batchSeconds);
  return cover;
}

/** Which of the messages that wait for a batch step aside: floor cover beyond what the donors' leave of the floor. Sizes are max(floor, donors) + random. */
export function superfluous<T extends { readonly words: MessageWords }>(
  waiting: readonly T[],
  cover: IntervalCover,
  floor: number,
): T[] {
  const findKind = ({ words }: T) => cover.get(coverName(words));
  const donors = waiting.filter((message) => findKind(message) === undefined).length;
  return waiting
    .filter((message) => findKind(message) === "floor")
    .slice(Math.max(0, floor - donors));
}
