import { createWalletClient, http, type Abi } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { connectRead, type WriteClient } from "../../src/chain/client.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { readProgress } from "../../src/chain/round.ts";
import { embeddedAccount } from "../../src/devnet/chain.ts";
import type { World } from "../../src/devnet/world.ts";
import { DurableSender, OutOfCoinError, type SenderOptions } from "../../src/coordinator/sending/durable_sender.ts";
import type { Step } from "../../src/coordinator/sending/sender.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { journal, type JournalEntry } from "../../src/coordinator/store/journal.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { honest, serveHostile, type HostileRpc } from "./hostile_rpc.ts";
import { startSmallRound } from "./small_round.ts";

let world: World;
let rpc: HostileRpc;
let database: Database;
let sent: JournalEntry[];
let count = 0;

beforeAll(async () => {
  ({ world } = await startSmallRound(1));
  rpc = await serveHostile(world.chain.provider, 18_640);
});
afterAll(async () => {
  await rpc.close();
  await world.chain.close();
});
beforeEach(async () => {
  database = await openDatabase(":memory:");
  sent = [];
});
afterEach(async () => {
  rpc.tamper = honest;
  await request("evm_setAutomine", [true]);
  await database.close();
});

const request = (method: string, params: readonly unknown[] = []) => world.chain.provider.request({ method, params } as never) as Promise<unknown>;
const itemsNow = async () => (await readProgress(world.chain.read, world.round)).items;

/** A fresh account, and a client of it at the HTTP node. */
async function newClient(): Promise<WriteClient> {
  const name = `sender ${++count}`;
  await world.chain.as(name);
  return { chainId: 31337, read: connectRead(rpc.url), wallet: createWalletClient({ account: embeddedAccount(name), transport: http(rpc.url) }) } as unknown as WriteClient;
}

function senderOf(client: WriteClient, options: SenderOptions = {}): DurableSender {
  return new DurableSender(client, journal(database), { pollSeconds: 0.1, onSent: (entry) => sent.push(entry), ...options });
}

/** Publishes one message; done when the round has more items than now. */
async function publishStep(name: string): Promise<Step> {
  const before = await itemsNow();
  const message = coverMessage();
  return { name, isDone: async () => (await itemsNow()) > before, call: async () => ({ address: world.round, abi: iRoundAbi as Abi, functionName: "publish", args: [message] }) };
}

const transactionsOf = (client: WriteClient) => world.chain.read.getTransactionCount({ address: client.wallet.account.address });

test("a step is done once, however often it is asked for", async () => {
  const client = await newClient();
  const step = await publishStep("once");
  expect((await senderOf(client).perform(step))?.status).toBe("success");
  expect(await senderOf(client).perform(step)).toBeUndefined();
  expect(await transactionsOf(client)).toBe(1);
});

test("a transaction that is not mined is replaced at a higher fee, with its nonce", async () => {
  const client = await newClient();
  await request("evm_setAutomine", [false]);
  const done = senderOf(client, { bumpSeconds: 0.3 }).perform(await publishStep("slow"));
  await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  expect(new Set(sent.map(({ nonce }) => nonce)).size).toBe(1);
  expect((sent[1] as JournalEntry).maxFee).toBeGreaterThanOrEqual(((sent[0] as JournalEntry).maxFee * 110n) / 100n);
  await request("evm_mine");
  expect((await done)?.status).toBe("success");
  expect(await transactionsOf(client)).toBe(1);
});

test("no more is offered than the limit", async () => {
  const client = await newClient();
  await request("evm_setAutomine", [false]);
  const limit = 2n * 10n ** 9n;
  const done = senderOf(client, { bumpSeconds: 0.1, maxFeePerGas: limit }).perform(await publishStep("dear"));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(sent.every(({ maxFee }) => maxFee <= limit)).toBe(true);
  await request("evm_mine");
  await done;
});

test("what was signed before a crash is what is sent after it", async () => {
  const client = await newClient();
  const step = await publishStep("crash");
  rpc.tamper = async (method, _params, forward) => {
    if (method === "eth_sendRawTransaction") throw new Error("connection reset");
    return forward();
  };
  await expect(senderOf(client, { giveUpSeconds: 0.5 }).perform(step)).rejects.toThrow(/does not answer/);
  const [signed] = await journal(database).allOpen({ chainId: 31337, account: client.wallet.account.address });
  rpc.tamper = honest;
  expect((await senderOf(client).perform(step))?.transactionHash).toBe(signed?.hash);
  expect(await transactionsOf(client)).toBe(1);
});

test("a step that somebody else did leaves no gap in the nonces", async () => {
  const client = await newClient();
  const first = await publishStep("overtaken");
  rpc.tamper = async (method, _params, forward) => {
    if (method === "eth_sendRawTransaction") throw new Error("connection reset");
    return forward();
  };
  await expect(senderOf(client, { giveUpSeconds: 0.3 }).perform(first)).rejects.toThrow();
  rpc.tamper = honest;
  expect((await senderOf(client).perform(await publishStep("next")))?.status).toBe("success");
  expect(await transactionsOf(client)).toBe(2);
});

test("after a reorganisation the same bytes are sent again", async () => {
  const client = await newClient();
  const step = await publishStep("reorganised");
  const snapshot = await request("evm_snapshot");
  const first = await senderOf(client).perform(step);
  await request("evm_revert", [snapshot]);
  expect(await step.isDone()).toBe(false);
  expect((await senderOf(client).perform(step))?.transactionHash).toBe(first?.transactionHash);
});

test("a nonce that the account used elsewhere is given up, and another taken", async () => {
  const client = await newClient();
  await request("evm_setAutomine", [false]);
  rpc.tamper = async (method, _params, forward) => {
    if (method === "eth_sendRawTransaction") throw new Error("connection reset");
    return forward();
  };
  const step = await publishStep("elsewhere");
  await expect(senderOf(client, { giveUpSeconds: 0.3 }).perform(step)).rejects.toThrow();
  rpc.tamper = honest;
  await request("evm_setAutomine", [true]);
  const wallet = client.wallet;
  await world.chain.read.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to: wallet.account.address, chain: null }) });
  expect((await senderOf(client).perform(step))?.status).toBe("success");
  expect(await transactionsOf(client)).toBe(2);
});

test("an account without coin is named", async () => {
  const client = await newClient();
  await request("hardhat_setBalance", [client.wallet.account.address, "0x1"]);
  await expect(senderOf(client, { giveUpSeconds: 1 }).perform(await publishStep("poor"))).rejects.toThrow(OutOfCoinError);
});
