import { afterEach, expect, test, vi } from "vitest";
import { LEAST_STAMP_BITS, makeStamp, STAMP_PARTS } from "../../src/donor/stamp.ts";
import { relayQueue } from "../../src/coordinator/store/relay_queue.ts";
import { encodeMessage, type MessageWords } from "../../src/protocol/message.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { createApi, type Api } from "../../src/service/api.ts";
import { coverName } from "../../src/service/cover_clock.ts";
import { createLogger } from "../../src/service/logger.ts";
import { runRelay } from "../../src/service/relay_loop.ts";
import { Relay } from "../../src/service/relay.ts";
import { RelayClosedError, RelayFullError } from "../../src/service/relay_errors.ts";
import { Shares, ShareTakenError } from "../../src/service/shares.ts";
import { bitsAt, StampMissingError, Stamps } from "../../src/service/stamps.ts";
import { addressPrefixes } from "../../src/service/client_networks.ts";
import { END, heldRelay, ROUND } from "./support/relay.ts";

/** One real point is enough where points are not what is tested. */
const point = coverMessage();
const distinct = (count: number, from = 0): MessageWords[] =>
  Array.from({ length: count }, (_, i) => point.with(10, BigInt(from + i)));
const texts = (messages: readonly MessageWords[]) => messages.map((words) => words.join());

afterEach(() => void vi.useRealTimers());

test("batches are in random order, each donor's pages in theirs", async () => {
  const { relay, chain, post } = await heldRelay();
  const donors = Array.from({ length: 20 }, (_, i) => distinct(2, 2 * i));
  for (const [i, pages] of donors.entries()) await post(pages, `192.0.2.${i}`);
  await relay.flush();
  const words = chain.batches[0]?.words ?? [];
  expect([...words].sort()).toEqual(texts(donors.flat()).sort());
  expect(words).not.toEqual(texts(donors.flat())); // by chance once in 20!
  for (const [first, second] of donors.map(texts))
    expect(words.indexOf(first as string)).toBe(words.indexOf(second as string) - 1);
});

test("nothing that a request does makes a batch go out", async () => {
  const { chain, post } = await heldRelay({ batchSize: 5 });
  for (let i = 0; i < 4; i++) await post(distinct(5, 5 * i), `192.0.${i}.1`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(chain.batches).toEqual([]);
});

test("each message's fee is paid, in batches of the size that is set", async () => {
  const { relay, chain, post, published } = await heldRelay({ messageFee: 7n, batchSize: 2 });
  for (let i = 0; i < 3; i++) await post(distinct(1, i));
  await relay.flush();
  expect(chain.batches.map(({ words, value }) => [words.length, value])).toEqual([
    [2, 14n],
    [1, 7n],
  ]);
  expect(published).toEqual([2, 1]);
});

test.each(["OutsideInterval", "NotLive", "WrongMessageFee"])(
  "a round that refuses all (%s) loses nothing while its end is not final, and the relay tells what was too late",
  async (reason) => {
    const { relay, chain, post, troubles, database } = await heldRelay();
    const waiting = () => relayQueue(database, `31337:${ROUND}`).unpublished();
    await post(distinct(3));
    chain.refuses = () => reason;
    for (let i = 0; i < 8; i++) await relay.flush();
    chain.now = END + 1n; // the latest block lies after the end; that one may be taken back
    await relay.flush();
    expect([await waiting(), troubles]).toEqual([3, []]);
    chain.refuses = () => undefined;
    await relay.flush();
    expect(chain.batches).toHaveLength(1);
    chain.now = 1_000n;
    await post(distinct(2, 20));
    chain.refuses = () => reason;
    chain.finalNow = END;
    await relay.flush();
    expect([await waiting(), troubles]).toEqual([
      0,
      [expect.objectContaining({ what: "late", messages: 2 })],
    ]);
  },
);

test("a batch with one message that the contract never takes is parted: the others go out, that one is set aside and told", async () => {
  const { relay, chain, post, troubles, database } = await heldRelay();
  const all = Array.from({ length: 9 }, (_, i) => distinct(1, i));
  for (const [i, one] of all.entries()) await post(one, `192.0.2.${i}`);
  const [bad] = texts(all[4] as MessageWords[]);
  let asked = 0;
  chain.refuses = (messages) => (
    asked++, texts(messages).includes(bad as string) ? "UnacceptablePoint" : undefined
  );
  for (let i = 0; i < 12; i++) await relay.flush();
  expect(chain.batches.flatMap(({ words }) => words).sort()).toEqual(
    texts(all.flat())
      .filter((words) => words !== bad)
      .sort(),
  );
  expect(troubles.at(-1)).toMatchObject({ what: "set aside", messages: 1 });
  const until = asked;
  await relay.flush();
  expect(asked).toBe(until); // not tried for ever
  expect(await relayQueue(database, `31337:${ROUND}`).unpublished()).toBe(1); // and not deleted
});

test("messages are forgotten when their block is final, not when it is mined", async () => {
  const held = await heldRelay({ finality: 5 });
  await held.post(distinct(2));
  await held.relay.flush(); // mined in block 1, final is block 0
  expect(await relayQueue(held.database, `31337:${ROUND}`).unpublished()).toBe(2);
  expect(held.published).toEqual([]);
});

test("the last second in which a message can still be published is the last in which it is taken", async () => {
  const { chain, post } = await heldRelay({ batchSeconds: 300 });
  chain.now = END - 601n;
  await post(distinct(1));
  chain.now = END - 600n;
  await expect(post(distinct(1, 1))).rejects.toThrow(RelayClosedError);
  chain.now = 1_000n;
  chain.phase = 2;
  await expect(post(distinct(1, 2))).rejects.toThrow(RelayClosedError);
});

test("the hour counts messages, not requests; no client and no network takes more than its share, and a reserve is left for others", async () => {
  vi.useFakeTimers({ now: 7_200_000 });
  const shares = new Shares(1_000);
  const from = (client: number, network: number) => ({
    client: `c${client}`,
    network: `n${network}`,
  });
  shares.take(50, from(0, 0));
  expect(() => shares.take(1, from(0, 0))).toThrow(ShareTakenError); // a client: a twentieth
  for (let i = 1; i < 4; i++) shares.take(50, from(i, 0));
  expect(() => shares.take(1, from(9, 0))).toThrow(ShareTakenError); // a network: a fifth
  for (let i = 10; i < 21; i++) shares.take(50, from(i, i));
  expect(shares.share).toBe(0.75);
  expect(() => shares.take(5, from(30, 30))).toThrow(ShareTakenError); // the last quarter: a few each
  shares.take(4, from(30, 30));
  expect(() => shares.take(1, from(30, 30))).toThrow(ShareTakenError);
  vi.setSystemTime(10_800_000);
  shares.take(50, from(0, 0));
});

test("what is refused after all takes nothing of the hour, neither from who sent it nor from others", async () => {
  const { chain, post } = await heldRelay({ messagesPerHour: 100 });
  chain.phase = 2;
  for (let i = 0; i < 25; i++)
    await expect(post(distinct(5, 5 * i))).rejects.toThrow(RelayClosedError);
  chain.phase = 1;
  await post(distinct(5));
});

test("one address cannot fill the relay's hour, and what the relay pays for a round is bounded, over restarts", async () => {
  const lean = await heldRelay();
  await lean.post(distinct(50));
  await lean.post(distinct(50, 50));
  await expect(lean.post(distinct(1, 100))).rejects.toThrow(ShareTakenError);
  await lean.post(distinct(1, 100), "192.0.3.1");

  const dear = await heldRelay({ messageFee: 100n, mostWei: 2_450n });
  await dear.post(distinct(4));
  await dear.relay.flush(); // 400 in fees, 2,000 for gas
  await expect(dear.post(distinct(1, 9))).rejects.toThrow(RelayFullError);
  const again = new Relay({ ...dear.options });
  await expect(
    again.accept(distinct(1, 9), {
      stamp: await makeStamp(again.challenge(), { round: ROUND, messages: distinct(1, 9) }),
      names: dear.name("192.0.2.7"),
    }),
  ).rejects.toThrow(RelayFullError);
  const short = await heldRelay({ mostMessages: 3 });
  await short.post(distinct(2));
  await short.relay.flush();
  await expect(short.post(distinct(2, 5))).rejects.toThrow(RelayFullError);
  await short.post(distinct(1, 5));
});

test("who writes batches of his own into the database gets no more of them out than the hour has", async () => {
  const { relay, chain, database, troubles } = await heldRelay({
    messagesPerHour: 20,
    batchSize: 5,
  });
  const plant = async (batch: string, count: number, from: number) => {
    await database.query
      .insertInto("relay_queue")
      .values(
        distinct(count, from).map((words, place) => ({
          round_id: `31337:${ROUND}`,
          group_id: batch,
          words: encodeMessage(words).join(","),
          batch,
          place,
        })),
      )
      .execute();
  };
  for (let i = 0; i < 12; i++) await plant(`planted ${i}`, 4, 4 * i);
  for (let i = 0; i < 3; i++) await relay.flush();
  expect(chain.batches.flatMap(({ words }) => words)).toHaveLength(20);
  expect(troubles).toEqual([]);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_001 });
  await relay.flush();
  expect(chain.batches.flatMap(({ words }) => words)).toHaveLength(40); // kept, and not more in the next
});

test("work is over the epoch, the round and the messages, is asked for before anything else, and grows with load", async () => {
  const { relay, name } = await heldRelay({ stampBits: 8 });
  const messages = distinct(2);
  const what = { round: ROUND, messages };
  const visit = async (change: { epoch?: string; work?: number[] }, over = messages) =>
    relay.accept(over, {
      stamp: { ...(await makeStamp(relay.challenge(), what)), ...change },
      names: name("192.0.2.1"),
    });
  const good = await makeStamp(relay.challenge(), what);
  expect(good.work).toHaveLength(2 * STAMP_PARTS);
  await visit({});
  await expect(visit({ epoch: "0" })).rejects.toThrow(StampMissingError);
  await expect(visit({ work: [] })).rejects.toThrow(StampMissingError);
  await expect(visit({ work: good.work.slice(0, STAMP_PARTS) })).rejects.toThrow(StampMissingError);
  await expect(visit({}, distinct(2, 5))).rejects.toThrow(StampMissingError);
  await expect(visit({}, [[1n], [2n]])).rejects.toThrow(StampMissingError); // not even looked at
  expect(new Stamps(8).isPaid(good, 0, what)).toBe(false); // another process's epoch
  expect([0, 0.5, 0.75, 1, 3].map(bitsAt)).toEqual(
    [0, 0, 4, 8, 8].map((more) => LEAST_STAMP_BITS + more),
  );
});

test("work is good once: who hands it in again takes nothing more of the hour, and is answered as before", async () => {
  vi.useFakeTimers({ now: 7_200_000, toFake: ["Date"] });
  const { relay, chain, name } = await heldRelay({ stampBits: 4, messagesPerHour: 100 });
  const messages = distinct(2);
  const stamp = await makeStamp(relay.challenge(), { round: ROUND, messages });
  const visit = (address: string) => relay.accept(messages, { stamp, names: name(address) });
  await Promise.all([visit("192.0.2.1"), visit("192.0.3.1")]); // at the same time, too
  for (let i = 0; i < 60; i++) await visit(`198.51.${i}.1`);
  await relay.flush(); // published for good: the queue does not know them any more
  await visit("203.0.113.1");
  await relay.flush();
  expect(chain.batches.map(({ words }) => words.length)).toEqual([2]);
  const others = distinct(4, 50);
  await relay.accept(others, {
    stamp: await makeStamp(relay.challenge(), { round: ROUND, messages: others }),
    names: name("203.0.114.1"),
  });
  // What was refused was not taken: the same work is good when the relay takes messages again.
  const again = distinct(1, 90);
  const kept = await makeStamp(relay.challenge(), { round: ROUND, messages: again });
  const later = () => relay.accept(again, { stamp: kept, names: name("203.0.115.1") });
  chain.phase = 2;
  await expect(later()).rejects.toThrow(RelayClosedError);
  chain.phase = 1;
  await later();
  vi.setSystemTime(7_200_000 + 1_200_000);
  await expect(later()).rejects.toThrow(StampMissingError); // and no longer than before
});

test("a stamp is good for its epoch and the next", async () => {
  vi.useFakeTimers({ now: 6_000_000, toFake: ["Date"] });
  const stamps = new Stamps(4);
  const what = { round: ROUND, messages: distinct(1) };
  const stamp = await makeStamp(stamps.challenge(ROUND, 0), what);
  for (const [later, isGood] of [
    [299_000, true],
    [599_000, true],
    [600_000, false],
  ] as const) {
    vi.setSystemTime(6_000_000 + later);
    expect(stamps.isPaid(stamp, 0, what), String(later)).toBe(isGood);
  }
});

test.each([
  ["2001:db8:1:2::1", "2001:DB8:0001:0002:ffff:0:0:9", true, true],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", false, true],
  ["2001:db8:1:2::1", "2001:db8:2:2::1", false, false],
  ["::ffff:192.0.2.1", "192.0.2.1", true, true],
  ["::ffff:c000:201", "192.0.2.1", true, true],
  ["192.0.2.1", "192.0.2.2", false, true],
  ["192.0.2.1", "192.0.3.1", false, false],
  ["garbage", "unknown", true, true],
])("%s and %s count as one client: %s, one network: %s", (one, other, isClient, isNetwork) => {
  const [a, b] = [addressPrefixes(one), addressPrefixes(other)];
  expect([a[0] === b[0], a[1] === b[1]]).toEqual([isClient, isNetwork]);
});

/** A relay at work on intervals of 0.2 s; `stop` gives what it told. */
async function workingRelay(
  held: Awaited<ReturnType<typeof heldRelay>>,
  change: (postCover: Api["postCover"]) => Api["postCover"] = (postCover) => postCover,
) {
  const api = await createApi({
    views: () => [],
    findRelay: () => held.relay,
    isDatabaseUp: async () => true,
    logger: createLogger("silent"),
    requestsPerMinute: 1,
    trustProxy: false,
  });
  const stopping = new AbortController();
  const errors: string[] = [];
  const running = runRelay({
    round: ROUND,
    relay: held.relay,
    api: { postCover: change(api.postCover) },
    signal: stopping.signal,
    onError: (what, why) => errors.push(`${what} ${why}`),
  });
  const stop = async () => {
    stopping.abort();
    await running;
    await api.app.close();
    return errors;
  };
  return { stop };
}
const QUICK = { batchSeconds: 0.2, coverFloor: 3, messagesPerHour: 10 ** 6 };
const sizes = ({ chain }: { chain: { batches: readonly { words: readonly string[] }[] } }) =>
  chain.batches.map(({ words }) => words.length);
const AT_LEAST = { timeout: 20_000 };

test("a relay at work publishes cover without a donor, batch after batch, and falls silent when the round is over", async () => {
  const held = await heldRelay(QUICK);
  const { stop } = await workingRelay(held);
  await expect.poll(() => held.chain.batches.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  expect(sizes(held).slice(0, 4)).toEqual([6, 3, 3, 3]); // the first hides what an interrupted interval has left
  held.chain.now = END;
  await held.relay.flush();
  const until = held.chain.batches.flatMap(({ words }) => words).length;
  await new Promise((resolve) => setTimeout(resolve, 700)); // three intervals
  expect(held.chain.batches.flatMap(({ words }) => words).length - until).toBeLessThanOrEqual(3); // what was there already
  expect(await stop()).toEqual([]);
});

test.each([0, 1, 2, 3])(
  "P3 what a killed relay has left, %d donors' messages among it, is not seen in the next one's batches",
  async (donors) => {
    const held = await heldRelay(QUICK);
    for (const message of distinct(donors)) await held.post([message]);
    for (let i = 0; i < 3; i++) await held.post([coverMessage()], "192.0.3.1"); // its cover, which nobody knows any more
    const { stop } = await workingRelay(held);
    await expect.poll(() => held.chain.batches.length, AT_LEAST).toBeGreaterThanOrEqual(3);
    await stop();
    expect(sizes(held).slice(0, 3)).toEqual([6, 3, 3]);
  },
);

test("P3 where cover cannot be handed in, no batch goes out below the floor: donors' messages wait for one that has it", async () => {
  const held = await heldRelay(QUICK);
  let isAway = false;
  const { stop } = await workingRelay(held, (postCover) => async (...cover) => {
    if (isAway) throw new Error("the node does not answer");
    await postCover(...cover);
  });
  await expect.poll(() => held.chain.batches.length, AT_LEAST).toBe(1);
  isAway = true;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = held.chain.batches.length;
  await held.post(distinct(1));
  await new Promise((resolve) => setTimeout(resolve, 500)); // two intervals
  expect(held.chain.batches.length).toBe(before);
  isAway = false;
  await expect.poll(() => held.chain.batches.length, AT_LEAST).toBeGreaterThan(before);
  expect(await stop()).not.toEqual([]);
  for (const size of sizes(held).slice(1)) expect(size).toBe(3);
  expect(held.chain.batches.flatMap(({ words }) => words)).toContain(texts(distinct(1))[0]);
});

test("P3 a database that does not answer when a batch is made up makes none below the floor, nor one that shows what waited", async () => {
  const { relay, chain, post, database } = await heldRelay({ coverFloor: 3 });
  const cover = async (from: number) => {
    const made = Array.from({ length: 3 }, coverMessage);
    for (const message of made) await post([message], `192.0.3.${from}`);
    return new Map(made.map((message) => [coverName(message), "floor" as const]));
  };
  const first = await cover(1);
  const broken = vi.spyOn(database.query, "selectFrom").mockImplementationOnce(() => {
    throw new Error("away");
  });
  await expect(relay.flush(first)).rejects.toThrow("away");
  broken.mockRestore();
  await post(distinct(1));
  await relay.flush(await cover(2));
  expect(sizes({ chain })).toEqual([3]);
});

test("P3 the interval in which donors are refused at last has its floor: cover comes for one more", async () => {
  const held = await heldRelay({ batchSeconds: 300, coverFloor: 2 });
  const api = await createApi({
    views: () => [],
    findRelay: () => held.relay,
    isDatabaseUp: async () => true,
    logger: createLogger("silent"),
    requestsPerMinute: 1,
    trustProxy: false,
  });
  held.chain.now = END - 601n;
  await held.post(distinct(1)); // the last donor; all of the floor comes later
  held.chain.now = END - 600n;
  await expect(held.post(distinct(1, 1))).rejects.toThrow(RelayClosedError);
  held.chain.now = END - 301n;
  await api.postCover(ROUND, coverMessage());
  held.chain.now = END - 300n;
  await expect(api.postCover(ROUND, coverMessage())).rejects.toMatchObject({ isClosed: true });
  await api.app.close();
});
