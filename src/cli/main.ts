// The entry of the command line, started by bin/tacit.
import { processIo } from "./output/io.ts";
import { runCli } from "./program.ts";

const code = await runCli(process.argv.slice(2), processIo());
// Not process.exitCode: a devnet or a prover may have left threads behind.
process.exit(code);
