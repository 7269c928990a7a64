import { readdirSync, readFileSync } from "node:fs";

const SAMPLE_MS = 500;

/** Measures what this process and those that it started hold at most, in MB, from now until `stop`. */
export function startMemoryMeter(): { readonly stop: () => number } {
  let peak = ownMB();
  const timer = setInterval(() => (peak = Math.max(peak, allMB())), SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.round(Math.max(peak, ownMB()));
    },
  };
}

const ownMB = (): number => process.memoryUsage.rss() / 2 ** 20;

/** Resident memory of this process and of all below it; where there is no /proc, of this process alone. */
const allMB = (): number =>
  listChildren(process.pid).reduce((sum, pid) => sum + residentMB(pid), ownMB());

/** The processes that a process has started; none where there is no /proc. */
export function listChildren(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
        .split(" ")
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

/** Resident memory in MB of a process with those that it has started, and they: a worker's external prover, for one. 0 when it has ended. */
export function residentMB(pid: number): number {
  const below = listChildren(pid).reduce((sum, child) => sum + residentMB(child), 0);
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return below + Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return below;
  }
}
