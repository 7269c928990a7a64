import { Command } from "commander";
import { parseEventLogs, type Address } from "viem";
import { BaseError } from "../../errors.ts";
import { iRoundAbi } from "../../chain/generated/abis.ts";
import { readHistory } from "../../chain/read_history.ts";
import { refund as refundDonor, refundSponsor } from "../../chain/refund.ts";
import { readProgress } from "../../chain/round.ts";
import type { TokenFacts } from "../../chain/token.ts";
import { ContractRefusedError } from "../../chain/send.ts";
import { showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import {
  examples,
  parseAddress,
  parseInteger,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { answer, time } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openRoundToSend } from "../session.ts";

type Values = SharedValues & { readonly tag?: bigint; readonly sponsor?: Address };

export class NothingToRefundError extends BaseError {
  constructor(phase: string, paymentsFrom: bigint) {
    super(`The round is in phase "${phase}": nothing is refunded.`, {
      fix:
        phase === "disputable"
          ? `Payments, a returned surplus among them, open at ${time(paymentsFrom)} unless the guardian makes the result void; then everybody is refunded.`
          : "Refunds are for aborted and cancelled rounds; after the result sponsors get back what a returned surplus leaves.",
    });
  }
}

export function refundCommand(io: Io): Command {
  const command = new Command("refund")
    .description(
      "give donors and sponsors their money back after an abort, cancellation or dispute, sponsors the surplus after a result",
    )
    .option("--tag <tag>", "only this contribution", parseInteger)
    .option("--sponsor <address>", "only this sponsor", parseAddress)
    .addHelpText(
      "after",
      examples(
        "tacit refund --round 0x... --account-key any.key",
        "tacit refund --round 0x... --tag 123 --account-key any.key",
      ),
    )
    .action(async (values: Values) => refund(io, values));
  return withOptions(command, "rpc", "chain", "round", "account");
}

async function refund(io: Io, values: Values): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, token, poolToken, read } = session;
  const { phase, paymentsFrom } = await readProgress(read, round);
  const ended = phase === "aborted" || phase === "cancelled";
  if (!ended && phase !== "finalized") throw new NothingToRefundError(phase, paymentsFrom);
  const { history } = await readHistory(read, round, { from: await session.since() });
  const all = values.tag === undefined && values.sponsor === undefined;
  const tags =
    values.tag !== undefined ? [values.tag] : all && ended ? [...history.payers.keys()] : [];
  const sponsors =
    values.sponsor !== undefined
      ? [values.sponsor]
      : all
        ? [...new Set(history.funded.map(({ sponsor }) => sponsor))]
        : [];
  const paid: { to: Address; amount: bigint; token: TokenFacts }[] = [];
  const pay = async (done: (what: string) => void, send: () => ReturnType<typeof refundDonor>) => {
    try {
      const { logs } = await send();
      for (const { args } of parseEventLogs({
        abi: iRoundAbi,
        eventName: ["Refunded", "SponsorRefunded"],
        logs,
      })) {
        const [to, of] =
          "payer" in args ? ([args.payer, token] as const) : ([args.sponsor, poolToken] as const);
        paid.push({ to, amount: args.amount, token: of });
        done(`${showAmount(args.amount, of)} to ${to}`);
      }
    } catch (error) {
      if (!all || !(error instanceof ContractRefusedError && error.reason === "NothingToPay"))
        throw error;
    }
  };
  await stepByStep(async (done) => {
    for (const tag of tags) await pay(done, () => refundDonor(client, { round, tag }));
    for (const sponsor of sponsors)
      await pay(done, () => refundSponsor(client, { round, sponsor }));
  });
  answer(
    io,
    values,
    { refunds: paid.map(({ to, amount, token: { address } }) => ({ to, amount, token: address })) },
    paid.length === 0
      ? ["Everything has been paid back already."]
      : paid.map(({ to, amount, token }) => `${showAmount(amount, token)} to ${to}.`),
  );
}
