import { Command } from "commander";
import { openArtifacts, requireKeysFor } from "../../proofs/artifacts.ts";
import { releaseProver } from "../../proofs/prove.ts";
import { verifyRound, type VerificationReport } from "../../verify/verify_round.ts";
import { EXIT } from "../output/exit_codes.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer } from "../output/output.ts";
import { openRound } from "../session.ts";
import { trustedKeys } from "../input/trusted_keys.ts";

export function verifyCommand(io: Io, setExitCode: (code: number) => void): Command {
  const command = new Command("verify")
    .description("recheck a finalized round from chain data alone: items, challenges, every proof, results, money")
    .addHelpText("after", `
Needs no secret and no account: only an RPC that serves the round's logs, and this installation's verifying keys.
Exit code 0 if everything holds, 3 if anything does not.
${examples("tacit verify --round 0x... --rpc http://127.0.0.1:8545")}`)
    .action(async (values: SharedValues) => setExitCode(await verify(io, values)));
  return withOptions(command, "rpc", "chain", "round", "artifacts");
}

async function verify(io: Io, values: SharedValues): Promise<number> {
  const { read, round } = await openRound(values);
  const artifacts = await openArtifacts(values.artifacts);
  requireKeysFor(artifacts, await read.getChainId());
  try {
    const report = await verifyRound({ client: read, round, keys: (size) => trustedKeys(artifacts, size) });
    const { ok, checks, results, notChecked } = report;
    answer(io, values, { ok, checks, results, notChecked }, showReport(io, report));
    return ok ? EXIT.ok : EXIT.negative;
  } finally {
    await releaseProver();
  }
}

/** The verdict for people: one line a check, then what it all means. */
export function showReport({ colours }: Io, { ok, checks, notChecked }: VerificationReport): string[] {
  const width = Math.max(...checks.map(({ title }) => title.length));
  return [
    ...checks.map(({ title, ok: holds, detail }) => `  ${holds ? colours.green("ok    ") : colours.red("WRONG ")} ${title.padEnd(width)}  ${colours.dim(holds ? shortened(detail) : detail)}`),
    "",
    ok ? colours.bold("Verdict: the result is exactly what the round's items say, and the money follows it.") : colours.bold(colours.red("Verdict: something does not hold. Do not rely on this result.")),
    "Not checked:",
    ...notChecked.map((line) => `  - ${line}`),
  ];
}

/** Long hexadecimal values as 0x1234…cdef: where all is well, nobody reads them. */
function shortened(detail: string): string {
  return detail.replace(/0x[0-9a-fA-F]{20,}/g, (hex) => `${hex.slice(0, 8)}…${hex.slice(-4)}`);
}
