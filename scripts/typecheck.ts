import { build } from "./build.ts";
import { runNode } from "./pipeline/run.ts";
import { fromRoot } from "./pipeline/paths.ts";

/** Checks all TypeScript against the types of the compiled contracts; throws with the compiler's complaints. */
export async function typecheck(): Promise<void> {
  const tsc = [fromRoot("node_modules/typescript/bin/tsc"), "--noEmit", "--pretty", "false"];
  await runNode("Type checking", tsc, "Mend the lines above.");
  await runNode(
    "Type checking the page",
    [...tsc, "--project", fromRoot("frontend")],
    "Mend the lines above.",
  );
}

if (process.argv[1] === import.meta.filename) {
  try {
    await build();
    await typecheck();
    process.exit(0);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
