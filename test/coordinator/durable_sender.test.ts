import { createWalletClient, http, keccak256, type Abi } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connectRead, type WriteClient } from "../../src/chain/client.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAccount } from "../../src/devnet/chain.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import {
  DurableSender,
  OutOfCoinError,
  type SenderOptions,
} from "../../src/coordinator/sending/durable_sender.ts";
import { OutOfBoundsError } from "../../src/coordinator/sending/own_entries.ts";
import type { Step } from "../../src/coordinator/sending/sender.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { journal, type JournalEntry } from "../../src/coordinator/store/journal.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { honest, serveHostile, type HostileRpc } from "./hostile_rpc.ts";
import { startSmallRound } from "./small_round.ts";

let devnet: Devnet;
let rpc: HostileRpc;
let database: Database;
let sent: JournalEntry[];
let count = 0;

beforeAll(async () => {
  ({ devnet } = await startSmallRound(1));
  rpc = await serveHostile(devnet.chain.provider, 18_640);
});
afterAll(async () => {
  await rpc.close();
  await devnet.chain.close();
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

const request = (method: string, params: readonly unknown[] = []) =>
  devnet.chain.provider.request({ method, params } as never) as Promise<unknown>;
const itemsNow = async () => (await readProgress(devnet.chain.read, devnet.round)).items;

/** A fresh account, and a client of it at the HTTP node. */
async function newClient(): Promise<WriteClient> {
  const name = `sender ${++count}`;
  await devnet.chain.as(name);
  return {
    chainId: 31337,
    read: connectRead(rpc.url),
    wallet: createWalletClient({ account: devnetAccount(name), transport: http(rpc.url) }),
  } as unknown as WriteClient;
}

function createSender(client: WriteClient, options: SenderOptions = {}): DurableSender {
  return new DurableSender(client, journal(database), {
    pollSeconds: 0.1,
    onSent: (entry) => sent.push(entry),
    ...options,
  });
}

/** Publishes one message; done when the round has more items than now. */
async function publishStep(name: string): Promise<Step> {
  const before = await itemsNow();
  const message = coverMessage();
  return {
    name,
    isDone: async () => (await itemsNow()) > before,
    call: async () => ({
      address: devnet.round,
      abi: iRoundAbi as Abi,
      functionName: "publish",
      args: [message],
    }),
  };
}

const countTransactions = (client: WriteClient) =>
  devnet.chain.read.getTransactionCount({ address: client.wallet.account.address });

test("a step is done once, however often it is asked for", async () => {
  const client = await newClient();
  const step = await publishStep("once");
  expect((await createSender(client).perform(step))?.status).toBe("success");
  expect(await createSender(client).perform(step)).toBeUndefined();
  expect(await countTransactions(client)).toBe(1);
});

test("a transaction that is not mined is replaced at a higher fee, with its nonce", async () => {
  const client = await newClient();
  await request("evm_setAutomine", [false]);
  const done = createSender(client, { bumpSeconds: 0.3 }).perform(await publishStep("slow"));
  await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  expect(new Set(sent.map(({ nonce }) => nonce)).size).toBe(1);
  expect((sent[1] as JournalEntry).maxFee).toBeGreaterThanOrEqual(
    ((sent[0] as JournalEntry).maxFee * 110n) / 100n,
  );
  await request("evm_mine");
  expect((await done)?.status).toBe("success");
  expect(await countTransactions(client)).toBe(1);
});

test("no more is offered than the limit", async () => {
  const client = await newClient();
  await request("evm_setAutomine", [false]);
  const limit = 2n * 10n ** 9n;
  const done = createSender(client, { bumpSeconds: 0.1, maxFeePerGas: limit }).perform(
    await publishStep("dear"),
  );
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
  await expect(createSender(client, { giveUpSeconds: 0.5 }).perform(step)).rejects.toThrow(
    /does not answer/,
  );
  const [signed] = await journal(database).allOpen({
    chainId: 31337,
    account: client.wallet.account.address,
  });
  rpc.tamper = honest;
  expect((await createSender(client).perform(step))?.transactionHash).toBe(signed?.hash);
  expect(await countTransactions(client)).toBe(1);
});

test("what was signed for other steps is settled by how their names begin", async () => {
  const client = await newClient();
  rpc.tamper = async (method, _params, forward) => {
    if (method === "eth_sendRawTransaction") throw new Error("connection reset");
    return forward();
  };
  const step = await publishStep("base fold 0");
  await expect(createSender(client, { giveUpSeconds: 0.3 }).perform(step)).rejects.toThrow();
  rpc.tamper = honest;
  await createSender(client).settle("other fold");
  expect(await countTransactions(client)).toBe(0);
  await createSender(client).settle("base fold");
  expect(await countTransactions(client)).toBe(1);
  expect(await step.isDone()).toBe(true);
  const sender = { chainId: 31337, account: client.wallet.account.address };
  expect(await journal(database).allOpen(sender)).toEqual([]);
});

test("a step that somebody else did leaves no gap in the nonces", async () => {
  const client = await newClient();
  const first = await publishStep("overtaken");
  rpc.tamper = async (method, _params, forward) => {
    if (method === "eth_sendRawTransaction") throw new Error("connection reset");
    return forward();
  };
  await expect(createSender(client, { giveUpSeconds: 0.3 }).perform(first)).rejects.toThrow();
  rpc.tamper = honest;
  expect((await createSender(client).perform(await publishStep("next")))?.status).toBe("success");
  expect(await countTransactions(client)).toBe(2);
});

test("after a reorganisation the same bytes are sent again", async () => {
  const client = await newClient();
  const step = await publishStep("reorganised");
  const snapshot = await request("evm_snapshot");
  const first = await createSender(client).perform(step);
  await request("evm_revert", [snapshot]);
  expect(await step.isDone()).toBe(false);
  expect((await createSender(client).perform(step))?.transactionHash).toBe(first?.transactionHash);
});

test("a nonce that the account used elsewhere is given up, and another taken", async () => {
  const client = await newClient();
  await request("evm_setAutomine", [false]);
  rpc.tamper = async (method, _params, forward) => {
    if (method === "eth_sendRawTransaction") throw new Error("connection reset");
    return forward();
  };
  const step = await publishStep("elsewhere");
  await expect(createSender(client, { giveUpSeconds: 0.3 }).perform(step)).rejects.toThrow();
  rpc.tamper = honest;
  await request("evm_setAutomine", [true]);
  const wallet = client.wallet;
  await devnet.chain.read.waitForTransactionReceipt({
    hash: await wallet.sendTransaction({ to: wallet.account.address, chain: null }),
  });
  expect((await createSender(client).perform(step))?.status).toBe("success");
  expect(await countTransactions(client)).toBe(2);
});

test("an account without coin is named", async () => {
  const client = await newClient();
  await request("hardhat_setBalance", [client.wallet.account.address, "0x1"]);
  await expect(
    createSender(client, { giveUpSeconds: 1 }).perform(await publishStep("poor")),
  ).rejects.toThrow(OutOfCoinError);
});

/*
 * The attack: whoever can write the coordinator's database puts rows into its journal, and has the account sign and send what they say, or has it
 * take for done what was not.
 */
test.each([
  ["signed by the account itself, elsewhere", true],
  ["signed by somebody else", false],
])(
  "a row that the account did not write moves nothing and is told: a transfer %s",
  async (_, isOwn) => {
    const client = await newClient();
    const thief = await newClient();
    const [account, to] = [client.wallet.account, thief.wallet.account.address];
    const unsigned = {
      chainId: 31337,
      type: "eip1559",
      nonce: 0,
      to,
      value: 10n ** 18n,
      gas: 21_000n,
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
    } as const;
    const raw = (await (isOwn ? account : thief.wallet.account).signTransaction?.(
      unsigned,
    )) as `0x${string}`;
    const forged: JournalEntry = {
      chainId: 31337,
      account: account.address,
      hash: keccak256(raw),
      step: "stolen",
      nonce: 0,
      raw,
      maxFee: 1n,
      priorityFee: 1n,
      state: "open",
      sentAt: 1,
      mac: "0".repeat(64),
    };
    await journal(database).add(forged);
    await journal(database).add({
      ...forged,
      hash: `0x${"1".repeat(64)}`,
      step: "next",
      sentAt: 2,
    });
    const before = await devnet.chain.read.getBalance({ address: to });
    const foreign: string[] = [];
    const sender = createSender(client, {
      bumpSeconds: 0.1,
      onForeign: (entry, why) => foreign.push(`${entry.step}: ${why}`),
    });
    expect((await sender.perform({ ...(await publishStep("stolen")) }))?.status).toBe("success");
    expect((await sender.perform(await publishStep("next")))?.status).toBe("success");
    expect(await devnet.chain.read.getBalance({ address: to })).toBe(before);
    expect(foreign.sort()).toEqual([
      "next: this account did not write it",
      "stolen: this account did not write it",
    ]);
  },
);

test("a row of one step is not taken for another's, and its fees are those that were signed", async () => {
  const client = await newClient();
  await createSender(client).perform(await publishStep("first"));
  await database.query
    .updateTable("transactions")
    .set({ step: "second", max_fee: String(10n ** 20n) })
    .execute();
  const step = {
    ...(await publishStep("second")),
    isDone: async (mined?: unknown) => mined !== undefined,
  };
  const before = await itemsNow();
  await createSender(client).perform(step);
  expect(await itemsNow()).toBe(before + 1);
  await database.query.deleteFrom("transactions").execute();
  await request("evm_setAutomine", [false]);
  const slow = createSender(client, { bumpSeconds: 0.3 }).perform(await publishStep("slow"));
  await expect
    .poll(() => database.query.selectFrom("transactions").select("hash").execute(), {
      timeout: 10_000,
    })
    .toHaveLength(1);
  await database.query
    .updateTable("transactions")
    .set({ max_fee: String(10n ** 20n), priority_fee: String(10n ** 20n) })
    .execute();
  await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  expect(sent.every(({ maxFee }) => maxFee < 10n ** 18n)).toBe(true);
  await request("evm_mine");
  await slow;
});

test("nothing is signed that leaves the bounds, by whatever way it came", async () => {
  const client = await newClient();
  const bounds = () => ({ to: [devnet.round], mostValue: 5n });
  const inside = await publishStep("inside");
  expect((await createSender(client, { bounds }).perform(inside))?.status).toBe("success");
  const call = async () => ({ ...(await inside.call()), gas: 100_000n });
  await expect(
    createSender(client, { bounds }).perform({
      ...inside,
      isDone: async () => false,
      name: "dear",
      call: async () => ({ ...(await call()), value: 6n }),
    }),
  ).rejects.toThrow(OutOfBoundsError);
  await expect(
    createSender(client, { bounds }).perform({
      ...inside,
      isDone: async () => false,
      name: "away",
      call: async () => ({ ...(await call()), address: client.wallet.account.address }),
    }),
  ).rejects.toThrow(OutOfBoundsError);
  // What it wrote itself under wider bounds is not sent again under narrower ones.
  rpc.tamper = async (method, _params, forward) =>
    method === "eth_sendRawTransaction" ? Promise.reject(new Error("connection reset")) : forward();
  await expect(
    createSender(client, { giveUpSeconds: 0.3 }).perform(await publishStep("wide")),
  ).rejects.toThrow();
  rpc.tamper = honest;
  const before = await countTransactions(client);
  const foreign: string[] = [];
  await expect(
    createSender(client, {
      bounds: () => ({ to: [], mostValue: 0n }),
      onForeign: ({ step }) => foreign.push(step),
    }).perform(await publishStep("wide")),
  ).rejects.toThrow(OutOfBoundsError);
  expect([await countTransactions(client), foreign]).toEqual([before, ["wide"]]);
});

test("on a chain without a base fee it sends legacy transactions, and replaces one by a dearer one", async () => {
  const kinds: string[] = [];
  rpc.tamper = async (method, params, forward) => {
    if (["eth_feeHistory", "eth_maxPriorityFeePerGas"].includes(method))
      throw Object.assign(new Error("the method does not exist"), { code: -32601 });
    if (method === "eth_sendRawTransaction") {
      kinds.push(String(params[0]).slice(0, 4));
      if (String(params[0]).startsWith("0x0"))
        throw Object.assign(new Error("transaction type not supported"), { code: -32000 });
    }
    const answer = await forward();
    if (method !== "eth_getBlockByNumber") return answer;
    const { baseFeePerGas: _, ...block } = answer as Record<string, unknown>;
    return block;
  };
  await request("evm_setAutomine", [false]);
  const sender = createSender(await newClient(), { bumpSeconds: 0.5 });
  const done = sender.perform(await publishStep("legacy"));
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(1), { timeout: 15_000 });
  expect(sent[1]?.maxFee).toBeGreaterThan(sent[0]?.maxFee as bigint);
  await request("evm_setAutomine", [true]);
  await request("evm_mine");
  expect((await done)?.status).toBe("success");
  expect(kinds.every((kind) => !kind.startsWith("0x0"))).toBe(true);
});
