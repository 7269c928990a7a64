import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { ARTIFACTS } from "./compile-contracts.ts";
import { filesBelow } from "./pipeline/imports.ts";
import { fromRoot } from "./pipeline/paths.ts";
import { runNode } from "./pipeline/run.ts";

/** What the package's entry points name: JavaScript with declarations, and the contracts' ABIs. */
export const DIST = fromRoot("dist");

const TSDOWN = fromRoot("tools", "node_modules", "tsdown", "dist", "run.mjs");

/** Writes dist/: src/ as JavaScript with declarations in the same tree, and `abi/<contract>.json` for each contract but the mocks. */
export async function exportLibrary(): Promise<string[]> {
  await runNode("Bundling the library", [TSDOWN, "--config", "tools/tsdown.config.mjs", "--config-loader", "native"], "Read the bundler's message above.");
  const folder = path.join(DIST, "abi");
  await mkdir(folder);
  for (const file of await filesBelow(path.join(ARTIFACTS, "contracts"), ".json")) {
    if (file.includes(`${path.sep}mocks${path.sep}`)) continue;
    const { contractName, abi } = JSON.parse(await readFile(file, "utf8")) as { contractName: string; abi: unknown[] };
    if (abi.length > 0) await writeFile(path.join(folder, `${contractName}.json`), `${JSON.stringify(abi, undefined, 2)}\n`);
  }
  return filesBelow(DIST, ".js", ".ts", ".json");
}
