import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { embeddedKey } from "../../src/devnet/chain.ts";
import type { World } from "../../src/devnet/world.ts";
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

/** Files and arguments with which `tacit coordinator` serves the world's round; the embedded chain's coordinator account pays. */
export async function coordinatorArguments(
  world: World,
  folder: string,
  rpcs: readonly string[],
  ...more: readonly string[]
): Promise<{ args: string[]; env: Record<string, string> }> {
  const [key, account] = [path.join(folder, "coordinator.json"), path.join(folder, "account.key")];
  await writeKeyFile(key, "coordinator", world.coordinator);
  writeFileSync(account, embeddedKey("coordinator"), { mode: 0o600 });
  await world.chain.as("coordinator");
  return {
    args: [
      "coordinator",
      ...rpcs.flatMap((rpc) => ["--rpc", rpc]),
      "--round",
      `${world.round}=${key}`,
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
