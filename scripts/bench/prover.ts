import { readFileSync } from "node:fs";
import { listChildren, residentMB } from "../../src/cli/memory.ts";
import type { FoldSize } from "../../src/params.ts";
import { FOLD_SIZES } from "../../src/params.ts";
import {
  circuitArtifacts,
  foldCircuitName,
  openArtifacts,
  type CircuitArtifacts,
} from "../../src/proofs/artifacts.ts";
import { proveWithWasm } from "../../src/proofs/fast.ts";
import { foldInputs, type CircuitInputs } from "../../src/proofs/inputs.ts";
import { proveWithProgram } from "../../src/proofs/native.ts";
import { ProverPool } from "../../src/proofs/pool.ts";
import {
  calculateWitness,
  proveWithSnarkjs,
  requireValid,
  type Proved,
} from "../../src/proofs/prove.ts";
import {
  completeTranscript,
  prepareTally,
  type FoldStep,
} from "../../src/transcript/transcript.ts";
import { BUILD } from "../pipeline/paths.ts";
import { madeUpRound } from "./made_up.ts";

/** Seconds of processor time for one fold, the least of the runs, and each run's. */
export type ProverTimes = {
  readonly prover: string;
  readonly witness: number;
  readonly prove: number;
  readonly all: number;
  readonly share: number;
  readonly runs: readonly number[];
};

/** The same fold by each prover in turns, so that all meet the same machine; every proof is verified. `memory`: of two workers of this repository's prover at a time, in MB. */
export async function timeProvers(
  size: FoldSize,
  runs: number,
): Promise<{ readonly times: readonly ProverTimes[]; readonly memory: number }> {
  const circuit = await circuitArtifacts(await openArtifacts(BUILD), foldCircuitName(size));
  const inputs = await oneFold(size);
  const program = process.env["TACIT_PROVER"];
  const provers: readonly (readonly [string, (witness: Uint8Array) => Promise<Proved>])[] = [
    ["wasm", async (witness) => proveWithWasm(circuit, witness)],
    ["snarkjs", async (witness) => proveWithSnarkjs(circuit, witness, true)],
    ...(program
      ? [
          [
            program,
            async (witness: Uint8Array) => proveWithProgram(program, circuit, witness),
          ] as const,
        ]
      : []),
  ];
  const measured = new Map(
    provers.map(([name]) => [name, [] as { witness: number; prove: number }[]]),
  );
  for (let run = 0; run < runs; run++) {
    for (const [name, prove] of provers) {
      const [witness, forWitness] = await processorTime(() => calculateWitness(circuit, inputs));
      const [proved, forProof] = await processorTime(() => prove(witness));
      await requireValid(circuit, proved);
      measured.get(name)?.push({ witness: forWitness, prove: forProof });
    }
  }
  const least = [...measured].map(([prover, list]) => {
    const totals = list.map(({ witness, prove }) => witness + prove);
    const all = Math.min(...totals);
    return {
      prover,
      ...(list[totals.indexOf(all)] as { witness: number; prove: number }),
      all,
      runs: totals,
    };
  });
  const snarkjs = least.find(({ prover }) => prover === "snarkjs")?.all ?? NaN;
  return {
    times: least.map((times) => ({ ...times, share: times.all / snarkjs })),
    memory: await memoryOfTwo(circuit, inputs),
  };
}

/** Of this process and of programs that it has waited for. */
async function processorTime<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const seconds = () => {
    const { user, system } = process.cpuUsage();
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
    return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / TICKS;
  };
  const before = seconds();
  const result = await work();
  return [result, seconds() - before];
}

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;

async function memoryOfTwo(circuit: CircuitArtifacts, inputs: CircuitInputs): Promise<number> {
  const pool = new ProverPool({ workers: 2, prover: "wasm" });
  let most = 0;
  const timer = setInterval(
    () =>
      (most = Math.max(
        most,
        listChildren(process.pid)
          .map(residentMB)
          .reduce((a, b) => a + b, 0),
      )),
    100,
  );
  try {
    for (let i = 0; i < 2; i++)
      await Promise.all([pool.prove(circuit, inputs), pool.prove(circuit, inputs)]);
  } finally {
    clearInterval(timer);
    await pool.close();
  }
  return Math.round(most);
}

/** A full fold: donors with a message each. */
async function oneFold(size: FoldSize): Promise<CircuitInputs> {
  const { rows } = FOLD_SIZES.find(({ name }) => name === size) as (typeof FOLD_SIZES)[number];
  const { items, statement, key } = madeUpRound(rows);
  const tally = await prepareTally(items, statement, key, rows);
  const { folds, constants } = await completeTranscript(tally, key);
  return foldInputs(folds[0] as FoldStep, constants, tally.rowsSalt);
}
