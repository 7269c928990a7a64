import { afterAll, beforeAll, expect, test } from "vitest";
import { connectRead } from "../../src/chain/client.ts";
import { publishBatch } from "../../src/chain/publish.ts";
import { readProgress } from "../../src/chain/round.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import type { Finality } from "../../src/chain/finality.ts";
import { RoundFollower } from "../../src/coordinator/following/follow.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { syncRound } from "../../src/coordinator/following/sync.ts";
import {
  failing,
  honest,
  lagging,
  narrow,
  reordering,
  serveHostile,
  truncating,
  type HostileRpc,
  type Tamper,
} from "./hostile_rpc.ts";
import { onBothDatabases } from "./databases.ts";
import { startSmallRound } from "./small_round.ts";

let devnet: Devnet;
let rpc: HostileRpc;

beforeAll(async () => {
  ({ devnet } = await startSmallRound(10));
  rpc = await serveHostile(devnet.chain.provider, 18_600);
});
afterAll(async () => {
  await rpc.close();
  await devnet.chain.close();
});

const request = (method: string, params: readonly unknown[] = []) =>
  devnet.chain.provider.request({ method, params } as never) as Promise<unknown>;
const publish = async (count: number) =>
  publishBatch(await devnet.chain.as("relayer"), {
    round: devnet.round,
    messages: Array.from({ length: count }, coverMessage),
    messageFee: 0n,
  });

async function expectComplete(follower: RoundFollower): Promise<void> {
  const { chainHead } = await readProgress(devnet.chain.read, devnet.round);
  const links = await syncRound(devnet.chain.read, devnet.round, { chainHead });
  expect([...(await follower.links())]).toEqual([...links]);
  expect([...(await follower.history()).links]).toEqual([...links]);
}

function follow(database: Database, finality: Finality = 0): RoundFollower {
  return new RoundFollower({
    database,
    nodes: [connectRead(rpc.url)],
    chainId: 31337,
    round: devnet.round,
    finality,
  });
}

async function eventually(follower: RoundFollower): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return void (await follower.sync());
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

onBothDatabases("following a round", (newDatabase) => {
  test("goes on where another process stopped, block by block", async () => {
    const where = await newDatabase();
    for (let i = 0; i < 2; i++) {
      const database = await openDatabase(where);
      const follower = follow(database);
      await follower.sync();
      await expectComplete(follower);
      await publish(3);
      await follower.sync();
      await expectComplete(follower);
      rpc.calls.clear();
      await follower.sync();
      expect(rpc.calls.get("eth_getLogs")).toBeUndefined();
      await database.close();
    }
  });

  test.each<[string, Tamper]>([
    ["fails now and then", failing(4)],
    ["cuts answers off", truncating(12)],
    ["refuses long ranges", narrow(3)],
    ["gives logs in another order and twice", reordering],
  ])("is complete behind a node that %s", async (_title, tamper) => {
    const database = await openDatabase(await newDatabase());
    rpc.tamper = tamper;
    try {
      const follower = follow(database);
      await eventually(follower);
      await expectComplete(follower);
    } finally {
      rpc.tamper = honest;
      await database.close();
    }
  });

  test("asks the next node when one fails", async () => {
    const database = await openDatabase(await newDatabase());
    const dead = connectRead("http://127.0.0.1:1");
    const follower = new RoundFollower({
      database,
      nodes: [dead, connectRead(rpc.url)],
      chainId: 31337,
      round: devnet.round,
      finality: 0,
    });
    await expect(follower.sync()).rejects.toThrow();
    await follower.sync();
    await expectComplete(follower);
    await database.close();
  });

  test("does not go back with a node that is behind", async () => {
    const database = await openDatabase(await newDatabase());
    const follower = follow(database);
    const { block } = await follower.sync();
    rpc.tamper = lagging(3);
    expect((await follower.sync()).block).toBe(block);
    rpc.tamper = honest;
    await expectComplete(follower);
    await database.close();
  });

  test("reads blocks again that were replaced after they counted as final", async () => {
    const database = await openDatabase(await newDatabase());
    const follower = follow(database);
    await follower.sync();
    const snapshot = await request("evm_snapshot");
    for (let i = 0; i < 3; i++) {
      await publish(2);
      await follower.sync();
    }
    await expectComplete(follower);
    await request("evm_revert", [snapshot]);
    for (let i = 0; i < 4; i++) await publish(1);
    await follower.sync();
    await expectComplete(follower);
    const { block } = await follower.sync();
    await request("hardhat_mine", ["0x5"]);
    expect((await follow(database, 5).sync()).block).toBe(block);
    await database.close();
  });
});
