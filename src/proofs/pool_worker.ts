// A worker process of ProverPool. This repository's prover runs in threads, which share the code that the engine has compiled; others here, one proof at a time.
import { Worker } from "node:worker_threads";
import { siblingModule } from "../installation.ts";
import { work, type PoolAnswer, type PoolJob } from "./pool_work.ts";
import type { Proved } from "./proof.ts";
import type { ProvingFiles } from "./prove.ts";

/** JavaScript heap of a thread in MB; beside it lies WebAssembly memory: see docs/OPERATING.md for totals. */
const THREAD_HEAP = 1024;

type Thread = { readonly worker: Worker; settle: (answer: PoolAnswer) => void };
const idle: Thread[] = [];

/** In a thread of its own; a thread that dies (out of heap, say) is not used again. */
function workInThread(job: PoolJob): Promise<PoolAnswer> {
  const thread = idle.pop() ?? startThread();
  return new Promise((resolve) => {
    thread.settle = resolve;
    thread.worker.postMessage(job);
  });
}

function startThread(): Thread {
  const worker = new Worker(siblingModule(import.meta, "pool_thread"), {
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP },
  });
  const thread: Thread = { worker, settle: () => undefined };
  worker.on("message", (answer: PoolAnswer) => {
    idle.push(thread);
    thread.settle(answer);
  });
  worker.on("error", (error) =>
    thread.settle({
      failed: "died",
      message: `a worker's thread ended: ${(error as Error).message}`,
    }),
  );
  worker.on("exit", (code) => {
    if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
    thread.settle({ failed: "died", message: `a worker's thread ended with code ${code}` });
  });
  return thread;
}

/** Loads what it needs when it is needed: snarkjs takes memory, even where it does nothing. */
async function proveHere(
  { prover }: PoolJob,
  files: ProvingFiles,
  witness: Uint8Array,
): Promise<Proved> {
  if (typeof prover === "string")
    return (await import("./prove.ts")).proveWithSnarkjs(files, witness, true);
  return (await import("./native.ts")).proveWithProgram(prover.program, files, witness);
}

process.on("message", ({ id, job }: { readonly id: number; readonly job: PoolJob }) => {
  void (
    job.prover === "wasm"
      ? workInThread(job)
      : work(job, (files, witness) => proveHere(job, files, witness))
  ).then((answer) => process.send?.({ id, answer }));
});
// The exit handlers remove witness files. The channel closes when the owner ends in whatever way, kill -9 included.
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group: the owner decides
