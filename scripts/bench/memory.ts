import { readdirSync, readFileSync } from "node:fs";

/** The most memory that this process and those that it started have had resident at one time, sampled. Linux; in MB. */
export class MemoryWatch {
  #peak = 0;
  #worst = 0;
  readonly #timer = setInterval(() => this.#sample(), 500);

  /** All processes together, and the largest of those started. */
  stop(): { readonly all: number; readonly worker: number } {
    clearInterval(this.#timer);
    return { all: Math.round(this.#peak), worker: Math.round(this.#worst) };
  }

  #sample(): void {
    const own = residentOf(process.pid);
    const workers = childrenOf(process.pid).map(residentOf);
    this.#peak = Math.max(this.#peak, workers.reduce((sum, mb) => sum + mb, own));
    this.#worst = Math.max(this.#worst, ...workers);
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number));
  } catch {
    return [];
  }
}

function residentOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended
  }
}
