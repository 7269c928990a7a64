import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Address, EIP1193Provider, Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { P } from "../../src/params.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { lyingProvider, type Lies } from "../helpers/lying_node.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { connectRead } from "../../src/chain/client.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { trustedKeys } from "../../src/verify/trusted_keys.ts";
import { verifyRound } from "../../src/verify/verify_round.ts";
import { CONTRACTS, roundFixture } from "../contracts/support/round.ts";
import {
  atTime,
  claim,
  contribute,
  finalize,
  funded,
  makeMessage,
  RESULTS,
} from "../contracts/support/steps.ts";
import { listLies, readTruth, type Slips, type Told, type Truth } from "./support/told_round.ts";
import { counterfeit } from "../attacks/support/preseeded.ts";

/* What people read: `tacit verify`, and the commands that pay or seal, over HTTP against a node that lies. */

let truth: Truth;
let node: RpcServer;
let folder: string;
let lies: Lies = {};
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"; // of no account with money

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tacit-verify-"));
  const setup = await roundFixture({ settings: { messageFee: 0n } })();
  await setup.round.write.publish([makeMessage(1)]);
  await funded(setup, 60_000n, 40_000n);
  await finalize(setup, RESULTS);
  await claim(setup, RESULTS, 0);
  truth = await readTruth(setup);
  node = await serveRpc(lyingProvider(truth.provider, () => lies) as EIP1193Provider, 19_245);
}, 60_000);
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true });
});

const verify = async (...more: string[]) =>
  tacit(["verify", "--rpc", node.url, "--round", truth.setup.round.address, ...more]);
const tell = async (parts: Partial<Told>, slips: Slips = {}) => {
  lies = await listLies(truth, { ...truth.told, ...parts }, slips);
};
const wrong = (out: string) =>
  out
    .split("\n")
    .filter((line) => line.includes("WRONG"))
    .map((line) => line.trim().slice(7, 60).trim());

test("tacit status shows the results of a finished round, claimed or not", async () => {
  lies = {};
  const at = ["status", "--rpc", node.url, "--round", truth.setup.round.address];
  const { results } = await tacitJson<{ results: { project: number; votes: string }[] }>(at);
  expect(results.map(({ project, votes }) => [project, BigInt(votes)])).toEqual(
    RESULTS.map(({ project, votes }) => [project, votes]),
  );
  const { out } = await tacit(at);
  const money = out.slice(out.indexOf("all projects"));
  expect(out).toMatch(/project +votes +given +matched +total\n/);
  expect(out.match(/not claimed yet/g)).toHaveLength(RESULTS.length - 1);
  // Where all of it goes; that the sums hold is in test/chain/results.test.ts.
  for (const line of [
    "contributions +[0-9.]+ ",
    "  to projects +[0-9.]+",
    "  spent on no project +(less than )?[0-9.]+, to 0x",
    "  for projects not eligible +[0-9.]+, to 0x",
    "matching pool +[0-9.]+ ",
    "  matches, to projects +[0-9.]+",
    "  fee +[0-9.]+, to the coordinator",
    "  surplus +(less than )?[0-9.]+, back to the sponsors",
    "  left over +(less than )?[0-9.]+, to 0x",
  ])
    expect(money).toMatch(new RegExp(`^  ${line}`, "m"));
});

test("P6 a round that is paid out is checked without its empty years: no log is asked for after the last claim's range", async () => {
  const setup = await roundFixture({ settings: { messageFee: 0n } })();
  await funded(setup, 60_000n, 40_000n);
  await finalize(setup, RESULTS);
  for (const place of [0, 1]) await claim(setup, RESULTS, place);
  const paid = await setup.publicClient.getBlockNumber();
  const provider = setup.provider as unknown as EIP1193Provider;
  let furthest = 0n;
  const watched = {
    request: async (call: { method: string; params: [{ toBlock: Hex }] }) => {
      if (call.method === "eth_getLogs") {
        const { toBlock } = call.params[0];
        if (BigInt(toBlock) > furthest) furthest = BigInt(toBlock);
      }
      return provider.request(call as never);
    },
  };
  const check = async () => {
    furthest = 0n;
    const client = connectRead(watched as never);
    const keys = async () => trustedKeys(await openArtifacts(fromRoot("build")), 0);
    const { address: round } = setup.round;
    const progress: [stage: string, share: number][] = [];
    const { ok } = await verifyRound({
      client,
      round,
      contracts: CONTRACTS,
      keys,
      from: 1n,
      onProgress: (stage, done, total) => progress.push([stage, done / total]),
    });
    return { ok, furthest, progress };
  };
  await setup.helpers.mine(60_000);
  // One project waits for its payment: what comes may be it.
  const waiting = await check();
  expect(waiting).toMatchObject({ ok: true, furthest: paid + 60_000n });
  for (const stage of ["logs", "proofs"]) {
    const shares = waiting.progress.flatMap(([of, share]) => (of === stage ? [share] : []));
    expect(shares.length).toBeGreaterThan(1);
    expect(shares.at(-1)).toBe(1);
    expect(shares.every((share, i) => share > (shares[i - 1] ?? 0))).toBe(true);
  }
  await claim(setup, RESULTS, 2);
  await setup.helpers.mine(200_000);
  const told = await check();
  expect(told.ok).toBe(true);
  expect(told.furthest).toBeLessThan(paid + 150_000n);
});

describe("tacit verify", () => {
  test("P6 PROV-6 an honest node: exit code 0, and the verdict names the development keys", async () => {
    lies = {};
    const { code, out } = await verify();
    expect({ code, wrong: wrong(out) }).toEqual({ code: 0, wrong: [] });
    expect(out).toContain(
      "Verdict: the result follows from the proofs, but these are development keys: whoever made these keys could have forged it.",
    );
    expect(out).toContain("Not checked:");
    expect(
      await tacitJson(["verify", "--rpc", node.url, "--round", truth.setup.round.address]),
    ).toMatchObject({
      ok: true,
      developmentKeys: true,
      parts: { payoutRule: { kind: "known", id: "quadratic", args: [false] } },
    });
  });

  test.each<[string, string, (told: Told) => [Partial<Told>, Slips?]]>([
    [
      "LINK-1",
      "Every contribution, message and top-up, in order",
      () => [{}, { views: { links: 77 } }],
    ],
    [
      "KEY-7",
      "Every tag belongs to its payer and key",
      () => [{}, { payer: () => "0x000000000000000000000000000000000000dEaD" }],
    ],
    ["TALLY-1", "The challenges follow from the items", () => [{}, { committed: { base: 5n } }]],
    [
      "MSG-1",
      "Every message is one that the contract may accept",
      ({ links }) => [
        {
          links: links.map((link) =>
            link.kind === "message" ? { ...link, words: link.words.with(4, P) } : link,
          ),
        },
      ],
    ],
    ["FOLD-1", "Every ballot was processed as proved", () => [{ folds: [] }]],
    [
      "TALLY-8",
      "The result list is well formed",
      ({ entries }) => [{ entries: [entries[1]!, entries[0]!, ...entries.slice(2)] }],
    ],
    [
      "CLOSE-4",
      "The result is the sum of the processed ballots",
      () => [{}, { acc: (acc) => acc + 1n }],
    ],
    ["MONEY-8", "Every unit of money is accounted for", () => [{ balance: 0n }]],
  ])("%s alone: exit code 3, one line WRONG, and what it means", async (id, title, lie) => {
    await tell(...lie(truth.told));
    const { code, out } = await verify();
    expect(code).toBe(3);
    expect(wrong(out)).toEqual([expect.stringContaining(title.slice(0, 40))]);
    expect(out).toContain("Verdict: something does not hold. Do not rely on this result.");
    const { ok, checks } = JSON.parse((await verify("--json")).out) as {
      ok: boolean;
      checks: { id: string; ok: boolean }[];
    };
    expect({ ok, ids: checks.filter((check) => !check.ok).map((check) => check.id) }).toEqual({
      ok: false,
      ids: [id],
    });
  });

  test("PROV-2 a counterfeit: exit code 3, one line, and nothing else is said of it", async () => {
    lies = {};
    const { round } = await counterfeit(truth.setup, {});
    const { code, out } = await tacit(["verify", "--rpc", node.url, "--round", round.address]);
    expect({
      code,
      lines: out.split("\n").filter((line) => /ok {4}|WRONG/.test(line)).length,
    }).toEqual({ code: 3, lines: 1 });
    expect(out).toContain("who may have written its storage first");
    expect(out).toContain("Do not rely on this result.");
  });
});

describe("commands that pay or seal", () => {
  test("PROV-2 refuse a counterfeit, and a node that shows another coordinator's key, before anything is signed", async () => {
    lies = {};
    const open = await roundFixture()();
    const fake = (await counterfeit(open, {})).round.address;
    await atTime(open, open.start);
    await contribute(open, open.alice, 1, 30n);
    const [account, key] = [path.join(folder, "account.key"), path.join(folder, "donor.json")];
    writeFileSync(account, KEY, { mode: 0o600 });
    expect((await tacit(["keygen", "--out", key])).code).toBe(0);
    const server = await serveRpc(open.provider as unknown as EIP1193Provider, 19_345);
    const code = (await open.publicClient.getCode({ address: open.round.address }))!;
    const forged =
      `${code.slice(0, 2 + 2 * (45 + 64))}${"07".padStart(64, "0")}${code.slice(2 + 2 * (45 + 96))}` as const;
    const liar = await serveRpc(
      lyingProvider(open.provider as unknown as EIP1193Provider, () => ({
        code: { [open.round.address as Address]: forged } as Record<Address, Hex>,
      })) as EIP1193Provider,
      19_445,
    );
    const blocks = await open.publicClient.getBlockNumber();
    const commands = [
      ["contribute", "--amount", "0.001", "--key-file", key],
      ["fund", "--amount", "0.001"],
      ["top-up", "--amount", "0.001"],
      ["publish", "--key-file", key, "--withdraw"],
      ["status"],
      ["claim"],
    ];
    for (const [rpc, round] of [
      [server.url, fake],
      [liar.url, open.round.address],
    ] as const) {
      for (const command of commands) {
        const signing = ["status"].includes(command[0] as string) ? [] : ["--account-key", account];
        const answer = await tacit([...command, "--rpc", rpc, "--round", round, ...signing]);
        expect(answer, command.join(" ")).toMatchObject({
          code: 1,
          out: "",
          err: expect.stringContaining("is not a round that this version's factory made") as string,
        });
        expect(answer.err).toContain("Do not pay into it");
      }
    }
    expect(await open.publicClient.getBlockNumber()).toBe(blocks);
    await server.close();
    await liar.close();
  });
});
