import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { RoundFollower } from "../../src/coordinator/following/follow.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { storeIn } from "../../src/coordinator/store/tally_store.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { RoundWorker, type RoundWorkerOptions } from "../../src/service/round_worker.ts";
import { oneContribution, RESULT } from "../contracts/support/calls.ts";
import { roundFixture } from "../contracts/support/round.ts";
import { finalize } from "../contracts/support/steps.ts";

const folder = mkdtempSync(path.join(tmpdir(), "tacit-dispute-test-"));
const databases: Database[] = [];

afterAll(async () => {
  for (const database of databases) await database.close();
  rmSync(folder, { recursive: true });
});

const load = roundFixture({ settings: { disputeWindow: 1_000 } });

/** The coordinator's worker for a round that somebody has finalized; of its tools it needs only those that read. */
async function finalizedRound() {
  const { round, publicClient, ...setup } = await load();
  await oneContribution({ round, publicClient, ...setup });
  await finalize({ round, publicClient, ...setup }, RESULT);
  const read = publicClient as unknown as ReadClient;
  const database = await openDatabase(path.join(folder, `${databases.length}.sqlite`));
  databases.push(database);
  const archiveFolder = mkdtempSync(path.join(folder, "archive-"));
  const worker = new RoundWorker({
    client: { chainId: 31337, read } as WriteClient,
    round: round.address,
    key: localCoordinatorKey(7_777n),
    archiveFolder,
    store: storeIn(database),
    artifacts: await openArtifacts(fromRoot("build")),
    follower: new RoundFollower({
      database,
      nodes: [read],
      chainId: 31337,
      round: round.address,
      finality: 0,
    }),
  } as unknown as RoundWorkerOptions);
  // As a tally leaves it that was killed between its close and its end.
  await database.query
    .insertInto("opened")
    .values({
      round_id: `31337:${round.address.toLowerCase()}`,
      name: "messages 0 1",
      sealed: new Uint8Array(40),
    })
    .execute();
  const opened = () => database.query.selectFrom("opened").select("name").execute();
  const archived = () =>
    JSON.parse(
      readFileSync(
        path.join(archiveFolder, `31337-${round.address.toLowerCase()}`, "round.json"),
        "utf8",
      ),
    ) as { results: object[]; ended?: string; disputeReason?: string };
  return { setup: { round, publicClient, ...setup }, worker, archived, opened };
}

test("PHASE-10 a result that may be disputed is archived and watched, not taken for paid", async () => {
  const { setup, worker, archived, opened } = await finalizedRound();
  await worker.tick();
  expect(await opened()).toEqual([]); // nothing of it is needed any more
  const opens = new Date(Number(await setup.round.read.paymentsFrom()) * 1000).toISOString();
  expect(worker.view).toMatchObject({ state: "waiting", phase: "disputable" });
  expect(worker.view.detail).toContain(`may dispute the result until ${opens}`);
  expect(worker.isDone).toBe(false);
  expect(archived().results).toHaveLength(1);

  await setup.helpers.time.increaseTo(await setup.round.read.paymentsFrom());
  await worker.tick();
  expect(worker.view).toMatchObject({ state: "finalized", phase: "finalized" });
  expect(worker.isDone).toBe(true);
});

test("PHASE-10 a disputed round has ended, without a result", async () => {
  const { setup, worker, archived } = await finalizedRound();
  await worker.tick();
  await setup.round.write.dispute(["wrong"], { account: setup.guardian.account });
  await worker.tick();
  expect(worker.view).toMatchObject({ state: "ended", phase: "aborted" });
  expect(archived()).toMatchObject({ ended: "Disputed", disputeReason: "wrong" });
  expect(worker.isDone).toBe(true);
});
