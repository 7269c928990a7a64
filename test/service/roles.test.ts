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
/** With what the coordinator enters the queue's database. */
const SUBMITTER = "tacit_submitter";

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
      const coordinator = await openQueue(url(SUBMITTER, "tacit_queue"));
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

    /*
     * Whoever touches a table runs its triggers with all that its login may do, and a role may change its own password: a login that
     * enters the workers' database must own nothing elsewhere.
     */
    test("what a worker plants in the queue's database runs under no login that can enter another", async () => {
      await (await openQueue(url(SUBMITTER, "tacit_queue"))).stop({ graceful: false });
      const worker = new pg.Client({ connectionString: url("tacit_worker", "tacit_queue") });
      await worker.connect();
      for (const statement of [
        "create table public.taken (login text, what text)",
        "grant all on public.taken to public",
        `create function public.take(statement text) returns text language plpgsql as $$
          begin execute statement; return 'done'; exception when others then return sqlerrm; end $$`,
        `create function plant() returns trigger language plpgsql as $$
          begin
            set role none;
            insert into public.taken select session_user, public.take(statement) from unnest(array[
              'alter role tacit_coordinator password ''stolen''', 'create role thief']) statement;
            return new;
          end $$`,
        `create trigger plant before insert or update on tacit_queue.job_common for each row execute function plant()`,
      ])
        await worker.query(statement);
      const coordinator = await openQueue(url(SUBMITTER, "tacit_queue"));
      await coordinator.send(QUEUE, { circuit: "fold_small" });
      await coordinator.stop({ graceful: false });
      const { rows } = await worker.query<{ login: string; what: string }>(
        "select * from public.taken",
      );
      await worker.end();
      expect(rows.length).toBeGreaterThanOrEqual(2);
      for (const { login, what } of rows) {
        expect(login).toBe(SUBMITTER);
        expect(what).toMatch(/permission denied/);
      }
      await expect(openDatabase(url(SUBMITTER, "tacit"))).rejects.toThrow(/cannot be opened/);
    });

    test("the coordinator's own login does not enter the queue's database", async () => {
      await expect(openQueue(url("tacit_coordinator", "tacit_queue"))).rejects.toThrow(
        /does not answer/,
      );
    });
  },
);
