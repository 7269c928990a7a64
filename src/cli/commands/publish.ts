import { Command } from "commander";
import type { Address } from "viem";
import { publish as send } from "../../chain/publish.ts";
import { randomBelow } from "../../crypto/random.ts";
import { BudgetExceededError } from "../../matching/errors.ts";
import { NONCE_LOW_BITS } from "../../params.ts";
import { costOf, type Ballot } from "../../protocol/ballot.ts";
import { createMessages, type BallotEnd } from "../../protocol/message.ts";
import { readBallot, type BallotInput } from "../input/ballot_input.ts";
import { donorOf, tagForMessage } from "../donor.ts";
import type { Io } from "../output/io.ts";
import { readKeyFile } from "../input/key_file.ts";
import { collect, examples, parseAddress, parseInteger, withOptions, type SharedValues } from "../input/options.ts";
import { answer } from "../output/output.ts";
import { readPosition, writePosition } from "../input/position_file.ts";
import { openRoundToSend, requireOpen } from "../session.ts";

type Values = SharedValues & BallotInput & {
  readonly rotate?: string;
  readonly append?: boolean;
  readonly position?: string;
  readonly payer?: Address;
  readonly tag?: bigint;
  readonly credits?: bigint;
  readonly overBudget?: boolean;
};

export function publishCommand(io: Io): Command {
  const command = new Command("publish")
    .description("publish an encrypted ballot; it replaces your earlier one unless --append is given")
    .option("--vote <project=votes>", "votes for a project; v votes cost v² voice credits (repeatable)", collect)
    .option("--amount <project=amount>", "instead of votes, the amount that shall go to a project (repeatable)", collect)
    .option("--ballot <file>", "CSV file with the columns project and votes (or amount)")
    .option("--withdraw", "publish an empty ballot, which takes back all votes")
    .option("--rotate <file>", "key file of the key that shall be valid afterwards")
    .option("--append", "add further projects, with higher indices, to the ballot that --position remembers")
    .option("--position <file>", "remember here where the ballot ends (no votes), for a later --append")
    .option("--payer <address>", "account that contributes or has contributed (default: the sender)", parseAddress)
    .option("--tag <tag>", "the contribution's tag, instead of --payer", parseInteger)
    .option("--credits <n>", "voice credits that you are going to have, if that is not yet on chain", parseInteger)
    .option("--over-budget", "publish even if the ballot costs more than the credits (a decoy; a later top-up may make it valid)")
    .addHelpText("after", `
Anybody may send a message for anybody, from any account: use one that is not linked to you, or a relayer.
What you publish is forgotten at once, and nothing will tell whether it counts. That is what protects you.
${examples(
  "tacit publish --round 0x... --key-file first.json --rotate lasting.json --payer 0x... --credits 625 --vote 3=25 --account-key relay.key",
  "tacit publish --round 0x... --key-file lasting.json --payer 0x... --ballot ballot.csv --account-key relay.key",
)}`)
    .action(async (values: Values) => publish(io, values));
  return withOptions(command, "rpc", "chain", "round", "keyFile", "account");
}

async function publish(io: Io, values: Values): Promise<void> {
  const signer = await readKeyFile(values.keyFile, "donor");
  const newKey = values.rotate === undefined ? signer.publicKey : (await readKeyFile(values.rotate, "donor")).publicKey;
  const session = await openRoundToSend(io, values);
  const { client, round, config, coordinatorKey } = session;
  const tag = await tagForMessage(session, { tag: values.tag, payer: values.payer ?? client.wallet.account.address, key: signer.publicKey });
  const credits = (await donorOf(session, tag))?.credits ?? values.credits;
  const appendTo = values.append === true ? await readPosition(values.position ?? "--position (not given)", { round, tag }) : undefined;
  const ballot = await readBallot(session, values, credits);
  if (credits !== undefined && costOf(ballot) > credits && values.overBudget !== true) throw new BudgetExceededError(costOf(ballot), credits);
  // Items at the latest block and not at a final one: a second ballot must have a higher nonce than the first (SEM-6).
  const { items: itemsSeen } = await requireOpen(session, "Publishing", "creation");
  const base = randomBelow((1n << BigInt(NONCE_LOW_BITS)) - 4096n);
  const messages = createMessages({ ctx: config.context, coordinatorKey, tag, signer, newKey, ballot, itemsSeen, appendTo, drawNonceBase: () => base });
  const hashes: string[] = [];
  for (const message of messages) hashes.push((await send(client, { round, message, messageFee: config.messageFee })).transactionHash);
  if (values.position !== undefined) {
    const first = appendTo === undefined ? (BigInt(itemsSeen) << BigInt(NONCE_LOW_BITS)) + base : appendTo.nonce + 1n;
    await writePosition(values.position, { round, tag, ...endOf(ballot, first + BigInt(messages.length - 1), appendTo?.pos ?? 0) });
  }
  answer(io, values, { tag, messages: messages.length, transactions: hashes }, [
    `Published ${messages.length === 1 ? "one message" : `${messages.length} messages`} for tag ${tag}.`,
    ...(values.rotate === undefined ? [] : [`Once that is final, use ${values.rotate} to vote, and after the contribution destroy ${values.keyFile}.`]),
  ]);
}

function endOf(ballot: Ballot, nonce: bigint, pos: number): BallotEnd {
  return { nonce, pos: Math.max(pos, ...[...ballot].filter(([, v]) => v !== 0n).map(([option]) => option + 1)) };
}
