import { Command } from "commander";
import { readHistory } from "../../chain/read_history.ts";
import { giveMoney } from "../../donor/contribute.ts";
import { findContribution } from "../../donor/earlier.ts";
import { BaseError } from "../../errors.ts";
import { deriveTag } from "../../protocol/context.ts";
import { findGateData, withGateOptions, type GateValues } from "../gate_data.ts";
import { creditsFor, readTyped, showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { readKeyFile } from "../input/key_file.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count } from "../output/output.ts";
import { stepByStep, tellApproval } from "../partly_done.ts";
import { openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues &
  GateValues & {
    readonly amount: string;
    readonly native?: boolean;
  };

export class ContributedOtherwiseError extends BaseError {
  constructor(tag: bigint, credits: bigint) {
    super(`This key has contributed already: ${count(credits)} voice credits under tag ${tag}.`, {
      fix: "Nothing was sent. Add to it with `tacit top-up`, or contribute under another key from `tacit keygen`.",
    });
  }
}

export function contributeCommand(io: Io): Command {
  const command = new Command("contribute")
    .description(
      "contribute money under a voting key; who gives how much is public, for whom is not",
    )
    .requiredOption("--amount <amount>", "amount in whole tokens, for example 12.5")
    .option("--native", "pay in native coin, where the round's token is its wrapper")
    .addHelpText(
      "after",
      `
Publish a ballot that rotates to your lasting key first, through a relay or from another account: then the key that you contribute with
is already dead when it becomes public, and nobody can buy it.
${examples("tacit publish --round 0x... --key-file first.json --rotate lasting.json --payer 0x... --vote 3=25 --relay https://relay.example", "tacit contribute --round 0x... --key-file first.json --amount 25 --account-key me.key")}`,
    )
    .action(async (values: Values) => contribute(io, values));
  return withOptions(withGateOptions(command), "rpc", "chain", "round", "keyFile", "account");
}

async function contribute(io: Io, values: Values): Promise<void> {
  const { publicKey } = await readKeyFile(values.keyFile, "donor");
  const session = await openRoundToSend(io, values);
  const { client, round, config, token } = session;
  const amount = readTyped(io, values.amount, token);
  const credits = creditsFor(amount, config.unit, token);
  const tag = deriveTag(client.wallet.account.address, publicKey);
  // The round's events are asked for, and nothing that names the tag: before the contribution nobody else knows it.
  const { events } = await readHistory(session.read, round, { from: await session.since() });
  const earlier = findContribution(events, tag);
  if (earlier !== undefined) {
    if (earlier.credits !== credits) throw new ContributedOtherwiseError(tag, earlier.credits);
    return answer(
      io,
      values,
      { tag, amount, credits, transaction: earlier.transactionHash, already: true },
      [
        `Contributed already, in ${earlier.transactionHash}: ${count(credits)} voice credits under tag ${tag}. Nothing was sent.`,
      ],
    );
  }
  await requireOpen(session, "Contributing", "start");
  const gateData = await findGateData(session, values, { credits, tag });
  const place = {
    round,
    token: token.address,
    gate: config.gate,
    unit: config.unit,
    by: values.native === true ? "coin" : "token",
  } as const;
  const gift = { key: publicKey, amount, gateData };
  const { transactionHash, gasUsed } = await stepByStep((done) =>
    giveMoney(client, { ...place, onStep: tellApproval(amount, token, done) }, gift),
  );
  const data = { tag, amount, credits, transaction: transactionHash, gasUsed, already: false };
  answer(io, values, data, [
    `Contributed ${showAmount(amount, token)}: ${count(credits)} voice credits under tag ${tag}.`,
  ]);
}
