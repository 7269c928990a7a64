import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { BaseError } from "../errors.ts";
import { siblingModule } from "../installation.ts";
import type { CircuitArtifacts } from "./artifacts.ts";
import type { CircuitInputs } from "./inputs.ts";
import { removeStaleWitnesses } from "./native.ts";
import type { PoolAnswer, PoolJob } from "./pool_worker.ts";
import { releaseProver, requireValid, WitnessError, type Proved } from "./prove.ts";
import type { Prover, ProofTimes } from "./prover.ts";

export class ProverFailedError extends BaseError {
  constructor(circuit: string, why: string) {
    super(`Making a proof for circuit ${circuit} failed: ${why}.`, { fix: "Check the machine's memory (about 0.8 GB a worker at the large size) and use fewer workers; what is proved is kept." });
  }
}

export type PoolOptions = {
  /** Processes, each proving on one thread. By default one a core that there is memory for; 2 with a program, which uses all cores by itself. */
  readonly workers?: number | undefined;
  /** A program with the interface `zkey wtns proof.json public.json`, instead of snarkjs. By default what TACIT_PROVER names; "" for none. */
  readonly program?: string | undefined;
  /** A worker that is silent for so long is replaced. */
  readonly jobSeconds?: number;
};

/** A worker that dies (out of memory, killed) is replaced and its job tried again so often. */
const ATTEMPTS = 3;
const DEFAULT_JOB_SECONDS = 1800;
/** JavaScript heap of a worker in MB; beside it lie the proving key and WebAssembly memory: see docs/OPERATING.md for totals. */
const WORKER_HEAP = 1024;
/** A worker at the large size, measured 1.02 GiB; and how much of the machine's memory all of them may take where nobody says how many. */
const WORKER_BYTES = 1.1e9;
const MEMORY_SHARE = 0.75;

type Waiting = { readonly job: PoolJob; attempts: number; readonly resolve: (answer: PoolAnswer) => void; readonly reject: (error: unknown) => void };

/** Proofs by a fixed number of worker processes. Their number bounds the memory: a process has one proof at a time. */
export class ProverPool implements Prover {
  readonly width: number;
  readonly #program: string | undefined;
  readonly #jobSeconds: number;
  readonly #queue: Waiting[] = [];
  readonly #idle: ChildProcess[] = [];
  readonly #busy = new Map<ChildProcess, Waiting>();
  #closed = false;

  constructor({ workers, program = process.env["TACIT_PROVER"], jobSeconds = DEFAULT_JOB_SECONDS }: PoolOptions = {}) {
    this.width = workers ?? Math.max(1, Math.min(program ? 2 : availableParallelism(), Math.floor((MEMORY_SHARE * totalmem()) / WORKER_BYTES)));
    this.#program = program === "" ? undefined : program;
    this.#jobSeconds = jobSeconds;
    removeStaleWitnesses();
  }

  async prove({ name, wasm, zkey, vkey }: CircuitArtifacts, inputs: CircuitInputs): Promise<Proved & { readonly seconds: ProofTimes }> {
    const answer = await new Promise<PoolAnswer>((resolve, reject) => {
      this.#queue.push({ job: { circuit: { name, wasm, zkey }, inputs, program: this.#program }, attempts: 0, resolve, reject });
      this.#next();
    });
    if ("failed" in answer) throw answer.failed === "witness" ? new WitnessError(name, answer.message) : new ProverFailedError(name, answer.message);
    await requireValid({ name, vkey }, answer);
    return answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { job, reject } of [...this.#queue.splice(0), ...this.#busy.values()]) reject(new ProverFailedError(job.circuit.name, "the prover was closed"));
    const all = [...this.#idle.splice(0), ...this.#busy.keys()];
    this.#busy.clear();
    await Promise.all(all.map((child) => end(child)));
    await releaseProver();
  }

  #next(): void {
    if (this.#closed || this.#busy.size >= this.width) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    const child = this.#idle.pop() ?? startWorker();
    this.#busy.set(child, waiting);
    waiting.attempts++;
    const timer = setTimeout(() => child.kill("SIGKILL"), this.#jobSeconds * 1000);
    const settle = (answer: PoolAnswer | undefined, why: string) => {
      clearTimeout(timer);
      child.removeAllListeners("message").removeAllListeners("exit");
      if (!this.#busy.delete(child)) return;
      if (answer !== undefined) {
        this.#idle.push(child);
        waiting.resolve(answer);
      } else if (waiting.attempts < ATTEMPTS) this.#queue.unshift(waiting);
      else waiting.reject(new ProverFailedError(waiting.job.circuit.name, `${why}, ${ATTEMPTS} times`));
      this.#next();
    };
    child.once("message", (answer: PoolAnswer) => settle(answer, ""));
    child.once("exit", (code, signal) => settle(undefined, `a worker ended with ${signal ?? `exit code ${code}`}`));
    child.send(waiting.job, (error) => error !== null && settle(undefined, error.message));
  }
}

function startWorker(): ChildProcess {
  const execArgv = ["--experimental-strip-types", "--no-warnings", `--max-old-space-size=${WORKER_HEAP}`];
  // Only what a prover needs: no secret that the owner was given in its environment.
  const env = { PATH: process.env["PATH"], TMPDIR: process.env["TMPDIR"] };
  const child = fork(siblingModule(import.meta, "pool_worker"), [], { execArgv, env, serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
  // A worker that cannot start or be written to also ends, or its next job's `send` fails: that is where it is dealt with.
  return child.on("error", () => undefined);
}

/** SIGTERM lets a worker remove its witness file; one that does not answer within a second is killed. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 1000);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
