import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { FOLD_SIZES } from "../src/params.ts";
import { openArtifacts } from "../src/proofs/artifacts.ts";
import { trustedKeys } from "../src/verify/trusted_keys.ts";
import { ARTIFACTS } from "./compile-contracts.ts";
import { filesBelow } from "./pipeline/imports.ts";
import { BUILD, fromRoot } from "./pipeline/paths.ts";
import { runNode } from "./pipeline/run.ts";

/** What the package's entry points name: JavaScript with declarations, and the contracts' ABIs. */
export const DIST = fromRoot("dist");

const TSDOWN = fromRoot("tools", "node_modules", "tsdown", "dist", "run.mjs");

/**
 * Writes dist/: src/ as JavaScript with declarations in the same tree, `abi/<contract>.json` for each contract but the mocks, and in
 * `trusted/` what a page holds a round against, as plain JSON.
 */
export async function exportLibrary(): Promise<string[]> {
  await runNode(
    "Bundling the library",
    [TSDOWN, "--config", "tools/tsdown.config.mjs", "--config-loader", "native"],
    "Read the bundler's message above.",
  );
  const folder = path.join(DIST, "abi");
  await mkdir(folder);
  for (const file of await filesBelow(path.join(ARTIFACTS, "contracts"), ".json")) {
    if (file.includes(`${path.sep}mocks${path.sep}`)) continue;
    const { contractName, abi } = JSON.parse(await readFile(file, "utf8")) as {
      contractName: string;
      abi: unknown[];
    };
    if (abi.length > 0)
      await writeFile(
        path.join(folder, `${contractName}.json`),
        `${JSON.stringify(abi, undefined, 2)}\n`,
      );
  }
  await exportTrusted(path.join(DIST, "trusted"));
  return filesBelow(DIST, ".js", ".ts", ".json");
}

/** `contracts.json`, where this version's contracts are, and the verifying keys of each round size; in Node, tacit/verify reads the same from build/. */
async function exportTrusted(folder: string): Promise<void> {
  const artifacts = await openArtifacts(BUILD);
  const { trustedContracts } = await import("../src/proofs/trusted_contracts.ts"); // with bytecode that a fresh clone has not compiled yet
  const files = new Map<string, unknown>([["contracts", await trustedContracts(artifacts)]]);
  for (const [size, { name }] of FOLD_SIZES.entries())
    files.set(name, await trustedKeys(artifacts, size));
  await mkdir(folder);
  for (const [name, content] of files)
    await writeFile(
      path.join(folder, `${name}.json`),
      `${JSON.stringify(content, undefined, 1)}\n`,
    );
}
