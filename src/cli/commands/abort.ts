import { Command } from "commander";
import { abort as send } from "../../chain/abort.ts";
import { readProgress } from "../../chain/round.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer } from "../output/output.ts";
import { openRoundToSend, PhaseClosedError } from "../session.ts";

export function abortCommand(io: Io): Command {
  const command = new Command("abort")
    .description(
      "end a round whose tally was not finished in time, so that everyone gets everything back (anyone)",
    )
    .addHelpText("after", examples("tacit abort --round 0x... --account-key any.key"))
    .action(async (values: SharedValues) => abort(io, values));
  return withOptions(command, "rpc", "chain", "round", "account");
}

/** The end of time for a call that never closes again. */
const NEVER = 253_402_300_799n;

async function abort(io: Io, values: SharedValues): Promise<void> {
  const { client, round, read } = await openRoundToSend(io, values);
  const [{ phase, deadline }, { timestamp }] = await Promise.all([
    readProgress(read, round),
    read.getBlock(),
  ]);
  if (phase !== "overdue")
    throw new PhaseClosedError("Aborting", phase, timestamp, deadline, NEVER);
  const receipt = await send(client, { round });
  answer(io, values, { round, transaction: receipt.transactionHash }, [
    `Aborted. Next: \`tacit refund --round ${round}\`.`,
  ]);
}
