import { Command, InvalidArgumentError } from "commander";
import { parseEventLogs, type Address, type Hex } from "viem";
import {
  extendAd,
  MOST_MINUTES,
  passOn,
  postAd,
  readBillboard,
  readSchedule,
} from "../../chain/billboard.ts";
import type { ReadClient, WriteClient } from "../../chain/client.ts";
import { creationBlock } from "../../chain/creation_block.ts";
import { deployBillboard } from "../../chain/deploy.ts";
import { gateAbi, iBillboardAbi } from "../../chain/generated/abis.ts";
import { readAllLogs } from "../../chain/logs.ts";
import { BaseError } from "../../errors.ts";
import { digestDocument } from "../../metadata/reference.ts";
import { openArtifacts } from "../../proofs/artifacts.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import { visibleText } from "../../readers/text.ts";
import { findGateData, withGateOptions, type GateValues } from "../gate_data.ts";
import { readTyped, showAmount } from "../input/amounts.ts";
import {
  examples,
  parseAddress,
  parseInteger,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { readBytes } from "../input/text_file.ts";
import type { Io } from "../output/io.ts";
import { answer, count, facts, table, time } from "../output/output.ts";
import { openAccount, openChain, openRoundToSend, requireOpen } from "../session.ts";
import { NoPoolError } from "./fund.ts";

type BoardValues = SharedValues & { readonly billboard: Address };

export class ExtendedAlreadyError extends BaseError {
  constructor(minutes: bigint, transaction: Hex) {
    super(`You have bought ${count(minutes)} minutes for it already, in ${transaction}.`, {
      fix: "Nothing was sent. To buy as many once more, repeat with --again.",
    });
  }
}

export class EqualCreditsGateError extends BaseError {
  constructor(gate: Address, exactCredits: bigint) {
    super(
      `The gate ${gate} admits only with ${exactCredits} credits, and a billboard asks for one.`,
      { fix: "Name another gate with --gate. Nothing was sent." },
    );
  }
}

export function billboardCommand(io: Io): Command {
  const command = new Command("billboard").description(
    "a board that shows one advertisement at a time: somebody's n-th minute costs n times the price, and all of it funds a round",
  );
  command.addCommand(
    withOptions(
      new Command("deploy")
        .description("put a billboard on the chain, for a round's pool")
        .requiredOption("--price <amount>", "what somebody's first minute costs, in whole tokens")
        .option("--gate <address>", "who may buy (default: the round's own gate)", parseAddress)
        .addHelpText(
          "after",
          examples("tacit billboard deploy --round 0x... --price 0.5 --account-key me.key"),
        )
        .action(async (values: SharedValues & { price: string; gate?: Address }) =>
          deploy(io, values),
        ),
      ...(["rpc", "chain", "round", "account"] as const),
    ),
  );
  command.addCommand(
    withBoard(new Command("show").description("show what is on the board, and until when")).action(
      async (values: BoardValues) => show(io, values),
    ),
  );
  command.addCommand(
    withBoard(
      new Command("post")
        .description("make an advertisement known, so that anybody can buy minutes for it")
        .requiredOption("--uri <https://...>", "where the content stands, at most 256 bytes")
        .requiredOption("--content <file>", "the content itself, whose digest is published"),
      "account",
    ).action(async (values: BoardValues & { uri: string; content: string }) => post(io, values)),
  );
  command.addCommand(
    withBoard(
      withGateOptions(
        new Command("extend")
          .description("buy minutes for an advertisement, whoever made it")
          .requiredOption("--ad <hash>", "the advertisement, as `post` names it", parseAd)
          .requiredOption("--minutes <n>", "how many minutes", parseMinutes)
          .option("--again", "buy as many as the last time once more"),
      ),
      "account",
    ).action(
      async (values: BoardValues & GateValues & { ad: Hex; minutes: bigint; again?: boolean }) =>
        extend(io, values),
    ),
  );
  command.addCommand(
    withBoard(
      new Command("pass-on").description(
        "send what the round gave back to the board on to where the round's remainder goes",
      ),
      "account",
    ).action(async (values: BoardValues) => sendOn(io, values)),
  );
  return command;
}

const withBoard = (command: Command, ...more: readonly "account"[]): Command =>
  withOptions(
    command.requiredOption("--billboard <address>", "the billboard", parseAddress),
    ...(["rpc", "chain", "artifacts", "fromBlock"] as const),
    ...more,
  );

function parseAd(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text))
    throw new InvalidArgumentError("Not an advertisement (0x and 64 hexadecimal digits).");
  return text.toLowerCase() as Hex;
}

function parseMinutes(text: string): bigint {
  const minutes = parseInteger(text);
  if (minutes === 0n || minutes > MOST_MINUTES)
    throw new InvalidArgumentError(`Give 1 to ${MOST_MINUTES} minutes.`);
  return minutes;
}

/** The board's terms, once its address has shown that it is one. @throws ForeignBillboardError */
async function openBoard(read: ReadClient, { billboard, artifacts }: BoardValues) {
  const contracts = await trustedContracts(await openArtifacts(artifacts));
  return readBillboard(read, billboard, contracts);
}

async function deploy(
  io: Io,
  values: SharedValues & { readonly price: string; readonly gate?: Address },
): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, config, poolToken } = session;
  if (BigInt(config.poolToken) === 0n) throw new NoPoolError();
  await requireOpen(session, "Funding", "creation");
  const gate = values.gate ?? config.gate;
  const exact = await session.read
    .readContract({ address: gate, abi: gateAbi, functionName: "exactCredits" })
    .catch(() => 0n); // no gate of this version's
  if (exact > 1n) throw new EqualCreditsGateError(gate, exact);
  const terms = {
    token: config.poolToken,
    price: readTyped(io, values.price, poolToken),
    gate,
    round,
  };
  const billboard = await deployBillboard(client, terms);
  answer(io, values, { billboard, ...terms }, [
    `The billboard is at ${billboard}.`,
    `Somebody's first minute for an advertisement costs ${showAmount(terms.price, poolToken)}, the second twice that, and so on.`,
  ]);
}

async function show(io: Io, values: BoardValues): Promise<void> {
  const { read } = await openChain(io, values);
  const terms = await openBoard(read, values);
  const ads = await readSchedule(read, values.billboard);
  const known = await readPosts(read, values);
  const listed = ads.map(({ ad, end }) => ({ ad, end, ...known.get(ad) }));
  answer(io, values, { ...terms, ads: listed }, [
    ...facts([
      ["round", terms.round],
      ["price of a first minute", `${terms.price} units of ${terms.token}`],
    ]),
    ads.length === 0
      ? "Nothing is shown."
      : table(
          ["", "until", "where", "digest"],
          listed.map(({ end, uri, digest }, i) => [
            i === 0 ? "now" : "then",
            time(end),
            visibleText(uri ?? "unknown", 256),
            digest ?? "unknown",
          ]),
          ["left", "left", "left", "left"],
        ),
  ]);
}

/** What was posted on a board, by advertisement. */
async function readPosts(
  read: ReadClient,
  { billboard, fromBlock }: BoardValues,
): Promise<ReadonlyMap<Hex, { readonly digest: Hex; readonly uri: string }>> {
  const from = fromBlock ?? (await creationBlock(read, billboard));
  const logs = await readAllLogs(read, billboard, from);
  const posts = parseEventLogs({ abi: iBillboardAbi, eventName: "Posted", logs });
  return new Map(posts.map(({ args: { ad, digest, uri } }) => [ad, { digest, uri }]));
}

async function post(
  io: Io,
  values: BoardValues & { readonly uri: string; readonly content: string },
): Promise<void> {
  const digest = digestDocument(await readBytes(values.content));
  const client = await openAccount(io, values);
  await openBoard(client.read, values);
  const { ad } = await postAd(client, { billboard: values.billboard, digest, uri: values.uri });
  answer(io, values, { ad, digest }, [
    `The advertisement is ${ad}. It is shown once somebody buys minutes for it: \`tacit billboard extend --ad ${ad}\`.`,
  ]);
}

async function extend(
  io: Io,
  values: BoardValues &
    GateValues & { readonly ad: Hex; readonly minutes: bigint; readonly again?: boolean },
): Promise<void> {
  const { billboard, ad, minutes } = values;
  const client = await openAccount(io, values);
  const terms = await openBoard(client.read, values);
  if (values.again !== true) await requireNew(client, values);
  const gateData = await findGateData(
    { client, read: client.read, round: billboard, config: terms },
    values,
    { credits: 1n },
  );
  const { receipt, cost } = await extendAd(client, { billboard, ad, minutes, gateData });
  const { transactionHash: transaction } = receipt;
  const [event] = parseEventLogs({
    abi: iBillboardAbi,
    eventName: "Extended",
    logs: receipt.logs,
  });
  const end = event?.args.end as bigint;
  answer(io, values, { ad, minutes, cost, end, transaction }, [
    `Bought ${count(minutes)} ${minutes === 1n ? "minute" : "minutes"} for ${cost} units of ${terms.token}, which went to the round ${terms.round}. It is shown until ${time(end)}, if nothing else is bought.`,
  ]);
}

/** A command that was broken off, given again, does not buy twice. @throws ExtendedAlreadyError */
async function requireNew(
  { read, wallet }: WriteClient,
  {
    billboard,
    ad,
    minutes,
    fromBlock,
  }: BoardValues & { readonly ad: Hex; readonly minutes: bigint },
): Promise<void> {
  const from = fromBlock ?? (await creationBlock(read, billboard));
  const logs = await readAllLogs(read, billboard, from);
  const earlier = parseEventLogs({ abi: iBillboardAbi, eventName: "Extended", logs }).findLast(
    ({ args }) =>
      args.ad === ad &&
      args.bought === minutes &&
      args.payer.toLowerCase() === wallet.account.address.toLowerCase(),
  );
  if (earlier !== undefined) throw new ExtendedAlreadyError(minutes, earlier.transactionHash);
}

async function sendOn(io: Io, values: BoardValues): Promise<void> {
  const client = await openAccount(io, values);
  await openBoard(client.read, values);
  const { transactionHash: transaction } = await passOn(client, values.billboard);
  answer(io, values, { transaction }, [
    "Sent what the round gave back to where the round's remainder goes.",
  ]);
}
