import { setTimeout as wait } from "node:timers/promises";

/** Waits so many seconds, or until `signal` says to stop (then it returns early, without an error). */
export async function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  await wait(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(
    () => undefined,
  );
}
