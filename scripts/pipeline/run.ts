import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { BaseError } from "../../src/errors.ts";
import { ROOT } from "./paths.ts";

export class ToolError extends BaseError {
  constructor(what: string, output: string, fix: string) {
    super(`${what} failed.`, { details: output.trim().split("\n").slice(-40), fix });
  }
}

/** Runs a JavaScript program under this Node in the repository's root and returns all that it printed. */
export async function runNode(what: string, args: readonly string[], fix: string): Promise<string> {
  const child = spawn(process.execPath, ["--experimental-strip-types", "--no-warnings", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...ending) => resolve(ending));
  });
  if (code === 0) return output;
  const ending = signal === null ? `Exit code ${code}` : `Ended by ${signal}`;
  throw new ToolError(what, `${stripVTControlCharacters(output)}\n${ending}`, fix);
}
