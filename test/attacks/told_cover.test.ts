import { randomInt } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import { relayQueue } from "../../src/coordinator/store/relay_queue.ts";
import { LEAST_STAMP_BITS, makeStamp, STAMP_PARTS, type Stamp } from "../../src/donor/stamp.ts";
import { encodeMessage, isPublishable, type MessageWords } from "../../src/protocol/message.ts";
import { createApi } from "../../src/service/api.ts";
import {
  coverInterval,
  CoverStock,
  planCover,
  type CoverSettings,
} from "../../src/service/cover_clock.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { createLogger } from "../../src/service/logger.ts";
import { createMetrics } from "../../src/service/metrics.ts";
import { Relay } from "../../src/service/relay.ts";
import { heldRelay, ROUND } from "../service/support/relay.ts";
import { depth } from "../assurance/depth.ts";

/*
 * The attack: a briber asks whether there was, between two moments, any message that a donor could have sent. If the relay's cover can be
 * told from donors' messages, by its numbers, its schedule, its form or what handling it costs, the answer may be no, and what the donor opens
 * is a receipt.
 */
afterEach(() => void vi.restoreAllMocks());

it("P3 the metrics do not tell cover from donors' messages", async () => {
  const metrics = createMetrics();
  metrics.relayed(3);
  const text = await metrics.registry.metrics();
  expect(text).toContain("tacit_relay_messages_total 3");
  expect(text).not.toMatch(/kind=|cover"|cover_/);
});

it.each([0.2, 1, 3, 250])(
  "P3 cover comes at random moments: Poisson of mean %d an interval, so that no count tells how many are donors'",
  (mean) => {
    const draws = Array.from(
      { length: 4_000 },
      () => planCover({ coverPerHour: mean, coverFloor: 0, batchSeconds: 3600 }).length,
    );
    const average = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - average) ** 2, 0) / draws.length;
    expect(Math.abs(average - mean)).toBeLessThan(6 * Math.sqrt(mean / draws.length));
    expect(variance / mean).toBeGreaterThan(0.8);
    expect(variance / mean).toBeLessThan(1.2);
    if (mean < 2) for (const count of [0, 1, 2]) expect(draws).toContain(count);
    // Moments are uniform in the interval: as many in each quarter.
    const moments = Array.from({ length: 2_000 }, () =>
      planCover({ coverPerHour: mean, coverFloor: 0, batchSeconds: 3600 }).map(
        ({ at }) => at / 900,
      ),
    ).flat();
    for (let quarter = 0; quarter < 4; quarter++) {
      const share = moments.filter((at) => Math.floor(at) === quarter).length / moments.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(6 * Math.sqrt(0.19 / moments.length));
    }
  },
);

it("P3 MSG-1 a cover message has the form of any other", () => {
  const many = Array.from({ length: 64 }, coverMessage);
  expect(many.every(isPublishable)).toBe(true);
  // Every bit of a ciphertext word takes both values, up to the highest that a word has.
  for (let word = 2; word < 11; word++)
    for (const bit of [0n, 100n, 251n, 252n])
      expect(
        new Set(many.map((words) => ((words[word] as bigint) >> bit) & 1n)).size,
        `${word} ${bit}`,
      ).toBe(2);
});

/** A relay behind its API, and what its log, its answers and its queue show; a clock that the test moves. */
async function watched(settings: CoverSettings & { readonly stampBits?: number }) {
  const held = await heldRelay({ ...settings, messagesPerHour: 10 ** 6 });
  let logged = "";
  const api = await createApi({
    views: () => [],
    findRelay: () => held.relay,
    isDatabaseUp: async () => true,
    logger: createLogger("debug", { write: (line) => void (logged += line) }),
    requestsPerMinute: 10 ** 6,
    trustProxy: false,
  });
  const stock = new CoverStock(settings);
  const solveStamp = (message: MessageWords) =>
    makeStamp(held.relay.challenge(), { round: ROUND, messages: [message] });
  const donorPost = async (message: MessageWords, made?: Stamp) => {
    const stamp = made ?? (await solveStamp(message));
    const { statusCode } = await api.app.inject({
      method: "POST",
      url: `/rounds/${ROUND}/messages`,
      payload: { messages: [encodeMessage(message)], stamp } as object,
    });
    expect(statusCode).toBe(202);
  };
  /** One interval with donors' messages at these seconds. @returns when messages came into the queue, and the batch's size */
  const interval = async (donors: readonly number[]) => {
    await stock.refill();
    const came: number[] = [];
    const left = [...donors].sort((a, b) => a - b);
    const until = async (seconds: number) => {
      while ((left[0] ?? Infinity) < seconds) {
        const at = left.shift() as number;
        await donorPost(point(held.chain.batches.length, at));
        came.push(at);
      }
      now = seconds;
      return true;
    };
    let now = 0;
    await coverInterval(
      {
        settings,
        waiting: () => held.relay.waiting(),
        post: async (message) => (await api.postCover(ROUND, message), void came.push(now)),
        until,
      },
      stock,
    );
    const before = held.chain.batches.flatMap(({ words }) => words).length;
    await held.relay.flush();
    return { came, size: held.chain.batches.flatMap(({ words }) => words).length - before };
  };
  return { ...held, api, interval, logged: () => logged, donorPost, solveStamp };
}

/** Distinct messages without the cost of a point each. */
const base = coverMessage();
const point = (batch: number, at: number): MessageWords =>
  base.with(9, BigInt(batch)).with(10, BigInt(Math.floor(at * 1e6)));

/** Right guesses of the best threshold found on one half, judged on the other; and how far chance goes: three standard deviations. */
function judged(
  quiet: readonly number[],
  donor: readonly number[],
): { readonly right: number; readonly chance: number } {
  const half = (all: readonly number[], which: number) => all.filter((_, i) => i % 2 === which);
  const countRight = (q: readonly number[], d: readonly number[], t: number, above: boolean) =>
    (q.filter((x) => x >= t !== above).length + d.filter((x) => x >= t === above).length) /
    (q.length + d.length);
  let [best, threshold, side] = [0, 0, true];
  for (const t of new Set([...half(quiet, 0), ...half(donor, 0)]))
    for (const above of [true, false]) {
      const right = countRight(half(quiet, 0), half(donor, 0), t, above);
      if (right > best) [best, threshold, side] = [right, t, above];
    }
  const judges = half(quiet, 1).length + half(donor, 1).length;
  return {
    right: countRight(half(quiet, 1), half(donor, 1), threshold, side),
    chance: 0.5 + 3 * Math.sqrt(0.25 / judges),
  };
}

const GAMES = 300;

it("P3 by the sizes of batches nobody tells an interval with a donor's message from one without: cover fills up to the floor", async () => {
  const settings = { coverPerHour: 6, coverFloor: 4, batchSeconds: 300 };
  const { interval } = await watched(settings);
  const sizes: [number[], number[]] = [[], []];
  for (let i = 0; i < GAMES; i++)
    for (const donors of [0, 1] as const)
      sizes[donors].push((await interval(donors === 0 ? [] : [Math.random() * 299])).size);
  for (const all of sizes) expect(Math.min(...all)).toBe(4);
  const { right, chance } = judged(...sizes);
  expect(right).toBeLessThan(chance);
}, 120_000);

it("P3 in the queue, the log and the metrics one message is like another, and its handling the same work", async () => {
  const settings = { coverPerHour: 120, coverFloor: 0, batchSeconds: 300 };
  const { api, database, relay, logged, donorPost, chain } = await watched(settings);
  const prepare = vi.spyOn(DatabaseSync.prototype, "prepare");
  const seen = async (work: () => Promise<void>) => {
    const from = [prepare.mock.calls.length, logged().length] as const;
    await work();
    return {
      statements: prepare.mock.calls.slice(from[0]).map(([sql]) => sql),
      log: logged().slice(from[1]),
    };
  };
  const cover = await seen(() => api.postCover(ROUND, coverMessage()));
  const donor = await seen(() => donorPost(coverMessage()));
  expect(donor).toEqual(cover);
  expect(donor.statements.length).toBeGreaterThan(2);
  expect(donor.log).toBe(""); // no line tells when a message came
  const rows = await database.query.selectFrom("relay_queue").selectAll().execute();
  const form = rows.map(({ id: _, group_id, words, ...rest }) => ({
    ...rest,
    group: group_id.length,
    words: words.split(",").length,
  }));
  expect(form[0]).toEqual(form[1]);
  await relay.flush();
  expect(chain.batches.map(({ words }) => words.length)).toEqual([2]);
});

// A clock judges this one, and other work on the machine moves it: the deep tier (TACIT_FUZZ=deep) has it, on an idle machine.
if (depth(false, true)) {
  it("P3 by the time that the server is busy nobody tells a donor's message from cover", async () => {
    const { api, donorPost, solveStamp } = await watched({
      stampBits: LEAST_STAMP_BITS - 4,
      coverPerHour: 120,
      coverFloor: 0,
      batchSeconds: 300,
    });
    const busy: [number[], number[]] = [[], []];
    for (let i = 0; i < 2 * GAMES; i++) {
      const which = ((i + Math.floor(i / 2)) % 2) as 0 | 1; // each as often after itself as after the other
      const message = base.with(9, 77n).with(10, BigInt(i));
      const stamp = await solveStamp(message); // the client's work; made for both, so that both find the same rest
      const started = performance.now();
      await (which === 0 ? api.postCover(ROUND, message) : donorPost(message, stamp));
      busy[which].push(performance.now() - started);
    }
    const byTime = judged(...busy);
    expect(byTime.right).toBeLessThan(byTime.chance);
  }, 120_000);
}

it("P3 by when they come into the queue nobody tells a donor's message from cover", () => {
  const moments: [number[], number[]] = [[], []];
  for (let i = 0; i < GAMES; i++) {
    const cover = planCover({ coverPerHour: 12, coverFloor: 0, batchSeconds: 300 });
    if (cover[0] !== undefined)
      moments[0].push((cover[randomInt(cover.length)] as { at: number }).at);
    moments[1].push(Math.random() * 300);
  }
  const byMoment = judged(
    ...(moments.map((all) => all.slice(0, Math.min(moments[0].length, moments[1].length))) as [
      number[],
      number[],
    ]),
  );
  expect(byMoment.right).toBeLessThan(byMoment.chance);
});

it("P3 by the time of answers nobody tells whether cover came: a request draws and makes none", async () => {
  const settings = { coverPerHour: 3600, coverFloor: 2, batchSeconds: 300 };
  const { relay, donorPost, database } = await watched(settings);
  const queue = relayQueue(database, `31337:${ROUND}`);
  const real = performance.now();
  for (let i = 0; i < 20; i++) {
    vi.spyOn(performance, "now").mockReturnValue(real + i * 3_600_000); // hours pass between requests
    await donorPost(point(i, i));
    expect(await queue.unpublished()).toBe(i + 1); // and nothing but what was handed in is there
  }
  await relay.flush();
});

it("P3 cover needs work as donors' messages do, and only this process can hand it in without", async () => {
  const { api } = await watched({ coverPerHour: 0, coverFloor: 0, batchSeconds: 300 });
  const held = await heldRelay({ stampBits: 12 });
  const dear = await createApi({
    views: () => [],
    findRelay: () => held.relay,
    isDatabaseUp: async () => true,
    logger: createLogger("silent"),
    requestsPerMinute: 100,
    trustProxy: false,
  });
  const stamp = { epoch: "", work: Array.from({ length: STAMP_PARTS }, () => 0) };
  for (const token of ["", "00".repeat(32), "zz", "00"]) {
    const { statusCode } = await dear.app.inject({
      method: "POST",
      url: `/rounds/${ROUND}/messages`,
      headers: { "x-tacit-cover": token },
      payload: { messages: [encodeMessage(coverMessage())], stamp },
    });
    expect(statusCode, token).toBe(428);
  }
  await dear.postCover(ROUND, coverMessage());
  await api.app.close();
});

it("a relay whose limit leaves no room beside its cover does not start", async () => {
  const { options } = await heldRelay();
  const database = await openDatabase(":memory:");
  expect(
    () => new Relay({ ...options, database, coverPerHour: 200, messagesPerHour: 399 }),
  ).toThrow("too little room");
  expect(() => new Relay({ ...options, database, coverFloor: 20, messagesPerHour: 399 })).toThrow(
    "too little room",
  );
  await database.close();
});
