import { Worker } from "node:worker_threads";
import { siblingModule } from "../../installation.ts";
import type { JobName, Jobs, ThreadData } from "./prepare_worker.ts";

type Pending<T = never> = {
  readonly resolve: (answer: T) => void;
  readonly reject: (error: unknown) => void;
};

/** Threads that prepare a round, so that this one stays responsive; each does one job at a time. */
export class PrepareThreads {
  readonly #threads: readonly Worker[];
  readonly #idle: Worker[];
  readonly #busy = new Map<Worker, Pending>();
  #waiting: Pending<Worker>[] = [];
  /** Why a thread ended; then nothing more is begun. */
  #failure: unknown;

  constructor(count: number, workerData: ThreadData) {
    this.#threads = Array.from({ length: count }, () => {
      const thread = new Worker(siblingModule(import.meta, "prepare_worker"), {
        workerData,
        execArgv: ["--experimental-strip-types", "--no-warnings"],
        env: {},
      });
      thread.on("message", (message: { answer: never; error?: unknown }) => {
        if ("error" in message) this.#settle(thread)?.reject(message.error);
        else this.#settle(thread)?.resolve(message.answer);
        this.#release(thread);
      });
      thread.on("error", (error) => {
        this.#failure = error;
        this.#settle(thread)?.reject(error);
        for (const { reject } of this.#waiting) reject(error);
        this.#waiting = [];
      });
      return thread;
    });
    this.#idle = [...this.#threads];
  }

  get count(): number {
    return this.#threads.length;
  }

  /** By the next thread that is free. @throws what the job throws, and why a thread ended */
  async run<Name extends JobName>(
    name: Name,
    ask: Jobs[Name]["ask"],
  ): Promise<Jobs[Name]["answer"]> {
    if (this.#failure !== undefined) throw this.#failure;
    const thread =
      this.#idle.pop() ??
      (await new Promise<Worker>((resolve, reject) => this.#waiting.push({ resolve, reject })));
    return this.#ask(thread, name, ask);
  }

  /** By every thread, when none is at work. */
  async runInEach<Name extends "setRound" | "setRows">(
    name: Name,
    ask: Jobs[Name]["ask"],
  ): Promise<void> {
    await Promise.all(this.#threads.map(() => this.run(name, ask)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #ask<Name extends JobName>(
    thread: Worker,
    name: Name,
    ask: Jobs[Name]["ask"],
  ): Promise<Jobs[Name]["answer"]> {
    return new Promise((resolve, reject) => {
      this.#busy.set(thread, { resolve, reject });
      thread.postMessage({ name, ask });
    });
  }

  #settle(thread: Worker): Pending | undefined {
    const pending = this.#busy.get(thread);
    this.#busy.delete(thread);
    return pending;
  }

  #release(thread: Worker): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(thread);
    else next.resolve(thread);
  }
}
