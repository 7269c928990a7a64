import type { EIP1193Provider } from "viem";
import { describe, expect, test } from "vitest";
import { connectRead, RpcUnreachableError } from "../../src/chain/client.ts";
import { getReach, LogRangeError, readAllLogs, readEvents } from "../../src/chain/logs.ts";

const ROUND = `0x${"11".repeat(20)}` as const;
type Answer = (method: string, blocks: number) => unknown;
const LATEST = 2_000_000;
const parseNumber = (block: string | undefined): number =>
  block === "latest" ? LATEST : Number(block);

/** A node that answers by a rule; `asked` are the blocks of each question for logs. */
function createNode(answer: Answer) {
  const asked: number[] = [];
  const request = async ({
    method,
    params,
  }: {
    method: string;
    params?: [{ fromBlock: string; toBlock: string }];
  }) => {
    const blocks =
      method === "eth_getLogs"
        ? parseNumber(params?.[0].toBlock) - parseNumber(params?.[0].fromBlock) + 1
        : 0;
    if (method === "eth_getLogs") asked.push(blocks);
    return answer(method, blocks);
  };
  return { asked, client: connectRead({ request } as unknown as EIP1193Provider) };
}
const refuse = (): never => {
  throw Object.assign(new Error("range too large"), { code: -32602 });
};

describe("a round's events", () => {
  test("are asked for in ranges that a node takes", async () => {
    const { client, asked } = createNode((method, blocks) =>
      method === "eth_chainId" ? "0x1" : blocks > 7 ? refuse() : [],
    );
    expect(await readEvents(client, ROUND, { from: 100n, to: 139n })).toEqual([]);
    expect(asked.filter((blocks) => blocks <= 7).reduce((sum, blocks) => sum + blocks, 0)).toBe(40);
    expect(asked[0]).toBe(40);
  });

  test("are not asked for in a range that was refused before, but for a try now and then", async () => {
    const { client, asked } = createNode((method, blocks) =>
      method === "eth_chainId" ? "0x1" : blocks > 10 ? refuse() : [],
    );
    await readEvents(client, ROUND, { from: 0n, to: 1_999n });
    const refused = asked.filter((blocks) => blocks > 10).length;
    expect(refused).toBeLessThan(20); // eight halvings, then one try in fifty answers
    expect(asked.length - refused).toBeLessThan(300); // seven blocks each
  });

  test("are asked for by every reader of a client in ranges that another has found out", async () => {
    const { client, asked } = createNode((method, blocks) =>
      method === "eth_chainId"
        ? "0x1"
        : method === "eth_blockNumber"
          ? "0x3e7"
          : blocks > 10
            ? refuse()
            : [],
    );
    await readEvents(client, ROUND, { from: 0n, to: 999n });
    asked.length = 0;
    await readAllLogs(client, ROUND, 0n);
    await readEvents(client, ROUND, { from: 0n, to: 999n });
    await readAllLogs(client, ROUND, 0n);
    // One question for everything, and a larger range now and then.
    expect(asked.filter((blocks) => blocks > 10).length).toBeLessThan(15);
  });

  test("all at once are one question where the node takes it", async () => {
    const { client, asked } = createNode((method) =>
      method === "eth_blockNumber" ? `0x${LATEST.toString(16)}` : [],
    );
    expect(await readAllLogs(client, ROUND, 0n)).toEqual([]);
    expect(asked).toEqual([LATEST + 1]);
  });

  test("all at once, where a node refuses that, are asked for in ranges", async () => {
    const { client, asked } = createNode((method, blocks) =>
      method === "eth_chainId"
        ? "0x1"
        : method === "eth_blockNumber"
          ? `0x${LATEST.toString(16)}`
          : blocks > 50_000
            ? refuse()
            : [],
    );
    expect(await readAllLogs(client, ROUND, 1_000_000n)).toEqual([]);
    expect(asked.slice(1).reduce((sum, blocks) => sum + blocks, 0)).toBe(LATEST - 1_000_000 + 1);
    // 5,000 blocks at first, twice as many after each answer, 50,000 at most.
    expect(asked.slice(1, 7)).toEqual([5_000, 10_000, 20_000, 40_000, 50_000, 50_000]);
  });

  test("one failure that passes is no refusal: all at once are asked for again, and of a node that refuses only now and then", async () => {
    const from = 1_000_000;
    const countAll = (asked: readonly number[]) =>
      asked.filter((blocks) => blocks === LATEST - from + 1).length;
    /** Refuses all at once the first times. */
    const readRepeatedly = async (refusals: number) => {
      let all = 0;
      const { asked, client } = createNode((method, blocks) =>
        method === "eth_chainId"
          ? "0x1"
          : method === "eth_blockNumber"
            ? `0x${LATEST.toString(16)}`
            : blocks > 50_000 && all++ < refusals
              ? refuse()
              : [],
      );
      for (let i = 0; i < 40; i++) await readAllLogs(client, ROUND, BigInt(from));
      return { all: countAll(asked), refusesAll: getReach(client).refusesAll };
    };
    // 23 ranges a time, and so all at once again with the fifth time at the latest.
    const once = await readRepeatedly(1);
    expect(once.all).toBeGreaterThanOrEqual(36);
    expect(once.refusesAll).toBe(false);
    const ever = await readRepeatedly(Infinity);
    expect(ever.all).toBeLessThan(20);
    expect(ever.refusesAll).toBe(true);
    // Of a node that gave nothing at all nothing is known.
    let isGone = true;
    const gone = createNode((method) => {
      if (isGone) return refuse();
      return method === "eth_blockNumber" ? `0x${LATEST.toString(16)}` : [];
    });
    await expect(readAllLogs(gone.client, ROUND, 0n)).rejects.toThrow();
    isGone = false;
    gone.asked.length = 0;
    await readAllLogs(gone.client, ROUND, 0n);
    expect(gone.asked).toEqual([LATEST + 1]);
  });

  test("are not asked of a silent node again and again, and one that refuses every range is named", async () => {
    const silent = createNode(() => refuse());
    await expect(readEvents(silent.client, ROUND, { from: 0n, to: 10_000n })).rejects.toThrow(
      RpcUnreachableError,
    );
    expect(silent.asked).toHaveLength(1);
    const stubborn = createNode((method) => (method === "eth_chainId" ? "0x1" : refuse()));
    await expect(readEvents(stubborn.client, ROUND, { from: 0n, to: 10n })).rejects.toThrow(
      LogRangeError,
    );
  });
});
