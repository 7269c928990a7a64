import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import path from "node:path";
import { say } from "./progress.ts";

const POLL_MS = 500;

/**
 * Runs `work` while holding the lock file, which only one process at a time can.
 * A lock whose owner is dead is taken away; the owner is named by process id and, on Linux, by its start time,
 * so that a reused id or one from before a reboot is not mistaken for it.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const self = `${process.pid} ${startTime(process.pid)}`;
  let announced = false;
  for (;;) {
    if (await create(file, self)) return;
    const owner = await readFile(file, "utf8").catch(() => undefined);
    if (owner === undefined) continue; // released between the two calls
    if (!isAlive(owner)) {
      await discard(file, owner);
      continue;
    }
    if (!announced) say(`build: waiting for the build of process ${owner.split(" ", 1)[0]}…`);
    announced = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Appears whole or not at all: a lock must never be read before it names its owner. */
async function create(file: string, owner: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, owner);
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Takes a dead owner's lock away, unless another process did so first and holds a new one by now. */
async function discard(file: string, deadOwner: string): Promise<void> {
  const aside = `${file}.dead.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const taken = await readFile(aside, "utf8").catch(() => undefined);
  if (taken !== undefined && taken !== deadOwner) await rename(aside, file);
  else await rm(aside, { force: true });
}

function isAlive(owner: string): boolean {
  const [id = "", started = ""] = owner.split(" ");
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return started === startTime(pid);
}

/** Start of a process in clock ticks since boot (proc(5), stat field 22), empty where there is no /proc. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold spaces: count from its end.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
