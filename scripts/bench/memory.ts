import { readFileSync } from "node:fs";
import { listChildren, residentMB } from "../../src/cli/memory.ts";

/** What this process and those that it started have taken. */
export type Taken = {
  /** Resident at one time, in MB: all together, and the largest of those started. */
  readonly all: number;
  readonly worker: number;
  /** Of this process's JavaScript: objects and buffers, shared ones included; a chain in the process is not in it. */
  readonly heap: number;
  /** Processor time in seconds. */
  readonly ownCpu: number;
  readonly workersCpu: number;
};

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;

/** Watches memory and processor time from now on, by sampling /proc: Linux only. */
export class Watch {
  #peak = 0;
  #worst = 0;
  #heap = 0;
  readonly #cpu = new Map<number, number>();
  /** What processes that were there already had taken before. */
  readonly #cpuBefore = new Map(listChildren(process.pid).map((pid) => [pid, readCpu(pid)]));
  readonly #before = process.cpuUsage();
  readonly #timer = setInterval(() => this.#sample(), 500);

  stop(): Taken {
    clearInterval(this.#timer);
    this.#sample();
    const { user, system } = process.cpuUsage(this.#before);
    const workersCpu = [...this.#cpu].reduce(
      (sum, [pid, seconds]) => sum + seconds - (this.#cpuBefore.get(pid) ?? 0),
      0,
    );
    return {
      all: Math.round(this.#peak),
      worker: Math.round(this.#worst),
      heap: Math.round(this.#heap),
      ownCpu: (user + system) / 1e6,
      workersCpu,
    };
  }

  #sample(): void {
    const { heapUsed, external } = process.memoryUsage();
    this.#heap = Math.max(this.#heap, (heapUsed + external) / 2 ** 20);
    const own = process.memoryUsage.rss() / 2 ** 20;
    const children = listChildren(process.pid);
    for (const pid of children) this.#cpu.set(pid, readCpu(pid));
    const workers = children.map(residentMB);
    this.#peak = Math.max(
      this.#peak,
      workers.reduce((sum, mb) => sum + mb, own),
    );
    this.#worst = Math.max(this.#worst, ...workers);
  }
}

/** Of a process, and of those that it has started and seen end: the runs of an external prover. */
function readCpu(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
  } catch {
    return 0;
  }
}
