import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import type { GasRates } from "../../src/coordinator/planning/estimate.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";

type Answer = {
  readonly messages: number;
  readonly cover: number;
  readonly seconds: { readonly prove: number; readonly total: number };
  readonly gas: Readonly<Record<string, number>>;
  readonly money: Readonly<Record<string, number>>;
};
const estimate = (...options: string[]) =>
  tacitJson<Answer>(["estimate", "--donors", "1000", "--workers", "2", ...options]);

test("what nothing is said of: five messages for four donors, all through a relay, without cover", async () => {
  const told = await estimate();
  expect(told).toMatchObject({ messages: 1250, cover: 0 });
  expect(told.gas).toEqual(
    (await estimate("--messages", "1250", "--relayed", "100", "--projects", "100")).gas,
  );
});

test("the relay pays for the messages that it publishes, their senders for the others", async () => {
  const gas = JSON.parse(await readFile(fromRoot("snapshots", "gas.json"), "utf8")) as GasRates;
  const paid = async (relayed: string) => (await estimate("--relayed", relayed)).gas;
  expect(await paid("100")).toMatchObject({
    donors: 1000 * gas.contribute,
    relay: 1250 * gas.publishBatchPerMessage,
  });
  expect(await paid("60")).toMatchObject({
    donors: 1000 * gas.contribute + 500 * gas.publish,
    relay: 750 * gas.publishBatchPerMessage,
  });
});

test("money is gas at the prices given, time that of the folds as they were measured here", async () => {
  const [cheap, dear] = [
    await estimate("--gas-price", "0.5", "--coin-price", "1000"),
    await estimate("--gas-price", "5", "--coin-price", "3000"),
  ];
  expect((dear.money["tally"] ?? 0) / (cheap.money["tally"] ?? 1)).toBeCloseTo(30, 1);
  const folds = async (seconds: string) =>
    (await estimate("--fold-seconds", seconds)).seconds.prove;
  expect((await folds("9")) / (await folds("1.5"))).toBeCloseTo(6);
});

test("a relay's cover is messages too", async () => {
  const told = await estimate("--relay-hours", "10");
  expect(told.cover).toBeGreaterThan(0);
  expect(told.messages).toBe(1250 + told.cover);
  expect((await estimate("--relay-hours", "20")).cover).toBe(2 * told.cover);
});

test.each([
  ["--relayed", "101", "0 to 100 percent"],
  ["--workers", "0", "At least one worker"],
  ["--gas-price", "cheap", "Not a number above 0"],
  ["--coin-price", "2,000", "Not a number above 0"],
  ["--fold-seconds", "-1", "Not a number above 0"],
  ["--block-seconds", "12s", "Not a number above 0"],
])("%s %s is refused, and nothing is guessed", async (option, value, said) => {
  const { code, out, err } = await tacit(["estimate", "--donors", "10", option, value]);
  expect([code, out, err]).toEqual([2, "", expect.stringContaining(said) as string]);
});
