import { availableParallelism, totalmem } from "node:os";
import { BaseError } from "../errors.ts";
import type { CircuitArtifacts } from "./artifacts.ts";
import type { CircuitInputs } from "./inputs.ts";
import { removeStaleWitnesses } from "./native.ts";
import { PoolHost } from "./pool_host.ts";
import type { PoolAnswer, PoolJob } from "./pool_work.ts";
import { whyUnfit } from "./fast.ts";
import { releaseProver, requireValid, WitnessError, type Proved } from "./prove.ts";
import type { Prover, ProofTimes, ProverName } from "./prover.ts";
import { verifyProof } from "./verify.ts";

export class ProverFailedError extends BaseError {
  constructor(circuit: string, why: string) {
    super(`Making a proof for circuit ${circuit} failed: ${why}.`, {
      fix: "Check the machine's memory (0.25 GB a worker at the large size, 1.1 GB with `--prover snarkjs`) and use fewer workers; what is proved is kept.",
    });
  }
}

export type PoolOptions = {
  /** Proofs at a time, each on one thread. By default one a core that there is memory for; 2 with a program, which uses all cores by itself. */
  readonly workers?: number | undefined;
  /** Who makes the proofs; by default what TACIT_PROVER names, a program with the interface `zkey wtns proof.json public.json`, else "wasm". */
  readonly prover?: ProverName | { readonly program: string } | undefined;
  /** A worker that is silent for so long is replaced. */
  readonly jobSeconds?: number;
  /** Told when snarkjs has to stand in for the other prover. */
  readonly onNotice?: ((text: string) => void) | undefined;
};

/** A worker that dies (out of memory, killed) is replaced and its job tried again so often. */
const ATTEMPTS = 3;
const DEFAULT_JOB_SECONDS = 1800;
/** A worker at the large size, measured; and how much of the machine's memory all of them may take where nobody says how many. */
const WORKER_BYTES = { wasm: 0.25e9, snarkjs: 1.1e9, program: 0.4e9 };
const MEMORY_SHARE = 0.75;

type Waiting = {
  readonly job: PoolJob;
  attempts: number;
  readonly resolve: (answer: PoolAnswer) => void;
  readonly reject: (error: unknown) => void;
};

/** Proofs by worker processes, a fixed number at a time, which bounds the memory: one process with a thread a proof, or with a program a process a proof. */
export class ProverPool implements Prover {
  readonly width: number;
  readonly #prover: PoolJob["prover"];
  readonly #jobSeconds: number;
  readonly #onNotice: (text: string) => void;
  readonly #queue: Waiting[] = [];
  readonly #running = new Set<Waiting>();
  /** A process has jobs of one kind: of threads as many as are made at a time, of others one. */
  readonly #hosts = { threads: new Set<PoolHost>(), single: new Set<PoolHost>() };
  #closed = false;

  constructor({
    workers,
    prover = defaultProver(),
    jobSeconds = DEFAULT_JOB_SECONDS,
    onNotice = () => undefined,
  }: PoolOptions = {}) {
    const unfit = prover === "wasm" ? whyUnfit() : undefined;
    if (unfit !== undefined)
      onNotice(
        `Proofs are made by snarkjs, which takes several times as long: this engine cannot run the faster prover, as ${unfit}.`,
      );
    this.#prover = unfit === undefined ? prover : "snarkjs";
    const program = typeof this.#prover !== "string";
    const fitting = Math.floor(
      (MEMORY_SHARE * totalmem()) /
        WORKER_BYTES[typeof this.#prover === "string" ? this.#prover : "program"],
    );
    this.width = workers ?? Math.max(1, Math.min(program ? 2 : availableParallelism(), fitting));
    this.#jobSeconds = jobSeconds;
    this.#onNotice = onNotice;
    removeStaleWitnesses();
  }

  async prove(
    circuit: CircuitArtifacts,
    inputs: CircuitInputs,
  ): Promise<Proved & { readonly seconds: ProofTimes }> {
    const answer = await this.#ask(circuit, inputs, this.#prover);
    if (
      this.#prover === "wasm" &&
      !(await verifyProof(circuit.vkey, answer.signals, answer.proof))
    ) {
      this.#onNotice(
        `A proof for circuit ${circuit.name} did not verify and is made again by snarkjs. If this happens again, check the machine's memory, use \`--prover snarkjs\` and report it.`,
      );
      const again = await this.#ask(circuit, inputs, "snarkjs");
      return { ...(await requireValid(circuit, again)), seconds: again.seconds };
    }
    await requireValid(circuit, answer);
    return answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { job, reject } of [...this.#queue.splice(0), ...this.#running])
      reject(new ProverFailedError(job.circuit.name, "the prover was closed"));
    await Promise.all([...this.#hosts.threads, ...this.#hosts.single].map((host) => host.end()));
    await releaseProver();
  }

  /** @throws WitnessError, ProverFailedError */
  async #ask(
    { name, wasm, zkey }: CircuitArtifacts,
    inputs: CircuitInputs,
    prover: PoolJob["prover"],
  ): Promise<Exclude<PoolAnswer, { failed: unknown }>> {
    const answer = await new Promise<PoolAnswer>((resolve, reject) => {
      this.#queue.push({
        job: { circuit: { name, wasm, zkey }, inputs, prover },
        attempts: 0,
        resolve,
        reject,
      });
      this.#next();
    });
    if ("failed" in answer)
      throw answer.failed === "witness"
        ? new WitnessError(name, answer.message)
        : new ProverFailedError(name, answer.message);
    return answer;
  }

  #next(): void {
    if (this.#closed || this.#running.size >= this.width) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#running.add(waiting);
    const threads = waiting.job.prover === "wasm";
    const hosts = this.#hosts[threads ? "threads" : "single"];
    const host = [...hosts].find(({ jobs }) => threads || jobs === 0) ?? start(hosts);
    void host.work(waiting.job, this.#jobSeconds).then((answer) => {
      this.#running.delete(waiting);
      const again =
        "failed" in answer &&
        (answer.failed === "interrupted" ||
          (answer.failed === "died" && ++waiting.attempts < ATTEMPTS));
      if (again) this.#queue.unshift(waiting);
      else if ("failed" in answer && answer.failed === "died")
        waiting.reject(
          new ProverFailedError(waiting.job.circuit.name, `${answer.message}, ${ATTEMPTS} times`),
        );
      else waiting.resolve(answer);
      this.#next();
    });
    this.#next();
  }
}

function start(hosts: Set<PoolHost>): PoolHost {
  const host = new PoolHost((ended) => hosts.delete(ended));
  hosts.add(host);
  return host;
}

function defaultProver(): PoolJob["prover"] {
  const program = process.env["TACIT_PROVER"];
  return program ? { program } : "wasm";
}
