import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { SCALAR_BYTES, type Bn254Code } from "./bn254.ts";

export type Group = "G1" | "G2";
/** Bytes of an affine point, both coordinates in Montgomery form: what a zkey holds. */
export const POINT_BYTES = { G1: 64, G2: 128 } as const;
/** Bits of a window: a larger table costs more to make than it saves. */
const WINDOW = { G1: 12, G2: 11 } as const;
const CHUNK = 4096;

export type WorkerSetup = { group: Group; window: number; code: Uint8Array; generator: number };

/** Multiplies a group's generator by each of the scalars, on all cores; results in the same order under the same names. */
export async function multiplyGenerator<Name extends string>(
  bn254: Bn254Code,
  group: Group,
  lists: Record<Name, Uint8Array>,
): Promise<Record<Name, Uint8Array>> {
  const pointBytes = POINT_BYTES[group];
  const results = {} as Record<Name, Uint8Array>;
  const jobs: { name: Name; first: number; scalars: Uint8Array }[] = [];
  for (const name of Object.keys(lists) as Name[]) {
    const count = lists[name].byteLength / SCALAR_BYTES;
    results[name] = new Uint8Array(count * pointBytes);
    for (let first = 0; first < count; first += CHUNK) {
      const last = Math.min(count, first + CHUNK);
      jobs.push({
        name,
        first,
        scalars: lists[name].slice(first * SCALAR_BYTES, last * SCALAR_BYTES),
      });
    }
  }
  const setup: WorkerSetup = {
    group,
    window: WINDOW[group],
    code: bn254.code,
    generator: bn254.generator[group],
  };
  const workers = Math.min(availableParallelism(), jobs.length);
  await Promise.all(Array.from({ length: workers }, () => work()));
  return results;

  async function work(): Promise<void> {
    const worker = new Worker(new URL("./fixed-base-worker.ts", import.meta.url), {
      workerData: setup,
    });
    try {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        const points = await ask(worker, job.scalars);
        results[job.name].set(points, job.first * pointBytes);
      }
    } finally {
      await worker.terminate();
    }
  }
}

function ask(worker: Worker, scalars: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (points: Uint8Array) => {
      worker.off("error", reject);
      resolve(points);
    });
    worker.postMessage(scalars);
  });
}
