import { writeFile } from "node:fs/promises";
import type { Address, Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mint } from "../../src/chain/mint.ts";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

const ONE = 10n ** 18n;
let stage: Stage;
let round: Address;
let billboard: Address;
const file = (name: string) => stage.file(name);
const at = () => ["--rpc", stage.url, "--billboard", billboard];

const create = (...more: string[]) =>
  tacitJson<{ round: Address }>(stage.create("--end", "+1d", ...more), by("organiser"));

beforeAll(async () => {
  stage = await startStage("ana");
  const { chain, token } = stage;
  await mint(await chain.as("organiser"), { token, to: devnetAddress("ana"), amount: 100n * ONE });
  await writeFile(file("poster.html"), "<p>Buy this</p>");
  ({ round } = await create("--token", token));
});

afterAll(() => stage.close());

describe("tacit billboard", () => {
  test("BOARD-1 BOARD-2 a board is made, an advertisement posted and extended, and the pool grows by just that", async () => {
    ({ billboard } = await tacitJson<{ billboard: Address }>(
      ["billboard", "deploy", "--rpc", stage.url, "--round", round, "--price", "0.5"],
      by("organiser"),
    ));
    const poster = ["--uri", "https://example.org/poster", "--content", file("poster.html")];
    const { ad } = await tacitJson<{ ad: Hex }>(
      ["billboard", "post", ...at(), ...poster],
      by("organiser"),
    );
    expect((await tacit(["billboard", "show", ...at()])).out).toContain("Nothing is shown.");
    const buy = ["billboard", "extend", ...at(), "--ad", ad, "--minutes", "3"];
    expect(await tacitJson(buy, by("ana"))).toMatchObject({ cost: String(3n * ONE) });
    expect((await readProgress(stage.chain.read, round)).pool).toBe(3n * ONE);
    const again = await tacit(buy, by("ana"));
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("already")]);
    expect(await tacitJson([...buy, "--again"], by("ana"))).toMatchObject({
      cost: String((15n * ONE) / 2n), // 4 + 5 + 6 halves
    });
    const { out } = await tacit(["billboard", "show", ...at()]);
    expect(out).toMatch(/now .* https:\/\/example\.org\/poster +0x/);
  });

  test("BOARD-3 what no board takes is refused, and nothing is allowed or paid", async () => {
    const ad = `0x${"12".repeat(32)}`;
    const held = await stage.chain.read.getBalance({ address: devnetAddress("ana") });
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
      [["show", "--rpc", stage.url, "--billboard", stage.token], /no billboard of this version/],
      [["show", "--rpc", stage.url, "--billboard", ad.slice(0, 42)], /no billboard of this/],
    ] as const) {
      const { code, err } = await tacit(["billboard", ...args], by("ana"));
      expect(code, args.join(" ")).not.toBe(0);
      expect(err).toMatch(problem);
    }
    expect(await stage.chain.read.getBalance({ address: devnetAddress("ana") })).toBe(held);
  });

  test("BOARD-1 a gate of equal credits, and a round without a pool, have no board", async () => {
    await writeFile(file("members.csv"), `account,credits\n${devnetAddress("ana")},100\n`);
    const list = ["--allow-list", file("members.csv")];
    const vote = await create("--preset", "members-vote", ...list);
    const dollars = await create(
      "--preset",
      "democracy-dollars",
      "--pool-token",
      stage.token,
      ...list,
    );
    for (const [of, problem] of [
      [vote, /no matching pool/],
      [dollars, /admits only with 100 credits/],
    ] as const) {
      const { code, err } = await tacit(
        ["billboard", "deploy", "--rpc", stage.url, "--round", of.round, "--price", "1"],
        by("organiser"),
      );
      expect([code, err]).toEqual([1, expect.stringMatching(problem)]);
    }
  });
});
