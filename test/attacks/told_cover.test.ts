import { setTimeout as wait } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { plainSender } from "../../src/coordinator/sending/sender.ts";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import { isPublishable } from "../../src/protocol/message.ts";
import { coverMessage, drawCover } from "../../src/service/cover_message.ts";
import { createMetrics } from "../../src/service/metrics.ts";
import { Relay, RelayFullError } from "../../src/service/relay.ts";
import { startSmallRound } from "../coordinator/small_round.ts";

/*
 * The attack: a briber asks whether there was, between two moments, any message that a donor could have sent. If the relay's cover can be
 * told from donors' messages, by its numbers, its schedule or its form, the answer may be no, and what the donor opens is a receipt.
 */
it("P3 the public metrics do not tell cover from donors' messages", async () => {
  const metrics = createMetrics();
  metrics.relayed(3);
  const text = await metrics.registry.metrics();
  expect(text).toContain("tacit_relay_messages_total 3");
  expect(text).not.toMatch(/kind=|cover"|cover_/);
});

it.each([0.2, 1, 3, 250])("P3 cover comes in random numbers: Poisson of mean %d, so that no count tells how many are donors'", (mean) => {
  const draws = Array.from({ length: 4_000 }, () => drawCover(mean));
  const average = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - average) ** 2, 0) / draws.length;
  expect(Math.abs(average - mean)).toBeLessThan(6 * Math.sqrt(mean / draws.length));
  expect(variance / mean).toBeGreaterThan(0.8);
  expect(variance / mean).toBeLessThan(1.2);
  if (mean < 2) for (const count of [0, 1, 2]) expect(draws).toContain(count);
});

it("P3 MSG-1 a cover message has the form of any other", () => {
  const many = Array.from({ length: 64 }, coverMessage);
  expect(many.every(isPublishable)).toBe(true);
  // Every bit of a ciphertext word takes both values, up to the highest that a word has.
  for (let word = 2; word < 11; word++) for (const bit of [0n, 100n, 251n, 252n]) expect(new Set(many.map((words) => ((words[word] as bigint) >> bit) & 1n)).size, `${word} ${bit}`).toBe(2);
});

it("P3 nor does a briber who fills batches or the hour between ticks find out how many messages are donors'", async () => {
  const { world } = await startSmallRound(1);
  const { chain, round, config: { end } } = world;
  const database = await openDatabase(":memory:");
  const options = { client: chain.read, database, sender: plainSender(await chain.as("stranger")), chainId: 31337, round, finality: 0, messageFee: 0n, end, batchSeconds: 3600 } as const;
  const itemsNow = async () => (await readProgress(chain.read, round)).items;
  const flood = (count: number) => Array.from({ length: count }, coverMessage);

  const before = await itemsNow();
  const relay = new Relay({ ...options, batchSize: 20, coverPerHour: 100 * 3600, messagesPerHour: 10 ** 6 });
  await wait(400);
  await relay.accept(flood(20)); // a batch is full at once
  await relay.flush();
  expect((await itemsNow()) - before).toBeGreaterThan(20 + 10); // 40 are expected, and 10 or fewer do not happen

  const limited = new Relay({ ...options, batchSize: 1000, coverPerHour: 150, messagesPerHour: 300 });
  const now = performance.now();
  const clock = vi.spyOn(performance, "now").mockReturnValue(now + 3_600_000);
  await limited.accept(flood(20));
  await expect(limited.accept(flood(250))).rejects.toThrow(RelayFullError);
  clock.mockRestore();
  expect(() => new Relay({ ...options, batchSize: 20, coverPerHour: 200, messagesPerHour: 200 })).toThrow("leaves no room");
  await database.close();
  await chain.close();
});
