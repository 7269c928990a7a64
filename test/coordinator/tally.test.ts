import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseEventLogs } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { readProgress } from "../../src/chain/round.ts";
import { send } from "../../src/chain/send.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { openTallyStore, type TallyStore } from "../../src/coordinator/store/tally_store.ts";
import { ReplayPlan } from "../../src/coordinator/planning/replay_plan.ts";
import { DatabaseInUseError, openDatabase } from "../../src/coordinator/store/database.ts";
import { journal } from "../../src/coordinator/store/journal.ts";
import { syncRound } from "../../src/coordinator/following/sync.ts";
import {
  runTally,
  TallyPhaseError,
  WrongCoordinatorKeyError,
  type TallyEvent,
} from "../../src/coordinator/tally/tally.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import { startSmallRound } from "./small_round.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

let devnet: Devnet;
let expected: readonly ProjectResult[];
let store: TallyStore;
let snapshot: unknown;
const folder = mkdtempSync(path.join(tmpdir(), "tacit-tally-test-"));

beforeAll(async () => {
  ({ devnet, expected } = await startSmallRound(12));
  store = await openTallyStore(folder);
});
afterAll(async () => {
  await devnet.chain.close();
  rmSync(folder, { recursive: true });
});

const request = (method: string, params: readonly unknown[] = []) =>
  devnet.chain.provider.request({ method, params } as never) as Promise<unknown>;

async function tally(onProgress?: (event: TallyEvent) => void, from: TallyStore = store) {
  const options = {
    client: await devnet.chain.as("coordinator"),
    round: devnet.round,
    key: localCoordinatorKey(devnet.coordinator.secret),
    artifacts: await openArtifacts(fromRoot("build")),
    store: from,
    fees: { pollSeconds: 0.2 },
  };
  return runTally(onProgress === undefined ? options : { ...options, onProgress });
}

async function foldBlocks(): Promise<bigint[]> {
  const logs = parseEventLogs({
    abi: iRoundAbi,
    eventName: "Folded",
    logs: await devnet.chain.read.getLogs({ address: devnet.round, fromBlock: 0n }),
  });
  return logs.map(({ blockNumber }) => blockNumber as bigint);
}

describe("a tally", () => {
  test("is refused before the end, and with another secret", async () => {
    const options = {
      client: await devnet.chain.as("coordinator"),
      round: devnet.round,
      artifacts: await openArtifacts(fromRoot("build")),
      store,
    };
    await expect(openTallyStore(folder)).rejects.toThrow(DatabaseInUseError);
    await expect(
      runTally({ ...options, key: localCoordinatorKey(devnet.coordinator.secret) }),
    ).rejects.toThrow(TallyPhaseError);
    await expect(
      runTally({ ...options, key: localCoordinatorKey(devnet.coordinator.secret + 1n) }),
    ).rejects.toThrow(WrongCoordinatorKeyError);
  });

  test("proves ahead, submits in order, and comes to the result", async () => {
    await devnet.chain.warpTo(devnet.config.end);
    snapshot = await request("evm_snapshot");
    const events: TallyEvent[] = [];
    const { results, folds, gasUsed } = await tally((event) => events.push(event));
    expect(results).toEqual(expected);
    expect(folds).toBe(2);
    expect(new Set(events.map(({ stage }) => stage))).toEqual(
      new Set(["sync", "prepare", "commit", "prove", "submit", "results", "close"]),
    );
    expect(Object.keys(gasUsed).sort()).toEqual([
      "addResults",
      "close",
      "commit",
      "foldWithReplay",
    ]);
    expect((await readProgress(devnet.chain.read, devnet.round)).phase).toBe("finalized");
  });

  test("sends folds that are proved already together, without waiting for each other", async () => {
    await request("evm_revert", [snapshot]);
    snapshot = await request("evm_snapshot");
    await request("evm_setAutomine", [false]);
    const before = await devnet.chain.read.getTransactionCount({
      address: devnetAddress("coordinator"),
    });
    const database = await openDatabase(":memory:");
    const mining = setInterval(() => void request("evm_mine"), 2500);
    try {
      const started = performance.now();
      expect((await tally(undefined, { ...store, journal: journal(database) })).results).toEqual(
        expected,
      );
      expect(performance.now() - started).toBeLessThan(60_000); // no proof is made twice
    } finally {
      clearInterval(mining);
      await database.close();
      await request("evm_setAutomine", [true]);
    }
    expect(new Set(await foldBlocks()).size).toBe(1);
    expect(
      (await devnet.chain.read.getTransactionCount({ address: devnetAddress("coordinator") })) -
        before,
    ).toBe(5);
  });

  test("goes on from where it is after a reorganisation, and when somebody else replays meanwhile", async () => {
    await request("evm_revert", [snapshot]);
    const links = await syncRound(devnet.chain.read, devnet.round, {
      chainHead: (await readProgress(devnet.chain.read, devnet.round)).chainHead,
    });
    const stranger = await devnet.chain.as("stranger");
    let meddled: ReturnType<typeof send> | undefined;
    const { results } = await tally(({ stage }) => {
      if (stage !== "commit") return;
      const { h0, t0, links: chunk } = new ReplayPlan(links).chunk(links.length, 1);
      meddled = send(stranger, {
        address: devnet.round,
        abi: iRoundAbi,
        functionName: "replay",
        args: [h0, t0, chunk],
      });
    });
    expect(await meddled).toMatchObject({ status: "success" });
    expect(results).toEqual(expected);
    expect((await readProgress(devnet.chain.read, devnet.round)).phase).toBe("finalized");
  });
});
