import { Command } from "commander";
import path from "node:path";
import { openTallyStore } from "../../coordinator/store/tally_store.ts";
import { runTally } from "../../coordinator/tally/tally.ts";
import { developmentNotice, openArtifacts } from "../../proofs/artifacts.ts";
import { ProverPool } from "../../proofs/pool.ts";
import type { Io } from "../output/io.ts";
import { readKeyFile } from "../input/key_file.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count, duration } from "../output/output.ts";
import { withProgress } from "../output/progress.ts";
import { openRoundToSend } from "../session.ts";
import { localCoordinatorKey } from "../../protocol/coordinator_key.ts";

type Values = SharedValues & { readonly store: string };

export function tallyCommand(io: Io): Command {
  const command = new Command("tally")
    .description(
      "tally a round that has ended: read, commit, prove, replay, list, finalize (coordinator)",
    )
    .option(
      "--store <folder>",
      "where proofs are kept, so that a stopped tally goes on where it was",
      "tacit-proofs",
    )
    .addHelpText(
      "after",
      `
May be stopped at any time and run again: nothing is proved or sent twice. Ballots are never written to disk.
${examples("tacit tally --round 0x... --key-file coordinator.json --account-key coordinator.key")}`,
    )
    .action(async (values: Values) => tally(io, values));
  return withOptions(command, "rpc", "chain", "round", "keyFile", "account", "prover");
}

async function tally(io: Io, values: Values): Promise<void> {
  const { secret } = await readKeyFile(values.keyFile, "coordinator");
  const artifacts = await openArtifacts(values.artifacts);
  const { client, round, config } = await openRoundToSend(io, values);
  const notice = developmentNotice(artifacts);
  if (notice !== undefined) io.err(`${notice}\n`);
  const store = await openTallyStore(path.join(values.store, round.toLowerCase()));
  const started = performance.now();
  const prover = new ProverPool({ prover: values.prover, onNotice: (text) => io.err(`${text}\n`) });
  const { results, folds, gasUsed } = await withProgress(io, (onProgress) =>
    runTally({
      client,
      round,
      key: localCoordinatorKey(secret),
      artifacts,
      store,
      onProgress,
      prover,
    }),
  ).finally(() => prover.close());
  const seconds = (performance.now() - started) / 1000;
  answer(
    io,
    values,
    { round, folds, projectsWithVotes: results.length, gasUsed, seconds: Math.round(seconds) },
    [
      `Finalized: ${count(results.length)} projects with votes, ${folds} fold${folds === 1 ? "" : "s"} proved, ${duration(seconds)}.`,
      `Next: \`tacit verify --round ${round}\`, then \`tacit claim --round ${round}\`${config.disputeWindow === 0 ? "" : ` once payments open, ${duration(config.disputeWindow)} after the close`}.`,
    ],
  );
}
