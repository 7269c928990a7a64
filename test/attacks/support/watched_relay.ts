import { vi } from "vitest";
import { makeStamp, type Stamp } from "../../../src/donor/stamp.ts";
import { encodeMessage, type MessageWords } from "../../../src/protocol/message.ts";
import { createApi } from "../../../src/service/api.ts";
import {
  coverInterval,
  CoverStock,
  planCover,
  type CoverMoment,
  type CoverSettings,
  type IntervalCover,
} from "../../../src/service/cover_clock.ts";
import { coverMessage } from "../../../src/service/cover_message.ts";
import { createLogger } from "../../../src/service/logger.ts";
import { createMetrics } from "../../../src/service/metrics.ts";
import type { RelayOptions } from "../../../src/service/relay_options.ts";
import { seeded } from "../../helpers/seeded.ts";
import { heldRelay, ROUND } from "../../service/support/relay.ts";

/** The relay as it is, or broken in a way that somebody outside must be able to see. */
export const BROKEN = [
  ["a request draws cover", "batches"],
  ["a request moves cover's clock", "batches"],
  ["random cover counts towards the floor", "batches"],
  ["floor cover never steps aside", "batches"],
  ["a batch goes out when a donor comes", "batches"],
  ["an answer counts what waits", "answers"],
  ["a line of the log for a donor's message", "log"],
  ["a metric of cover alone", "metrics"],
] as const;
export type Broken = (typeof BROKEN)[number][0] | undefined;

export const distinct = (base: MessageWords, batch: number, at: number): MessageWords =>
  base.with(9, BigInt(batch)).with(10, BigInt(Math.floor(at * 1e6)));

/** Numbers in (0, 1) that come again with the seed. */
export function fractions(seed: string): () => number {
  const random = seeded(seed);
  return () => (random.index(2 ** 47 - 1) + 1) / 2 ** 47;
}

/** A relay behind its API, with what its log, metrics and chain show. */
export async function watchedRelay(settings: CoverSettings & Partial<RelayOptions>) {
  const metrics = createMetrics();
  const held = await heldRelay({
    ...settings,
    messagesPerHour: 10 ** 6,
    onPublished: metrics.relayed,
  });
  let logged = "";
  const logger = createLogger("debug", { write: (line) => void (logged += line) });
  const shown = { detail: "" };
  const api = await createApi({
    views: () => [
      {
        round: ROUND,
        state: "following",
        phase: undefined,
        block: 1,
        items: 0,
        tally: undefined,
        ...shown,
      },
    ],
    findRelay: () => held.relay,
    isDatabaseUp: async () => true,
    logger,
    requestsPerMinute: 20,
    trustProxy: false,
  });
  const solveStamp = (messages: readonly MessageWords[]) =>
    makeStamp(held.relay.challenge(), { round: ROUND, messages });
  const donorPost = async (messages: readonly MessageWords[], made?: Stamp) => {
    const stamp = made ?? (await solveStamp(messages));
    const { statusCode } = await api.app.inject({
      method: "POST",
      url: `/rounds/${ROUND}/messages`,
      headers: { "content-type": "application/json" },
      payload: JSON.stringify({ messages: messages.map(encodeMessage), stamp }),
    });
    if (statusCode !== 202) throw new Error(`a donor's message was answered with ${statusCode}`);
  };
  return {
    ...held,
    settings,
    api,
    metrics,
    logger,
    shown,
    logged: () => logged,
    solveStamp,
    donorPost,
  };
}

/** A donor's ballot: when it comes, and of how many messages it is. */
export type Gift = { readonly at: number; readonly messages: number };

const base = coverMessage();
/** Seconds between two looks of the neighbour, who has the donor's own network address. */
const LOOK_SECONDS = 30;

/**
 * All that somebody outside sees of two intervals: the chain's batches and their moments, every answer to a neighbour behind the donor's own
 * address who asks all the time, with its headers, the log, and the metrics that are this program's own. Time is the test's.
 * @param seed of the cover's draw and of nothing else
 */
export async function outsidersView(
  seed: string,
  settings: CoverSettings,
  gifts: readonly Gift[],
  broken?: Broken,
): Promise<Record<string, unknown>> {
  vi.useFakeTimers({ toFake: ["Date"], now: 7_200_000 });
  const relay = await watchedRelay(settings);
  const { api, chain } = relay;
  const stock = new CoverStock(settings);
  const answers: string[] = [];
  const batches: { readonly at: number; readonly size: number }[] = [];
  let [now, waiting] = [0, 0];
  const flush = async (...cover: Parameters<typeof relay.relay.flush>) => {
    const before = chain.batches.length;
    await relay.relay.flush(...cover);
    for (const { words } of chain.batches.slice(before))
      batches.push({ at: now, size: words.length });
  };
  const published = (cover: IntervalCover) => {
    const words = new Set(chain.batches.flatMap((batch) => batch.words));
    return [...cover.keys()].filter((name) => words.has(name.split(",").map(BigInt).join())).length;
  };
  const look = async () => {
    const garbage = { method: "POST", url: `/rounds/${ROUND}/messages`, payload: {} } as const;
    const urls = ["/health", "/rounds", `/rounds/${ROUND}`, `/rounds/${ROUND}/stamp`];
    for (const request of [...urls.map((url) => ({ method: "GET", url }) as const), garbage]) {
      const { statusCode, headers, body } = await api.app.inject(request);
      delete headers.date; // the machine's own
      const text = JSON.stringify([statusCode, headers, body]);
      answers.push(text.replace(/epoch\W+[0-9a-f]{32}/, "epoch"));
    }
  };
  const post = async (gift: Gift, interval: number, start: number) => {
    if (broken === "a line of the log for a donor's message") relay.logger.info("a message");
    waiting += gift.messages;
    if (broken === "an answer counts what waits") relay.shown.detail = `${waiting} wait`;
    await relay.donorPost(
      Array.from({ length: gift.messages }, (_, i) => distinct(base, interval, gift.at + i)),
    );
    if (broken === "a request draws cover") await api.postCover(ROUND, coverMessage());
    if (broken === "a batch goes out when a donor comes") await flush();
    return start;
  };
  for (let interval = 0; interval < 2; interval++) {
    const start = interval * settings.batchSeconds;
    const gone = { by: 0 };
    // What happens in this interval besides cover, in its order: looks, and donors' messages.
    const events = [
      ...Array.from({ length: Math.floor(settings.batchSeconds / LOOK_SECONDS) }, (_, i) => ({
        at: (i + 0.5) * LOOK_SECONDS,
        run: look,
      })),
      ...gifts
        .filter(({ at }) => Math.floor(at / settings.batchSeconds) === interval)
        .map((gift) => ({
          at: gift.at - start,
          run: async () => {
            await post(gift, interval, start);
            if (broken === "a request moves cover's clock") gone.by += gift.at - start;
          },
        })),
    ].sort((a, b) => a.at - b.at);
    const until = async (seconds: number) => {
      while (events[0] !== undefined && events[0].at < seconds) {
        const { at, run } = events.shift() as (typeof events)[number];
        now = start + at;
        vi.setSystemTime(7_200_000 + 1000 * now);
        await run();
      }
      now = start + seconds;
      vi.setSystemTime(7_200_000 + 1000 * now);
      return seconds + gone.by <= settings.batchSeconds || seconds === settings.batchSeconds;
    };
    const moments: readonly CoverMoment[] = planCover(settings, fractions(`${seed} ${interval}`));
    const cover = await coverInterval(
      { settings, post: (words) => api.postCover(ROUND, words).then(() => true), until },
      stock,
      moments,
    );
    await until(settings.batchSeconds);
    const kinds = [...cover];
    await flush(
      broken === "floor cover never steps aside"
        ? undefined
        : broken === "random cover counts towards the floor"
          ? new Map(kinds.filter(([, kind]) => kind === "floor"))
          : cover,
    );
    if (broken === "a metric of cover alone") relay.metrics.failed(`cover ${published(cover)}`);
  }
  const metrics = (await relay.metrics.registry.metrics())
    .split("\n")
    .filter((line) => !/process_|nodejs_/.test(line));
  const view = {
    batches,
    answers,
    metrics,
    log: relay
      .logged()
      .replace(/"responseTime":[\d.]+/g, "")
      .replace(/"reqId":"[^"]+"/g, ""),
  };
  await api.app.close();
  await relay.database.close();
  vi.useRealTimers();
  return view;
}
