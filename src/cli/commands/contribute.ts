import { Command } from "commander";
import { setTimeout as sleep } from "node:timers/promises";
import { zeroAddress } from "viem";
import { readHistory } from "../../chain/read_history.ts";
import { giveMoney } from "../../donor/contribute.ts";
import { askGate } from "../../donor/gate.ts";
import { handContribution, relayAccount } from "../../donor/relay.ts";
import { findContribution } from "../../donor/earlier.ts";
import { BaseError } from "../../errors.ts";
import { deriveTag } from "../../protocol/context.ts";
import { findGateData, findGateDataOf, withGateOptions, type GateValues } from "../gate_data.ts";
import { creditsFor, readTyped, showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { readKeyFile } from "../input/key_file.ts";
import {
  examples,
  parseDuration,
  parseUrl,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { answer, count } from "../output/output.ts";
import { stepByStep, tellApproval } from "../partly_done.ts";
import { openRound, openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues &
  GateValues & {
    readonly amount: string;
    readonly native?: boolean;
    readonly relay?: string;
    readonly wait: number;
  };

export class ContributedOtherwiseError extends BaseError {
  constructor(tag: bigint, credits: bigint) {
    super(`This key has contributed already: ${count(credits)} voice credits under tag ${tag}.`, {
      fix: "Nothing was sent. Add to it with `tacit top-up`, or contribute under another key from `tacit keygen`.",
    });
  }
}

export class RelayPaysNothingError extends BaseError {
  constructor() {
    super("A relay contributes for others only where the round has no money.", {
      fix: "Contribute from an account of your own. Nothing was sent.",
    });
  }
}

export class NotContributedError extends BaseError {
  constructor(tag: bigint, seconds: number) {
    super(
      `The relay took the contribution, but after ${seconds} s the chain does not show tag ${tag}.`,
      {
        fix: "The relay may still send it. Run the command again: what is on the chain already is not sent again.",
      },
    );
  }
}

export function contributeCommand(io: Io): Command {
  const command = new Command("contribute")
    .description(
      "contribute money under a voting key; who gives how much is public, for whom is not",
    )
    .requiredOption("--amount <amount>", "amount in whole tokens, for example 12.5")
    .option("--native", "pay in native coin, where the round's token is its wrapper")
    .option(
      "--relay <url>",
      "in a round without money, have a relay contribute: then nobody sees an account of yours",
      parseUrl,
    )
    .option(
      "--wait <duration>",
      "with --relay: how long to wait until the chain shows it (0s: not at all)",
      parseDuration,
      600,
    )
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
  if (values.relay !== undefined) return contributeByRelay(io, values, values.relay);
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

const POLL_MS = 2_000;

/** The relay is the payer: what is looked for, proved and handed over names its account, and no other. */
async function contributeByRelay(io: Io, values: Values, relay: string): Promise<void> {
  const { publicKey: key } = await readKeyFile(values.keyFile, "donor");
  const session = await openRound(io, values);
  const { read, round, config, token } = session;
  if (config.token !== zeroAddress) throw new RelayPaysNothingError();
  const credits = creditsFor(readTyped(io, values.amount, token), config.unit, token);
  const payer = await relayAccount(relay, round);
  const tag = deriveTag(payer, key);
  const from = await session.since();
  const find = async () => findContribution((await readHistory(read, round, { from })).events, tag);
  const tell = (known: Awaited<ReturnType<typeof find>>, already: boolean) =>
    answer(
      io,
      values,
      {
        tag,
        credits,
        payer,
        transaction: known?.transactionHash,
        onChain: known !== undefined,
        already,
      },
      [
        known === undefined
          ? `Handed a contribution of ${count(credits)} voice credits under tag ${tag} to the relay. It is not on the chain yet.`
          : `Contributed${already ? " already" : ""} by ${payer}: ${count(credits)} voice credits under tag ${tag}.`,
        "Keep the tag to change your ballot: publish --tag.",
      ],
    );
  const earlier = await find();
  if (earlier !== undefined) {
    if (earlier.credits !== credits) throw new ContributedOtherwiseError(tag, earlier.credits);
    return tell(earlier, true);
  }
  await requireOpen(session, "Contributing", "start");
  const gateData = await findGateDataOf(session, values, { payer, credits, tag });
  await askGate(read, { round, gate: config.gate, payer, credits, data: gateData, newTag: tag });
  await handContribution(relay, { round, key, credits, gateData });
  if (values.wait === 0) return tell(undefined, false);
  io.err("The relay has it. Waiting until the chain shows it...\n");
  for (const until = Date.now() + 1000 * values.wait; ; ) {
    const known = await find();
    if (known !== undefined) return tell(known, false);
    if (Date.now() >= until) throw new NotContributedError(tag, values.wait);
    await sleep(Math.min(POLL_MS, Math.max(1, until - Date.now())));
  }
}
