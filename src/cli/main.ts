// The entry of the command line, started by bin/tacit.
import { processIo } from "./output/io.ts";
import { runCli } from "./program.ts";

// Who reads our output may stop early, as `head` does.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
const code = await runCli(process.argv.slice(2), processIo());
// Not process.exitCode: a devnet or a prover may have left threads behind.
await Promise.all([drained(process.stdout), drained(process.stderr)]);
process.exit(code);

/** When all that was written is with its reader, or the reader is gone: a pipe takes 64 KiB at a time. */
async function drained(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.once("close", resolve);
    stream.write("", () => resolve());
  });
}
