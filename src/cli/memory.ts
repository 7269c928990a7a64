import { readFile } from "node:fs/promises";

const SAMPLE_MS = 500;

/** Measures what this process and those that it started hold at most, in MB, from now until `stop`. */
export function startMemoryMeter(): { readonly stop: () => number } {
  let peak = ownMB();
  const timer = setInterval(() => void allMB().then((now) => (peak = Math.max(peak, now))), SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.round(Math.max(peak, ownMB()));
    },
  };
}

const ownMB = (): number => process.memoryUsage.rss() / 2 ** 20;

/** Resident memory of this process and its children; where there is no /proc, of this process alone. */
async function allMB(): Promise<number> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, "utf8").catch(() => "");
  const sizes = await Promise.all(children.split(" ").filter(Boolean).map(residentMB));
  return ownMB() + sizes.reduce((sum, size) => sum + size, 0);
}

async function residentMB(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
