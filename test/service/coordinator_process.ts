import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { devnetKey } from "../../src/devnet/chain.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import { writeKeyFile } from "../../src/cli/input/key_file.ts";

/** A `tacit` process of its own. `output` grows; `ended` gives the exit code, or the signal that killed it. */
export type TacitProcess = {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | string>;
};

export function startTacit(
  args: readonly string[],
  env: Record<string, string> = {},
): TacitProcess {
  const child = spawn(
    process.execPath,
    ["--experimental-strip-types", "--no-warnings", fromRoot("src/cli/main.ts"), ...args],
    {
      env: { PATH: process.env["PATH"], TMPDIR: process.env["TMPDIR"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | string>((resolve) =>
    child.once("exit", (code, signal) => resolve(signal ?? code ?? -1)),
  );
  return { child, output: () => output, ended };
}

/** Files and arguments with which `tacit coordinator` serves the devnet's round; the devnet's coordinator account pays. */
export async function coordinatorArguments(
  devnet: Devnet,
  folder: string,
  rpcs: readonly string[],
  ...more: readonly string[]
): Promise<{ args: string[]; env: Record<string, string> }> {
  const [key, account] = [path.join(folder, "coordinator.json"), path.join(folder, "account.key")];
  await writeKeyFile(key, "coordinator", devnet.coordinator);
  writeFileSync(account, devnetKey("coordinator"), { mode: 0o600 });
  await devnet.chain.as("coordinator");
  return {
    args: [
      "coordinator",
      ...rpcs.flatMap((rpc) => ["--rpc", rpc]),
      "--round",
      `${devnet.round}=${key}`,
      "--account-key",
      account,
      "--archive",
      path.join(folder, "archive"),
      "--finality",
      "0",
      "--poll",
      "1",
      "--bump",
      "20",
      "--exit-when-done",
      "--workers",
      "2",
      ...more,
    ],
    env: {},
  };
}
