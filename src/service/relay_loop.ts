import { describeError } from "../errors.ts";
import { sleep } from "../coordinator/sending/sleep.ts";
import { CoverRefusedError, type Api } from "./api.ts";
import {
  coverInterval,
  CoverStock,
  firstFloor,
  NO_COVER,
  type CoverSettings,
  type IntervalCover,
} from "./cover_clock.ts";
import type { MessageWords } from "../protocol/message.ts";
import type { Relay } from "./relay.ts";

export type RelayLoop = {
  readonly round: string;
  readonly relay: Relay;
  readonly api: Pick<Api, "postCover">;
  readonly signal: AbortSignal;
  /** What failed; the next interval goes on. */
  readonly onError: (what: "cover" | "batch", why: string) => void;
};

/**
 * A relay at work until it is stopped: each interval's cover at its moments, then a batch. A batch that takes long holds no interval up. Where cover
 * could not be handed in, a batch would show what donors sent: its messages wait for the next one that has its floor.
 */
export async function runRelay({ round, relay, api, signal, onError }: RelayLoop): Promise<void> {
  let settings: CoverSettings = { ...relay.settings, coverFloor: firstFloor(relay.settings) };
  let kept: IntervalCover = NO_COVER;
  let isOver = false;
  const told = (what: "cover" | "batch") => (error: unknown) => {
    const refused = error instanceof CoverRefusedError ? error : undefined;
    isOver ||= refused?.isOver === true;
    if (!signal.aborted && refused?.isClosed !== true) onError(what, describeError(error));
  };
  let flushing = Promise.resolve<unknown>(undefined);
  for (let started = performance.now(); !signal.aborted; started += 1000 * settings.batchSeconds) {
    const until = async (seconds: number) => {
      await sleep(Math.max(0, started + 1000 * seconds - performance.now()) / 1000, signal);
      return !signal.aborted;
    };
    isOver = false;
    const stock = new CoverStock(settings);
    await stock.refill();
    const post = (message: MessageWords) =>
      api.postCover(round, message).then(
        () => true,
        (error: unknown) => (told("cover")(error), false),
      );
    const cover = await coverInterval({ settings, post, until }, stock).catch(
      (error: unknown) => (told("cover")(error), NO_COVER),
    );
    if (signal.aborted) break;
    kept = new Map([...kept, ...cover]);
    const floor = [...kept.values()].filter((kind) => kind === "floor").length;
    if (floor < settings.coverFloor && !isOver) continue;
    flushing = relay.flush(kept, settings.coverFloor).catch(told("batch"));
    [kept, settings] = [NO_COVER, relay.settings];
  }
  await flushing;
}
