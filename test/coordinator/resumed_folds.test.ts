import { afterAll, beforeAll, expect, test } from "vitest";
import { simulatedProver } from "../../scripts/keys/simulated_prover.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { readProgress } from "../../src/chain/round.ts";
import { StoppedError } from "../../src/coordinator/sending/durable_sender.ts";
import { IN_FLIGHT } from "../../src/coordinator/sending/fold_queue.ts";
import { openDatabase, type Database } from "../../src/coordinator/store/database.ts";
import { journal } from "../../src/coordinator/store/journal.ts";
import { storeIn } from "../../src/coordinator/store/tally_store.ts";
import { runTally } from "../../src/coordinator/tally/tally.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import type { Prover } from "../../src/proofs/prover.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import { startSmallRound } from "./small_round.ts";

let devnet: Devnet;
let expected: readonly ProjectResult[];
let database: Database;

beforeAll(async () => {
  ({ devnet, expected } = await startSmallRound(60));
  database = await openDatabase(":memory:");
  await devnet.chain.warpTo(devnet.config.end);
}, 120_000);
afterAll(async () => {
  await database.close();
  await devnet.chain.close();
});

const request = (method: string, params: readonly unknown[] = []) =>
  devnet.chain.provider.request({ method, params } as never) as Promise<unknown>;
const coordinator = { chainId: 31337, account: devnetAddress("coordinator") } as const;
const readOpen = () => journal(database).allOpen(coordinator);
const shortNames = (entries: readonly { readonly step: string }[]) =>
  entries.map(({ step }) => step.slice(step.indexOf(" ") + 1));

async function tally(prover: Prover, signal?: AbortSignal) {
  return runTally({
    client: await devnet.chain.as("coordinator"),
    round: devnet.round,
    key: localCoordinatorKey(devnet.coordinator.secret),
    artifacts: await openArtifacts(fromRoot("build")),
    store: storeIn(database),
    prover,
    fees: { pollSeconds: 0.1, ...(signal === undefined ? {} : { signal }) },
    onProgress: ({ stage }) => {
      if (stage === "prove" && signal !== undefined) void request("evm_setAutomine", [false]);
    },
  });
}

/*
 * A run is ended between the signing of folds, one to a call as their proofs came slowly, and their mining; the node forgets them. The next run has all
 * proofs at once and would put the same folds together in other calls.
 */
test("folds that were signed before a crash are sent as they were, and none again within another call", async () => {
  const stop = new AbortController();
  let proofs = 0;
  // Each proof is there when the folds before it are signed, so that each has a call of its own.
  const slowly = simulatedProver(1, async () => {
    const before = proofs++;
    while ((await readOpen()).length < Math.min(before, IN_FLIGHT))
      await new Promise((resolve) => setTimeout(resolve, 20));
    if (before === IN_FLIGHT) stop.abort();
  });
  await expect(tally(slowly, stop.signal)).rejects.toThrow(StoppedError);
  const signed = await readOpen();
  expect(shortNames(signed)).toEqual(Array.from({ length: IN_FLIGHT }, (_, i) => `fold ${i}`));
  for (const { hash } of signed) await request("hardhat_dropTransaction", [hash]);
  await request("evm_setAutomine", [true]);

  const { results } = await tally(simulatedProver(8, async () => undefined));
  expect(results).toEqual(expected);
  expect((await readProgress(devnet.chain.read, devnet.round)).phase).toBe("finalized");
  for (const { hash } of signed)
    expect((await devnet.chain.read.getTransactionReceipt({ hash })).status).toBe("success");
  const all = await database.query.selectFrom("transactions").select(["step", "state"]).execute();
  expect(all.filter(({ state }) => state !== "mined")).toEqual([]);
}, 240_000);
