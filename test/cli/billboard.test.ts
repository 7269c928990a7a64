import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Address, Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mint } from "../../src/chain/mint.ts";
import { readProgress } from "../../src/chain/round.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import {
  devnetAddress,
  devnetKey,
  startDevnetChain,
  type DevnetChain,
} from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";

const ONE = 10n ** 18n;
let chain: DevnetChain;
let server: RpcServer;
let folder: string;
let token: Address;
let round: Address;
let billboard: Address;
const file = (name: string) => path.join(folder, name);
const as = (name: string) => ({ env: { TACIT_ACCOUNT_KEY: devnetKey(name) } });
const at = () => ["--rpc", server.url, "--billboard", billboard];

const create = async (...more: string[]) => {
  const { x, y } = multiplyBase(7n);
  return tacitJson<{ round: Address }>(
    [
      ...["create-round", "--rpc", server.url, "--deployment", file("deployment.json")],
      ...["--coordinator-key", `${x},${y}`, "--end", "+1d", ...more],
    ],
    as("organiser"),
  );
};

beforeAll(async () => {
  chain = await startDevnetChain();
  server = await serveRpc(chain.provider, 18758);
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-board-"));
  for (const name of ["organiser", "ana"]) await chain.as(name);
  ({ testToken: token } = await tacitJson<{ testToken: Address }>(
    ["deploy", "--rpc", server.url, "--out", file("deployment.json"), "--test-token"],
    as("organiser"),
  ));
  await mint(await chain.as("organiser"), { token, to: devnetAddress("ana"), amount: 100n * ONE });
  await writeFile(file("poster.html"), "<p>Buy this</p>");
  ({ round } = await create("--token", token));
});

afterAll(async () => {
  await server.close();
  await chain.close();
  await rm(folder, { recursive: true, force: true });
});

describe("tacit billboard", () => {
  test("BOARD-1 BOARD-2 a board is made, an advertisement posted and extended, and the pool grows by just that", async () => {
    ({ billboard } = await tacitJson<{ billboard: Address }>(
      ["billboard", "deploy", "--rpc", server.url, "--round", round, "--price", "0.5"],
      as("organiser"),
    ));
    const poster = ["--uri", "https://example.org/poster", "--content", file("poster.html")];
    const { ad } = await tacitJson<{ ad: Hex }>(
      ["billboard", "post", ...at(), ...poster],
      as("organiser"),
    );
    expect((await tacit(["billboard", "show", ...at()])).out).toContain("Nothing is shown.");
    const buy = ["billboard", "extend", ...at(), "--ad", ad, "--minutes", "3"];
    expect(await tacitJson(buy, as("ana"))).toMatchObject({ cost: String(3n * ONE) });
    expect((await readProgress(chain.read, round)).pool).toBe(3n * ONE);
    const again = await tacit(buy, as("ana"));
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("already")]);
    expect(await tacitJson([...buy, "--again"], as("ana"))).toMatchObject({
      cost: String((15n * ONE) / 2n), // 4 + 5 + 6 halves
    });
    const { out } = await tacit(["billboard", "show", ...at()]);
    expect(out).toMatch(/now .* https:\/\/example\.org\/poster +0x/);
  });

  test("BOARD-3 what no board takes is refused, and nothing is allowed or paid", async () => {
    const ad = `0x${"12".repeat(32)}`;
    const held = await chain.read.getBalance({ address: devnetAddress("ana") });
    for (const [args, problem] of [
      [["extend", ...at(), "--ad", ad, "--minutes", "1"], /UnknownAd/],
      [["extend", ...at(), "--ad", ad, "--minutes", "0"], /1 to 10000 minutes/],
      [["extend", ...at(), "--ad", ad, "--minutes", "10001"], /1 to 10000 minutes/],
      [["extend", ...at(), "--ad", "0x12", "--minutes", "1"], /Not an advertisement/],
      [
        ["post", ...at(), "--uri", "http://example.org", "--content", file("poster.html")],
        /WrongContent/,
      ],
      [["pass-on", ...at()], /NothingToPassOn/],
      [["show", "--rpc", server.url, "--billboard", token], /no billboard of this version/],
      [["show", "--rpc", server.url, "--billboard", ad.slice(0, 42)], /no billboard of this/],
    ] as const) {
      const { code, err } = await tacit(["billboard", ...args], as("ana"));
      expect(code, args.join(" ")).not.toBe(0);
      expect(err).toMatch(problem);
    }
    expect(await chain.read.getBalance({ address: devnetAddress("ana") })).toBe(held);
  });

  test("BOARD-1 a gate of equal credits, and a round without a pool, have no board", async () => {
    await writeFile(file("members.csv"), `account,credits\n${devnetAddress("ana")},100\n`);
    const list = ["--allow-list", file("members.csv")];
    const vote = await create("--preset", "members-vote", ...list);
    const dollars = await create("--preset", "democracy-dollars", "--pool-token", token, ...list);
    for (const [of, problem] of [
      [vote, /no matching pool/],
      [dollars, /admits only with 100 credits/],
    ] as const) {
      const { code, err } = await tacit(
        ["billboard", "deploy", "--rpc", server.url, "--round", of.round, "--price", "1"],
        as("organiser"),
      );
      expect([code, err]).toEqual([1, expect.stringMatching(problem)]);
    }
  });
});
