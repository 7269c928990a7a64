import { BaseError, describeError } from "../../errors.ts";
import { circuitArtifacts, type Artifacts, type CircuitArtifacts } from "../../proofs/artifacts.ts";
import { WitnessError } from "../../proofs/prove.ts";
import type { Prover } from "../../proofs/prover.ts";
import {
  hashKeys,
  decryptInputs,
  openQueue,
  QUEUE,
  toJson,
  type ProofJob,
  type ProofOutcome,
} from "./queue.ts";

export class ForeignJobError extends BaseError {
  constructor(circuit: string) {
    super(`A job asks for other keys of circuit ${circuit} than this worker has.`, {
      fix: "Give all workers the coordinator's artifacts.",
    });
  }
}

export type WorkerOptions = {
  readonly url: string;
  readonly key: Uint8Array;
  readonly artifacts: Artifacts;
  readonly prover: Prover;
  readonly onDone?: (circuit: string, seconds: number) => void;
  readonly onFailed?: (circuit: string, why: string) => void;
};

/** Takes proof jobs from the queue, as many at a time as the prover is wide. Needs no chain. Gives a function that stops it. */
export async function startWorker({
  url,
  key,
  artifacts,
  prover,
  onDone,
  onFailed,
}: WorkerOptions): Promise<() => Promise<void>> {
  const boss = await openQueue(url);
  const circuits = new Map<string, Promise<CircuitArtifacts>>();
  const loadCircuit = (name: string) => {
    const known = circuits.get(name) ?? circuitArtifacts(artifacts, name);
    circuits.set(name, known);
    return known;
  };
  const work = async (
    id: string,
    { circuit: name, keys, inputs }: ProofJob,
  ): Promise<ProofOutcome> => {
    const started = performance.now();
    try {
      const circuit = await loadCircuit(name);
      if (hashKeys(circuit) !== keys) throw new ForeignJobError(name);
      const {
        proof,
        signals,
        seconds = { witness: 0, prove: 0 },
      } = await prover.prove(circuit, decryptInputs(key, id, inputs));
      onDone?.(name, (performance.now() - started) / 1000);
      return JSON.parse(toJson({ proof, signals, seconds })) as ProofOutcome;
    } catch (error) {
      onFailed?.(name, describeError(error));
      if (error instanceof WitnessError)
        return { failed: `witness: ${describeError(error.cause)}` }; // no other worker would find one
      throw new Error(describeError(error)); // without details: it is kept in the queue
    }
  };
  await boss.work<ProofJob, ProofOutcome>(
    QUEUE,
    { localConcurrency: prover.width, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 },
    async ([job]) => {
      if (job === undefined) throw new RangeError("an empty batch");
      return work(job.id, job.data);
    },
  );
  return async () => {
    await prover.close(); // what it was making fails here and is tried again elsewhere
    await boss.stop({ graceful: true, timeout: 5_000 });
  };
}
