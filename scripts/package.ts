// Makes what `npm pack` packs and no other task needs: dist/. npm runs it before it packs.
import { BaseError } from "../src/errors.ts";
import { build } from "./build.ts";
import { say } from "./pipeline/progress.ts";

try {
  await build(["circuits", "keys", "contracts", "library"]);
  process.exit(0); // snarkjs keeps its worker threads
} catch (error) {
  say(error instanceof BaseError ? `error: ${error.message}` : String((error as Error).stack));
  process.exit(1);
}
