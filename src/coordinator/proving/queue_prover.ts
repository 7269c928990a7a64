import type { PgBoss } from "pg-boss";
import type { CircuitArtifacts } from "../../proofs/artifacts.ts";
import type { CircuitInputs } from "../../proofs/inputs.ts";
import { ProverFailedError } from "../../proofs/pool.ts";
import type { Proof } from "../../proofs/proof.ts";
import { releaseProver, requireValid, WitnessError, type Proved } from "../../proofs/prove.ts";
import type { Prover, ProofTimes } from "../../proofs/prover.ts";
import { sleep } from "../sending/sleep.ts";
import {
  hashJob,
  hashKeys,
  openQueue,
  QUEUE,
  encryptInputs,
  toInteger,
  toJson,
  type ProofJob,
  type ProofOutcome,
} from "./queue.ts";

export type QueueProverOptions = {
  readonly url: string;
  /** 32 bytes that coordinator and workers share. */
  readonly key: Uint8Array;
  /** Jobs in the queue at a time: at least as many as there are workers. */
  readonly width: number;
  readonly pollSeconds?: number;
};

/** Proofs by whatever workers listen to the queue. Each is verified here: a worker can hold one up, not make one up. */
export async function openQueueProver({
  url,
  key,
  width,
  pollSeconds = 0.5,
}: QueueProverOptions): Promise<Prover> {
  const boss = await openQueue(url);
  const closing = new AbortController();
  return {
    width,
    async prove(circuit, inputs) {
      const id = hashJob(circuit, inputs);
      await submit(boss, id, key, circuit, inputs);
      for (let outcome; ; await sleep(pollSeconds, closing.signal)) {
        if (closing.signal.aborted)
          throw new ProverFailedError(circuit.name, "the prover was closed");
        if ((outcome = await readOutcome(boss, id)) === undefined) continue;
        if (outcome === "gone") await submit(boss, id, key, circuit, inputs);
        else return accept(boss, id, circuit, outcome);
      }
    },
    async close() {
      closing.abort();
      await boss.stop({ graceful: false });
      await releaseProver();
    },
  };
}

/** Puts the job in the queue, where it is not there yet; one that failed for good before is tried anew. */
async function submit(
  boss: PgBoss,
  id: string,
  key: Uint8Array,
  circuit: CircuitArtifacts,
  inputs: CircuitInputs,
): Promise<void> {
  const [known] = await boss.findJobs(QUEUE, { id });
  if (known?.state === "failed" || known?.state === "cancelled") await boss.deleteJob(QUEUE, id);
  else if (known !== undefined) return;
  const job: ProofJob = {
    circuit: circuit.name,
    keys: hashKeys(circuit),
    inputs: encryptInputs(key, id, inputs),
  };
  await boss.send(QUEUE, job, { id });
}

async function readOutcome(boss: PgBoss, id: string): Promise<ProofOutcome | "gone" | undefined> {
  const [job] = await boss.findJobs<ProofJob>(QUEUE, { id });
  if (job === undefined) return "gone";
  if (job.state === "completed") return job.output as ProofOutcome;
  if (job.state === "failed" || job.state === "cancelled")
    return { failed: `no worker could do it: ${JSON.stringify(job.output ?? {}).slice(0, 200)}` };
  return undefined;
}

/** @throws WitnessError, ProverFailedError, ProofRejectedError */
export async function accept(
  boss: Pick<PgBoss, "deleteJob">,
  id: string,
  circuit: CircuitArtifacts,
  outcome: ProofOutcome,
): Promise<Proved & { readonly seconds: ProofTimes }> {
  await boss.deleteJob(QUEUE, id); // with it, the encrypted inputs
  if (typeof outcome !== "object" || outcome === null)
    throw new ProverFailedError(circuit.name, "a worker answered with nothing");
  if ("failed" in outcome)
    throw String(outcome.failed).startsWith("witness")
      ? new WitnessError(circuit.name, outcome.failed)
      : new ProverFailedError(circuit.name, String(outcome.failed));
  const { proof, signals } = read(circuit, outcome);
  await requireValid(circuit, { proof, signals });
  return { proof, signals, seconds: readTimes(outcome.seconds) };
}

/** @throws ProverFailedError */
function read(
  circuit: CircuitArtifacts,
  { proof, signals }: Extract<ProofOutcome, { readonly proof: unknown }>,
): { proof: Proof; signals: bigint[] } {
  try {
    return JSON.parse(toJson({ proof, signals }), toInteger) as { proof: Proof; signals: bigint[] };
  } catch {
    throw new ProverFailedError(circuit.name, "a worker's proof is not made of integers");
  }
}

/** A worker's word about its times; a valid proof is not lost for a bad one. */
function readTimes(seconds: unknown): ProofTimes {
  const { witness, prove } = Object(seconds) as {
    readonly witness?: unknown;
    readonly prove?: unknown;
  };
  const time = (value: unknown) =>
    typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : 0;
  return { witness: time(witness), prove: time(prove) };
}
