import { spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readProgress } from "../../src/chain/round.ts";
import { playDonors, sumBallots } from "../../src/devnet/donors.ts";
import { devnetAddress, devnetKey, startDevnetChain } from "../../src/devnet/chain.ts";
import { serveRpc } from "../../src/devnet/rpc_server.ts";
import { createDevnet } from "../../src/devnet/devnet.ts";
import { writeKeyFile } from "../../src/cli/input/key_file.ts";
import { decodeResult } from "../../src/transcript/results.ts";
import { foldHistory } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import type { FoldSize } from "../../src/params.ts";
import { fromRoot } from "../pipeline/paths.ts";
import { say } from "../pipeline/progress.ts";
import type { PlannedRound } from "./play.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

export type UnattendedOptions = {
  readonly workers: number;
  readonly size: FoldSize;
  readonly kills: number;
  /** Seconds between kills: from half of it to one and a half times. */
  readonly every: number;
  /** PostgreSQL URL of an empty database; then proofs go through its queue, and a worker process is killed too. */
  readonly database?: string | undefined;
};

export type Unattended = {
  readonly kills: number;
  readonly seconds: number;
  readonly transactions: number;
  readonly folds: number;
  readonly ok: boolean;
};

/** A round tallied by `tacit coordinator` processes that are killed with kill -9 again and again; its result and transactions checked. */
export async function runUnattended(
  { projects, donors, unit }: PlannedRound,
  { workers, size, kills, every, database }: UnattendedOptions,
): Promise<Unattended> {
  const folder = mkdtempSync(path.join(tmpdir(), "tacit-unattended-"));
  const chain = await startDevnetChain();
  const devnet = await createDevnet(chain, {
    projects,
    unit,
    size,
    rule: quadraticChoice("return"),
  });
  say(`publishing ${donors.length} ballots`);
  const expected = sumBallots(await playDonors(devnet, donors, () => undefined));
  await chain.warpTo(devnet.config.end);
  await chain.as("coordinator");
  const rpc = await serveRpc(chain.provider, 18_900);
  const [key, account, workerKey] = ["coordinator.json", "account.key", "worker.key"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  await writeKeyFile(key, "coordinator", devnet.coordinator);
  writeFileSync(account, devnetKey("coordinator"), { mode: 0o600 });
  writeFileSync(workerKey, randomBytes(32).toString("hex"), { mode: 0o600 });
  const queue = database === undefined ? [] : ["--queue", database, "--worker-key", workerKey];
  const coordinator = () =>
    tacit([
      "coordinator",
      "--rpc",
      rpc.url,
      "--round",
      `${devnet.round}=${key}`,
      "--account-key",
      account,
      "--database",
      database ?? path.join(folder, "tacit.sqlite"),
      "--archive",
      folder,
      "--finality",
      "0",
      "--poll",
      "1",
      "--no-http",
      "--exit-when-done",
      "--workers",
      String(workers),
      ...queue,
    ]);
  const worker = () =>
    database === undefined ? undefined : tacit(["worker", ...queue, "--workers", String(workers)]);
  const started = performance.now();
  try {
    for (let i = 0; i < kills; i++) {
      const running = [coordinator(), worker()];
      await wait((every / 2 + randomInt(every)) * 1000);
      for (const one of running) one?.child.kill("SIGKILL");
      await Promise.all(running.map((one) => one?.ended));
      say(`killed ${i + 1} of ${kills}`);
    }
    const helper = worker();
    const code = await coordinator().ended;
    helper?.child.kill("SIGTERM");
    await helper?.ended;
    const { tally } = foldHistory(
      await readEvents(chain.read, devnet.round, {
        from: 0n,
        to: await chain.read.getBlockNumber(),
      }),
    );
    const transactions = await chain.read.getTransactionCount({
      address: devnetAddress("coordinator"),
    });
    const folds = tally?.folds.length ?? 0;
    const { phase } = await readProgress(chain.read, devnet.round);
    const same =
      JSON.stringify(
        tally?.entries.map((entry) => Object.values(decodeResult(entry)).map(String)),
      ) === JSON.stringify(expected.map((result) => Object.values(result).map(String)));
    // Commit, folds with their replay, results in one call, close.
    return {
      kills,
      folds,
      transactions,
      seconds: (performance.now() - started) / 1000,
      ok: code === 0 && phase === "finalized" && same && transactions === folds + 3,
    };
  } finally {
    await rpc.close();
    await chain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tacit(args: readonly string[]) {
  const env = {
    PATH: process.env["PATH"],
    TMPDIR: process.env["TMPDIR"],
    TACIT_PROVER: process.env["TACIT_PROVER"],
  };
  const child = spawn(
    process.execPath,
    ["--experimental-strip-types", "--no-warnings", fromRoot("src/cli/main.ts"), ...args],
    { env, stdio: "ignore" },
  );
  return { child, ended: new Promise<number | null>((resolve) => child.once("exit", resolve)) };
}
