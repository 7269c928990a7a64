import { mkdir } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./progress.ts";

const POLL_MS = 200;

/**
 * Runs `work` while holding the lock file, which only one process at a time can.
 * The lock is the operating system's (SQLite's on an empty file): it ends with its holder, however that ends, and holds between
 * containers that share the folder, where process ids say nothing. The file stays.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  const lock = new DatabaseSync(file);
  try {
    for (let announced = false; !tryLock(lock); announced = true) {
      if (!announced) say("build: waiting for another build…");
      await sleep(POLL_MS);
    }
    return await work();
  } finally {
    lock.close();
  }
}

/** SQLite's result code where somebody else has the lock: https://www.sqlite.org/rescode.html#busy. */
const BUSY = 5;

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return false;
    throw error;
  }
}
