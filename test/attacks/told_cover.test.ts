import { Session } from "node:inspector/promises";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import { relayQueue } from "../../src/coordinator/store/relay_queue.ts";
import { STAMP_PARTS, type Stamp } from "../../src/donor/stamp.ts";
import { encodeMessage, isPublishable, type MessageWords } from "../../src/protocol/message.ts";
import { createApi } from "../../src/service/api.ts";
import { coverInterval, CoverStock, planCover } from "../../src/service/cover_clock.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { createLogger } from "../../src/service/logger.ts";
import { createMetrics } from "../../src/service/metrics.ts";
import { Relay } from "../../src/service/relay.ts";
import { judge, mostByChance } from "../assurance/chance.ts";
import { depth, FUZZ_TIMEOUT_MS } from "../assurance/depth.ts";
import { heldRelay, ROUND } from "../service/support/relay.ts";
import {
  BROKEN,
  distinct,
  fractions,
  outsidersView,
  watchedRelay,
  type Broken,
  type Gift,
} from "./support/watched_relay.ts";

/*
 * The attack: a briber asks whether there was, between two moments, any message that a donor could have sent. If the relay's cover can be
 * told from donors' messages, by its numbers, its schedule, its form or what handling it costs, the answer may be no, and what the donor opens
 * is a receipt.
 */
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

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

const SETTINGS = { coverPerHour: 24, coverFloor: 3, batchSeconds: 300 };

/** Donors who fit below the floor: none; one at any moment; a ballot of several messages; many at the very end. */
const GIFTS: readonly (readonly Gift[])[] = [
  [],
  [{ at: 1, messages: 1 }],
  [{ at: 154, messages: 1 }],
  [{ at: 299.9, messages: 1 }],
  [{ at: 200, messages: 3 }],
  [
    { at: 20, messages: 1 },
    { at: 299, messages: 2 },
    { at: 420, messages: 2 },
  ],
];

/** As many as the floor: one more would show. */
const FULL: readonly Gift[] = [{ at: 154, messages: SETTINGS.coverFloor }];

const SEEDS = Array.from({ length: depth(8, 400) }, (_, i) => `told cover ${i}`);

/** By which views, of the same draw of cover, these donors are told from none. */
async function toldBy(seed: string, gifts: readonly Gift[], broken?: Broken): Promise<string[]> {
  const [quiet, donors] = [
    await outsidersView(seed, SETTINGS, [], broken),
    await outsidersView(seed, SETTINGS, gifts, broken),
  ];
  return Object.keys(quiet).filter(
    (view) => JSON.stringify(quiet[view]) !== JSON.stringify(donors[view]),
  );
}

/*
 * Stronger than a judge who guesses: for one draw of cover everything outside is the same, byte for byte, with donors and without. So for
 * random draws it has the same distribution, whatever is computed from it.
 */
it(
  "P3 up to the floor nothing outside differs: chain, moments, answers with their headers, log, metrics",
  async () => {
    for (const [i, seed] of SEEDS.entries()) {
      const gifts = GIFTS[i % GIFTS.length] as readonly Gift[];
      expect(await toldBy(seed, gifts), JSON.stringify(gifts)).toEqual([]);
    }
    const { batches, answers } = await outsidersView("all of it", SETTINGS, []);
    expect([(batches as unknown[]).length, (answers as unknown[]).length]).toEqual([2, 100]);
  },
  FUZZ_TIMEOUT_MS,
);

it.each(BROKEN)(
  "a relay that is broken is told: %s",
  async (broken, by) => {
    const seen = new Set<string>();
    for (const seed of SEEDS) for (const view of await toldBy(seed, FULL, broken)) seen.add(view);
    expect([...seen]).toContain(by);
  },
  FUZZ_TIMEOUT_MS,
);

it("P3 beyond the floor a batch holds what donors sent and cover of an unknown number", async () => {
  const seen = async (messages: number) => {
    const { batches } = await outsidersView(
      "beyond",
      SETTINGS,
      messages === 0 ? [] : [{ at: 7, messages }],
    );
    return (batches as { size: number }[]).map(({ size }) => size);
  };
  const [quiet, full] = [await seen(0), await seen(3)];
  expect(full).toEqual(quiet);
  expect(await seen(5)).toEqual([(quiet[0] as number) + 2, quiet[1]]);
});

it("P3 who asks too often learns of the limit, and not since when others at this address have asked", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 7_200_000 });
  const { api } = await watchedRelay(SETTINGS);
  const answers = new Set<string>();
  for (let i = 0; i < 40; i++) {
    vi.setSystemTime(7_200_000 + 1000 * i);
    const url = `/rounds/${ROUND}/messages`;
    const { statusCode, headers, body } = await api.app.inject({
      method: "POST",
      url,
      payload: {},
    });
    delete headers.date;
    if (statusCode === 429) answers.add(JSON.stringify([headers, body]));
  }
  expect(answers.size).toBe(1);
  expect([...answers][0]).toContain("Wait a minute and try again");
});

it("P3 however long a batch takes to go out, each interval's is its own, and none is smaller than the floor", async () => {
  const { relay, api, chain, options } = await watchedRelay(SETTINGS);
  const stock = new CoverStock(SETTINGS);
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const read = vi.spyOn(options.client, "getBlock").mockImplementationOnce(async () => {
    await gate;
    return { number: 5n, hash: "0x00", timestamp: 0n } as never;
  });
  const flushes: Promise<void>[] = [];
  const interval = async () => {
    const post = async (words: MessageWords) => (await api.postCover(ROUND, words), true);
    const moments = planCover(SETTINGS, fractions(`slow ${flushes.length}`));
    flushes.push(
      relay.flush(
        await coverInterval({ settings: SETTINGS, post, until: async () => true }, stock, moments),
      ),
    );
  };
  const hung = relay.flush(); // its node does not answer
  await expect.poll(() => read.mock.calls.length).toBe(1);
  for (let i = 0; i < 3; i++) await interval();
  expect(chain.batches).toEqual([]);
  open();
  await Promise.all([hung, ...flushes]);
  expect(chain.batches.map(({ words }) => words.length)).toHaveLength(3);
  for (const { words } of chain.batches) expect(words.length).toBeGreaterThanOrEqual(3);
});

it("P3 in the queue, the log and the metrics one message is like another, and its handling the same work", async () => {
  const { api, database, relay, logged, donorPost, chain } = await watchedRelay(SETTINGS);
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
  const donor = await seen(() => donorPost([coverMessage()]));
  expect(donor).toEqual(cover);
  expect(donor.statements.length).toBeGreaterThan(2);
  expect(donor.log).toBe(""); // no line tells when a message came
  const rows = async () =>
    (await database.query.selectFrom("relay_queue").selectAll().execute()).map(
      ({ id: _, group_id, words, ...rest }) => ({
        ...rest,
        group: group_id.length,
        words: words.split(",").length,
      }),
    );
  const [first, second] = await rows();
  expect(first).toEqual(second);
  await relay.flush();
  expect(chain.batches.map(({ words }) => words.length)).toEqual([2]);
});

it("P3 a batch's rows do not tell in which order its messages came", async () => {
  const { relay, database, donorPost } = await watchedRelay({ ...SETTINGS, finality: 5 });
  const came = Array.from({ length: 12 }, (_, i) => distinct(coverMessage(), 1, i));
  for (const message of came) await donorPost([message]);
  const queue = relayQueue(database, `31337:${ROUND}`);
  await relay.flush(); // mined, not final
  const [batch] = await queue.openBatches();
  const rows = await database.query.selectFrom("relay_queue").selectAll().orderBy("id").execute();
  expect(rows.every((row) => row.batch === batch)).toBe(true);
  const order = rows.map(({ words }) => words);
  expect(order).toEqual(
    (await queue.ofBatch(batch as string)).map(({ words }) => encodeMessage(words).join()),
  );
  expect(order).not.toEqual(came.map((words) => encodeMessage(words).join())); // by chance once in 12!
});

/** How often each function of each script has run, between two looks. */
async function countCalls(session: Session, work: () => Promise<unknown>): Promise<string[]> {
  await session.post("Profiler.takePreciseCoverage");
  await work();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  return result
    .filter(({ url }) => /\/src\/|node_modules\/(?!.*(vitest|vite|light-my-request))/.test(url))
    .flatMap(({ url, functions }) =>
      functions.map(
        ({ functionName, ranges: [range] }) =>
          [
            `${url.replace(/.*\/(src|node_modules)\//, "$1/")} ${functionName} ${range?.startOffset}`,
            range?.count ?? 0,
          ] as const,
      ),
    )
    .filter(([, count]) => count > 0)
    .map((row) => row.join(": "))
    .sort();
}

it("P3 a donor's message and a cover message make the server run the same functions, each as often", async () => {
  const { api, solveStamp } = await watchedRelay({ ...SETTINGS, stampBits: 4 });
  const inject = vi.spyOn(api.app, "inject");
  await api.postCover(ROUND, coverMessage());
  const [asked] = inject.mock.calls[0] as unknown as [{ headers: object; payload: string }];
  inject.mockRestore();
  const { stamp: coverStamp } = JSON.parse(asked.payload) as { stamp: Stamp };
  const headers = { "content-type": "application/json" };
  const post = async (message: MessageWords, more: object, stamp: Stamp) => {
    const payload = JSON.stringify({ messages: [encodeMessage(message)], stamp });
    const { statusCode } = await api.app.inject({ ...asked, headers: more, payload } as object);
    expect(statusCode).toBe(202);
  };
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  const seen: [string[], string[]][] = [];
  for (let i = 0; i < 12; i++) {
    const [made, message] = [coverMessage(), coverMessage()];
    const stamp = await solveStamp([message]);
    const cover = await countCalls(session, () => post(made, asked.headers, coverStamp));
    const donor = await countCalls(session, () => post(message, headers, stamp));
    if (i >= 4) seen.push([cover, donor]); // what is done once is done
  }
  await session.post("Profiler.stopPreciseCoverage");
  session.disconnect();
  expect(seen[0]?.[0].length).toBeGreaterThan(200);
  for (const [cover, donor] of seen) {
    expect(donor.filter((call) => !cover.includes(call))).toEqual([]);
    expect(cover.filter((call) => !donor.includes(call))).toEqual([]);
  }
});

// A clock judges this one, and other work on the machine moves it: the deep tier (TACIT_FUZZ=deep) has it, on an idle machine.
if (depth(false, true)) {
  it("P3 by the time that the server is busy nobody tells a donor's message from cover", async () => {
    const GAMES = 300;
    const { api, donorPost, solveStamp } = await watchedRelay({ ...SETTINGS, stampBits: 10 });
    const busy: [number[], number[]] = [[], []];
    for (let i = 0; i < 2 * GAMES; i++) {
      const which = ((i + Math.floor(i / 2)) % 2) as 0 | 1; // each as often after itself as after the other
      const message = distinct(coverMessage(), 77, i);
      const stamp = await solveStamp([message]); // the client's work; made for both, so that both find the same rest
      const started = performance.now();
      await (which === 0 ? api.postCover(ROUND, message) : donorPost([message], stamp));
      busy[which].push(performance.now() - started);
    }
    const { right, judged } = judge(...busy);
    expect(right).toBeLessThanOrEqual(mostByChance(judged));
  }, 120_000);
}

it("P3 by when they come into the queue nobody tells a donor's message from cover", () => {
  const fraction = fractions("moments");
  const moments: [number[], number[]] = [[], []];
  for (let i = 0; i < 600; i++) {
    const cover = planCover(SETTINGS, fraction);
    moments[0].push((cover[Math.floor(fraction() * cover.length)] as { at: number }).at);
    moments[1].push(fraction() * SETTINGS.batchSeconds);
  }
  const { right, judged } = judge(...moments);
  expect(right).toBeLessThanOrEqual(mostByChance(judged));
  // One that comes at the end of the interval would be told.
  const late = judge(
    moments[0].map((at, i) => (i % 3 === 0 ? 300 : at)),
    moments[1],
  );
  expect(late.right).toBeGreaterThan(mostByChance(late.judged));
});

it("P3 by the time of answers nobody tells whether cover came: a request draws and makes none", async () => {
  const settings = { coverPerHour: 3600, coverFloor: 2, batchSeconds: 300 };
  const { relay, donorPost, database } = await watchedRelay(settings);
  const queue = relayQueue(database, `31337:${ROUND}`);
  vi.useFakeTimers({ toFake: ["Date"] });
  for (let i = 0; i < 20; i++) {
    vi.setSystemTime(7_200_000 + i * 3_600_000); // hours pass between requests
    await donorPost([distinct(coverMessage(), i, i)]);
    expect(await queue.unpublished()).toBe(i + 1); // and nothing but what was handed in is there
  }
  await relay.flush();
});

it("P3 cover needs work as donors' messages do, and only this process can hand it in without", async () => {
  const { api } = await watchedRelay({ coverPerHour: 0, coverFloor: 0, batchSeconds: 300 });
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
