import { Command } from "commander";
import { topUp as send } from "../../chain/top_up.ts";
import { approve } from "../../chain/token.ts";
import { parseAllowList } from "../input/allow_list.ts";
import { creditsFor, parseAmount, showAmount } from "../input/amounts.ts";
import { donorOf, NoContributionError, onlyTagOf } from "../donor.ts";
import { readText } from "../input/csv.ts";
import type { Io } from "../output/io.ts";
import { examples, parseInteger, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count } from "../output/output.ts";
import { isWithoutMoney, openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues & { readonly amount: string; readonly tag?: bigint; readonly native?: boolean; readonly allowList?: string; readonly gateData: `0x${string}` };

export function topUpCommand(io: Io): Command {
  const command = new Command("top-up")
    .description("add to your own contribution; ballots count against the credits that you have in the end")
    .requiredOption("--amount <amount>", "amount in whole tokens, for example 12.5")
    .option("--tag <tag>", "which contribution, if the account has made several", parseInteger)
    .option("--native", "pay in native coin, where the round's token is its wrapper")
    .option("--allow-list <file>", "the round's allow-list, if its gate asks for one")
    .option("--gate-data <hex>", "what another gate asks for", "0x")
    .addHelpText("after", examples("tacit top-up --round 0x... --amount 5 --account-key me.key"))
    .action(async (values: Values) => topUp(io, values));
  return withOptions(command, "rpc", "chain", "round", "account");
}

async function topUp(io: Io, values: Values): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, config, token } = session;
  const amount = parseAmount(values.amount, token.decimals);
  const credits = creditsFor(amount, config.unit, token);
  const gateData = values.allowList === undefined ? values.gateData : parseAllowList(await readText(values.allowList), values.allowList).gateDataOf(client.wallet.account.address);
  await requireOpen(session, "Topping up", "start");
  const tag = values.tag ?? (await onlyTagOf(session, client.wallet.account.address));
  const before = await donorOf(session, tag);
  if (before === undefined) throw new NoContributionError(`Tag ${tag}`);
  if (values.native !== true && !isWithoutMoney(session)) await approve(client, { token: token.address, spender: round, amount });
  const receipt = await send(client, { round, tag, amount, value: values.native === true ? amount : 0n, gateData });
  answer(io, values, { tag, amount, credits: before.credits + credits, transaction: receipt.transactionHash, gasUsed: receipt.gasUsed }, [
    `Added ${showAmount(amount, token)}: tag ${tag} now has ${count(before.credits + credits)} voice credits.`,
  ]);
}
