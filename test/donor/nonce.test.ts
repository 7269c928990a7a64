import { expect, test, vi } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { finalItems, settledItems } from "../../src/donor/nonce.ts";
import { roundFixture } from "../contracts/support/round.ts";
import { makeMessage } from "../contracts/support/steps.ts";

const load = roundFixture();

test("CMD-4: a new tag's message needs no waiting; a later one's nonce is made when all before it are final", async () => {
  const { round, publicClient, helpers } = await load();
  const [read, place] = [
    publicClient as unknown as ReadClient,
    { round: round.address, finality: 3 },
  ];
  await round.write.publish([makeMessage(1)]);
  await helpers.mine(3);
  await round.write.publish([makeMessage(2)]);
  expect(await finalItems(read, place)).toBe(1);

  const waited = Promise.withResolvers<void>();
  let settled = false;
  const items = settledItems(read, place, waited.resolve).finally(() => (settled = true));
  await waited.promise;
  expect(settled).toBe(false);
  await helpers.mine(3);
  expect(await items).toBe(2);
});

test("a node is asked at a pace while items are waited for", async () => {
  let [final, asked] = [1, 0];
  const read = {
    readContract: async ({ blockNumber }: { blockNumber?: bigint }) =>
      blockNumber === undefined ? 2 : final,
    getBlockNumber: async () => {
      if (++asked > 20) throw new Error("asked without a pause");
      return 9n;
    },
    getBlock: async () => ({ number: 9n, hash: "0x", timestamp: 0n }),
  } as unknown as ReadClient;
  vi.useFakeTimers();
  try {
    const items = settledItems(read, { round: `0x${"11".repeat(20)}`, finality: 3 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBeGreaterThan(2);
    final = 2;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await items).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});
