import { execFile } from "node:child_process";
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { build } from "../../../scripts/build.ts";
import { fromRoot, ROOT } from "../../../scripts/pipeline/paths.ts";

export type Answer = { readonly code: number; readonly out: string; readonly err: string };

/** An empty project of somebody else's, in which the packed tarball is installed. */
export type Project = {
  readonly folder: string;
  /** The packed files, relative to the package, sorted. */
  readonly packed: readonly string[];
  readonly file: (...parts: string[]) => string;
  /** Runs a program in the project, with this environment and no other but PATH and HOME. */
  readonly run: (
    program: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  readonly node: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  /** Gives the project a package of the repository's, as `npm install` would. */
  readonly link: (name: string) => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** Packs the repository and lays the tarball out in an empty project, with what its package.json depends on beside it, and nothing else. */
export async function installPacked(): Promise<Project> {
  await build(["circuits", "keys", "contracts", "library"]);
  const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-package-"));
  const file = (...parts: string[]) => path.join(folder, ...parts);
  const env = {
    PATH: `${path.dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
  };
  const run: Project["run"] = (program, args, more = {}) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { ...env, ...more }, maxBuffer: 1 << 26 };
      execFile(program, args, options, (error, out, err) =>
        resolve({
          code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
          out,
          err,
        }),
      );
    });
  const node: Project["node"] = (args, more) =>
    run(process.execPath, ["--no-warnings", ...args], more);
  const linked = new Set<string>();
  const link = async (name: string) => {
    if (linked.has(name)) return;
    linked.add(name);
    await mkdir(path.dirname(file("node_modules", name)), { recursive: true });
    await symlink(fromRoot("node_modules", name), file("node_modules", name), "dir");
  };

  // --ignore-scripts: what prepack does is done above, under this process's lock.
  const { code, out, err } = await run(
    "npm",
    ["pack", ROOT, "--json", "--ignore-scripts", "--pack-destination", folder],
    { npm_config_cache: file("npm-cache") },
  );
  if (code !== 0) throw new Error(`npm pack: ${err}`);
  const said: unknown = JSON.parse(out.slice(out.search(/^[[{]/m)));
  const [{ filename, files }] = (Array.isArray(said) ? said : Object.values(said as object)) as [
    { filename: string; files: { path: string }[] },
  ];
  await mkdir(file("node_modules"), { recursive: true });
  const unpacked = await run("tar", ["-xzf", file(filename), "-C", file("node_modules")]);
  if (unpacked.code !== 0) throw new Error(`tar: ${unpacked.err}`);
  await rename(file("node_modules", "package"), file("node_modules", "tacit"));
  const { dependencies, bin } = JSON.parse(
    await readFile(file("node_modules", "tacit", "package.json"), "utf8"),
  ) as { dependencies: Record<string, string>; bin: { tacit: string } };
  for (const name of Object.keys(dependencies)) await link(name);
  await mkdir(file("node_modules", ".bin"));
  await symlink(path.join("..", "tacit", bin.tacit), file("node_modules", ".bin", "tacit"));
  await writeFile(
    file("package.json"),
    '{ "name": "somebody-elses", "private": true, "type": "module" }\n',
  );
  await cp(fromRoot("examples"), file("examples"), { recursive: true });
  return {
    folder,
    file,
    run,
    node,
    link,
    packed: files.map((entry) => entry.path).sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** All names below a folder, relative to it. */
export async function namesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
