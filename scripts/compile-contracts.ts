import { filesBelow } from "./pipeline/imports.ts";
import { fromRoot } from "./pipeline/paths.ts";
import { runNode } from "./pipeline/run.ts";

const CLI = fromRoot("node_modules/hardhat/dist/src/cli.js");

export const ARTIFACTS = fromRoot("artifacts");

/** Compiles all contracts; returns the artifacts. Hardhat writes them itself and removes those of deleted contracts. */
export async function compileContracts(): Promise<string[]> {
  await runNode("Compiling the contracts", [CLI, "build"], "Read the compiler's message above.");
  return filesBelow(`${ARTIFACTS}/contracts`, ".json", ".d.ts");
}
