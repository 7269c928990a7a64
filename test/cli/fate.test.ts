import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { erc20Abi, zeroAddress, type Address, type Hex } from "viem";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectRead } from "../../src/chain/client.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { createRegistry, createRound } from "../../src/chain/create_round.ts";
import { deployAt } from "../../src/chain/deploy.ts";
import { UnsettledError } from "../../src/chain/fate.ts";
import { testTokenAbi } from "../../src/chain/generated/abis.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import { readHistory } from "../../src/chain/read_history.ts";
import { readProgress, readProjects } from "../../src/chain/round.ts";
import { send } from "../../src/chain/send.ts";
import { approve, readToken } from "../../src/chain/token.ts";
import { devnetAddress, devnetKey, startDevnetChain } from "../../src/devnet/chain.ts";
import { createDevnet, type Devnet } from "../../src/devnet/devnet.ts";
import {
  honest,
  narrow,
  serveHostile,
  type HostileRpc,
  type Tamper,
} from "../coordinator/hostile_rpc.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";

const UNIT = 10n ** 16n;
let devnet: Devnet;
let rpc: HostileRpc;
let folder: string;
let oldToken: Address;
const file = (name: string) => path.join(folder, name);
const as = (name: string) => [
  "--rpc",
  rpc.url,
  "--round",
  devnet.round,
  "--account-key",
  file(`${name}.key`),
];
const ask = (method: string, params: readonly unknown[] = []) =>
  devnet.chain.provider.request({ method, params } as never) as Promise<unknown>;
const nonceOf = (name: string) =>
  devnet.chain.read.getTransactionCount({ address: devnetAddress(name) });
const poolNow = async () => (await readProgress(devnet.chain.read, devnet.round)).pool;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-fate-"));
  devnet = await createDevnet(await startDevnetChain(), {
    projects: ["Birds", "Trees"],
    unit: UNIT,
    size: "small",
    rule: { id: "quadratic", args: [false] },
  });
  rpc = await serveHostile(devnet.chain.provider, 18_740);
  for (const name of ["ana", "ben", "eve", "sponsor", "organiser", "stuck"]) {
    await writeFile(file(`${name}.key`), `${devnetKey(name)}\n`, { mode: 0o600 });
    const client = await devnet.chain.as(name);
    await send(client, {
      address: devnet.token.address,
      abi: testTokenAbi,
      functionName: "mint",
      args: [devnetAddress(name), 10n ** 24n],
    });
  }
  const { bytecode } = JSON.parse(
    await readFile("artifacts/contracts/mocks/OldToken.sol/OldToken.json", "utf8"),
  ) as { bytecode: Hex };
  oldToken = await deployAt(await devnet.chain.as("organiser"), "OldToken", bytecode);
  await tacitJson([
    "deploy",
    ...["--rpc", rpc.url, "--account-key", file("organiser.key")],
    ...["--out", file("deployment.json")],
  ]);
  await devnet.chain.warpTo(devnet.config.start + 1n);
  for (const name of ["ana", "ben", "eve"])
    await tacitJson(["keygen", "--out", file(`${name}.json`)]);
});
afterEach(async () => {
  rpc.tamper = honest;
  await ask("evm_setAutomine", [true]);
  await ask("evm_mine");
});
afterAll(async () => {
  await rpc.close();
  await devnet.chain.close();
  await rm(folder, { recursive: true, force: true });
});

const failing = (method: string, code: number, message: string): Tamper => {
  return async (asked, _params, forward) => {
    if (asked === method) throw Object.assign(new Error(message), { code });
    return forward();
  };
};

describe("a transaction whose fate is not known", () => {
  const lost = async (tamper: Tamper) => {
    rpc.tamper = tamper;
    const answer = await tacit(["fund", ...as("sponsor"), "--amount", "3"]);
    rpc.tamper = honest;
    return answer;
  };

  test("that left although the node answered with an error is found by its hash", async () => {
    const before = await poolNow();
    const { code, err } = await lost(async (method, _params, forward) => {
      const answer = await forward();
      if (method === "eth_sendRawTransaction")
        throw Object.assign(new Error("upstream connect error"), { code: -32603 });
      return answer;
    });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect((await poolNow()) - before).toBe(3n * 10n ** 18n);
  });

  test.each([
    [-32603, "upstream connect error"],
    [-32000, "request timed out"],
    [-32005, "daily request count exceeded"],
  ])("that may have left is never to be repeated: %i %s", async (code, message) => {
    rpc.tamper = failing("eth_sendRawTransaction", code, message);
    const answer = await tacit(["fund", ...as("eve"), "--amount", "3"]);
    expect(answer.code).toBe(1);
    expect(answer.err).toMatch(/transaction 0x[0-9a-f]{64} .*may have been sent/);
    expect(answer.err).toContain("Do not send it a second time");
    expect(answer.err).not.toMatch(/repeat the command/i);
    const hash = /0x[0-9a-f]{64}/.exec(answer.err)?.[0] as string;
    rpc.tamper = honest;
    const status = await tacit(["status", ...as("eve").slice(0, 4), "--transaction", hash]);
    expect(status.out).toContain("unknown");
  });

  test.each([
    [-32000, "transaction underpriced", "higher fee"],
    [-32000, "max fee per gas less than block base fee: address 0x1", "higher fee"],
    [-32000, "insufficient funds for gas * price + value", "not enough coin"],
    [-32000, "nonce too low", "another transaction of the same account"],
  ])("that a node refuses was not sent, in words: %i %s", async (code, message, words) => {
    rpc.tamper = failing("eth_sendRawTransaction", code, message);
    const answer = await tacit(["fund", ...as("eve"), "--amount", "4"]);
    expect(answer.err).toMatch(/was not sent/);
    expect(answer.err).toContain(words);
    expect(answer.err).not.toContain("Missing or invalid parameters.\n");
  });

  test("that is not mined yet is said to be under way", async () => {
    await ask("evm_setAutomine", [false]);
    const client = { ...(await devnet.chain.as("stuck")), patience: 300 };
    const call = send(client, {
      address: devnet.token.address,
      abi: erc20Abi,
      functionName: "transfer",
      args: [devnetAddress("ana"), 1n],
    });
    await expect(call).rejects.toThrow(UnsettledError);
    await expect(call).rejects.toMatchObject({ fate: { state: "pending" } });
    await expect(call).rejects.toThrow(/sent and not mined yet[^]*do not send it a second time/);
  });

  test("holds up the next command, which then finds what it did", async () => {
    await ask("evm_setAutomine", [false]);
    const before = await poolNow();
    const [one, two] = [
      tacit(["fund", ...as("ben"), "--amount", "7", "--json"]),
      // Given again while the first one waits: its allowance is on the way.
      new Promise((resolve) => setTimeout(resolve, 1_500)).then(() =>
        tacit(["fund", ...as("ben"), "--amount", "7", "--json"]),
      ),
    ];
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await ask("evm_setAutomine", [true]);
    await ask("evm_mine");
    const [first, second] = await Promise.all([one, two]);
    expect([first.err, first.code]).toEqual(["", 0]);
    expect(second.err).toContain("Waiting for a transaction");
    expect(second.code).toBe(0);
    expect(((await poolNow()) - before) / 10n ** 18n).toBeLessThanOrEqual(14n);
  });
});

describe("a command that is given twice finds what it did", () => {
  test("fund", async () => {
    const before = await poolNow();
    const run = (...more: string[]) =>
      tacitJson<{ already: boolean }>(["fund", ...as("eve"), "--amount", "11", ...more]);
    expect(await run()).toMatchObject({ already: false });
    expect(await run()).toMatchObject({ already: true });
    expect((await poolNow()) - before).toBe(11n * 10n ** 18n);
    expect(await run("--again")).toMatchObject({ already: false });
    expect((await poolNow()) - before).toBe(22n * 10n ** 18n);
  });

  test("contribute, and top-up", async () => {
    const give = (amount: string) => [
      "contribute",
      ...as("ana"),
      ...["--key-file", file("ana.json"), "--amount", amount],
    ];
    expect(await tacitJson(give("2"))).toMatchObject({ already: false });
    const nonce = await nonceOf("ana");
    expect(await tacitJson(give("2"))).toMatchObject({ already: true });
    const other = await tacit(give("3"));
    expect(other.err).toContain("contributed already: 200 voice credits");
    expect(await nonceOf("ana")).toBe(nonce);
    const top = ["top-up", ...as("ana"), "--amount", "1"];
    expect(await tacitJson(top)).toMatchObject({ already: false, credits: "300" });
    expect(await tacitJson(top)).toMatchObject({ already: true, credits: "300" });
    expect(await tacitJson([...top, "--again"])).toMatchObject({ credits: "400" });
  });

  test("create-round, with times that are relative", async () => {
    const create = (...more: string[]) => [
      "create-round",
      ...["--rpc", rpc.url, "--account-key", file("ben.key")],
      ...["--deployment", file("deployment.json"), "--token", devnet.token.address],
      ...[
        "--coordinator-key",
        `${devnet.coordinator.publicKey.x},${devnet.coordinator.publicKey.y}`,
      ],
      ...["--end", "+2d", ...more],
    ];
    const first = await tacitJson<{ round: Address; registry: Address }>(create());
    const second = await tacitJson<{ round: Address }>(create());
    expect(second).toMatchObject({ round: first.round, already: true });
    // Nor is it mistaken for one that somebody else made in this account's name, over a registry of his own.
    const stranger = await devnet.chain.as("eve");
    const { factory } = devnet.config;
    const settings = await readConfig(devnet.chain.read, first.round, locateContracts(BUILT));
    const registry = (
      await createRegistry(stranger, {
        factory,
        owner: devnetAddress("eve"),
        freezeTime: settings.end,
      })
    ).registry;
    const salt: Hex = `0x${"05".repeat(32)}`;
    await createRound(stranger, { factory, salt, settings: { ...settings, registry } });
    expect(await tacitJson(create())).toMatchObject({ round: first.round, already: true });
    const third = await tacitJson<{ round: Address }>(create("--again"));
    expect(third.round).not.toBe(first.round);
    expect(await tacitJson(create("--unit", "2"))).toMatchObject({ already: false });
  });

  test("deploy, to the same file; another file is refused before anything is paid", async () => {
    const deploy = (out: string) => [
      "deploy",
      ...["--rpc", rpc.url, "--account-key", file("organiser.key"), "--out", file(out)],
    ];
    const nonce = await nonceOf("organiser");
    expect((await tacit(deploy("deployment.json"))).code).toBe(0);
    await writeFile(file("notes.json"), "{}");
    const { code, err } = await tacit(deploy("notes.json"));
    expect([code, err]).toEqual([1, expect.stringContaining("notes.json") as string]);
    expect((await tacit(deploy("absent/deployment.json"))).code).toBe(1);
    expect(await nonceOf("organiser")).toBe(nonce);
  });

  test("projects add", async () => {
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `Project ${from + i},${devnetAddress("p")}`);
    const add = async (...rows: string[]) => {
      await writeFile(file("projects.csv"), ["name,recipient", ...rows].join("\n"));
      return tacit(["projects", "add", file("projects.csv"), ...as("organiser"), "--json"]);
    };
    const countNow = async () =>
      (await readProjects(devnet.chain.read, devnet.config.registry)).count;
    const before = await countNow();
    // What a first command, stopped in between, left behind.
    expect((await add(...lines(0, 100))).code).toBe(0);
    const second = await add(...lines(0, 130));
    expect(JSON.parse(second.out)).toMatchObject({ added: 30, already: 100 });
    expect((await countNow()) - before).toBe(130);
    const bad = [...lines(200, 320), `Bad,${zeroAddress}`, ...lines(320, 350)];
    expect((await add(...bad)).code).toBe(1);
    expect((await countNow()) - before).toBe(130);
  });
});

describe("everything is checked before the first step", () => {
  const allowed = (name: string, token: Address) =>
    devnet.chain.read.readContract({
      address: token,
      abi: erc20Abi,
      functionName: "allowance",
      args: [devnetAddress(name), devnet.round],
    });

  test("a contribution that the round refuses leaves no allowance", async () => {
    const other = await tacitJson<{ round: Address }>([
      "create-round",
      ...["--rpc", rpc.url, "--account-key", file("eve.key")],
      ...["--deployment", file("deployment.json"), "--token", devnet.token.address],
      ...[
        "--coordinator-key",
        `${devnet.coordinator.publicKey.x},${devnet.coordinator.publicKey.y}`,
      ],
      ...["--end", "+2d", "--min-contribution", "50"],
    ]);
    const nonce = await nonceOf("eve");
    const { code, err } = await tacit([
      "contribute",
      ...["--rpc", rpc.url, "--round", other.round, "--account-key", file("eve.key")],
      ...["--key-file", file("eve.json"), "--amount", "3"],
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining("TooFewCredits") as string]);
    expect(await nonceOf("eve")).toBe(nonce);
  });

  test.each([
    [["--guardian", `0x${"77".repeat(20)}`], "GuardianWindowConflict"],
    [["--end", "+0s"], ""],
    [["--unit", "0"], ""],
  ])("a round that the factory refuses leaves no registry: %s", async (more, said) => {
    const nonce = await nonceOf("eve");
    const { code, err } = await tacit([
      "create-round",
      ...["--rpc", rpc.url, "--account-key", file("eve.key")],
      ...["--deployment", file("deployment.json"), "--token", devnet.token.address],
      ...[
        "--coordinator-key",
        `${devnet.coordinator.publicKey.x},${devnet.coordinator.publicKey.y}`,
      ],
      ...(more.includes("--end") ? more : ["--end", "+2d", ...more]),
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining(said) as string]);
    expect(await nonceOf("eve")).toBe(nonce);
  });

  test("a token that returns nothing and takes a change from 0 alone can be used", async () => {
    const client = await devnet.chain.as("ana");
    const at = { token: oldToken, spender: devnet.round };
    await approve(client, { ...at, amount: 5n });
    expect(await allowed("ana", oldToken)).toBe(5n);
    await approve(client, { ...at, amount: 9n });
    expect(await allowed("ana", oldToken)).toBe(9n);
    await approve(client, { ...at, amount: 2n });
    expect(await allowed("ana", oldToken)).toBe(9n);
  });
});

describe("a token's decimals", () => {
  const decimals = "0x313ce567";
  const unwilling = (code: number, message: string): Tamper => {
    return async (method, params, forward) => {
      if (method === "eth_call" && (params[0] as { data?: string }).data?.startsWith(decimals))
        throw Object.assign(new Error(message), { code });
      return forward();
    };
  };

  test.each([
    [-32005, "rate limit exceeded"],
    [-32603, "upstream connect error"],
    [429, "Too Many Requests"],
  ])("are never guessed where a node fails: %i %s", async (code, message) => {
    rpc.tamper = unwilling(code, message);
    const before = await poolNow();
    const answer = await tacit(["fund", ...as("sponsor"), "--amount", "1000"]);
    expect(answer.err).toContain("did not tell how many decimals");
    expect(answer.code).toBe(1);
    expect(await poolNow()).toBe(before);
  });

  test("are 0 where the contract has none, and no token is no token", async () => {
    rpc.tamper = unwilling(3, "execution reverted");
    expect(await readToken(connectRead(rpc.url), devnet.token.address)).toMatchObject({
      decimals: 0,
    });
    rpc.tamper = honest;
    await expect(readToken(connectRead(rpc.url), devnet.round)).rejects.toThrow(
      /no ERC-20 token at/,
    );
    await expect(readToken(connectRead(rpc.url), devnetAddress("ana"))).rejects.toThrow(
      /no ERC-20 token at/,
    );
  });
});

describe("nodes that lack something", () => {
  const pruned: Tamper = async (method, params, forward) => {
    const block = params.at(-1);
    if (
      ["eth_getCode", "eth_call", "eth_getBalance"].includes(method) &&
      typeof block === "string" &&
      /^0x/.test(block)
    )
      throw Object.assign(new Error("missing trie node abc"), { code: -32000 });
    return forward();
  };
  const both =
    (one: Tamper, two: Tamper): Tamper =>
    (method, params, forward) =>
      one(method, params, () => two(method, params, forward));

  test("without old state and with narrow logs: projects, history and payments are found all the same", async () => {
    for (const tamper of [pruned, narrow(10), both(pruned, narrow(25))]) {
      rpc.tamper = tamper;
      const { code, out, err } = await tacit(["projects", "list", ...as("ana").slice(0, 4)]);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toContain("Birds");
      const { events } = await readHistory(connectRead(rpc.url), devnet.round, {
        factory: devnet.config.factory,
      });
      expect(events.some(({ eventName }) => eventName === "Funded")).toBe(true);
    }
  });

  test("without any logs: projects are listed without names, with a word about it", async () => {
    rpc.tamper = failing("eth_getLogs", -32601, "the method eth_getLogs does not exist");
    const { code, out, err } = await tacit(["projects", "list", ...as("ana").slice(0, 4)]);
    expect([code, err]).toEqual([0, expect.stringContaining("without names") as string]);
    expect(out).toContain(devnetAddress("project Birds"));
    const { err: why } = await tacit(["fund", ...as("sponsor"), "--amount", "2"]);
    expect(why).toContain("use another RPC URL");
  });

  test("without a base fee: legacy transactions are sent", async () => {
    rpc.tamper = async (method, params, forward) => {
      if (method === "eth_sendRawTransaction" && /^0x0/.test(String(params[0])))
        throw Object.assign(new Error("transaction type not supported"), { code: -32000 });
      if (["eth_feeHistory", "eth_maxPriorityFeePerGas"].includes(method))
        throw Object.assign(new Error("the method does not exist"), { code: -32601 });
      const answer = await forward();
      if (method !== "eth_getBlockByNumber") return answer;
      const { baseFeePerGas: _, ...block } = answer as Record<string, unknown>;
      return block;
    };
    expect((await tacit(["fund", ...as("sponsor"), "--amount", "5"])).err).toBe("");
  });

  test("are stood in for by others, and what their URLs hold is not told", async () => {
    const secret = "http://127.0.0.1:1/v3/s3cretkey?apikey=s3cretkey";
    const { out, err, code } = await tacit(["status", "--round", devnet.round], {
      env: { TACIT_RPC: `${secret}, ${rpc.url}` },
    }).then(async (answer) =>
      // The environment is read from the process, as commander does.
      answer.code === 0
        ? answer
        : tacit(["status", "--round", devnet.round, "--rpc", secret, "--rpc", rpc.url]),
    );
    expect([code, out.includes("contributing")]).toEqual([0, true]);
    expect(err).toContain("http://127.0.0.1:1");
    expect(err).not.toContain("s3cretkey");
    const dead = await tacit(["status", "--round", devnet.round, "--rpc", secret]);
    expect([dead.code, dead.err.includes("s3cretkey")]).toEqual([1, false]);
    const verbose = await tacit(["status", "--round", devnet.round, "--rpc", secret, "--verbose"]);
    expect(verbose.err).not.toContain("s3cretkey");
  });

  test("of another chain are not taken as stand-ins", async () => {
    const foreign = await serveHostile(devnet.chain.provider, 18_780);
    foreign.tamper = async (method, _params, forward) =>
      method === "eth_chainId" ? "0x1" : forward();
    const { code, err } = await tacit([
      "status",
      ...["--round", devnet.round, "--rpc", rpc.url, "--rpc", foreign.url],
    ]);
    await foreign.close();
    expect([code, err]).toEqual([1, expect.stringContaining("different chains") as string]);
  });

  test("are asked for many projects in few requests, and one by one where they take no batches", async () => {
    let [requests, refused] = [0, false];
    const proxy = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += String(part)));
      request.on("end", () => {
        requests++;
        if (refused && body.startsWith("["))
          return void response
            .writeHead(200, { "content-type": "application/json" })
            .end('{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}');
        void fetch(rpc.url, { method: "POST", body }).then(async (answer) =>
          response.writeHead(200, { "content-type": "application/json" }).end(await answer.text()),
        );
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const list = async () =>
      JSON.parse(
        (await tacit(["projects", "list", "--round", devnet.round, "--rpc", url, "--json"])).out,
      ) as unknown[];
    const all = (await list()).length;
    expect(all).toBeGreaterThan(100);
    expect(requests).toBeLessThan(30);
    refused = true;
    expect((await list()).length).toBe(all);
    proxy.close();
  });
});

test("a round with a list says that it wants one", async () => {
  await writeFile(file("allowed.csv"), `account,credits\n${devnetAddress("ana")},500\n`);
  const { round } = await tacitJson<{ round: Address }>([
    "create-round",
    ...["--rpc", rpc.url, "--account-key", file("organiser.key")],
    ...["--deployment", file("deployment.json"), "--token", devnet.token.address],
    ...["--coordinator-key", `${devnet.coordinator.publicKey.x},${devnet.coordinator.publicKey.y}`],
    ...["--end", "+2d", "--unit", "0.01", "--allow-list", file("allowed.csv")],
  ]);
  const give = (...more: string[]) =>
    tacit([
      "contribute",
      ...["--rpc", rpc.url, "--round", round, "--account-key", file("ana.key")],
      ...["--key-file", file("ana.json"), "--amount", "1", ...more],
    ]);
  const { code, err } = await give();
  expect([code, err]).toEqual([1, expect.stringContaining("--allow-list") as string]);
  expect((await give("--allow-list", file("allowed.csv"))).code).toBe(0);
});
