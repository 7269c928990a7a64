import { Worker } from "node:worker_threads";
import { siblingModule } from "../../installation.ts";
import type { CoordinatorKeySource } from "../../protocol/coordinator_key.ts";
import type { Link } from "../../protocol/link.ts";
import type { Statement } from "../../transcript/challenges.ts";
import type { CommittedTally, Transcript } from "../../transcript/transcript.ts";

export type PrepareRequest = {
  readonly links: readonly Link[];
  readonly statement: Statement;
  readonly key: CoordinatorKeySource;
  readonly rowsPerFold: number;
};
export type Prepared = { readonly tally: CommittedTally; readonly transcript: Transcript };

/** From links to transcript, in a worker thread so that the main thread stays responsive: a few milliseconds a message. */
export function prepareInThread(request: PrepareRequest): Promise<Prepared> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(siblingModule(import.meta, "prepare_worker"), {
      workerData: request,
      execArgv: ["--experimental-strip-types", "--no-warnings"],
      env: {},
    });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
