import { pad, type Address, type EIP1193Provider } from "viem";
import { describe, expect, test } from "vitest";
import { connectRead } from "../../src/chain/client.ts";
import { creationBlock, CreationBlockError } from "../../src/chain/creation_block.ts";
import { NotARoundError } from "../../src/chain/round.ts";

const FACTORY: Address = `0x${"fa".repeat(20)}`;
const ROUND: Address = `0x${"11".repeat(20)}`;
const hex = (block: number) => `0x${block.toString(16)}`;
const refuse = (message: string): never => {
  throw Object.assign(new Error(message), { code: -32000 });
};

/** A node with a round that was made in a block, if any; it may keep no old state, and answer for so many blocks of logs at most. */
function createNode({
  made,
  latest,
  state = false,
  most = Infinity,
}: {
  readonly made?: number;
  readonly latest: number;
  readonly state?: boolean;
  readonly most?: number;
}) {
  const asked = { logs: 0, code: 0 };
  const answers: Readonly<Record<string, (params: readonly never[]) => unknown>> = {
    eth_chainId: () => "0x1",
    eth_blockNumber: () => hex(latest),
    eth_getCode: ([, block]: readonly string[]) => {
      asked.code++;
      if (block !== "latest" && !state) refuse("missing trie node");
      return made === undefined || (block !== "latest" && Number(block) < made) ? "0x" : "0x60";
    },
    eth_getLogs: ([filter]: readonly {
      readonly fromBlock: string;
      readonly toBlock: string;
    }[]) => {
      asked.logs++;
      const { fromBlock, toBlock } = filter!;
      const [from, to] = [Number(fromBlock), toBlock === "latest" ? latest : Number(toBlock)];
      if (to - from >= most) refuse("too many blocks");
      return made !== undefined && from <= made && made <= to
        ? [{ blockNumber: hex(made), topics: [pad("0x01"), pad(ROUND)] }]
        : [];
    },
  };
  const request = async ({ method, params = [] }: { method: string; params?: never[] }) =>
    answers[method]?.(params);
  return { asked, client: connectRead({ request } as unknown as EIP1193Provider) };
}

describe("the block in which a round was made", () => {
  test("is told by its factory's event, in one question, where the node answers that", async () => {
    const { client, asked } = createNode({ made: 123, latest: 1_000_000 });
    expect(await creationBlock(client, ROUND, { factory: FACTORY })).toBe(123n);
    expect(asked).toEqual({ logs: 1, code: 0 });
  });

  test.each([0, 1, 4_321, 20_000])("is found by old state: %i", async (made) => {
    const { client, asked } = createNode({ made, latest: 20_000, state: true, most: 0 });
    expect(await creationBlock(client, ROUND, { factory: FACTORY })).toBe(BigInt(made));
    expect(asked.code).toBeLessThan(20);
  });

  test.each([0, 1, 624, 625, 4_321, 19_999, 20_000])(
    "is looked for from the newest block back, in ranges that the node takes, where it keeps no old state: %i",
    async (made) => {
      const { client } = createNode({ made, latest: 20_000, most: 700 });
      expect(await creationBlock(client, ROUND, { factory: FACTORY })).toBe(BigInt(made));
    },
  );

  test("is not looked for before a block that is known to be earlier", async () => {
    const { client, asked } = createNode({ made: 0, latest: 20_000, most: 700 });
    await expect(
      creationBlock(client, ROUND, { factory: FACTORY, since: 15_000n }),
    ).rejects.toThrow(CreationBlockError);
    expect(asked.logs).toBeLessThan(15);
  });

  test.each([
    ["no logs", ROUND, { made: 5, latest: 20_000, most: 0 }, 20],
    ["logs that do not reach so far back", ROUND, { made: 5, latest: 10_000_000, most: 700 }, 520],
    ["logs of other rounds", FACTORY, { made: 5, latest: 20_000, most: 700 }, 40],
  ])(
    "is not to be had of a node with %s, after questions that have an end",
    async (_, address, node, most) => {
      const { client, asked } = createNode(node);
      await expect(creationBlock(client, address, { factory: FACTORY })).rejects.toThrow(
        CreationBlockError,
      );
      expect(asked.logs).toBeLessThan(most);
    },
  );

  test("is none where there is no contract", async () => {
    const { client } = createNode({ latest: 20_000, state: true });
    await expect(creationBlock(client, ROUND, { factory: FACTORY })).rejects.toThrow(
      NotARoundError,
    );
  });
});
