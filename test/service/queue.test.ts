import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import {
  NO_POSTGRES,
  POSTGRES_BIN,
  startPostgres,
  type TestPostgres,
} from "../coordinator/postgres.ts";
import { describeUnless } from "../helpers/unless.ts";
import { startSmallRound } from "../coordinator/small_round.ts";
import { coordinatorArguments, startTacit } from "./coordinator_process.ts";

let devnet: Devnet;
let server: RpcServer;
let postgres: TestPostgres;
const folder = mkdtempSync(path.join(tmpdir(), "tacit-queue-test-"));

describeUnless(
  POSTGRES_BIN === undefined ? NO_POSTGRES : undefined,
  "proofs through a queue",
  () => {
    beforeAll(async () => {
      postgres = await startPostgres();
      ({ devnet } = await startSmallRound(9));
      await devnet.chain.warpTo(devnet.config.end);
      server = await serveRpc(devnet.chain.provider, 18_760);
    });
    afterAll(async () => {
      await server.close();
      await devnet.chain.close();
      await postgres.stop();
      rmSync(folder, { recursive: true });
    });

    test(
      "a round on PostgreSQL, its workers and its coordinator killed in the middle",
      async () => {
        const url = await postgres.newDatabase();
        const key = path.join(folder, "worker.key");
        expect(await startTacit(["worker", "--make-key", "--worker-key", key]).ended).toBe(0);
        const { args } = await coordinatorArguments(
          devnet,
          folder,
          [server.url],
          "--database",
          url,
          "--queue",
          url,
          "--worker-key",
          key,
          "--no-http",
        );
        const startWorker = () =>
          startTacit(["worker", "--queue", url, "--worker-key", key, "--workers", "1"]);
        const database = new pg.Client({ connectionString: url });
        await database.connect();
        const jobs = async (state: string) => {
          const { rows } = await database
            .query("select id, data from tacit_queue.job where state::text = $1", [state])
            .catch(() => ({ rows: [] }));
          return rows as { id: string; data: { inputs: string } }[];
        };

        const first = startTacit(args);
        await expect
          .poll(async () => (await jobs("created")).length, { timeout: 60_000, interval: 100 })
          .toBe(2);
        // Whoever reads the queue reads ciphertext: neither names of signals nor the tag of a donor.
        expect(
          Buffer.from(
            ((await jobs("created"))[0] as { data: { inputs: string } }).data.inputs,
            "base64",
          ).toString("latin1"),
        ).not.toContain("sharedRoot");

        const doomed = startWorker();
        await expect
          .poll(async () => (await jobs("active")).length, { timeout: 30_000, interval: 100 })
          .toBe(1);
        first.child.kill("SIGKILL");
        doomed.child.kill("SIGKILL");
        await Promise.all([first.ended, doomed.ended]);

        const workers = [startWorker(), startWorker()];
        const second = startTacit(args);
        expect(await second.ended, second.output()).toBe(0);
        expect((await readProgress(devnet.chain.read, devnet.round)).phase).toBe("finalized");
        expect(
          await devnet.chain.read.getTransactionCount({ address: devnetAddress("coordinator") }),
        ).toBe(4);
        // The inputs left with the jobs.
        const { rows } = await database.query(
          "select 1 from tacit_queue.job where name = 'tacit-proofs'",
        );
        expect(rows).toEqual([]);
        await database.end();
        for (const { child } of workers) child.kill("SIGTERM");
        expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0]);
        expect(workers.map(({ output }) => output()).join("")).toMatch(/proved fold_small in/);
        expect(
          readFileSync(
            path.join(folder, "archive", `31337-${devnet.round.toLowerCase()}`, "results.csv"),
            "utf8",
          ),
        ).toMatch(/^\uFEFFproject,name,recipient,votes,credits,/);
      },
      10 * 60_000,
    );
  },
);
