import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  encodeEventTopics,
  numberToHex,
  pad,
  type Address,
  type EIP1193Provider,
  type Hex,
} from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import type { RoundEvent } from "../../src/chain/logs.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { parseTable } from "../../src/readers/table.ts";
import { roundFixture, type Setup } from "../contracts/support/round.ts";
import { claim, finalize, funded, makeMessage, RESULTS } from "../contracts/support/steps.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";

/* EVT-2: a round's archive, against nodes that have forgotten its logs, and made by somebody who lies. */

type Line = {
  block: string;
  address: string;
  topics: Hex[];
  data: Hex;
};

let setup: Setup;
let node: RpcServer;
let folder: string;
let archive: string;
/** The node has no logs before this block. */
let forgotten = 0n;
/** A contract that answers nothing. */
let mute: Address | undefined;
/** The block of the archive. */
let kept: bigint;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tacit-archive-"));
  setup = await roundFixture({ settings: { messageFee: 0n } })();
  await setup.round.write.publish([makeMessage(1)]);
  await funded(setup, 60_000n, 40_000n);
  await finalize(setup, RESULTS);
  await claim(setup, RESULTS, 0);
  const provider = setup.provider as unknown as EIP1193Provider;
  const forgetful = {
    request: async (call: { method: string; params: [{ fromBlock: Hex; to: Address }] }) => {
      if (call.method === "eth_call" && call.params[0].to?.toLowerCase() === mute?.toLowerCase())
        throw Object.assign(new Error("execution reverted"), { code: 3, data: "0x" });
      if (call.method === "eth_getLogs" && BigInt(call.params[0].fromBlock) < forgotten)
        throw Object.assign(new Error("history has been pruned for this block"), { code: -32_000 });
      return provider.request(call as never);
    },
  };
  node = await serveRpc(forgetful as never, 19_247);
  const written = await tacitJson<{ folder: string; block: string }>([
    ...["archive", ...at(), "--out", path.join(folder, "archives")],
  ]);
  archive = written.folder;
  kept = BigInt(written.block);
}, 60_000);
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true });
});

const at = () => ["--rpc", node.url, "--round", setup.round.address];
const table = (name: string) => parseTable(readFileSync(path.join(archive, name), "utf8"), name);

/** `verify` by an archive of which somebody has changed the logs. */
async function verifyBy(change: (lines: string[]) => string[]) {
  const copy = path.join(folder, "changed");
  await cp(archive, copy, { recursive: true });
  const file = path.join(copy, "logs.jsonl");
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  writeFileSync(file, `${change(lines).join("\n")}\n`);
  const { code, out, err } = await tacit(["verify", ...at(), "--archive", copy]);
  return { code, err, wrong: out.split("\n").filter((line) => line.includes("WRONG")) };
}

/** Changes the first log of a kind. */
const edited =
  (eventName: RoundEvent["eventName"], edit: (line: Line) => Line | undefined) =>
  (lines: string[]): string[] => {
    const [topic] = encodeEventTopics({ abi: iRoundAbi, eventName });
    const i = lines.findIndex((line, n) => n > 0 && (JSON.parse(line) as Line).topics[0] === topic);
    expect(i).toBeGreaterThan(0);
    const now = edit(JSON.parse(lines[i] as string) as Line);
    return now === undefined ? lines.toSpliced(i, 1) : lines.with(i, JSON.stringify(now));
  };

test("EVT-2 where nodes have forgotten the logs, the archive stands in; what came later is asked of the node", async () => {
  forgotten = kept + 1n;
  const { code, err } = await tacit(["verify", ...at()]);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("another RPC URL") });
  const own = await verifyBy((lines) => lines);
  expect(own).toEqual({ code: 0, err: "", wrong: [] });

  await claim(setup, RESULTS, 1);
  expect(await verifyBy((lines) => lines)).toEqual({ code: 0, err: "", wrong: [] });
  const { out } = await tacit(["verify", ...at(), "--archive", archive]);
  expect(out).toContain(`the archive's logs, up to block ${kept}`);
});

const drop = () => undefined;
/** A word of the data, counted from 0, becomes another. */
const withWord = (line: Line, place: number, word: bigint): Line => {
  const at = 2 + 64 * place;
  const hex = numberToHex(word, { size: 32 }).slice(2);
  return { ...line, data: `0x${line.data.slice(2, at)}${hex}${line.data.slice(at + 64)}` };
};
const wordOf = ({ data }: Line, place: number): bigint =>
  BigInt(`0x${data.slice(2 + 64 * place, 66 + 64 * place)}`);

test.each<[string, (lines: string[]) => string[], string]>([
  ["a message is missing", edited("MessagePublished", drop), "the contract's chain head"],
  ["a contribution is missing", edited("Contributed", drop), "the contract's chain head"],
  [
    "another paid for a contribution",
    edited("Contributed", (line) => ({
      ...line,
      topics: line.topics.with(2, pad("0x1234", { size: 32 })),
    })),
    "a contribution's tag",
  ],
  ["a sponsor is missing", edited("Funded", drop), "the pool"],
  ["nobody was paid", edited("Claimed", drop), "whether project 0 may still be paid"],
  [
    "another was paid",
    edited("Claimed", (line) => ({
      ...line,
      topics: line.topics.with(1, numberToHex(1n, { size: 32 })),
    })),
    "whether project 0 may still be paid",
  ],
  [
    "a project was not eligible",
    edited("EligibilityRead", (line) => withWord(line, 0, wordOf(line, 0) & ~4n)),
    "whether project 2 may still be paid",
  ],
  [
    "the list has other votes",
    edited("ResultsAdded", (line) => withWord(line, 2, wordOf(line, 2) ^ 1n)),
    "TALLY-8|The result list",
  ],
  [
    "a proof is another",
    edited("Folded", (line) => withWord(line, 0, wordOf(line, 0) + 1n)),
    "the proof of fold 1 is not valid",
  ],
])("EVT-2 what logs alone say is held against the round: %s", async (_, change, words) => {
  const { code, wrong } = await verifyBy(change);
  expect(wrong.join()).toMatch(new RegExp(words));
  expect(code).toBe(3);
});

test("EVT-2 what is no archive of this round is refused before anything is checked", async () => {
  const cases: readonly [string, (lines: string[]) => string[]][] = [
    [
      "is of round",
      ([head = "", ...logs]) => [head.replace(/"round":"0x../, '"round":"0x77'), ...logs],
    ],
    [
      "is of round",
      ([head = "", ...logs]) => [head.replace('"chainId":31337', '"chainId":1'), ...logs],
    ],
    [
      "Line 1 of the archive's logs is not the head",
      ([head = "", ...logs]) => [head.replace("tacit-logs-1", "tacit-logs-9"), ...logs],
    ],
    ["Line 1 of the archive's logs is missing", () => []],
    ["out of order", ([head = "", a = "", b = "", ...logs]) => [head, b, a, ...logs]],
    ["out of order", ([head = "", a = "", ...logs]) => [head, a, a, ...logs]],
    ["is not JSON", (lines) => [...lines.slice(0, -1), (lines.at(-1) ?? "").slice(0, 90)]],
    ["is not a log", (lines) => [...lines, "{}"]],
    ["is not a log", (lines) => [...lines, "null"]],
    ["the proof of it", edited("Finalized", drop)],
    // It does not say that it has the round's logs: the node is asked, which has none.
    [
      "another RPC URL",
      ([head = "", ...logs]) => [JSON.stringify({ ...JSON.parse(head), questions: [] }), ...logs],
    ],
  ];
  for (const [words, change] of cases) {
    const { code, err } = await verifyBy(change);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(words) });
  }
  const { code, err } = await tacit(["verify", ...at(), "--archive", path.join(folder, "none")]);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("cannot be read") });
});

test("EVT-2 to whom a payment went is the archive's word, and named as not checked", async () => {
  const other = pad("0x1234", { size: 32 });
  const change = edited("Claimed", (line) => ({ ...line, topics: line.topics.with(2, other) }));
  expect(await verifyBy(change)).toMatchObject({ code: 0, wrong: [] });
});

test("files for people: names, recipients, who was paid what, and in which transaction", async () => {
  forgotten = 0n;
  const again = await tacitJson<{ folder: string }>([
    ...["archive", ...at(), "--out", path.join(folder, "archives")],
  ]);
  expect(again.folder).toBe(archive);
  const claims = await setup.round.getEvents.Claimed({}, { fromBlock: 0n });
  expect(claims).toHaveLength(2);
  const { lines } = table("results.csv");
  expect(lines.map(({ fields }) => [fields[0], fields[1], fields[9]])).toEqual(
    RESULTS.map(({ project }) => [
      `${project}`,
      `project ${project}`,
      claims.find(({ args }) => args.project === BigInt(project))?.transactionHash ?? "",
    ]),
  );
  const moved = table("transactions.csv").lines.map(({ fields }) => fields[2]);
  expect(moved).toEqual(expect.arrayContaining(["Contributed", "Funded", "Claimed"]));
  expect(moved.filter((what) => what === "Claimed")).toHaveLength(2);
  const told = JSON.parse(readFileSync(path.join(archive, "round.json"), "utf8")) as {
    claims: readonly { project: string }[];
    results: readonly { name: string; claimed: boolean }[];
  };
  expect(told.claims.map(({ project }) => project)).toEqual(["0", "1"]);
  expect(told.results.map(({ name, claimed }) => [name, claimed])).toEqual([
    ["project 0", true],
    ["project 1", true],
    ["project 2", false],
  ]);
});

test("a registry that answers nothing keeps no archive from being written, and from being verified by", async () => {
  const { registry } = await setup.round.read.config();
  mute = registry;
  const written = await tacitJson<{ folder: string }>([
    "archive",
    ...at(),
    "--out",
    path.join(folder, "mute"),
  ]);
  mute = undefined;
  const { lines } = parseTable(
    readFileSync(path.join(written.folder, "results.csv"), "utf8"),
    "results.csv",
  );
  expect(lines.map(({ fields }) => fields.slice(0, 3))).toEqual(
    RESULTS.map(({ project }) => [`${project}`, "", ""]),
  );
  expect(JSON.parse(readFileSync(path.join(written.folder, "round.json"), "utf8"))).toMatchObject({
    named: false,
  });
  const { code } = await tacit(["verify", ...at(), "--archive", written.folder]);
  expect(code).toBe(0);
});

test("a round that is not over has no archive", async () => {
  const open = await roundFixture({ settings: { messageFee: 0n } })();
  const server = await serveRpc(open.provider as unknown as EIP1193Provider, 19_248);
  const { code, err } = await tacit([
    ...["archive", "--rpc", server.url, "--round", open.round.address],
    ...["--out", path.join(folder, "none")],
  ]);
  await server.close();
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("not settled yet") });
  expect(existsSync(path.join(folder, "none"))).toBe(false);
});
