// npm run format rewrites, npm run lint complains: Biome for TypeScript and styles (biome.json), Prettier for Solidity (.prettierrc.json).
// What solhint looks for is in test/structure/solhint.test.ts.
import { BaseError } from "../src/errors.ts";
import { fromRoot } from "./pipeline/paths.ts";
import { say } from "./pipeline/progress.ts";
import { runNode } from "./pipeline/run.ts";

/** Whether `npm test` checks the layout too. */
export const LAYOUT_IS_CHECKED = true;

const BIOME = fromRoot("node_modules", "@biomejs", "biome", "bin", "biome");
const PRETTIER = [
  fromRoot("node_modules", "prettier", "bin", "prettier.cjs"),
  "contracts/**/*.sol",
  "examples/**/*.sol",
  "!contracts/generated/**",
];

export async function lint(): Promise<void> {
  await runNode(
    "Linting",
    [BIOME, "lint", "--diagnostic-level=error", "."],
    "Mend the lines above.",
  );
}

export async function checkLayout(): Promise<void> {
  await runNode("Checking the layout", [BIOME, "format", "."], "Run npm run format.");
  await runNode(
    "Checking the layout of contracts",
    [...PRETTIER, "--check"],
    "Run npm run format.",
  );
}

async function format(): Promise<void> {
  // Twice: what the first pass has broken into lines, the second may join again.
  for (const pass of ["Formatting", "Formatting again"])
    await runNode(pass, [BIOME, "format", "--write", "."], "Read the message above.");
  await runNode(
    "Formatting contracts",
    [...PRETTIER, "--write", "--log-level=warn"],
    "Read the message above.",
  );
}

if (process.argv[1] === import.meta.filename) {
  try {
    if (process.argv[2] === "format") await format();
    else {
      await lint();
      if (LAYOUT_IS_CHECKED) await checkLayout();
    }
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    say(error.message);
    process.exit(1);
  }
}
