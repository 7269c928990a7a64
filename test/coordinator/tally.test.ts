import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { readProgress } from "../../src/chain/round.ts";
import type { World } from "../../src/cli/embedded/world.ts";
import { openProofStore } from "../../src/coordinator/proof_store.ts";
import { DatabaseInUseError } from "../../src/coordinator/store/database.ts";
import { runTally, TallyPhaseError, WrongCoordinatorSecretError, type TallyEvent } from "../../src/coordinator/tally.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import type { OptionResult } from "../../src/round/semantics.ts";
import { startSmallRound } from "./small_round.ts";

let world: World;
let expected: readonly OptionResult[];
const folder = mkdtempSync(path.join(tmpdir(), "tacit-tally-test-"));

beforeAll(async () => {
  ({ world, expected } = await startSmallRound(12));
});
afterAll(async () => {
  await world.chain.close();
  rmSync(folder, { recursive: true });
});

describe("a tally", () => {
  test("is refused before the end, and with another secret", async () => {
    const options = { client: await world.chain.as("coordinator"), round: world.round, artifacts: await openArtifacts(fromRoot("build")), store: await openProofStore(path.join(folder, "refused")) };
    await expect(runTally({ ...options, secret: world.coordinator.secret })).rejects.toThrow(TallyPhaseError);
    await expect(runTally({ ...options, secret: world.coordinator.secret + 1n })).rejects.toThrow(WrongCoordinatorSecretError);
  });

  test("proves ahead, submits in order, and comes to the result", async () => {
    await world.chain.warpTo(world.config.end);
    const store = await openProofStore(folder);
    await expect(openProofStore(folder)).rejects.toThrow(DatabaseInUseError);
    const events: TallyEvent[] = [];
    const { results, folds, gasUsed } = await runTally({
      client: await world.chain.as("coordinator"), round: world.round, secret: world.coordinator.secret, artifacts: await openArtifacts(fromRoot("build")), store,
      onProgress: (event) => events.push(event),
    });
    expect(results).toEqual(expected);
    expect(folds).toBe(2);
    expect(events.map(({ stage }) => stage).filter((stage, i, all) => stage !== all[i - 1])).toEqual(expect.arrayContaining(["sync", "prepare", "commit", "prove", "submit", "results", "close"]));
    expect(Object.keys(gasUsed).sort()).toEqual(["addResults", "close", "commit", "foldWithReplay"]);
    expect((await readProgress(world.chain.read, world.round)).phase).toBe("finalized");
  });
});
