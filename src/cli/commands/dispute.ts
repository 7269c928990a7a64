import { Command } from "commander";
import { isAddressEqual, zeroAddress, type Address } from "viem";
import { BaseError } from "../../errors.ts";
import { dispute as send, MOST_REASON } from "../../chain/dispute.ts";
import { readProgress } from "../../chain/round.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { review, withReview, type ReviewValues } from "../input/review.ts";
import { visibleText } from "../../readers/text.ts";
import { answer, duration } from "../output/output.ts";
import { openRoundToSend } from "../session.ts";

type Values = SharedValues & ReviewValues & { readonly reason: string };

export class NoGuardianError extends BaseError {
  constructor() {
    super("This round has no guardian: nobody can dispute its result.", {
      fix: "Nothing was sent. A guardian is named when a round is created.",
    });
  }
}

export class NotGuardianError extends BaseError {
  constructor(account: Address, guardian: Address) {
    super(`Only the guardian ${guardian} can dispute the result; this account is ${account}.`, {
      fix: "Nothing was sent. Use the guardian's account; a multisignature calls `dispute` with its own wallet.",
    });
  }
}

export class NotDisputableError extends BaseError {
  constructor(phase: string, disputeWindow: number) {
    super(`Nothing can be disputed now: the round is in phase "${phase}".`, {
      fix: `Nothing was sent. A result can be disputed within ${duration(disputeWindow)} after the coordinator has finished the tally.`,
    });
  }
}

export class ReasonLengthError extends BaseError {
  constructor(bytes: number) {
    super(`The reason has ${bytes} bytes; it must have 1 to ${MOST_REASON}.`, {
      fix: "Nothing was sent. Say in short why, and where the rest can be read.",
    });
  }
}

export function disputeCommand(io: Io): Command {
  const command = new Command("dispute")
    .description(
      "make a result void before it is paid, so that everyone gets everything back (guardian, within the dispute window)",
    )
    .requiredOption("--reason <text>", "why; it stands on the chain for good")
    .addHelpText(
      "after",
      examples(
        'tacit dispute --round 0x... --reason "tacit verify fails: CLOSE-4" --account-key guardian.key',
      ),
    )
    .action(async (values: Values) => dispute(io, values));
  return withOptions(withReview(command), "rpc", "chain", "round", "account");
}

async function dispute(io: Io, values: Values): Promise<void> {
  const bytes = new TextEncoder().encode(values.reason).length;
  if (bytes === 0 || bytes > MOST_REASON) throw new ReasonLengthError(bytes);
  const { client, round, read, config } = await openRoundToSend(io, values);
  const me = client.wallet.account.address;
  if (config.guardian === zeroAddress) throw new NoGuardianError();
  if (!isAddressEqual(me, config.guardian)) throw new NotGuardianError(me, config.guardian);
  const { phase } = await readProgress(read, round);
  if (phase !== "disputable") throw new NotDisputableError(phase, config.disputeWindow);
  const isMeant = await review(io, values, {
    title: "Make the result void",
    pairs: [
      ["round", round],
      ["reason, on the chain for good", visibleText(values.reason)],
      ["account that sends", me],
    ],
    forGood: "Nothing of the result is paid: everyone gets everything back. This cannot be undone.",
  });
  if (!isMeant) return;
  const receipt = await send(client, { round, reason: values.reason });
  answer(io, values, { round, transaction: receipt.transactionHash }, [
    `The result is void. Next: \`tacit refund --round ${round}\`.`,
  ]);
}
