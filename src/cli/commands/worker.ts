import { randomBytes } from "node:crypto";
import { Command, Option } from "commander";
import { startWorker } from "../../coordinator/proving/worker.ts";
import { BaseError } from "../../errors.ts";
import { developmentNotice, openArtifacts } from "../../proofs/artifacts.ts";
import { ProverPool } from "../../proofs/pool.ts";
import type { Io } from "../output/io.ts";
import { writeNewFile } from "../input/key_file.ts";
import { examples, parseCount, withOptions, type SharedValues } from "../input/options.ts";
import { duration } from "../output/output.ts";
import { readSecret } from "../input/secrets.ts";
import { untilSignal } from "../until_signal.ts";

type Values = Pick<SharedValues, "artifacts" | "json" | "verbose" | "prover"> & {
  readonly queue?: string;
  readonly workerKey: string;
  readonly workers?: number;
  readonly makeKey?: boolean;
};

export class WorkerKeyError extends BaseError {
  constructor(file: string) {
    super(`${file} is not a worker key.`, {
      fix: "Make one with `tacit worker --make-key --worker-key <file>` and give the same file to the coordinator and all workers.",
    });
  }
}

export class NoQueueError extends BaseError {
  constructor() {
    super("No queue is given.", {
      fix: "Give --queue postgres://user@host/database, the same as the coordinator's.",
    });
  }
}

export function workerCommand(io: Io): Command {
  const command = new Command("worker")
    .description("make proofs for a coordinator, from a queue; needs no chain")
    .addOption(new Option("--queue <url>", "postgres:// URL of the queue").env("TACIT_QUEUE"))
    .requiredOption(
      "--worker-key <file>",
      "key under which jobs are encrypted, shared with the coordinator",
    )
    .option("--make-key", "write a new worker key to that file, and do nothing else")
    .option("--workers <number>", "proofs at a time (default: one a core)", parseCount)
    .addHelpText(
      "after",
      `
A worker sees the witnesses of the proofs that it makes. They hold ballots, and the coordinator's secret with which all ballots of
the round can be read: run workers only on machines that you trust as much as the coordinator's.
${examples("tacit worker --make-key --worker-key worker.key", "tacit worker --queue postgres://tacit@db.example/tacit --worker-key worker.key")}`,
    )
    .action(async (values: Values) => worker(io, values));
  return withOptions(command, "artifacts", "prover");
}

async function worker(
  io: Io,
  { queue, workerKey, workers, makeKey, artifacts, prover: name }: Values,
): Promise<void> {
  if (makeKey === true) {
    await writeNewFile(workerKey, `${randomBytes(32).toString("hex")}\n`);
    return io.err(
      `The key is in ${workerKey}. Copy it to the coordinator and to every worker, by a safe way.\n`,
    );
  }
  if (queue === undefined) throw new NoQueueError();
  const keys = await openArtifacts(artifacts);
  const key = await readWorkerKey(workerKey);
  // It knows no chain: a coordinator on a real one takes no proof for development keys, and its jobs name the keys they are for.
  const notice = developmentNotice(keys);
  if (notice !== undefined) io.err(`${notice}\n`);
  const prover = new ProverPool({ workers, prover: name, onNotice: (text) => io.err(`${text}\n`) });
  const stop = await startWorker({
    url: queue,
    key,
    artifacts: keys,
    prover,
    onDone: (circuit, seconds) => io.err(`proved ${circuit} in ${duration(seconds)}\n`),
    onFailed: (circuit, why) => io.err(`failed ${circuit}: ${why}\n`),
  });
  io.err(`Waiting for jobs, ${prover.width} at a time. Stop with Ctrl-C.\n`);
  await untilSignal();
  await stop();
}

/** @throws SecretFileError, WorkerKeyError */
export async function readWorkerKey(file: string): Promise<Uint8Array> {
  const text = (await readSecret(file)).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new WorkerKeyError(file);
  return Buffer.from(text, "hex");
}
