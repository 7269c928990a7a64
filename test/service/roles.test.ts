import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { openQueue, QUEUE } from "../../src/coordinator/proving/queue.ts";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import {
  POSTGRES_BIN,
  NO_POSTGRES,
  startPostgres,
  type TestPostgres,
} from "../coordinator/postgres.ts";
import { describeUnless } from "../helpers/unless.ts";

/*
 * The attack: a worker's machine is broken into, and its password for the queue with it.
 */
describeUnless(
  POSTGRES_BIN === undefined ? NO_POSTGRES : undefined,
  "roles of least power (deploy/roles.sql)",
  () => {
    let postgres: TestPostgres;
    let url: (role: string, database: string) => string;

    beforeAll(async () => {
      postgres = await startPostgres();
      const admin = new URL(await postgres.newDatabase());
      url = (role, database) => `postgres://${role}:secret@${admin.host}/${database}`;
      const client = new pg.Client({ connectionString: admin.href });
      await client.connect();
      const statements = readFileSync(fromRoot("deploy/roles.sql"), "utf8")
        .replace(/^--.*$/gm, "")
        .replace(/:'\w+_password'/g, "'secret'")
        .split(";")
        .map((text) => text.trim());
      for (const statement of statements.filter((text) => text !== ""))
        await client.query(statement);
      await client.end();
    });
    afterAll(() => postgres.stop());

    test("coordinator and workers share the queue, whoever makes it; the coordinator's database is closed to workers", async () => {
      const database = await openDatabase(url("tacit_coordinator", "tacit"));
      await expect(openDatabase(url("tacit_worker", "tacit"))).rejects.toThrow(/cannot be opened/);
      const worker = await openQueue(url("tacit_worker", "tacit_queue"));
      const coordinator = await openQueue(url("tacit_coordinator", "tacit_queue"));
      const id = await coordinator.send(QUEUE, { circuit: "fold_small" });
      const [job] = await worker.fetch(QUEUE);
      expect(job?.id).toBe(id);
      await worker.complete(QUEUE, id as string, { failed: "no" });
      await coordinator.deleteJob(QUEUE, id as string);
      const client = new pg.Client({ connectionString: url("tacit_worker", "tacit_queue") });
      await client.connect();
      for (const statement of [
        "alter role tacit_worker superuser",
        "create role thief",
        "grant tacit_coordinator to tacit_worker",
        "create database mine",
      ]) {
        await expect(client.query(statement), statement).rejects.toThrow(
          /permission denied|must be|must have|only roles with/i,
        );
      }
      await client.end();
      await Promise.all([worker.stop({ graceful: false }), coordinator.stop({ graceful: false })]);
      await database.close();
    });
  },
);
