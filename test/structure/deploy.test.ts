import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { writeKeyFile } from "../../src/cli/input/key_file.ts";
import { RATES } from "../../src/coordinator/planning/rates.ts";
import { keyPairFromSecret } from "../../src/protocol/key.ts";

/*
 * The commands of deploy/ as they stand there, under a shell and the environment that the files give them. Nothing that they need is here but
 * keys and artifacts: each has to come as far as the first thing that is missing, which is the chain's nodes or the database server.
 */
const ROUND = `0x${"1".repeat(40)}`;
const NODES = "http://127.0.0.1:1/first http://127.0.0.1:2/second";
let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
const read = (file: string) => readFileSync(fromRoot("deploy", file), "utf8");

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tacit-deploy-"));
  const secret = (name: string, content: string) =>
    writeFileSync(at(name), content, { mode: 0o600 });
  secret("account", `0x${"2".repeat(64)}`);
  secret("passphrase", "seven words that nobody would ever guess");
  secret("worker", `${"3".repeat(64)}\n`);
  secret("coordinator-password", "one");
  secret("worker-password", "two");
  await writeKeyFile(at("coordinator"), "coordinator", keyPairFromSecret(5n));
  symlinkSync(fromRoot("build"), at("ceremony"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command with /bin/sh, its places moved into the test's folder. */
async function run(command: string, env: Readonly<Record<string, string>>): Promise<string> {
  const moved = command
    .replaceAll("/usr/bin/node", process.execPath)
    .replaceAll("/opt/tacit/ceremony", at("ceremony"))
    .replaceAll("/opt/tacit", fromRoot())
    .replaceAll("/run/secrets", folder)
    .replaceAll("/var/lib/tacit", at("state"))
    .replaceAll("@database/", "@127.0.0.1:1/");
  const child = spawn("/bin/sh", ["-c", moved], {
    cwd: fromRoot(),
    env: { PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}`, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return output;
}

/** The command of a service in compose.yaml: one folded text, with `$$` for `$`. */
function composeCommand(service: string): string {
  const text = read("compose.yaml");
  const own = text.slice(text.indexOf(`\n  ${service}:\n`) + 1);
  const [, folded = ""] = /\n {4}command:\n {6}- >\n((?: {8}.*\n)+)/.exec(own) ?? [];
  return folded
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("$$", "$");
}

function unit(name: string): string[] {
  const text = read("tacit-coordinator.service").replaceAll(/\\\n/g, " ");
  return [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value]) => value as string);
}

test("the systemd unit's command takes its credentials and goes through all its nodes", async () => {
  const [command = ""] = unit("ExecStart");
  const loaded = unit("LoadCredential").map((line) => line.split(":")[0]);
  expect(
    [...command.matchAll(/\$\{CREDENTIALS_DIRECTORY\}\/(\w+)/g)].map(([, name]) => name).sort(),
  ).toEqual(loaded.sort());
  const output = await run(command, {
    CREDENTIALS_DIRECTORY: folder,
    TACIT_ROUND: ROUND,
    TACIT_RPC: NODES,
  });
  expect(output).toContain("127.0.0.1:2"); // the last of them is the one named
  expect(output).not.toMatch(/unknown option|key file|No account/);
});

test.each(["coordinator", "worker"])(
  "compose.yaml's %s takes its secrets and goes to the database",
  async (service) => {
    const command = composeCommand(service);
    const output = await run(command, { TACIT_ROUND: ROUND, TACIT_RPC: NODES });
    expect(output).toMatch(/postgres:\/\/127\.0\.0\.1:1\/tacit|ECONNREFUSED/);
    const text = read("compose.yaml");
    const own = text.slice(text.indexOf(`\n  ${service}:\n`));
    const [, secrets = ""] = /\n {4}secrets: \[(.*)\]/.exec(own) ?? [];
    const used = [...command.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(secrets.split(", ").sort());
  },
);

test("memory suffices for the workers that are asked for, whichever prover makes the proofs", () => {
  const worker = Math.max(...Object.values(RATES.workerMB.large));
  const [, gigabytes] = /^(\d+)G$/.exec(unit("MemoryMax")[0] ?? "") ?? [];
  const [, workers] = /--workers (\d+)/.exec(unit("ExecStart")[0] ?? "") ?? [];
  const coordinator = RATES.coordinatorMB + RATES.garbageMB;
  expect(1000 * Number(gigabytes)).toBeGreaterThan(coordinator + Number(workers) * worker);
  const [, limit] = /mem_limit: (\d+)g/.exec(read("compose.yaml")) ?? [];
  const [, proofs] = /--workers (\d+)/.exec(composeCommand("worker")) ?? [];
  expect(1000 * Number(limit)).toBeGreaterThan(Number(proofs) * worker);
});
