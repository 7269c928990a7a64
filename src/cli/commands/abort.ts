import { Command } from "commander";
import { abort as send } from "../../chain/abort.ts";
import { readProgress } from "../../chain/round.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { review, withReview, type ReviewValues } from "../input/review.ts";
import { answer, time } from "../output/output.ts";
import { openRoundToSend, PhaseClosedError } from "../session.ts";

type Values = SharedValues & ReviewValues;

export function abortCommand(io: Io): Command {
  const command = new Command("abort")
    .description(
      "end a round whose tally was not finished in time, so that everyone gets everything back (anyone)",
    )
    .addHelpText("after", examples("tacit abort --round 0x... --account-key any.key"))
    .action(async (values: Values) => abort(io, values));
  return withOptions(withReview(command), "rpc", "chain", "round", "account");
}

/** The end of time for a call that never closes again. */
const NEVER = 253_402_300_799n;

async function abort(io: Io, values: Values): Promise<void> {
  const { client, round, read } = await openRoundToSend(io, values);
  const [{ phase, deadline }, { timestamp }] = await Promise.all([
    readProgress(read, round),
    read.getBlock(),
  ]);
  if (phase !== "overdue")
    throw new PhaseClosedError("Aborting", phase, timestamp, deadline, NEVER);
  const isMeant = await review(io, values, {
    title: "Abort the round",
    pairs: [
      ["round", round],
      ["tally was due", time(deadline)],
      ["account that sends", client.wallet.account.address],
    ],
    forGood: "There will never be a result: everyone gets everything back. This cannot be undone.",
  });
  if (!isMeant) return;
  const receipt = await send(client, { round });
  answer(io, values, { round, transaction: receipt.transactionHash }, [
    `Aborted. Next: \`tacit refund --round ${round}\`.`,
  ]);
}
