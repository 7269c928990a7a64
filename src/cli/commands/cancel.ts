import { Command } from "commander";
import { announceCancel, cancel as send } from "../../chain/cancel.ts";
import { readProgress } from "../../chain/round.ts";
import { showAmount } from "../input/amounts.ts";
import { iRoundAbi } from "../../chain/generated/abis.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { review, withReview, type ReviewValues } from "../input/review.ts";
import { answer, count, duration, time } from "../output/output.ts";
import { openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues & ReviewValues & { readonly announce?: boolean };

export function cancelCommand(io: Io): Command {
  const command = new Command("cancel")
    .description("cancel a round before its end, so that everyone gets everything back (organiser)")
    .option(
      "--announce",
      "announce it: with contributions, a round can be cancelled only after its notice period",
    )
    .addHelpText(
      "after",
      examples(
        "tacit cancel --round 0x... --announce --account-key organiser.key",
        "tacit cancel --round 0x... --account-key organiser.key",
      ),
    )
    .action(async (values: Values) => cancel(io, values));
  return withOptions(withReview(command), "rpc", "chain", "round", "account");
}

async function cancel(io: Io, values: Values): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, read, config, token } = session;
  await requireOpen(session, "Cancelling", "creation");
  const { contributions, totalCredits } = await readProgress(read, round);
  const isMeant = await review(io, values, {
    title:
      values.announce === true ? "Announce that the round will be cancelled" : "Cancel the round",
    pairs: [
      ["round", round],
      [
        "contributions",
        `${count(contributions)}, ${showAmount(totalCredits * config.unit, token)} in all`,
      ],
      ["account that sends", client.wallet.account.address],
    ],
    forGood:
      values.announce === true
        ? `It can be cancelled ${duration(config.cancelNotice)} later. The announcement cannot be taken back.`
        : "There will never be a result: everyone gets everything back. This cannot be undone.",
  });
  if (!isMeant) return;
  const receipt = await (values.announce === true ? announceCancel : send)(client, { round });
  const cancelFrom = await read.readContract({
    address: round,
    abi: iRoundAbi,
    functionName: "cancelFrom",
  });
  answer(
    io,
    values,
    {
      round,
      cancelled: values.announce !== true,
      cancelFrom,
      transaction: receipt.transactionHash,
    },
    [
      values.announce === true
        ? `Announced: the round can be cancelled from ${time(cancelFrom)}.`
        : `Cancelled. Next: \`tacit refund --round ${round}\`.`,
    ],
  );
}
