import { Command } from "commander";
import { zeroAddress } from "viem";
import { BaseError } from "../../errors.ts";
import { readHistory } from "../../chain/read_history.ts";
import { readProgress } from "../../chain/round.ts";
import { findLastFunding } from "../../donor/earlier.ts";
import { payIn } from "../../donor/pay.ts";
import { readTyped, showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer } from "../output/output.ts";
import { stepByStep, tellApproval } from "../partly_done.ts";
import { openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues & {
  readonly amount: string;
  readonly native?: boolean;
  readonly again?: boolean;
};

export class NoPoolError extends BaseError {
  constructor() {
    super("This round has no matching pool.", {
      fix: "Nothing was sent. A pool's token is named when a round is created.",
    });
  }
}

export function fundCommand(io: Io): Command {
  const command = new Command("fund")
    .description("add to the matching pool")
    .requiredOption("--amount <amount>", "amount in whole tokens, for example 1000")
    .option("--native", "pay in native coin, where the round's token is its wrapper")
    .option("--again", "add the same amount as the last time once more")
    .addHelpText(
      "after",
      examples("tacit fund --round 0x... --amount 10000 --account-key sponsor.key"),
    )
    .action(async (values: Values) => fund(io, values));
  return withOptions(command, "rpc", "chain", "round", "account");
}

async function fund(io: Io, values: Values): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, poolToken: token } = session;
  if (token.address === zeroAddress) throw new NoPoolError();
  const amount = readTyped(io, values.amount, token);
  const { events } = await readHistory(session.read, round, { from: await session.since() });
  const earlier = findLastFunding(events, { sponsor: client.wallet.account.address, amount });
  if (earlier !== undefined && values.again !== true) {
    const { pool } = await readProgress(session.read, round);
    const data = { amount, pool, transaction: earlier.transactionHash, already: true };
    return answer(io, values, data, [
      `Added ${showAmount(amount, token)} already, in ${earlier.transactionHash}. Nothing was sent; to add the same once more, repeat with --again.`,
    ]);
  }
  await requireOpen(session, "Funding", "creation");
  const { transactionHash, gasUsed } = await stepByStep((done) =>
    payIn(client, {
      round,
      token: token.address,
      amount,
      by: values.native === true ? "coin" : "token",
      call: { functionName: "fund", args: [amount] },
      onStep: tellApproval(amount, token, done),
    }),
  );
  // Others may have added something meanwhile.
  const { pool } = await readProgress(session.read, round);
  const data = { amount, pool, transaction: transactionHash, gasUsed, already: false };
  answer(io, values, data, [
    `Added ${showAmount(amount, token)}: the matching pool now holds ${showAmount(pool, token)}.`,
  ]);
}
