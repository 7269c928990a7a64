import { Command } from "commander";
import { readHistory } from "../../chain/read_history.ts";
import { readProgress } from "../../chain/round.ts";
import { writeArchive } from "../../coordinator/tally/archive.ts";
import { BaseError } from "../../errors.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import type { Io } from "../output/io.ts";
import { answer } from "../output/output.ts";
import { openRound } from "../session.ts";

type Values = SharedValues & { readonly out: string };

const OVER: readonly string[] = ["finalized", "disputable", "aborted", "cancelled"];

export class RoundNotOverError extends BaseError {
  constructor(phase: string) {
    super(`The round is in phase "${phase}": what it comes to is not settled yet.`, {
      fix: "Write its archive when it is over; `tacit status` tells when that is.",
    });
  }
}

export function archiveCommand(io: Io): Command {
  const command = new Command("archive")
    .description(
      "write all that is public of a round that is over into files: results, payments, transactions, proofs, and the logs by which it can be verified later",
    )
    .option("--out <folder>", "where; a folder of the round's own is made in it", "tacit-archive")
    .addHelpText(
      "after",
      `
Write it again after payments: they are in it then. Nodes forget old logs; with the archive, \`tacit verify --archive\` needs none of them.
${examples("tacit archive --round 0x... --rpc http://127.0.0.1:8545 --out archives")}`,
    )
    .action(async (values: Values) => archive(io, values));
  return withOptions(command, "rpc", "chain", "round");
}

async function archive(io: Io, values: Values): Promise<void> {
  const { read, chainId, round, config, documents, since } = await openRound(io, values);
  const { phase } = await readProgress(read, round);
  if (!OVER.includes(phase)) throw new RoundNotOverError(phase);
  const { events, to } = await readHistory(read, round, { from: await since() });
  const logs = events.map(({ blockNumber, logIndex, transactionHash, topics, data }) => ({
    blockNumber,
    logIndex,
    transactionHash,
    topics,
    data,
  }));
  const folder = await writeArchive(read, {
    folder: values.out,
    chainId,
    round,
    config,
    documents,
    logs: async function* () {
      yield logs;
    },
    to,
  });
  answer(io, values, { folder, block: to, events: events.length }, [
    `The round's archive is in ${folder}: ${events.length} events to block ${to}.`,
  ]);
}
