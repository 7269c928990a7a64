import { Command } from "commander";
import { isAddressEqual, type Address } from "viem";
import type { Finality } from "../../chain/finality.ts";
import { readHistory } from "../../chain/read_history.ts";
import { contributionForMessage } from "../../donor/contributions.ts";
import { settledItems } from "../../donor/nonce.ts";
import { createPending } from "../../donor/pending.ts";
import { publishMessages } from "../../donor/publish.ts";
import { relayAccount } from "../../donor/relay.ts";
import { encryptBallot } from "../../donor/encrypt_ballot.ts";
import { BaseError } from "../../errors.ts";
import { readBallot, type BallotInput } from "../input/ballot_input.ts";
import { readKeyFile } from "../input/key_file.ts";
import {
  collect,
  examples,
  parseAddress,
  parseDuration,
  parseFinality,
  parseInteger,
  parseUrl,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { readPosition, writePosition } from "../input/position_file.ts";
import type { Io } from "../output/io.ts";
import { answer } from "../output/output.ts";
import { openRound, openRoundToSend, requireOpen } from "../session.ts";
import { untilOnChain } from "../until_on_chain.ts";

type Values = SharedValues &
  BallotInput & {
    readonly relay?: string;
    readonly wait: number;
    readonly fromPayer?: boolean;
    readonly finality: Finality;
    readonly rotate?: string;
    readonly append?: boolean;
    readonly position?: string;
    readonly payer?: Address;
    readonly byRelay?: boolean;
    readonly tag?: bigint;
    readonly credits?: bigint;
    readonly overBudget?: boolean;
  };

export class PayerPublishesError extends BaseError {
  constructor(payer: Address) {
    super(
      `${payer} would publish the ballot and contribute: whoever sees both can name whose ballot it is, so that it can be bought.`,
      {
        fix: "Give --relay <url>, or another account with --account-key and the contributing one with --payer. To publish from this account all the same, give --from-payer.",
      },
    );
  }
}

export class NoPayerError extends BaseError {
  constructor() {
    super("A relay publishes, so nothing says whose ballot this is.", {
      fix: "Give --payer with the account that contributes or has contributed, or --tag.",
    });
  }
}

export function publishCommand(io: Io): Command {
  const command = new Command("publish")
    .description(
      "publish an encrypted ballot; it replaces your earlier one unless --append is given",
    )
    .option(
      "--vote <project=votes>",
      "votes for a project; v votes cost v² voice credits (repeatable)",
      collect,
    )
    .option(
      "--amount <project=amount>",
      "instead of votes, the amount that shall go to a project (repeatable)",
      collect,
    )
    .option("--ballot <file>", "CSV file with the columns project and votes (or amount)")
    .option("--withdraw", "publish an empty ballot, which takes back all votes")
    .option(
      "--relay <url>",
      "hand the ballot to a relay, which publishes it among others: no account is needed",
      parseUrl,
    )
    .option(
      "--wait <duration>",
      "with --relay: how long to wait until the chain shows it (0s: not at all)",
      parseDuration,
      600,
    )
    .option("--rotate <file>", "key file of the key that shall be valid afterwards")
    .option(
      "--append",
      "add further projects, with higher indices, to the ballot that --position remembers",
    )
    .option(
      "--position <file>",
      "remember here where the ballot ends (no votes), for a later --append",
    )
    .option(
      "--payer <address>",
      "account that contributes or has contributed (default: the sender)",
      parseAddress,
    )
    .option(
      "--by-relay",
      "with --relay: it contributes, too, in place of --payer (rounds without money)",
    )
    .option("--tag <tag>", "the contribution's tag, instead of --payer", parseInteger)
    .option(
      "--from-payer",
      "before the contribution, publish from the contributing account itself: that makes the ballot a receipt",
    )
    .option(
      "--credits <n>",
      "voice credits that you are going to have, if that is not yet on chain",
      parseInteger,
    )
    .option(
      "--over-budget",
      "publish even if the ballot costs more than the credits (a decoy; a later top-up may make it valid)",
    )
    .option(
      "--finality <finalized|blocks>",
      "which blocks are final: what the chain calls so, or those with so many after them",
      parseFinality,
      "finalized",
    )
    .addHelpText(
      "after",
      `
Anybody may send a message for anybody, from any account: use a relay, or an account that is not linked to you.
What you publish is forgotten at once, and nothing will tell whether it counts. That is what protects you.
Waits until what is on the chain already is final, so that the new ballot comes after every earlier one.
${examples(
  "tacit publish --round 0x... --key-file first.json --rotate lasting.json --payer 0x... --credits 625 --vote 3=25 --relay https://relay.example",
  "tacit publish --round 0x... --key-file lasting.json --payer 0x... --ballot ballot.csv --account-key other.key",
)}`,
    )
    .action(async (values: Values) => publish(io, values));
  return withOptions(command, "rpc", "chain", "round", "keyFile", "account");
}

function requirePayer(payer: Address | undefined): Address {
  if (payer === undefined) throw new NoPayerError();
  return payer;
}

/** A round to publish in: from an account, or for a relay without any. */
async function openToPublish(io: Io, values: Values) {
  if (values.relay !== undefined)
    return { ...(await openRound(io, values)), by: { relay: values.relay }, sender: undefined };
  const session = await openRoundToSend(io, values);
  return {
    ...session,
    by: { client: session.client },
    sender: session.client.wallet.account.address,
  };
}

async function publish(io: Io, values: Values): Promise<void> {
  const signer = await readKeyFile(values.keyFile, "donor");
  const newKey =
    values.rotate === undefined
      ? signer.publicKey
      : (await readKeyFile(values.rotate, "donor")).publicKey;
  const session = await openToPublish(io, values);
  const { read, chainId, round, config, coordinatorKey, by, sender } = session;
  const payer =
    values.byRelay === true && values.relay !== undefined
      ? await relayAccount(values.relay, round)
      : (values.payer ?? sender);
  // The node is asked for the round's events, and for nothing that names the tag: before the contribution nobody else knows it.
  const { history } = await readHistory(read, round, { from: await session.since() });
  const { tag, contribution } = contributionForMessage(
    history,
    values.tag !== undefined
      ? { tag: values.tag }
      : { payer: requirePayer(payer), key: signer.publicKey, isShared: values.byRelay === true },
  );
  if (
    sender !== undefined &&
    contribution === undefined &&
    isAddressEqual(payer ?? sender, sender) &&
    values.fromPayer !== true
  )
    throw new PayerPublishesError(sender);
  const appendTo =
    values.append === true
      ? await readPosition(values.position ?? "--position (not given)", { round, tag })
      : undefined;
  const { ballot, needed } = await readBallot(session, values, {
    credits: contribution?.credits ?? values.credits,
    overBudget: values.overBudget,
  });
  const { items } = await requireOpen(session, "Publishing", "creation");
  const sinceBlock = await read.getBlockNumber();
  let waited = false;
  const onWait = () => {
    if (!waited) io.err(`Waiting until the round's ${items} items are final (see --finality)...\n`);
    waited = true;
  };
  const itemsSeen =
    appendTo === undefined
      ? await settledItems(read, { round, finality: values.finality }, onWait)
      : items;
  const { messages, end } = encryptBallot({
    round: { chainId, address: round },
    coordinatorKey,
    tag,
    signer,
    newKey,
    ballot,
    itemsSeen,
    appendTo,
  });
  const receipt = await publishMessages(by, { round, messages, messageFee: config.messageFee });
  if (values.position !== undefined) await writePosition(values.position, { round, tag, ...end });
  const onChain =
    receipt !== undefined ||
    (values.wait > 0 &&
      (await untilOnChain(
        io,
        read,
        createPending(
          { messages },
          { round: { chainId, address: round }, payer: payer ?? round, tag, sinceBlock },
        ),
        values.wait,
      )));
  const what = `${messages.length === 1 ? "one message" : `${messages.length} messages`} for tag ${tag}`;
  answer(
    io,
    values,
    {
      tag,
      messages: messages.length,
      credits: needed,
      transactions: receipt === undefined ? [] : [receipt.transactionHash],
      onChain,
    },
    [
      onChain
        ? `Published ${what}.`
        : `Handed ${what} to the relay. It is not on the chain yet, so do not contribute before it is, nor tell anyone the tag.`,
      ...(contribution === undefined
        ? [
            `The ballot takes ${needed} voice credits: contribute at least so many.`,
            ...(onChain && values.rotate !== undefined
              ? ["If the round's gate asks for a voucher, this tag is what its issuer needs."]
              : []),
          ]
        : []),
      ...(values.rotate === undefined
        ? []
        : [
            `Once that is final, use ${values.rotate} to vote, and after the contribution destroy ${values.keyFile}.`,
          ]),
    ],
  );
}
