// The package's dist/: each module of src/ that an entry point reaches, as JavaScript with declarations, in the same tree as src/.
// One file a module, so that workers and what lies beside the code are found as in the repository, and so that bundlers drop what a page does not use.
import path from "node:path";
import { defineConfig } from "tsdown";

const root = path.resolve(import.meta.dirname, "..");

export default defineConfig({
  cwd: root,
  entry: [
    "src/index.ts",
    "src/entries/*.ts",
    "src/cli/main.ts",
    // Started by name, in processes and threads of their own.
    "src/proofs/pool_worker.ts",
    "src/proofs/pool_thread.ts",
    "src/coordinator/planning/prepare_worker.ts",
  ],
  root: "src",
  outDir: "dist",
  unbundle: true,
  format: "esm",
  platform: "node",
  target: "node22.13",
  tsconfig: "tools/tsconfig.package.json",
  dts: true,
  clean: true,
  fixedExtension: false,
  hash: false,
  deps: { skipNodeModulesBundle: true },
  report: false,
  logLevel: "warn",
});
