import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { openQueue } from "../../src/coordinator/proving/queue.ts";
import {
  DatabaseAwayError,
  DatabaseInUseError,
  openDatabase,
  type Database,
} from "../../src/coordinator/store/database.ts";
import { devnetAccount } from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { ProverPool } from "../../src/proofs/pool.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { coordinatorClient } from "../../src/service/client.ts";
import { startService, type Service } from "../../src/service/coordinator_service.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { createLogger } from "../../src/service/logger.ts";
import {
  NO_POSTGRES,
  POSTGRES_BIN,
  startPostgres,
  type TestPostgres,
} from "../coordinator/postgres.ts";
import { startSmallRound } from "../coordinator/small_round.ts";
import { describeUnless } from "../helpers/unless.ts";

describeUnless(
  POSTGRES_BIN === undefined ? NO_POSTGRES : undefined,
  "a PostgreSQL that goes away",
  () => {
    let postgres: TestPostgres;
    let devnet: Devnet;
    let server: RpcServer;
    const folder = mkdtempSync(path.join(tmpdir(), "tacit-lost-database-"));
    const waits = { timeout: 60_000, interval: 100 };

    beforeAll(async () => {
      postgres = await startPostgres();
      ({ devnet } = await startSmallRound(2));
      await devnet.chain.as("coordinator");
      server = await serveRpc(devnet.chain.provider, 18_780);
    });
    afterAll(async () => {
      await server.close();
      await devnet.chain.close();
      await postgres.stop();
      rmSync(folder, { recursive: true });
    });

    const serve = async (database: Database): Promise<Service> =>
      startService({
        rpcs: [server.url],
        account: devnetAccount("coordinator"),
        rounds: [{ round: devnet.round, key: localCoordinatorKey(devnet.coordinator.secret) }],
        database,
        artifacts: await openArtifacts(fromRoot("build")),
        prover: new ProverPool({ workers: 1 }),
        finality: 0,
        archiveFolder: path.join(folder, "archive"),
        pollSeconds: 0.2,
        logger: createLogger("silent"),
        relay: {
          batchSize: 5,
          batchSeconds: 0.5,
          coverPerHour: 0,
          coverFloor: 0,
          messagesPerHour: 1000,
          stampBits: 0,
        },
        http: { host: "127.0.0.1", port: 0, requestsPerMinute: 1000, trustProxy: false },
      });

    test("the service answers 503, refuses messages so that nobody takes them for sent, and goes on when it is back", async () => {
      const database = await openDatabase(await postgres.newDatabase());
      const service = await serve(database);
      const { relayMessages } = coordinatorClient(service.url as string);
      const health = async () => (await fetch(`${service.url}/health`)).status;
      const messages = async () =>
        (await devnet.chain.read.getLogs({ address: devnet.round, fromBlock: 0n })).length;
      expect(await health()).toBe(200);
      for (let times = 0; times < 2; times++) {
        await postgres.halt();
        await expect.poll(health, waits).toBe(503);
        await expect(relayMessages(devnet.round, [coverMessage()])).rejects.toMatchObject({
          status: 503,
          message: expect.stringContaining("database does not answer"),
        });
        await postgres.resume();
        await expect.poll(health, waits).toBe(200);
        const before = await messages();
        await relayMessages(devnet.round, [coverMessage()]);
        await expect.poll(messages, waits).toBe(before + 1);
        await expect.poll(() => service.views()[0]?.detail, waits).toBe("");
      }
      await service.stop();
      await database.close();
    }, 180_000);

    test("without the lock nothing is read or written, and once another process has owned the database it stays that one's", async () => {
      const url = await postgres.newDatabase();
      const database = await openDatabase(url);
      const read = () => database.query.selectFrom("meta").selectAll().execute();
      expect(await read()).toHaveLength(1);
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      const waiting = other.query("select pg_advisory_lock($1)", [0x7461636974]);
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await expect
        .poll(
          async () => (await admin.query("select 1 from pg_locks where not granted")).rowCount,
          waits,
        )
        .toBe(1);
      await admin.query(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted",
      );
      await waiting; // another process owns it now
      await expect
        .poll(() => read().catch((error: unknown) => error), waits)
        .toBeInstanceOf(DatabaseAwayError);
      expect(await database.lost).toBeInstanceOf(DatabaseInUseError);
      await expect(read()).rejects.toThrow(DatabaseAwayError);
      await database.close();
      await other.end();
      await admin.end();
    }, 60_000);

    test("an owner that came and went in between is noticed by its name", async () => {
      const url = await postgres.newDatabase();
      const database = await openDatabase(url);
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await admin.query("update meta set value = 'somebody else' where key = 'owner'");
      await admin.query(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted",
      );
      expect(await database.lost).toBeInstanceOf(DatabaseInUseError);
      await database.close();
      await admin.end();
    }, 60_000);

    test("the queue's calls fail while it is away, end nothing, and work again afterwards", async () => {
      const boss = await openQueue(await postgres.newDatabase());
      const count = () =>
        boss.findJobs("tacit-proofs").then(
          (jobs) => jobs.length,
          () => "away",
        );
      const done: string[] = [];
      await boss.work("tacit-proofs", { pollingIntervalSeconds: 1 }, async ([job]) => {
        done.push(job?.id as string);
      });
      await postgres.halt();
      expect(await count()).toBe("away");
      await new Promise((resolve) => setTimeout(resolve, 2_500)); // what polls and listens meets it too
      await postgres.resume();
      await expect.poll(count, waits).not.toBe("away");
      const id = await boss.send("tacit-proofs", {});
      await expect.poll(() => done, waits).toEqual([id]);
      await boss.stop({ graceful: false });
    }, 90_000);
  },
);
