import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Address } from "viem";
import { mint } from "../../src/chain/mint.ts";
import { readBalance } from "../../src/chain/token.ts";
import {
  devnetAddress,
  devnetKey,
  startDevnetChain,
  type DevnetChain,
} from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";

// A whole round through the command line alone, over HTTP, with real proofs: what a person would type.

const ONE = 10n ** 18n;
let chain: DevnetChain;
let server: RpcServer;
let folder: string;
let token: Address;
let round: Address;

const file = (name: string) => path.join(folder, name);
const as = (name: string) => ["--rpc", server.url, "--account-key", file(`${name}.key`)];
const at = () => ["--rpc", server.url, "--round", round];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-cli-"));
  chain = await startDevnetChain();
  server = await serveRpc(chain.provider, 18545);
  for (const name of ["organiser", "ana", "ben", "relay", "sponsor", "coordinator", "guardian"]) {
    await writeFile(file(`${name}.key`), `${devnetKey(name)}\n`, { mode: 0o600 });
    await chain.as(name); // gives it coin for gas
  }
});

afterAll(async () => {
  await server.close();
  await chain.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a round on the command line", () => {
  test("keys", async () => {
    for (const name of ["ana0", "ana1", "ben0"])
      await tacitJson(["keygen", "--out", file(`${name}.json`)]);
    await tacitJson(["keygen", "--coordinator", "--out", file("coordinator.json")]);
    expect((await stat(file("ana0.json"))).mode & 0o777).toBe(0o600);
    expect((await tacit(["keygen", "--out", file("ana0.json")])).err).toContain(
      "is not overwritten",
    );
  });

  test("deploy, create, add projects", async () => {
    const deployment = await tacitJson<{ testToken: Address; chainId: number }>([
      "deploy",
      ...as("organiser"),
      "--out",
      file("deployment.json"),
      "--test-token",
    ]);
    token = deployment.testToken;
    expect(deployment.chainId).toBe(31337);
    await writeFile(
      file("allowed.csv"),
      `account,credits\n${devnetAddress("ana")},10000\n${devnetAddress("ben")},6000\n${devnetAddress("zoe")},1\n`,
    );
    const created = await tacitJson<{ round: Address }>([
      "create-round",
      ...as("organiser"),
      "--deployment",
      file("deployment.json"),
      "--coordinator-key",
      file("coordinator.json"),
      "--coordinator",
      devnetAddress("coordinator"),
      "--token",
      token,
      "--unit",
      "0.01",
      "--start",
      "+1h",
      "--end",
      "+7d",
      "--size",
      "small",
      "--fee",
      "5",
      "--remainder-to",
      devnetAddress("rest"),
      "--allow-list",
      file("allowed.csv"),
      "--guardian",
      devnetAddress("guardian"),
      "--dispute-window",
      "2d",
      "--tally-most",
      "30d",
    ]);
    round = created.round;
    await writeFile(
      file("projects.csv"),
      `name,recipient\nBirds,${devnetAddress("birds")}\nTrees,${devnetAddress("trees")}\nWater,${devnetAddress("water")}\n`,
    );
    expect(
      await tacitJson([
        "projects",
        "add",
        file("projects.csv"),
        ...as("organiser"),
        "--round",
        round,
      ]),
    ).toEqual({ added: 3, already: 0, published: 0, pictures: 0 });
    const { application } = await tacitJson<{ application: string }>([
      "projects",
      "apply",
      ...as("relay"),
      "--round",
      round,
      "--name",
      "Soil",
      "--recipient",
      devnetAddress("soil"),
    ]);
    await tacitJson(["projects", "approve", application, ...as("organiser"), "--round", round]);
    expect(
      (await tacitJson<{ metadataURI: string }[]>(["projects", "list", ...at()])).map(
        ({ metadataURI }) => metadataURI,
      ),
    ).toEqual(["Birds", "Trees", "Water", "Soil"]);
  });

  test("ballots before the contribution, over a relayer", async () => {
    await tacitJson([
      "publish",
      ...as("relay"),
      "--round",
      round,
      "--payer",
      devnetAddress("ana"),
      "--key-file",
      file("ana0.json"),
      "--rotate",
      file("ana1.json"),
      "--credits",
      "10000",
      "--vote",
      "0=30",
      "--position",
      file("ana.position"),
    ]);
    const early = await tacit([
      "contribute",
      ...as("ana"),
      "--round",
      round,
      "--key-file",
      file("ana0.json"),
      "--amount",
      "100",
    ]);
    expect(early).toMatchObject({ code: 1, out: "" });
    expect(early.err).toContain('the round is in phase "before start"');
  });

  test("contributions, funding, top-up", async () => {
    await chain.warpTo((await chain.now()) + 7_200n);
    const organiser = await chain.as("organiser");
    for (const [name, amount] of [
      ["ana", 100n],
      ["ben", 60n],
      ["sponsor", 50n],
    ] as const)
      await mint(organiser, { token, to: devnetAddress(name), amount: amount * ONE });
    await tacitJson(["fund", ...as("sponsor"), "--round", round, "--amount", "50"]);
    const odd = await tacit([
      "contribute",
      ...as("ana"),
      "--round",
      round,
      "--key-file",
      file("ana0.json"),
      "--amount",
      "1.005",
    ]);
    expect(odd.err).toContain("Use 1 TEST or 1.01 TEST");
    const { credits } = await tacitJson<{ credits: string }>([
      "contribute",
      ...as("ana"),
      "--round",
      round,
      "--key-file",
      file("ana0.json"),
      "--amount",
      "100",
      "--allow-list",
      file("allowed.csv"),
    ]);
    expect(credits).toBe("10000");
    const allowed = ["--allow-list", file("allowed.csv")];
    expect(
      (
        await tacit([
          "contribute",
          ...as("sponsor"),
          "--round",
          round,
          "--key-file",
          file("ben0.json"),
          "--amount",
          "1",
          ...allowed,
        ])
      ).err,
    ).toContain("NotOnList(");
    await tacitJson([
      "contribute",
      ...as("ben"),
      "--round",
      round,
      "--key-file",
      file("ben0.json"),
      "--amount",
      "50",
      ...allowed,
    ]);
    await tacitJson(["top-up", ...as("ben"), "--round", round, "--amount", "10", ...allowed]);
    const again = await tacit([
      "contribute",
      ...as("ben"),
      "--round",
      round,
      "--key-file",
      file("ana1.json"),
      "--amount",
      "1",
      ...allowed,
    ]);
    expect(again.err).toContain("AlreadyAdmitted");
  });

  test("a ballot over budget is refused before sending; a page is appended; amounts become votes", async () => {
    const over = await tacit([
      "publish",
      ...as("ben"),
      "--round",
      round,
      "--key-file",
      file("ben0.json"),
      "--vote",
      "1=100",
    ]);
    expect(over.err).toContain("10000 voice credits, but the donor has 6000");
    const unknown = await tacit([
      "publish",
      ...as("ben"),
      "--round",
      round,
      "--key-file",
      file("ben0.json"),
      "--vote",
      "4=1",
    ]);
    expect(unknown.err).toContain("no project 4");
    await tacitJson([
      "publish",
      ...as("relay"),
      "--round",
      round,
      "--payer",
      devnetAddress("ana"),
      "--key-file",
      file("ana1.json"),
      "--append",
      "--position",
      file("ana.position"),
      "--vote",
      "2=40",
    ]);
    await tacitJson([
      "publish",
      ...as("ben"),
      "--round",
      round,
      "--key-file",
      file("ben0.json"),
      "--amount",
      "0=16",
      "--amount",
      "2=36",
    ]);
    expect(await tacitJson<{ phase: string; messages: number }>(["status", ...at()])).toMatchObject(
      { phase: "contributing", messages: 3, contributions: 2 },
    );
  });

  test("verify before the tally says that there is nothing to verify", async () => {
    expect((await tacit(["verify", ...at()])).err).toContain("there is no result to verify");
  });

  test("tally", async () => {
    await chain.warpTo((await chain.now()) + 8n * 86_400n);
    const late = await tacit([
      "publish",
      ...as("ben"),
      "--round",
      round,
      "--key-file",
      file("ben0.json"),
      "--vote",
      "0=1",
    ]);
    expect(late.err).toContain('phase "tallying"');
    const foreign = await tacit([
      "tally",
      ...as("coordinator"),
      "--round",
      round,
      "--key-file",
      file("ana1.json"),
      "--store",
      file("proofs"),
    ]);
    expect(foreign.err).toContain("is not a coordinator key file");
    const tallied = await tacitJson<{ folds: number; projectsWithVotes: number }>([
      "tally",
      ...as("coordinator"),
      "--round",
      round,
      "--key-file",
      file("coordinator.json"),
      "--store",
      file("proofs"),
    ]);
    expect(tallied).toMatchObject({ folds: 1, projectsWithVotes: 2 });
  });

  test("until payments open, everybody is told when; only the guardian can make the result void, and then all is refunded", async () => {
    const status = await tacitJson<{ phase: string; paymentsFrom: string; disputeWindow: number }>([
      "status",
      ...at(),
    ]);
    expect(status).toMatchObject({
      phase: "disputable",
      disputeWindow: 172_800,
      guardian: devnetAddress("guardian"),
      tallyMost: 30 * 86_400,
    });
    const opens = new Date(Number(status.paymentsFrom) * 1000).toISOString().slice(0, 10);
    for (const command of ["claim", "refund"])
      expect((await tacit([command, ...as("relay"), "--round", round])).err).toMatch(
        new RegExp(`open at ${opens}`),
      );
    expect((await tacitJson<{ ok: boolean }>(["verify", ...at()])).ok).toBe(true);
    const dispute = (name: string, reason: string) =>
      tacit(["dispute", ...as(name), "--round", round, "--reason", reason]);
    expect((await dispute("organiser", "no")).err).toContain("Only the guardian");
    expect((await dispute("guardian", "é".repeat(513))).err).toContain("1026 bytes");

    const shown = await tacitJson<{ sent: boolean; forGood: string }>([
      ...["dispute", ...as("guardian"), "--round", round, "--reason", "x", "--dry-run"],
    ]);
    expect(shown).toMatchObject({
      sent: false,
      forGood: expect.stringContaining("cannot be undone") as string,
    });

    const before = await chain.provider.request({ method: "evm_snapshot" as "eth_chainId" });
    expect((await dispute("guardian", "we doubt it\u001b[2J")).out).toContain("The result is void");
    const claimed = await tacit(["claim", ...as("relay"), "--round", round]);
    expect(claimed.err).toContain("the guardian's reason: we doubt it\\u{1B}[2J");
    expect((await tacit(["verify", ...at()])).err).toContain("made it void");
    const { refunds } = await tacitJson<{ refunds: { amount: string }[] }>([
      "refund",
      ...as("relay"),
      "--round",
      round,
    ]);
    expect(
      refunds.map(({ amount }) => BigInt(amount)).reduce((sum, amount) => sum + amount, 0n),
    ).toBe(210n * ONE);
    expect(await readBalance(chain.read, token, round)).toBe(0n);
    await (chain.provider.request as (call: object) => Promise<unknown>)({
      method: "evm_revert",
      params: [before],
    });
    await chain.warpTo(BigInt(status.paymentsFrom));
    expect((await dispute("guardian", "too late")).err).toContain("Nothing can be disputed now");
  });

  test("claims: every unit arrives where it belongs", async () => {
    const owed = await readBalance(chain.read, token, round);
    const shown = await tacitJson<{ review: object }>([
      ...["claim", ...as("relay"), "--round", round, "--dry-run"],
    ]);
    expect(shown.review).toMatchObject({ "projects to be paid": "2: 0, 2" });
    expect(await readBalance(chain.read, token, round)).toBe(owed);
    const { claims } = await tacitJson<{ claims: { project: string; shared: string }[] }>([
      "claim",
      ...as("relay"),
      "--round",
      round,
    ]);
    expect(claims.map(({ project }) => project)).toEqual(["0", "2"]);
    await tacitJson(["refund", ...as("relay"), "--round", round]);
    // Birds: T = 30 + 40, S = 900 + 1600; Water: T = 40 + 60, S = 1600 + 3600. w = T² - S: 2400 and 4800; unit·W = 72 > 45 in the pool.
    const held = async (name: string) => readBalance(chain.read, token, devnetAddress(name));
    // What the donors left, 160 - 77, is shared as the 45 are: a third and two thirds.
    const leftovers = 83n * ONE;
    expect(await held("birds")).toBe(25n * ONE + 15n * ONE + leftovers / 3n);
    expect(await held("water")).toBe(52n * ONE + 30n * ONE + leftovers - leftovers / 3n);
    expect(await held("coordinator")).toBe(5n * ONE);
    expect(await held("rest")).toBe(0n);
    expect(await readBalance(chain.read, token, round)).toBe(0n);
    expect(
      (await tacit(["claim", ...as("relay"), "--round", round, "--project", "0"])).err,
    ).toContain("nothing to claim");
  });

  test("verify", async () => {
    const { ok, checks } = await tacitJson<{ ok: boolean; checks: { id: string; ok: boolean }[] }>([
      "verify",
      ...at(),
    ]);
    expect(ok).toBe(true);
    expect(checks.map(({ id, ok }) => [id, ok])).toEqual(
      [
        "PROV-2",
        "LINK-1",
        "KEY-7",
        "TALLY-1",
        "MSG-1",
        "FOLD-1",
        "TALLY-8",
        "CLOSE-4",
        "MONEY-8",
      ].map((id) => [id, true]),
    );
    const human = await tacit(["verify", ...at()]);
    expect(human.out).toContain(
      "Verdict: the result follows from the proofs, but these are development keys",
    );
  });

  test("no secret was printed or written outside key files", async () => {
    const { secret } = JSON.parse(await readFile(file("coordinator.json"), "utf8")) as {
      secret: string;
    };
    expect(await readFile(file("ana.position"), "utf8")).not.toContain(secret.slice(2));
    expect(Object.keys(JSON.parse(await readFile(file("ana.position"), "utf8")) as object)).toEqual(
      ["kind", "version", "round", "tag", "nonce", "pos"],
    );
  });
});
