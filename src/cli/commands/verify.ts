import { Command } from "commander";
import { openArtifacts, requireKeysFor } from "../../proofs/artifacts.ts";
import { releaseProver } from "../../proofs/prove.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import type { HeldAgainst } from "../../verify/held_against.ts";
import { verifyRound, type VerificationReport } from "../../verify/verify_round.ts";
import { EXIT } from "../output/exit_codes.ts";
import type { Io } from "../output/io.ts";
import { openChain } from "../session.ts";
import { readArchive } from "../input/archive_folder.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, time } from "../output/output.ts";
import { visibleText } from "../../readers/text.ts";
import { trustedKeys } from "../../verify/trusted_keys.ts";

type Values = SharedValues & { readonly archive?: string };

export function verifyCommand(io: Io, setExitCode: (code: number) => void): Command {
  const command = new Command("verify")
    .description(
      "recheck a finalized round from chain data alone: who made it, items, challenges, every proof, results, money",
    )
    .addHelpText(
      "after",
      `
Needs no secret and no account: only an RPC that serves the round's logs (or its archive), and this installation's verifying keys.
Exit code 0 if everything holds, 3 if anything does not.
${examples("tacit verify --round 0x... --rpc http://127.0.0.1:8545", "tacit verify --round 0x... --archive tacit-archive/1-0x...")}`,
    )
    .option(
      "--archive <folder>",
      "take the round's logs from its archive, and only later ones from the RPC, for nodes that keep no old ones",
    )
    .action(async (values: Values) => setExitCode(await verify(io, values)));
  return withOptions(command, "rpc", "chain", "round");
}

async function verify(io: Io, values: Values): Promise<number> {
  const { round, fromBlock, archive: folder } = values;
  const { read, chainId } = await openChain(io, values);
  const artifacts = await openArtifacts(values.artifacts);
  requireKeysFor(artifacts, chainId);
  const archive = folder === undefined ? undefined : await readArchive(folder, { chainId, round });
  try {
    const report = await verifyRound({
      client: read,
      round,
      from: fromBlock,
      archive,
      contracts: await trustedContracts(artifacts),
      keys: (size) => trustedKeys(artifacts, size),
    });
    const { ok, outcome: _, config: __, ...told } = report;
    answer(io, values, { ok, ...told }, showReport(io, report));
    return ok ? EXIT.ok : EXIT.negative;
  } finally {
    await releaseProver();
  }
}

const VERDICT =
  "Verdict: the result is exactly what the round's items say, and the money follows it.";
const DEVELOPMENT_VERDICT =
  "Verdict: the result follows from the proofs, but these are development keys: whoever made these keys could have forged it.";

const HELD: Readonly<Record<HeldAgainst["name"], string>> = {
  factory: "factory",
  implementation: "code of rounds",
  foldVerifier: "verifier of folds",
  closeVerifier: "verifier of the end",
  fold: "key of folds",
  close: "key of the end",
};

/** The verdict for people: one line a check, then what it all means. */
export function showReport(
  { colours }: Io,
  { ok, checks, developmentKeys, heldAgainst, notChecked, voidableUntil }: VerificationReport,
): string[] {
  const verdict = ok
    ? developmentKeys
      ? DEVELOPMENT_VERDICT
      : VERDICT
    : colours.red("Verdict: something does not hold. Do not rely on this result.");
  const width = Math.max(...checks.map(({ title }) => title.length));
  return [
    ...checks.map(
      ({ title, ok: holds, detail }) =>
        `  ${holds ? colours.green("ok    ") : colours.red("WRONG ")} ${title.padEnd(width)}  ${colours.dim(visibleText(holds ? shortened(detail) : detail))}`,
    ),
    "",
    colours.bold(verdict),
    ...(voidableUntil === undefined
      ? []
      : [
          `Not final: until ${time(voidableUntil)} the guardian may make this result void, and nothing is paid before.`,
        ]),
    "Held against, to be compared with what another installation or a page shows:",
    ...heldAgainst.map(
      ({ name, address, hash }) =>
        `  ${HELD[name].padEnd(20)}  ${address === undefined ? "" : `${address}, code `}${hash ?? "that the node does not show"}`,
    ),
    "Not checked:",
    ...notChecked.map((line) => `  - ${line}`),
  ];
}

/** Long hexadecimal values as 0x1234…cdef: where all is well, nobody reads them. */
function shortened(detail: string): string {
  return detail.replace(/0x[0-9a-fA-F]{20,}/g, (hex) => `${hex.slice(0, 8)}…${hex.slice(-4)}`);
}
