import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { foldHistory } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import { devnetAddress, devnetAccount } from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { P } from "../../src/params.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { ProverPool } from "../../src/proofs/pool.ts";
import { coordinatorClient, type CoordinatorApiError } from "../../src/service/client.ts";
import { startService, type Service } from "../../src/service/coordinator_service.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { createLogger } from "../../src/service/logger.ts";
import { startSmallRound } from "../coordinator/small_round.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

let devnet: Devnet;
let server: RpcServer;
let database: Database;
let service: Service;
let logged = "";
const folder = mkdtempSync(path.join(tmpdir(), "tacit-api-test-"));
/** One a second: each interval is a batch of its own, and a busy machine has to keep up. */
const COVER_PER_HOUR = 3600;

beforeAll(async () => {
  ({ devnet } = await startSmallRound(2));
  await devnet.chain.as("coordinator");
  server = await serveRpc(devnet.chain.provider, 18_720);
  database = await openDatabase(path.join(folder, "tacit.sqlite"));
  service = await startService({
    rpcs: ["http://127.0.0.1:1", server.url],
    account: devnetAccount("coordinator"),
    rounds: [{ round: devnet.round, key: localCoordinatorKey(devnet.coordinator.secret) }],
    database,
    artifacts: await openArtifacts(fromRoot("build")),
    prover: new ProverPool({ workers: 1 }),
    finality: 0,
    archiveFolder: path.join(folder, "archive"),
    pollSeconds: 0.2,
    logger: createLogger("debug", { write: (line) => void (logged += line) }),
    relay: {
      batchSize: 5,
      batchSeconds: 2,
      coverPerHour: COVER_PER_HOUR,
      coverFloor: 2,
      messagesPerHour: 10 * COVER_PER_HOUR,
      stampBits: 6,
    },
    http: { host: "127.0.0.1", port: 0, requestsPerMinute: 12, trustProxy: false },
    metrics: { host: "127.0.0.1", port: 0 },
  });
});
afterAll(async () => {
  await service.stop();
  await database.close();
  await server.close();
  await devnet.chain.close();
  rmSync(folder, { recursive: true });
});

const api = () => coordinatorClient(service.url as string);
const get = (where: string) => fetch(`${service.url}${where}`);

async function published(): Promise<string[]> {
  const { links } = foldHistory(
    await readEvents(devnet.chain.read, devnet.round, {
      from: 0n,
      to: await devnet.chain.read.getBlockNumber(),
    }),
  );
  return links.flatMap((link) => (link.kind === "message" ? [link.words.join()] : []));
}

test("tells health, progress and metrics", async () => {
  await expect
    .poll(async () => (await api().round(devnet.round)).block, { timeout: 20_000 })
    .toBeGreaterThan(0);
  expect(await api().health()).toEqual({ status: "ok", database: true, working: true, rounds: 1 });
  expect((await api().rounds()).rounds).toMatchObject([
    { round: devnet.round, state: "following", phase: "contributing", detail: "" },
  ]);
  await expect(api().round(`0x${"1".repeat(40)}`)).rejects.toThrow(
    "This coordinator does not serve that round.",
  );
  expect((await get("/metrics")).status).toBe(404); // not for everybody
  const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text();
  expect(metrics).toContain(`tacit_round_state{round="${devnet.round}",state="following"} 1`);
  expect(metrics).toContain("tacit_process_resident_memory_bytes");
  expect(metrics).toMatch(/tacit_account_balance [1-9]/);
});

test("does not start with another account than the round's, or one without coin", async () => {
  const start = async (name: string) =>
    startService({
      rpcs: [server.url],
      account: devnetAccount(name),
      rounds: [{ round: devnet.round, key: localCoordinatorKey(devnet.coordinator.secret) }],
      database,
      artifacts: await openArtifacts(fromRoot("build")),
      prover: new ProverPool({ workers: 1 }),
      finality: 0,
      archiveFolder: folder,
      pollSeconds: 1,
      logger: createLogger("silent"),
    });
  await expect(start("stranger")).rejects.toThrow(
    `names ${devnetAddress("coordinator")} as its coordinator`,
  );
  const balance = await devnet.chain.read.getBalance({ address: devnetAddress("coordinator") });
  const set = (wei: bigint) =>
    devnet.chain.provider.request({
      method: "hardhat_setBalance",
      params: [devnetAddress("coordinator"), `0x${wei.toString(16)}`],
    } as never);
  await set(0n);
  await expect(start("coordinator")).rejects.toThrow("has not enough coin for gas");
  await set(balance);
});

test("while a node is away neither API nor log tells its address, and the service goes on", async () => {
  const node = await serveRpc(devnet.chain.provider, 18_740);
  const own = await openDatabase(":memory:");
  let lines = "";
  const away = await startService({
    rpcs: [`${node.url}/v3/5ecret`],
    account: devnetAccount("coordinator"),
    rounds: [{ round: devnet.round, key: localCoordinatorKey(devnet.coordinator.secret) }],
    database: own,
    artifacts: await openArtifacts(fromRoot("build")),
    prover: new ProverPool({ workers: 1 }),
    finality: 0,
    archiveFolder: folder,
    pollSeconds: 0.1,
    logger: createLogger("debug", { write: (line) => void (lines += line) }),
    http: { host: "127.0.0.1", port: 0, requestsPerMinute: 10, trustProxy: false },
  });
  await node.close();
  const state = async () => await (await fetch(`${away.url}/rounds/${devnet.round}`)).text();
  await expect.poll(state, { timeout: 60_000 }).toContain("something held it up");
  const health = await fetch(`${away.url}/health`);
  expect([health.status, await health.json()]).toEqual([
    503,
    { status: "failing", database: true, working: false, rounds: 1 },
  ]);
  expect(await state()).not.toMatch(/5ecret|18740|127\.0\.0\.1/);
  expect(lines).toContain("trying again");
  expect(lines).not.toContain("5ecret");
  await away.stop();
  await own.close();
}, 90_000);

test("describes itself", async () => {
  const document = (await (await get("/openapi.json")).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId?: string }>>;
  };
  expect(document.openapi).toBe("3.1.0");
  expect(
    Object.entries(document.paths).map(([where, methods]) => [
      where,
      ...Object.values(methods).map(({ operationId }) => operationId),
    ]),
  ).toEqual([
    ["/health", "health"],
    ["/rounds", "rounds"],
    ["/rounds/{round}", "round"],
    ["/rounds/{round}/stamp", "relayStamp"],
    ["/rounds/{round}/messages", "relayMessages"],
    ["/content/{digest}", "picture", "handInPicture"],
    ["/rounds/{round}/relay", "relayAccount"],
    ["/rounds/{round}/contributions", "relayContribution"],
  ]);
});

test("publishes donors' messages from its own account, pages in order, between cover messages", async () => {
  const before = await published();
  const pages = [coverMessage(), coverMessage(), coverMessage()];
  expect(await api().relayMessages(devnet.round, pages)).toEqual({ accepted: 3 });
  expect(await api().relayMessages(devnet.round, pages)).toEqual({ accepted: 3 }); // a client that tries again
  const mine = pages.map((words) => words.join());
  await expect
    .poll(async () => (await published()).filter((words) => mine.includes(words)).length, {
      timeout: 20_000,
    })
    .toBeGreaterThanOrEqual(3);
  await expect
    .poll(async () => (await published()).length, { timeout: 20_000 })
    .toBeGreaterThan(before.length + 5); // cover goes on by itself
  const after = (await published()).slice(before.length);
  expect(after.filter((words) => mine.includes(words))).toEqual(mine);
});

test("refuses at the door what the contract would refuse", async () => {
  const good = coverMessage();
  const refused = (words: readonly bigint[]) =>
    expect(api().relayMessages(devnet.round, [good, words])).rejects.toMatchObject({ status: 400 });
  await refused([P, ...good.slice(1)]);
  await refused([0n, 1n, ...good.slice(2)]);
  await refused([...good.slice(0, 2), P, ...good.slice(3)]);
  await refused(good.slice(0, 10));
  await expect(
    api().relayMessages(devnet.round, Array.from({ length: 6 }, coverMessage)),
  ).rejects.toThrow("there must be 1 to 5 of them");
  const last = coverMessage();
  await api().relayMessages(devnet.round, [last]);
  await expect.poll(published, { timeout: 20_000 }).toContain(last.join()); // what came before it would be there
  expect(await published()).not.toContain(good.join());
});

test("takes no more than its limits, and keeps no addresses", async () => {
  const statuses = await Promise.all(
    Array.from({ length: 12 }, () =>
      api()
        .relayMessages(devnet.round, [coverMessage()])
        .then(
          () => 202,
          (error: CoordinatorApiError) => error.status,
        ),
    ),
  );
  expect(statuses).toContain(429);
  expect(
    logged.split("\n").filter((line) => line.includes("req-") && line.includes("127.0.0.1")),
  ).toEqual([]);
  expect(logged).not.toMatch(/"(remoteAddress|ip|words|messages)"/);
  expect(logged).not.toContain(String(devnet.coordinator.secret));
  expect(logged).not.toContain("/messages"); // no line tells when a message came
  await get("/health?key=hunter2");
  await expect.poll(() => logged).toContain('"url":"/health"');
  expect(logged).not.toContain("hunter2");
  const columns = (await database.query.introspection.getTables())
    .find(({ name }) => name === "relay_queue")
    ?.columns.map(({ name }) => name);
  expect(columns).toEqual(["id", "round_id", "group_id", "words", "batch", "place"]);
});

test.each(["null", "[]", "1", '"x"', "{", '{"messages":null}', '{"messages":[null]}'])(
  "a body of %s is refused and ends nothing",
  async (body) => {
    const { status } = await fetch(`${service.url}/rounds/${devnet.round}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect([400, 429]).toContain(status);
    expect((await get("//")).status).toBe(404);
    expect((await get("/health")).status).toBe(200);
  },
);
