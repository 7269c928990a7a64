import { getAddress, type Address } from "viem";
import { describe, expect, test } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { generateCoordinatorKeyPair, generateKeyPair } from "../../src/protocol/key.ts";
import { createPending, pendingStatus, placesInOrder } from "../../src/donor/pending.ts";
import { encryptFirstBallot } from "../../src/donor/encrypt_ballot.ts";
import { roundFixture } from "../contracts/support/round.ts";

const message = (n: number) => Array.from({ length: 11 }, (_, i) => BigInt(100 * n + i));
const [a, b, c, other] = [1, 2, 3, 4].map(message) as [bigint[], bigint[], bigint[], bigint[]];

describe("pages on the chain", () => {
  test.each([
    ["none", [], [undefined, undefined, undefined]],
    ["all in order, others between", [other, a, other, b, c], [1, 3, 4]],
    ["the first two exchanged", [b, a, c], [1, undefined, undefined]],
    ["the last two exchanged", [a, c, b], [0, 2, undefined]],
    ["exchanged, and then sent again from there", [b, a, c, b, c], [1, 3, 4]],
    ["the last one missing", [a, b], [0, 1, undefined]],
    [
      "one of the same point with other words",
      [[...a.slice(0, 10), 7n], b, c],
      [undefined, undefined, undefined],
    ],
  ] as const)("%s: each counts only after the one before it (SEM-6)", (_, published, places) => {
    expect(placesInOrder([a, b, c], published)).toEqual(places);
  });
});

const load = roundFixture();

describe("a ballot on its way", () => {
  async function prepared() {
    const setup = await load();
    const { round, publicClient } = setup;
    const payer = getAddress(`0x${"a1".repeat(20)}`) as Address;
    const votes = new Map(Array.from({ length: 50 }, (_, i) => [i, 1n] as const)); // three pages
    const ref = { chainId: await publicClient.getChainId(), address: round.address };
    const encrypted = encryptFirstBallot({
      round: ref,
      coordinatorKey: generateCoordinatorKeyPair().publicKey,
      ballot: votes,
      itemsSeen: 0,
      payer,
      lasting: generateKeyPair().publicKey,
    });
    const pending = createPending(encrypted, {
      round: ref,
      payer,
      tag: encrypted.tag,
      sinceBlock: await publicClient.getBlockNumber(),
    });
    return { ...setup, encrypted, pending, read: publicClient as unknown as ReadClient };
  }
  type Words = Parameters<Awaited<ReturnType<typeof prepared>>["round"]["write"]["publish"]>[0][0];

  test("pages that a relay published in another order are to be sent again from the first that is out of order", async () => {
    const { round, encrypted, pending, read } = await prepared();
    const [first, second, third] = encrypted.messages as unknown as [Words, Words, Words];
    expect((await pendingStatus(read, 0, pending)).unsent).toHaveLength(3);
    for (const words of [second, first, third]) await round.write.publish([words]);
    const exchanged = await pendingStatus(read, 0, pending);
    expect(exchanged.unsent).toEqual([second, third]);
    expect(exchanged.final).toBe(false);
    for (const words of exchanged.unsent) await round.write.publish([words as unknown as Words]);
    expect(await pendingStatus(read, 0, pending)).toEqual({
      unsent: [],
      contributed: true,
      others: 0, // its own pages, sent twice, are no crowd
      final: true,
    });
  });

  test("how many others' messages have come since it was sealed: those that hide it from who goes by the time", async () => {
    const { round, encrypted, pending, read } = await prepared();
    const others = async (since = pending.sinceBlock) =>
      (await pendingStatus(read, 0, { ...pending, sinceBlock: since })).others;
    expect(await others()).toBe(0);
    for (const words of encrypted.messages) await round.write.publish([words as unknown as Words]);
    expect(await others()).toBe(0);
    const stranger = encrypted.messages.map((words) => [...words.slice(0, -1), 7n]);
    for (const words of stranger) await round.write.publish([words as unknown as Words]);
    expect(await others()).toBe(3);
    expect(await others(String(await read.getBlockNumber()))).toBe(0);
  });

  test("it is final when its blocks are, and not before", async () => {
    const { round, encrypted, pending, read, helpers } = await prepared();
    for (const words of encrypted.messages) await round.write.publish([words as unknown as Words]);
    expect(await pendingStatus(read, 2, pending)).toMatchObject({ unsent: [], final: false });
    await helpers.mine(2);
    expect(await pendingStatus(read, 2, pending)).toMatchObject({ unsent: [], final: true });
  });

  test("the node is asked for the round's events alone: nothing names the tag or the key before they are public", async () => {
    const { pending, read, encrypted } = await prepared();
    const asked: string[] = [];
    const spy = new Proxy(read, {
      get: (target, name, self) =>
        name === "request"
          ? Reflect.get(target, name, self)
          : typeof target[name as keyof ReadClient] !== "function"
            ? target[name as keyof ReadClient]
            : (...args: unknown[]) => {
                asked.push(
                  `${String(name)} ${JSON.stringify(args, (_, value: unknown) => (typeof value === "bigint" ? `0x${value.toString(16)}` : value))}`,
                );
                return (target[name as keyof ReadClient] as (...all: unknown[]) => unknown)(
                  ...args,
                );
              },
    });
    await pendingStatus(spy, 0, {
      ...pending,
      gift: {
        key: { x: String(encrypted.key.x), y: String(encrypted.key.y) },
        amount: "1",
        gateData: "0x",
      },
    });
    expect(asked.length).toBeGreaterThan(1);
    for (const secret of [encrypted.tag, encrypted.key.x, encrypted.key.y])
      expect(
        asked.filter((call) => call.includes(secret.toString(16)) || call.includes(String(secret))),
      ).toEqual([]);
  });
});
