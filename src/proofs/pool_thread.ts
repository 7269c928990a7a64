// A thread of a pool's worker process: one proof at a time, by this repository's prover. It must not load snarkjs, below which a package takes over threads' globals.
import { parentPort } from "node:worker_threads";
import { proveWithWasm } from "./fast.ts";
import { work, type PoolJob } from "./pool_work.ts";

parentPort?.on(
  "message",
  (job: PoolJob) => void work(job, proveWithWasm).then((answer) => parentPort?.postMessage(answer)),
);
