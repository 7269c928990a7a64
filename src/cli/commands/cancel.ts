import { Command } from "commander";
import { announceCancel, cancel as send } from "../../chain/cancel.ts";
import { iRoundAbi } from "../../chain/generated/abis.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, time } from "../output/output.ts";
import { openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues & { readonly announce?: boolean };

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
  return withOptions(command, "rpc", "chain", "round", "account");
}

async function cancel(io: Io, values: Values): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, read } = session;
  await requireOpen(session, "Cancelling", "creation");
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
