import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publish } from "../../src/chain/publish.ts";
import { readHistory } from "../../src/chain/read_history.ts";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress, devnetKey, startDevnetChain } from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { createDevnet, type Devnet } from "../../src/devnet/devnet.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { decodeMessage } from "../../src/protocol/message.ts";
import { listItems } from "../../src/protocol/item.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { readKeyFile } from "../../src/cli/input/key_file.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { openBySecret } from "../helpers/open.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

// A relay that does what its `behaviour` says with what it is given: a test of what the command line believes.
type Behaviour = (messages: bigint[][]) => Promise<void>;
let behaviour: Behaviour;
let relay: Server;
let relayUrl: string;
const requests: {
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
}[] = [];

let devnet: Devnet;
let rpc: RpcServer;
let folder: string;
const file = (name: string) => path.join(folder, name);
const at = () => ["--rpc", rpc.url, "--round", devnet.round];
const as = (name: string) => [...at(), "--account-key", file(`${name}.key`)];
const items = async () => (await readProgress(devnet.chain.read, devnet.round)).items;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-donor-"));
  devnet = await createDevnet(await startDevnetChain(), {
    projects: ["Birds", "Trees"],
    unit: 10n ** 16n,
    size: "small",
    rule: quadraticChoice("return"),
  });
  rpc = await serveRpc(devnet.chain.provider, 18_547);
  for (const name of ["ana", "relay"]) {
    await writeFile(file(`${name}.key`), `${devnetKey(name)}\n`, { mode: 0o600 });
    await devnet.chain.as(name);
  }
  relay = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += String(part)));
    request.on("end", () => {
      requests.push({ url: request.url, headers: request.headers });
      if (request.method === "GET")
        return response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ epoch: "1", bits: 4 }));
      const { messages } = JSON.parse(body) as { messages: string[][] };
      void behaviour(messages.map(decodeMessage)).then(
        () =>
          response
            .writeHead(202, { "content-type": "application/json" })
            .end(JSON.stringify({ accepted: messages.length })),
        (error: Error) =>
          response
            .writeHead(503, { "content-type": "application/json" })
            .end(JSON.stringify({ error: error.message, fix: "Try later." })),
      );
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  relayUrl = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
  for (const name of ["ana0", "ana1"]) await tacitJson(["keygen", "--out", file(`${name}.json`)]);
});

afterAll(async () => {
  relay.close();
  await rpc.close();
  await devnet.chain.close();
  await rm(folder, { recursive: true, force: true });
});

const publishAll: Behaviour = async (messages) => {
  for (const message of messages)
    await publish(await devnet.chain.as("relay"), { round: devnet.round, message, messageFee: 0n });
};
const first = () => [
  "publish",
  "--key-file",
  file("ana0.json"),
  "--rotate",
  file("ana1.json"),
  "--payer",
  devnetAddress("ana"),
  "--credits",
  "1000",
];
const many = Array.from({ length: 2 }, (_, i) => ["--vote", `${i}=2`]).flat();

describe("before the contribution", () => {
  test("the account that will contribute does not publish, unless its owner insists: that would be a receipt", async () => {
    for (const sameAccount of [["--payer", devnetAddress("ana")], []]) {
      const { code, err } = await tacit([
        "publish",
        ...as("ana"),
        "--key-file",
        file("ana0.json"),
        ...sameAccount,
        "--credits",
        "1000",
        "--vote",
        "0=2",
      ]);
      expect([code, err]).toEqual([
        1,
        expect.stringContaining("would publish the ballot and contribute"),
      ]);
    }
    const { publicKey } = await readKeyFile(file("ana0.json"), "donor");
    const byTag = await tacit([
      "publish",
      ...as("ana"),
      "--key-file",
      file("ana0.json"),
      "--tag",
      String(deriveTag(devnetAddress("ana"), publicKey)),
      "--credits",
      "1000",
      "--vote",
      "0=2",
    ]);
    expect(byTag.err).toContain("would publish the ballot and contribute");
    expect(await items()).toBe(0);
    await tacitJson([
      "publish",
      ...as("ana"),
      "--key-file",
      file("ana0.json"),
      "--from-payer",
      "--credits",
      "1000",
      "--vote",
      "0=2",
    ]);
    expect(await items()).toBe(1);
  });

  test("a relay publishes without any account, cookie or name; the command waits until the chain shows it", async () => {
    behaviour = publishAll;
    const before = await items();
    const done = await tacitJson<{ onChain: boolean; transactions: string[]; credits: string }>([
      ...first(),
      ...at(),
      "--relay",
      relayUrl,
      ...many,
    ]);
    expect(done).toMatchObject({ onChain: true, transactions: [], credits: "8" });
    expect(await items()).toBe(before + 1);
    expect(requests.at(-1)?.url).toBe(`/rounds/${devnet.round}/messages`);
    expect(Object.keys(requests.at(-1)?.headers ?? {})).not.toContain("cookie");
    expect(
      await tacit([
        "publish",
        ...at(),
        "--relay",
        relayUrl,
        "--key-file",
        file("ana0.json"),
        "--vote",
        "0=1",
      ]),
    ).toMatchObject({
      code: 1,
      err: expect.stringContaining("nothing says whose ballot this is") as string,
    });
  });

  test("a relay that takes a ballot and loses it is found out, one that refuses is quoted, and one that is away is named", async () => {
    const before = await items();
    behaviour = async () => undefined;
    const lost = await tacit([...first(), ...at(), "--relay", relayUrl, "--wait", "1s", ...many]);
    expect(lost).toMatchObject({ code: 1, out: "" });
    expect(lost.err).toContain("after 1 s the chain shows none of them");
    expect(lost.err).toContain("Do not contribute yet");
    expect(
      await tacitJson([...first(), ...at(), "--relay", relayUrl, "--wait", "0s", ...many]),
    ).toMatchObject({ onChain: false });
    behaviour = async () => {
      throw new Error("The relay has taken as many messages in this hour as it may.");
    };
    expect((await tacit([...first(), ...at(), "--relay", relayUrl, ...many])).err).toMatch(
      /as many messages in this hour[^]*Try later/,
    );
    expect(
      (await tacit([...first(), ...at(), "--relay", "http://127.0.0.1:9", ...many])).err,
    ).toContain("it cannot be reached");
    expect(await items()).toBe(before);
  });
});

describe("afterwards", () => {
  test("the contribution counts with the ballot that went out first; more money comes under the same tag; a later ballot replaces the first", async () => {
    await devnet.chain.warpTo(devnet.config.start);
    await writeFile(file("ben.key"), `${devnetKey("ben")}\n`, { mode: 0o600 });
    const poor = await tacit([
      "contribute",
      ...as("ana"),
      "--key-file",
      file("ana0.json"),
      "--amount",
      "10",
    ]);
    expect(poor.err).toContain("less than the");
    const { mint } = await import("../../src/chain/mint.ts");
    await mint(await devnet.chain.as("organiser"), {
      token: devnet.token.address,
      to: devnetAddress("ana"),
      amount: 20n * 10n ** 18n,
    });
    const { tag, credits } = await tacitJson<{ tag: string; credits: string }>([
      "contribute",
      ...as("ana"),
      "--key-file",
      file("ana0.json"),
      "--amount",
      "10",
    ]);
    expect(credits).toBe("1000");
    await devnet.chain.as("ben");
    expect((await tacit(["top-up", ...as("ben"), "--amount", "1", "--tag", tag])).err).toContain(
      `is of ${devnetAddress("ana")}`,
    );
    expect(await tacitJson(["top-up", ...as("ana"), "--amount", "5"])).toMatchObject({
      tag,
      credits: "1500",
    });
    behaviour = publishAll;
    await tacitJson([
      "publish",
      ...at(),
      "--relay",
      relayUrl,
      "--key-file",
      file("ana1.json"),
      "--payer",
      devnetAddress("ana"),
      "--amount",
      "1=12.25",
    ]);

    const { history } = await readHistory(devnet.chain.read, devnet.round);
    const all = listItems(history.links);
    const { results } = computeOutcome(
      all,
      openBySecret(all, devnet.coordinator.secret, devnet.config.context),
      { projects: 2, signs: false, ctx: devnet.config.context },
    );
    expect(results).toEqual([{ project: 1, votes: 35n, credits: 1225n }]);
  });

  test("nothing that the commands wrote holds a ballot", async () => {
    expect(await readFile(file("ana1.json"), "utf8")).not.toContain("1225");
  });
});
