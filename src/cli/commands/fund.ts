import { Command } from "commander";
import { zeroAddress } from "viem";
import { BaseError } from "../../errors.ts";
import { fund as send } from "../../chain/fund.ts";
import { approve } from "../../chain/token.ts";
import { parseAmount, showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer } from "../output/output.ts";
import { openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues & { readonly amount: string; readonly native?: boolean };

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
  const amount = parseAmount(values.amount, token.decimals);
  const { pool } = await requireOpen(session, "Funding", "creation");
  if (values.native !== true)
    await approve(client, { token: token.address, spender: round, amount });
  const receipt = await send(client, {
    round,
    amount,
    value: values.native === true ? amount : 0n,
  });
  answer(
    io,
    values,
    { amount, pool: pool + amount, transaction: receipt.transactionHash, gasUsed: receipt.gasUsed },
    [
      `Added ${showAmount(amount, token)}: the matching pool now holds ${showAmount(pool + amount, token)}.`,
    ],
  );
}
