import { Command, Option } from "commander";
import { randomBytes } from "node:crypto";
import { bytesToHex, isAddressEqual, zeroAddress, type Address } from "viem";
import { BaseError } from "../../errors.ts";
import { BOUNDED } from "../../chain/bounded.ts";
import { unlessSilent, WrongChainError, type ReadClient } from "../../chain/client.ts";
import { createRegistry, createRound, requireCreatable } from "../../chain/create_round.ts";
import { publishDocuments } from "../../chain/documents.ts";
import { encodeRoundDocument, type RoundDocument } from "../../metadata/documents.ts";
import { digestDocument } from "../../metadata/reference.ts";
import { readAbout } from "../input/about_file.ts";
import { defaultSettings } from "../../chain/default_settings.ts";
import {
  deployGate,
  deployPayoutRule,
  gateAddress,
  payoutRuleAddress,
} from "../../chain/deploy.ts";
import type { GatePlan } from "../../chain/deploy_parts.ts";
import { iQualifierAbi } from "../../chain/generated/abis.ts";
import { findLastSentBy, isNear, isSameIntention, readMadeBy } from "../../chain/made_by.ts";
import { visibleText } from "../../readers/text.ts";
import { readToken } from "../../chain/token.ts";
import { allowListRoot } from "../../gates/merkle.ts";
import { isInPrimeSubgroup, type Point } from "../../crypto/curve.ts";
import { FOLD_SIZES } from "../../params.ts";
import { payoutKind } from "../../payouts/index.ts";
import { quadratic } from "../../payouts/quadratic.ts";
import { PRESETS } from "../../presets.ts";
import { developmentNotice, openArtifacts, requireKeysFor } from "../../proofs/artifacts.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import { FEW_VOTERS } from "../../votes/outcome.ts";
import { applyPreset, presetsText } from "../input/presets.ts";
import { keyPicture } from "../../protocol/key_picture.ts";
import { readTyped, showAmount } from "../input/amounts.ts";
import { readGatePlan } from "../input/gate_file.ts";
import { readNewAllowList } from "../input/list_file.ts";
import { readDeployment } from "../input/deployment_file.ts";
import {
  chosenPayoutRule,
  PAYOUT_OPTIONS,
  withPayoutRule,
  type PayoutRuleValues,
} from "../input/payout_rule.ts";
import type { Io } from "../output/io.ts";
import { readKeyFile } from "../input/key_file.ts";
import {
  examples,
  parseAddress,
  parseCount,
  parseDuration,
  parseInteger,
  parseTime,
  withOptions,
  type SharedValues,
  type Time,
} from "../input/options.ts";
import { review, withReview, type ReviewValues } from "../input/review.ts";
import { answer, count, duration, facts, time } from "../output/output.ts";
import { showPayoutRule } from "../output/payout_rule.ts";
import { FEW } from "./outcome.ts";
import { stepByStep } from "../partly_done.ts";
import { openAccount } from "../session.ts";

/** Stands for the registry that is yet to be made. */
const UNMADE_REGISTRY: Address = `0x${"ee".repeat(20)}`;

type Values = SharedValues &
  ReviewValues &
  PayoutRuleValues & {
    readonly deployment: string;
    readonly token?: Address;
    readonly unit: string;
    readonly start: Time;
    readonly end: Time;
    readonly coordinatorKey: string;
    readonly coordinator?: Address;
    readonly registry?: Address;
    readonly gate?: Address;
    readonly allowList?: string;
    readonly gateFile?: string;
    readonly exactCredits: bigint;
    readonly payoutRule?: Address;
    readonly qualifier?: Address;
    readonly remainderTo?: Address;
    readonly poolToken?: Address;
    readonly leftovers?: "share" | "remainder";
    readonly fee: string;
    readonly messageFee: bigint;
    readonly minContribution: number;
    readonly minTopUp: number;
    readonly tallyBase: number;
    readonly tallyPerItem: number;
    readonly tallyMost: number;
    readonly guardian?: Address;
    readonly disputeWindow: number;
    readonly cancelNotice: number;
    readonly allowSigns?: boolean;
    readonly name?: string;
    readonly about?: string;
    readonly size: string;
    readonly preset?: string;
    readonly again?: boolean;
    readonly shortTally?: boolean;
  };

export class PublicKeyFormatError extends BaseError {
  constructor(text: string) {
    super(`"${text}" is neither a coordinator key file nor a public key.`, {
      fix: "Give a file from `tacit keygen --coordinator`, or the key's two coordinates as x,y; it must be in the prime-order subgroup (KEY-3).",
    });
  }
}

export class ForeignDeploymentError extends BaseError {
  constructor(factory: Address, trusted: Address) {
    super(
      `The deployment file names the factory ${factory}, but this version with these keys has ${trusted}: nobody could check such a round.`,
      {
        fix: "Deploy with the same --artifacts (`tacit deploy`; what is there is not deployed again), and give its file.",
      },
    );
  }
}

export class PayoutRuleWithoutPoolError extends BaseError {
  constructor(payoutRule: string) {
    super(`The payout rule ${payoutRule} has no pool to divide: the round has no token.`, {
      fix: "Give --token, or --pool-token for a pool over votes that cost nothing; or leave out --rule and --payout-rule. Nothing was sent.",
    });
  }
}

export class QualifierError extends BaseError {
  constructor(qualifier: Address, why: string) {
    super(`${qualifier} cannot tell which projects have a match: ${why}.`, {
      fix: "Give a panel of `tacit reviews create --until` a time not after the round's end. Nothing was sent.",
    });
  }
}

/** Seconds: final blocks alone take a quarter of an hour on some chains, and a coordinator begins after them. */
const LEAST_TALLY_BASE = 3_600;

export class TallyTooShortError extends BaseError {
  constructor(seconds: number) {
    super(
      `With --tally-base ${duration(seconds)} anybody can abort the round ${duration(seconds)} after its end, and everybody gets everything back: there is hardly time for a tally.`,
      {
        fix: "Give five times what `tacit estimate` says, and an hour at least; to play on a chain of your own, repeat with --short-tally. Nothing was sent.",
      },
    );
  }
}

export class ExactCreditsWithoutListError extends BaseError {
  constructor() {
    super("The open gate cannot ask for equal credits: it asks for nothing.", {
      fix: "Give --allow-list with --exact-credits, or --gate-file with exactCredits in it. Nothing was sent.",
    });
  }
}

export class QuestionsWithMoneyError extends BaseError {
  constructor() {
    super("Questions are for votes: in a round with a token the money decides, and nothing else.", {
      fix: "Leave --token out, or what the --about file says under vote. Nothing was sent.",
    });
  }
}

export class NoNumberAskedError extends BaseError {
  constructor() {
    super("A number vote asks for a number, and the --about file has no question for one.", {
      fix: "Add it under vote, as docs/guides/votes.md shows. Nothing was sent.",
    });
  }
}

export function createRoundCommand(io: Io): Command {
  const command = new Command("create-round")
    .description("create a round; its settings are fixed from then on")
    .requiredOption("--deployment <file>", "deployment file of `tacit deploy`")
    .requiredOption(
      "--coordinator-key <file or x,y>",
      "the coordinator's key file, or only its public key as x,y",
    )
    .requiredOption(
      "--end <time>",
      "end of contributions and messages: +14d, 2027-01-31T12:00Z, or seconds since 1970",
      parseTime,
    )
    .addOption(
      new Option(
        "--preset <kind>",
        "usual settings of a kind of round, in place of each that is not given; see below",
      ).choices(PRESETS.map(({ id }) => id)),
    )
    .option("--name <text>", "the round's name, as everybody reads it; fixed from then on")
    .option(
      "--about <file>",
      "JSON file with the round's name, description, rules, organiser and picture; fixed from then on",
    )
    .addOption(
      new Option("--start <time>", "start of contributions")
        .argParser(parseTime)
        .default({ relative: true, seconds: 0 }, "now"),
    )
    .option(
      "--token <address>",
      "ERC-20 token of the contributions; without it credits cost nothing, and the gate alone gives them",
      parseAddress,
    )
    .option("--unit <amount>", "amount of the token that buys one voice credit", "1")
    .option("--coordinator <address>", "account that tallies (default: the sender)", parseAddress)
    .option(
      "--registry <address>",
      "project registry (default: a new one, owned by the sender, frozen at the end)",
      parseAddress,
    )
    .option(
      "--gate <address>",
      "gate (default: the open gate, which admits everyone)",
      parseAddress,
    )
    .addOption(
      new Option(
        "--allow-list <file>",
        "admit only these accounts: CSV file with the columns account and credits; deploys a gate",
      ).conflicts(["gate", "gateFile"]),
    )
    .addOption(
      new Option(
        "--gate-file <file>",
        "JSON file with what the gate shall ask (docs/guides/gates.md); deploys the gate",
      ).conflicts("gate"),
    )
    .addOption(
      new Option(
        "--exact-credits <n>",
        "with --allow-list: credits that everybody must have, no more and no fewer; 0: any number up to the list's",
      )
        .argParser(parseInteger)
        .default(0n, "0")
        .conflicts(["gate", "gateFile"]),
    )
    .addOption(
      new Option("--payout-rule <address>", "payout rule of somebody else's, in place of --rule")
        .argParser(parseAddress)
        .conflicts([...PAYOUT_OPTIONS, "qualifier"]),
    )
    .option(
      "--qualifier <address>",
      "with --rule: only projects that this contract finds good have a match, such as a panel of `tacit reviews create`; all keep what donors gave",
      parseAddress,
    )
    .option(
      "--pool-token <address>",
      "ERC-20 token of the matching pool (default: that of the contributions)",
      parseAddress,
    )
    .addOption(
      new Option(
        "--leftovers <rule>",
        "what happens to unspent credits and votes for delisted projects: shared among the projects as their matches are, or to --remainder-to (default: share, but remainder with prizes)",
      ).choices(["share", "remainder"]),
    )
    .option(
      "--remainder-to <address>",
      "who receives what is left over and not shared (default: the sender)",
      parseAddress,
    )
    .option("--fee <amount>", "the coordinator's fee, taken from the pool", "0")
    .addOption(
      new Option("--message-fee <wei>", "fee for each message, in wei")
        .argParser(parseInteger)
        .default(0n, "0"),
    )
    .option("--min-contribution <credits>", "fewest credits of a contribution", parseCount, 1)
    .option("--min-top-up <credits>", "fewest credits of a top-up", parseCount, 1)
    .addOption(
      new Option("--tally-base <duration>", "time for the tally")
        .argParser(parseDuration)
        .default(14 * 86_400, "14d"),
    )
    .addOption(
      new Option("--tally-per-item <duration>", "further time for each contribution and message")
        .argParser(parseDuration)
        .default(10, "10s"),
    )
    .addOption(
      new Option(
        "--tally-most <duration>",
        "latest deadline of the tally after the end, whatever the number of messages: a flood too large to tally ends in refunds; 0: none",
      )
        .argParser(parseDuration)
        .default(0, "0"),
    )
    .option(
      "--guardian <address>",
      "account or multisignature that may make the result void within the dispute window, having seen it; not the coordinator",
      parseAddress,
    )
    .addOption(
      new Option(
        "--dispute-window <duration>",
        "time between the result and the first payment, in which the guardian may dispute it; 0: none",
      )
        .argParser(parseDuration)
        .default(0, "0"),
    )
    .addOption(
      new Option(
        "--cancel-notice <duration>",
        "notice before a round with contributions can be cancelled",
      )
        .argParser(parseDuration)
        .default(3 * 86_400, "3d"),
    )
    .option("--short-tally", "take a --tally-base below an hour")
    .option("--again", "make another round with the settings of one that you have made already")
    .option("--allow-signs", "allow votes against (only without a token)")
    .addOption(
      new Option(
        "--size <size>",
        `fold circuit: ${FOLD_SIZES.map(({ name, rows }) => `${name} (${rows} messages a proof)`).join(", ")}`,
      )
        .choices(FOLD_SIZES.map(({ name }) => name))
        .default("large"),
    )
    .addHelpText("after", `\nPresets:\n${presetsText()}`)
    .addHelpText(
      "after",
      examples(
        "tacit create-round --preset experiment --deployment deployment.json --coordinator-key coordinator.json --name 'Shore and Sea' --token 0x... --unit 0.01 --end +14d",
        "tacit create-round --deployment deployment.json --coordinator-key coordinator.json --token 0x... --unit 0.01 --end +14d",
        "tacit create-round --deployment deployment.json --coordinator-key coordinator.json --token 0x... --unit 0.01 --end +14d --rule capped --cap 5% --floor 100",
      ),
    )
    .action(async (values: Values) => {
      const set = values.preset === undefined ? [] : applyPreset(command, values.preset);
      if (set.length > 0) io.err(`Preset ${values.preset}: ${set.join(" ")}\n`);
      await create(io, command.opts<Values>());
    });
  return withOptions(withReview(withPayoutRule(command)), "rpc", "chain", "account", "artifacts");
}

async function create(io: Io, values: Values): Promise<void> {
  const deployment = await readDeployment(values.deployment);
  const about = await readAbout(values, randomBytes(16).toString("hex"));
  const document = about === undefined ? undefined : encodeRoundDocument(about);
  requireQuestions(about, values);
  const { plan, members } = await gatePlan(io, values);
  const client = await openAccount(io, values);
  const artifacts = await openArtifacts(values.artifacts);
  requireKeysFor(artifacts, client.chainId);
  const contracts = await trustedContracts(artifacts);
  if (!isAddressEqual(deployment.factory, contracts.factory))
    throw new ForeignDeploymentError(deployment.factory, contracts.factory);
  if (client.chainId !== deployment.chainId)
    throw new WrongChainError(deployment.chainId, client.chainId);
  const me = client.wallet.account.address;
  const key = await coordinatorKey(values.coordinatorKey);
  const { timestamp } = await client.read.getBlock();
  const at = ({ relative, seconds }: Time) => (relative ? timestamp : 0n) + BigInt(seconds);
  const token = await readToken(client.read, values.token ?? zeroAddress);
  const pool =
    values.poolToken === undefined ? token : await readToken(client.read, values.poolToken);
  const plainRule = chosenPayoutRule(values, pool.decimals);
  const rule =
    values.qualifier === undefined ? plainRule : { ...plainRule, qualifier: values.qualifier };
  const isUsual =
    values.payoutRule === undefined && values.qualifier === undefined && rule.id === quadratic.id;
  if (pool.address === zeroAddress && !isUsual)
    throw new PayoutRuleWithoutPoolError(values.payoutRule ?? rule.id);
  const [start, end] = [at(values.start), at(values.end)];
  if (values.qualifier !== undefined) await requireFrozen(client.read, values.qualifier, end);
  if (values.tallyBase < LEAST_TALLY_BASE && values.shortTally !== true)
    throw new TallyTooShortError(values.tallyBase);
  const settings = defaultSettings({
    organiser: me,
    ...(values.coordinator === undefined ? {} : { coordinator: values.coordinator }),
    coordinatorKeyX: key.x,
    coordinatorKeyY: key.y,
    token: token.address,
    poolToken: pool.address,
    unit: readTyped(io, values.unit, token),
    start,
    end,
    registry: values.registry ?? UNMADE_REGISTRY,
    tallyBase: values.tallyBase,
    tallyPerItem: values.tallyPerItem,
    tallyMost: values.tallyMost,
    ...(values.guardian === undefined ? {} : { guardian: values.guardian }),
    disputeWindow: values.disputeWindow,
    cancelNotice: values.cancelNotice,
    gate: plan === undefined ? (values.gate ?? deployment.openGate) : gateAddress(plan),
    payoutRule:
      pool.address === zeroAddress ? zeroAddress : (values.payoutRule ?? payoutRuleAddress(rule)),
    ...(values.remainderTo === undefined ? {} : { remainderTo: values.remainderTo }),
    shareLeftovers:
      values.leftovers === undefined
        ? values.payoutRule !== undefined || payoutKind(rule.id).sharesLeftovers
        : values.leftovers === "share",
    coordinatorFee: readTyped(io, values.fee, pool),
    messageFee: values.messageFee,
    minContribution: BigInt(values.minContribution),
    minTopUp: BigInt(values.minTopUp),
    allowSigns: values.allowSigns === true,
    size: FOLD_SIZES.findIndex(({ name }) => name === values.size),
  });
  if (token.address === zeroAddress && members !== undefined && members < FEW_VOTERS)
    io.err(`Only ${members} can vote. ${FEW}\n`);
  const { factory } = deployment;
  const isRelative = { start: values.start.relative, end: values.end.relative };
  const made = await readMadeBy(client.read, factory, me);
  const earlier = await findLastSentBy(
    client.read,
    me,
    made.rounds.filter(
      ({ config }) =>
        isSameIntention(config, settings, isRelative) &&
        (values.registry === undefined || isAddressEqual(config.registry, values.registry)),
    ),
  );
  if (earlier !== undefined && values.again !== true) {
    const { round, config, transactionHash } = earlier;
    const data = { round, registry: config.registry, transaction: transactionHash, already: true };
    return answer(io, values, data, [
      `Created already, in ${transactionHash}: the round ${round} has these settings. Nothing was sent; to make another one like it, repeat with --again.`,
    ]);
  }
  const salt = document === undefined ? bytesToHex(randomBytes(32)) : digestDocument(document);
  // What the factory would refuse is refused before a gate or a registry is made.
  const ready = {
    ...settings,
    ...(plan === undefined ? {} : { gate: deployment.openGate }),
    ...(settings.payoutRule === zeroAddress || values.payoutRule !== undefined
      ? {}
      : { payoutRule: deployment.payoutRules.return }),
  };
  const hasRegistry = values.registry !== undefined;
  await requireCreatable(client, { factory, salt, settings: ready }, { hasRegistry });
  const { guardian, remainderTo, coordinator } = settings;
  const isMeant = await review(io, values, {
    title: "Create a round",
    pairs: [
      ...(about === undefined ? [] : [["name", visibleText(about.name, 100)] as const]),
      ["chain", String(client.chainId)],
      ["organiser, who sends", me],
      ["contributions", `${time(start)} to ${time(end)}`],
      [
        "who may take part",
        members === undefined
          ? settings.gate === deployment.openGate
            ? "anybody"
            : `whom the gate ${settings.gate} lets in`
          : `${count(members)} accounts of ${values.allowList}`,
      ],
      [
        "one credit",
        token.address === zeroAddress
          ? "free: nobody gives money"
          : showAmount(settings.unit, token),
      ],
      ...(pool.address === zeroAddress
        ? [["matching pool", "none"] as const]
        : ([
            ["matching pool", `in ${visibleText(pool.symbol, 20)}, ${pool.address}`],
            [
              "payout rule",
              values.payoutRule === undefined ? showPayoutRule(rule, pool) : values.payoutRule,
            ],
            ["coordinator's fee", showAmount(settings.coordinatorFee, pool)],
          ] as const)),
      ...(token.address === zeroAddress
        ? []
        : ([
            ["gifts", `in ${visibleText(token.symbol, 20)}, ${token.address}`],
            [
              "unspent gifts",
              settings.shareLeftovers ? "shared among the projects" : `to ${remainderTo}`,
            ],
          ] as const)),
      ["coordinator", coordinator],
      ["coordinator's key", keyPicture(key).words.join(" ")],
      ["tally", `within ${duration(settings.tallyBase)} and more for each message`],
      [
        "guardian",
        guardian === zeroAddress
          ? "nobody"
          : `${guardian}: may make the result void within ${duration(settings.disputeWindow)}`,
      ],
      ["projects", values.registry === undefined ? "added until the end" : values.registry],
    ],
    forGood: "All of it is fixed from then on, for the organiser too.",
  });
  if (!isMeant) return;
  const { round, registry } = await stepByStep(async (done) => {
    if (plan !== undefined) done(`the gate is at ${await deployGate(client, plan)}`);
    if (settings.payoutRule !== zeroAddress && values.payoutRule === undefined)
      done(`the payout rule is at ${await deployPayoutRule(client, rule)}`);
    const unused = made.registries.findLast(
      ({ registry, freezeTime }) =>
        isNear(freezeTime, end, isRelative.end) &&
        !made.rounds.some(({ config }) => isAddressEqual(config.registry, registry)),
    )?.registry;
    const owned =
      values.registry ??
      unused ??
      (await createRegistry(client, { factory, owner: me, freezeTime: end })).registry;
    if (values.registry === undefined) done(`the registry is at ${owned}`);
    if (document !== undefined) {
      await publishDocuments(client, contracts.documents, [document]);
      done("the round's description is published");
    }
    const whole = { ...settings, registry: owned };
    return { ...(await createRound(client, { factory, settings: whole, salt })), registry: owned };
  });
  const notice = developmentNotice(artifacts);
  const data = {
    round,
    registry,
    start,
    end,
    developmentKeys: notice !== undefined,
    already: false,
  };
  answer(io, values, data, [
    `Created the round ${round}.`,
    ...facts([
      ...(about === undefined ? [] : [["name", visibleText(about.name, 100)] as const]),
      ["registry", registry],
      ["contributions", `${time(start)} to ${time(end)}`],
    ]),
    ...(notice === undefined ? [] : [notice]),
    `Next: add projects with \`tacit projects add\`, and see it with \`tacit status --round ${round}\`.`,
  ]);
}

/** Only votes ask something; a number vote asks for a number. @throws QuestionsWithMoneyError, NoNumberAskedError */
function requireQuestions(about: RoundDocument | undefined, { token, preset }: Values): void {
  const questions = about?.extensions["org.tacit"].vote ?? [];
  if (questions.length > 0 && token !== undefined) throw new QuestionsWithMoneyError();
  if (preset === "number-vote" && !questions.some(({ kind }) => kind === "number"))
    throw new NoNumberAskedError();
}

/** What the gate shall ask, if one is to be made; and how many accounts its list has. @throws ExactCreditsWithoutListError, GateFileError, CsvError */
async function gatePlan(
  io: Io,
  values: Values,
): Promise<{ readonly plan?: GatePlan; readonly members?: number }> {
  const { allowList, gateFile, exactCredits } = values;
  if (gateFile !== undefined) return { plan: await readGatePlan(io, values, gateFile) };
  if (allowList === undefined) {
    if (exactCredits !== 0n) throw new ExactCreditsWithoutListError();
    return {};
  }
  const list = await readNewAllowList(io, values, allowList);
  const clauses = [[{ id: "merkle", settings: [allowListRoot(list)] }]];
  return { plan: { clauses, exactCredits }, members: list.length };
}

/** PAYOUT-4: or the coordinator could not list the results, or somebody decide on matches who has seen them. @throws QualifierError */
async function requireFrozen(read: ReadClient, qualifier: Address, end: bigint): Promise<void> {
  const at = { address: qualifier, abi: iQualifierAbi, ...BOUNDED } as const;
  const freezeTime = await read
    .readContract({ ...at, functionName: "freezeTime" })
    .catch(unlessSilent);
  if (freezeTime === undefined || freezeTime === 0n)
    throw new QualifierError(qualifier, "it does not say when its answers are final");
  // Registries and payout rules say when they are frozen, too: a rule that asks one of those takes no list of results.
  const bits = await read
    .readContract({ ...at, functionName: "qualified", args: [0n] })
    .catch(unlessSilent);
  if (bits === undefined)
    throw new QualifierError(qualifier, "it does not say which projects fulfil its condition");
  if (freezeTime > end)
    throw new QualifierError(
      qualifier,
      `its answers are final at ${time(freezeTime)}, after the round's end`,
    );
}

/** A public key from a coordinator's key file or from "x,y". @throws PublicKeyFormatError, KeyFileError */
async function coordinatorKey(text: string): Promise<Point> {
  if (!text.includes(",")) return (await readKeyFile(text, "coordinator")).publicKey;
  const match = /^\s*(0x[0-9a-f]+|\d+)\s*,\s*(0x[0-9a-f]+|\d+)\s*$/i.exec(text);
  if (match === null) throw new PublicKeyFormatError(text);
  const point = { x: BigInt(match[1] as string), y: BigInt(match[2] as string) };
  if (!isInPrimeSubgroup(point)) throw new PublicKeyFormatError(text);
  return point;
}
