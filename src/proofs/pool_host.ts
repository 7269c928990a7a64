import { fork, type ChildProcess } from "node:child_process";
import { siblingModule } from "../installation.ts";
import type { PoolAnswer, PoolJob } from "./pool_work.ts";

/** A worker process of a pool, seen from the process that started it, with the jobs that it has. */
export class PoolHost {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, (answer: PoolAnswer) => void>();
  #nextId = 0;

  constructor(onEnd: (host: PoolHost) => void) {
    // Only what a prover needs: no secret that the owner was given in its environment.
    const env = { PATH: process.env["PATH"], TMPDIR: process.env["TMPDIR"] };
    const execArgv = ["--experimental-strip-types", "--no-warnings", "--expose-gc"];
    this.#child = fork(siblingModule(import.meta, "pool_worker"), [], {
      execArgv,
      env,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    // A worker that cannot start or be written to also ends, or its next job's `send` fails: that is where it is dealt with.
    this.#child.on("error", () => undefined);
    this.#child.on(
      "message",
      ({ id, answer }: { readonly id: number; readonly answer: PoolAnswer }) =>
        this.#settle(id, answer),
    );
    this.#child.once("exit", (code, signal) => {
      onEnd(this);
      this.#settleAll({
        failed: "died",
        message: `a worker ended with ${signal ?? `exit code ${code}`}`,
      });
    });
  }

  get jobs(): number {
    return this.#pending.size;
  }

  /** The answer to a job: "died" if the process ends, or is ended because it has been silent for `seconds`; its other jobs are then "interrupted". */
  work(job: PoolJob, seconds: number): Promise<PoolAnswer> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#settle(id, { failed: "died", message: `a worker was silent for ${seconds} s` });
        this.#settleAll({ failed: "interrupted", message: "its worker was ended" });
        this.#child.kill("SIGKILL");
      }, seconds * 1000);
      this.#pending.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#child.send({ id, job }, (error) => {
        if (error !== null) this.#settle(id, { failed: "died", message: error.message });
      });
    });
  }

  /** SIGTERM lets a worker remove its witness file; one that does not answer within a second is killed. */
  end(): Promise<void> {
    const child = this.#child;
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

  #settle(id: number, answer: PoolAnswer): void {
    const resolve = this.#pending.get(id);
    this.#pending.delete(id);
    resolve?.(answer);
  }

  #settleAll(answer: PoolAnswer): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id, answer);
  }
}
