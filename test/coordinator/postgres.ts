import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { findPostgres } from "../../scripts/pipeline/bare.ts";
import { ROOT } from "../../scripts/pipeline/paths.ts";
import { freePort } from "../helpers/free_port.ts";

/** Undefined where there is no PostgreSQL. */
export const POSTGRES_BIN = findPostgres();
export const NO_POSTGRES =
  "no PostgreSQL server on this machine (Debian: apt-get install postgresql)";

/** A server of its own in a temporary folder, on 127.0.0.1. `newDatabase` gives a URL of an empty database. */
export type TestPostgres = {
  readonly newDatabase: () => Promise<string>;
  /** Ends the server as a crash would, and starts it again on what it has. */
  readonly halt: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const NOBODY = 65534;

export async function startPostgres(): Promise<TestPostgres> {
  let bin = POSTGRES_BIN as string;
  const folder = mkdtempSync(path.join(tmpdir(), "tacit-postgres-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot && bin.startsWith(ROOT)) {
    // Nobody may not read everybody's repository.
    cpSync(path.dirname(bin), path.join(folder, "native"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    bin = path.join(folder, "native", "bin");
  }
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const data = path.join(folder, "data");
  const made = spawnSync(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "tacit", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
    { ...as, cwd: folder, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const options = [
    "-D",
    data,
    "-h",
    "127.0.0.1",
    "-p",
    String(port),
    "-k",
    folder,
    "-c",
    "fsync=off",
    "-c",
    "max_connections=60",
  ];
  const start = (): ChildProcess =>
    spawn(path.join(bin, "postgres"), options, { ...as, cwd: folder, stdio: "ignore" });
  let server = start();
  const url = (database: string) => `postgres://tacit@127.0.0.1:${port}/${database}`;
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    await ended;
  };
  let admin = await connected(url("postgres"));
  let count = 0;
  return {
    async newDatabase() {
      const name = `test_${++count}`;
      await admin.query(`create database ${name}`);
      return url(name);
    },
    halt: () => end("SIGQUIT"), // "immediate": no farewell to anybody
    async resume() {
      server = start();
      admin = await connected(url("postgres"));
    },
    async stop() {
      await admin.end();
      await end("SIGINT"); // "fast": ends what is connected
      rmSync(folder, { recursive: true });
    },
  };
}

async function connected(url: string): Promise<pg.Client> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
