import { Command } from "commander";
import { readHistory } from "../../chain/read_history.ts";
import { addMoney } from "../../donor/contribute.ts";
import { oneContribution } from "../../donor/contributions.ts";
import { findLastTopUp } from "../../donor/earlier.ts";
import { findGateData, withGateOptions, type GateValues } from "../gate_data.ts";
import { creditsFor, readTyped, showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { examples, parseInteger, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count } from "../output/output.ts";
import { stepByStep, tellApproval } from "../partly_done.ts";
import { openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues &
  GateValues & {
    readonly amount: string;
    readonly tag?: bigint;
    readonly native?: boolean;
    readonly again?: boolean;
  };

export function topUpCommand(io: Io): Command {
  const command = new Command("top-up")
    .description(
      "add to your own contribution; ballots count against the credits that you have in the end",
    )
    .requiredOption("--amount <amount>", "amount in whole tokens, for example 12.5")
    .option("--tag <tag>", "which contribution, if the account has made several", parseInteger)
    .option("--native", "pay in native coin, where the round's token is its wrapper")
    .option("--again", "add the same amount as the last time once more")
    .addHelpText("after", examples("tacit top-up --round 0x... --amount 5 --account-key me.key"))
    .action(async (values: Values) => topUp(io, values));
  return withOptions(withGateOptions(command), "rpc", "chain", "round", "account");
}

async function topUp(io: Io, values: Values): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, config, token } = session;
  const amount = readTyped(io, values.amount, token);
  const credits = creditsFor(amount, config.unit, token);
  const { history, events } = await readHistory(session.read, round, {
    from: await session.since(),
  });
  const contribution = oneContribution(history, {
    payer: client.wallet.account.address,
    tag: values.tag,
  });
  const earlier = findLastTopUp(events, { tag: contribution.tag, credits });
  if (earlier !== undefined && values.again !== true) {
    const { tag } = contribution;
    const data = {
      tag,
      amount,
      credits: contribution.credits,
      transaction: earlier.transactionHash,
      already: true,
    };
    return answer(io, values, data, [
      `Added ${showAmount(amount, token)} already, in ${earlier.transactionHash}: tag ${tag} has ${count(contribution.credits)} voice credits. Nothing was sent; to add the same once more, repeat with --again.`,
    ]);
  }
  await requireOpen(session, "Topping up", "start");
  const all = contribution.credits + credits;
  const gateData = await findGateData(session, values, { credits: all, tag: contribution.tag });
  const place = {
    round,
    token: token.address,
    gate: config.gate,
    unit: config.unit,
    by: values.native === true ? "coin" : "token",
  } as const;
  const gift = { contribution, amount, gateData };
  const { transactionHash, gasUsed } = await stepByStep((done) =>
    addMoney(client, { ...place, onStep: tellApproval(amount, token, done) }, gift),
  );
  const { tag } = contribution;
  const data = { tag, amount, credits: all, transaction: transactionHash, gasUsed, already: false };
  answer(io, values, data, [
    `Added ${showAmount(amount, token)}: tag ${tag} now has ${count(all)} voice credits. They change no vote yet.`,
    "To say where they go, publish a ballot of all that you want, with your lasting key:",
    `  tacit publish --round ${round} --tag ${tag} --key-file <lasting key> --amount <project>=<amount> ...`,
  ]);
}
