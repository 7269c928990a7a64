import type { CircuitArtifacts } from "../../src/proofs/artifacts.ts";
import type { CircuitInputs } from "../../src/proofs/inputs.ts";
import { ProverPool } from "../../src/proofs/pool.ts";
import { PROVERS, type Prover, type ProverName } from "../../src/proofs/prover.ts";
import { Watch } from "./memory.ts";

type Job = readonly [CircuitArtifacts, CircuitInputs];

/** Folds of one round by each prover in turns: seconds elapsed and of the workers' processor time, for all of them. */
export type Sample = {
  readonly folds: number;
  readonly elapsed: Readonly<Record<ProverName, number>>;
  readonly processor: Readonly<Record<ProverName, number>>;
};

/** A prover that remembers the first `count` folds that it is asked for. */
export function rememberFolds(
  prover: Prover,
  count: number,
): { readonly prover: Prover; readonly jobs: readonly Job[] } {
  const jobs: Job[] = [];
  return {
    jobs,
    prover: {
      width: prover.width,
      close: () => prover.close(),
      prove(circuit, inputs) {
        if (jobs.length < count && circuit.name.startsWith("fold")) jobs.push([circuit, inputs]);
        return prover.prove(circuit, inputs);
      },
    },
  };
}

/** The same folds by each prover, so many at a time as there are workers, in turns, so that all meet the same machine. */
export async function timeSample(jobs: readonly Job[], workers: number): Promise<Sample> {
  const elapsed: Record<ProverName, number> = { wasm: 0, snarkjs: 0 };
  const processor: Record<ProverName, number> = { wasm: 0, snarkjs: 0 };
  for (let start = 0; start < jobs.length; start += workers) {
    for (const name of PROVERS) {
      const pool = new ProverPool({ workers, prover: name });
      const watch = new Watch();
      try {
        const started = performance.now();
        await Promise.all(jobs.slice(start, start + workers).map((job) => pool.prove(...job)));
        elapsed[name] += (performance.now() - started) / 1000;
      } finally {
        processor[name] += watch.stop().workersCpu;
        await pool.close();
      }
    }
  }
  return { folds: jobs.length, elapsed, processor };
}
