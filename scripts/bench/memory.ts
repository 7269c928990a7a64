import { readdirSync, readFileSync } from "node:fs";

/** What this process and those that it started have taken. */
export type Taken = {
  /** Resident at one time, in MB: all together, and the largest of those started. */
  readonly all: number;
  readonly worker: number;
  /** Processor time in seconds. */
  readonly ownCpu: number;
  readonly workersCpu: number;
};

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;

/** Watches memory and processor time, by sampling /proc: Linux only. */
export class Watch {
  #peak = 0;
  #worst = 0;
  readonly #cpu = new Map<number, number>();
  readonly #before = process.cpuUsage();
  readonly #timer = setInterval(() => this.#sample(), 500);

  stop(): Taken {
    clearInterval(this.#timer);
    this.#sample();
    const { user, system } = process.cpuUsage(this.#before);
    const workersCpu = [...this.#cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
    return { all: Math.round(this.#peak), worker: Math.round(this.#worst), ownCpu: (user + system) / 1e6, workersCpu };
  }

  #sample(): void {
    const own = residentOf(process.pid);
    const children = childrenOf(process.pid);
    for (const pid of children) this.#cpu.set(pid, cpuOf(pid));
    const workers = children.map(residentOf);
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

function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

function residentOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended
  }
}
