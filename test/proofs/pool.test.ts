import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import {
  circuitArtifacts,
  openArtifacts,
  type CircuitArtifacts,
} from "../../src/proofs/artifacts.ts";
import { foldInputs, type CircuitInputs } from "../../src/proofs/inputs.ts";
import { ProverFailedError, ProverPool } from "../../src/proofs/pool.ts";
import { ProofRejectedError, WitnessError } from "../../src/proofs/prove.ts";
import { FOLD_SIZES } from "../../src/params.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { verifyProof } from "../../src/proofs/verify.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

let circuit: CircuitArtifacts;
let folds: { readonly inputs: CircuitInputs; readonly signals: readonly bigint[] }[];
let temporary: string;

beforeAll(async () => {
  circuit = await circuitArtifacts(await openArtifacts(fromRoot("build")), "fold_small");
  const round = new RoundBuilder({ seed: "pool", projects: 40 });
  for (let i = 0; i < 14; i++) {
    const donor = round.actor(`donor ${i}`, 10_000n);
    round.contribute(donor);
    round.send(donor, "votes", "accepted");
  }
  const { items, statement, coordinator } = round.finish();
  const tally = await prepareTally(
    items,
    statement,
    localCoordinatorKey(coordinator.secret),
    FOLD_SIZES[0].rows,
  );
  const { folds: steps, constants } = await completeTranscript(
    tally,
    localCoordinatorKey(coordinator.secret),
  );
  folds = steps.map((step) => ({
    inputs: foldInputs(step, constants, tally.rowsSalt),
    signals: [step.before, step.after],
  }));
  expect(folds).toHaveLength(2);
  temporary = process.env["TMPDIR"] = mkdtempSync(path.join(tmpdir(), "tacit-pool-test-"));
});
afterAll(() => rmSync(temporary, { recursive: true }));

const makeInputs = (i: number) => (folds[i] as (typeof folds)[number]).inputs;

/** Processes that this one has started. Linux only, as the test machines are. */
function childProcesses(): number[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
}

const poolWorkers = () =>
  childProcesses().filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pool_worker"),
  );

describe("a pool of worker processes", () => {
  test("makes proofs side by side, and again after a worker was killed", async () => {
    const pool = new ProverPool({ workers: 2 });
    try {
      const both = Promise.all([
        pool.prove(circuit, makeInputs(0)),
        pool.prove(circuit, makeInputs(1)),
      ]);
      await expect.poll(() => poolWorkers().length).toBe(1);
      setTimeout(() => process.kill(poolWorkers()[0] as number, "SIGKILL"), 500);
      for (const [i, { proof, signals, seconds }] of (await both).entries()) {
        expect(signals).toEqual(folds[i]?.signals);
        expect(await verifyProof(circuit.vkey, signals, proof)).toBe(true);
        expect(seconds.prove).toBeGreaterThan(seconds.witness);
      }
      await expect(pool.prove(circuit, { ...makeInputs(0), after: 1n })).rejects.toThrow(
        WitnessError,
      );
    } finally {
      await pool.close();
    }
    expect(poolWorkers()).toEqual([]);
  });

  test("gives up what it is asked for when it is closed", async () => {
    const pool = new ProverPool({ workers: 1 });
    const waiting = [pool.prove(circuit, makeInputs(0)), pool.prove(circuit, makeInputs(1))].map(
      (proof) => expect(proof).rejects.toThrow(ProverFailedError),
    );
    await pool.close();
    await Promise.all(waiting);
  });
});

describe("a prover program (TACIT_PROVER)", () => {
  const program = (name: string) =>
    new ProverPool({ workers: 1, prover: { program: path.join(import.meta.dirname, name) } });

  test("proves by zkey, wtns, proof.json, public.json; the witness file is private and removed", async () => {
    const pool = program("native_prover.mjs");
    try {
      const { signals } = await pool.prove(circuit, makeInputs(0));
      expect(signals).toEqual(folds[0]?.signals);
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      await pool.close();
    }
  });

  test("leaves no witness behind when it is stopped in the middle", async () => {
    const pool = program("native_prover.mjs");
    const stopped = expect(pool.prove(circuit, makeInputs(0))).rejects.toThrow(ProverFailedError);
    await expect.poll(() => readdirSync(temporary).length, { timeout: 20_000 }).toBe(1);
    await pool.close();
    await stopped;
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("is not believed: a proof that does not verify is refused", async () => {
    const pool = program("wrong_prover.mjs");
    try {
      await expect(pool.prove(circuit, makeInputs(0))).rejects.toThrow(ProofRejectedError);
    } finally {
      await pool.close();
    }
  });

  test("that is not there is named", async () => {
    const pool = program("no_such_prover");
    try {
      await expect(pool.prove(circuit, makeInputs(0))).rejects.toThrow(
        /no_such_prover failed: it cannot be started/,
      );
    } finally {
      await pool.close();
    }
  });
});
