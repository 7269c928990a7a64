import { Command, Option } from "commander";
import { randomBytes } from "node:crypto";
import { bytesToHex, isAddressEqual, zeroAddress, type Address } from "viem";
import {
  acceptApplications,
  applicationsUntil,
  challengeApplication,
  lapseApplication,
  readApplications,
  readOwedBonds,
  ruleApplication,
  withdrawBonds,
  type Application,
  type OptimisticSettings,
} from "../../chain/applications.ts";
import { deployOptimisticRegistry } from "../../chain/deploy.ts";
import { MOST_REASON } from "../../chain/dispute.ts";
import { readProjectDocuments } from "../../chain/documents.ts";
import { readPendingApplications } from "../../chain/projects.ts";
import { BaseError } from "../../errors.ts";
import { visibleText } from "../../readers/text.ts";
import {
  examples,
  parseAddress,
  parseCoin,
  parseCount,
  parseDuration,
  parseInteger,
  parseTime,
  withOptions,
  type SharedValues,
  type Time,
} from "../input/options.ts";
import { openRegistry, registrySince, showCoin } from "../input/registry.ts";
import type { Io } from "../output/io.ts";
import { answer, duration, facts, table, time } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openAccount, openRound, openRoundToSend, type RoundSession } from "../session.ts";

export class NotOptimisticError extends BaseError {
  constructor() {
    super("The round's registry is not one in which silence accepts: nobody challenges there.", {
      fix: "Its owner and editors decide: see `tacit projects approve`. Nothing was sent.",
    });
  }
}

export class ChallengeReasonError extends BaseError {
  constructor(bytes: number) {
    super(`The reason has ${bytes} bytes; it must have 1 to ${MOST_REASON}.`, {
      fix: "Nothing was sent. Say in short what is wrong, and where the rest can be read.",
    });
  }
}

export class ApplicationStateError extends BaseError {
  constructor({ application, state, until }: Application, what: string, fix: string) {
    super(`Application ${application} cannot be ${what}: it is ${WORDS[state]}.`, {
      ...(until === undefined ? {} : { details: [`until ${time(until)}`] }),
      fix: `${fix} Nothing was sent.`,
    });
  }
}

export class NoSuchApplicationError extends BaseError {
  constructor(application: bigint, count: number) {
    super(`There is no application ${application}: there are ${count}, counted from 0.`, {
      fix: "See `tacit applications list`. Nothing was sent.",
    });
  }
}

export class NotTheArbiterError extends BaseError {
  constructor(account: Address, arbiter: Address) {
    super(`Only the arbiter ${arbiter} rules; this account is ${account}.`, {
      fix: "Nothing was sent. Use the arbiter's account; a multisignature calls `rule` with its own wallet.",
    });
  }
}

export class RegistryTimesError extends BaseError {
  constructor(until: bigint, now: bigint) {
    super(
      `Nobody could apply: the three periods before the freeze begin at ${time(until)}, and it is ${time(now)}.`,
      { fix: "Give a later --freeze, or shorter periods. Nothing was sent." },
    );
  }
}

const WORDS: Readonly<Record<Application["state"], string>> = {
  challengeable: "open to challenges",
  ruling: "challenged, and the arbiter may rule",
  acceptable: "to be accepted by anyone",
  expired: "too late to become a project",
  accepted: "a project",
  rejected: "rejected",
  lapsed: "closed without becoming a project",
};

type RegistryValues = SharedValues & {
  readonly arbiter: Address;
  readonly bond: bigint;
  readonly freeze: Time;
  readonly challengeTime: number;
  readonly rulingTime: number;
  readonly acceptTime: number;
  readonly mostOpen: number;
  readonly payeeSetter: Address;
};
type Numbers = readonly string[];

export function applicationsCommand(io: Io): Command {
  const command = new Command("applications").description(
    "a registry in which silence accepts: make it, list applications, challenge, rule, accept, take bonds back",
  );
  command.addCommand(
    withOptions(
      new Command("make-registry")
        .description("make such a registry, for `create-round --registry`")
        .requiredOption(
          "--arbiter <address>",
          "who rules about what is challenged; can take every bond, so choose as one you trust",
          parseAddress,
        )
        .requiredOption(
          "--freeze <time>",
          "when projects are fixed, at the latest the round's end; better its start",
          parseTime,
        )
        .addOption(
          new Option("--bond <coin>", "what applying costs until it is decided, and challenging")
            .argParser(parseCoin)
            .makeOptionMandatory(),
        )
        .addOption(period("--challenge-time", "time to challenge an application", 3, "3d"))
        .addOption(period("--ruling-time", "time to rule, from the challenge on", 3, "3d"))
        .addOption(period("--accept-time", "time left at least to accept the last ones", 1, "1d"))
        .option("--most-open <number>", "undecided applications at most", parseCount, 500)
        .option(
          "--payee-setter <address>",
          "who may have matches paid elsewhere, as `tacit instalments make` does; can take every match, so choose as one you trust (default: nobody)",
          parseAddress,
          zeroAddress,
        )
        .addHelpText(
          "after",
          examples(
            "tacit applications make-registry --arbiter 0x... --bond 0.05 --freeze 2027-01-31T12:00Z --account-key me.key",
          ),
        )
        .action(async (values: RegistryValues) => makeRegistry(io, values)),
      "rpc",
      "chain",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("list")
        .description(
          "list applications with what each waits for; of the owner's registry, those to be approved",
        )
        .action(async (values: SharedValues) => list(io, values)),
      "rpc",
      "chain",
      "round",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("challenge")
        .description("say what is wrong with an application, and leave a bond of your own")
        .argument("<application>", "its number", parseInteger)
        .requiredOption("--reason <text>", "what is wrong; it stands on the chain for good")
        .addHelpText(
          "after",
          examples(
            'tacit applications challenge 3 --round 0x... --reason "another group\'s name" --account-key me.key',
          ),
        )
        .action(async (application: bigint, values: SharedValues & { readonly reason: string }) =>
          challenge(io, application, values),
        ),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("rule")
        .description("decide about a challenged application (arbiter)")
        .argument("<application>", "its number", parseInteger)
        .addOption(new Option("--accept", "it becomes a project").conflicts("reject"))
        .addOption(new Option("--reject", "it does not"))
        .action(
          async (
            application: bigint,
            values: SharedValues & { readonly accept?: boolean; readonly reject?: boolean },
          ) => rule(io, application, values),
        ),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("accept")
        .description(
          "make projects of applications whose time is over, all or those named (anyone)",
        )
        .argument("[application...]", "their numbers")
        .action(async (ids: Numbers, values: SharedValues) => accept(io, ids, values)),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  command.addCommand(
    withOptions(
      new Command("withdraw")
        .description("close what was not decided in time, and pay the account its bonds")
        .action(async (values: SharedValues) => withdraw(io, values)),
      "rpc",
      "chain",
      "round",
      "account",
    ),
  );
  return command;
}

const period = (name: string, what: string, days: number, shown: string): Option =>
  new Option(`${name} <duration>`, what).argParser(parseDuration).default(days * 86_400, shown);

async function makeRegistry(io: Io, values: RegistryValues): Promise<void> {
  const client = await openAccount(io, values);
  const { timestamp } = await client.read.getBlock();
  const { freeze } = values;
  const settings: OptimisticSettings = {
    arbiter: values.arbiter,
    bond: values.bond,
    freezeTime: (freeze.relative ? timestamp : 0n) + BigInt(freeze.seconds),
    challengePeriod: BigInt(values.challengeTime),
    rulingPeriod: BigInt(values.rulingTime),
    acceptPeriod: BigInt(values.acceptTime),
    mostOpen: BigInt(values.mostOpen),
    payeeSetter: values.payeeSetter,
    nonce: bytesToHex(randomBytes(32)),
  };
  const until = applicationsUntil(settings);
  if (until <= timestamp) throw new RegistryTimesError(until, timestamp);
  const registry = await deployOptimisticRegistry(client, settings);
  answer(io, values, { registry, ...settings, applicationsUntil: until }, [
    `registry ${registry}`,
    ...facts([
      ["apply until", time(until)],
      ["bond", showCoin(settings.bond)],
      ["challenge within", duration(values.challengeTime)],
      ["ruling within", duration(values.rulingTime)],
      ["projects fixed at", time(settings.freezeTime)],
      [
        "payees of matches",
        isAddressEqual(settings.payeeSetter, zeroAddress)
          ? "the projects' own, for good"
          : `${settings.payeeSetter} may name others`,
      ],
    ]),
    `Next: \`tacit create-round --registry ${registry}\`, with an end at or after ${time(settings.freezeTime)}.`,
  ]);
}

/** The applications as they stand, of a round whose registry is optimistic. @throws NotOptimisticError */
async function openApplications(session: RoundSession, { fromBlock: since }: SharedValues) {
  const opened = await openRegistry(session);
  if (opened.kind !== "optimistic") throw new NotOptimisticError();
  const { settings } = opened;
  const { registry } = session.config;
  const fromBlock = await registrySince(session, since);
  const { timestamp: now } = await session.read.getBlock();
  const all = await readApplications(session.read, registry, { settings, now, fromBlock });
  return { registry, settings, all, fromBlock, now };
}

async function list(io: Io, values: SharedValues): Promise<void> {
  const session = await openRound(io, values);
  const opened = await openRegistry(session);
  if (opened.kind === "owned") return listPending(io, values, session);
  const { all, fromBlock, settings } = await openApplications(session, values);
  const described = await readProjectDocuments(session.read, session.documents, {
    references: all.map(({ metadataURI }) => metadataURI),
    fromBlock,
  });
  const shown = all.map((one) => ({ ...one, name: described.get(one.metadataURI)?.name ?? "" }));
  answer(io, values, shown, () => [
    `Bond ${showCoin(settings.bond)}; applications until ${time(applicationsUntil(settings))}; projects fixed at ${time(settings.freezeTime)}.`,
    table(
      ["no.", "name", "payout address", "is", "until"],
      shown.map(({ application, name, recipient, state, until, project }) => [
        String(application),
        name === "" ? "(its document is not published)" : visibleText(name, 60),
        recipient,
        project === undefined ? WORDS[state] : `project ${project}`,
        until === undefined ? "" : time(until),
      ]),
      ["right", "left", "left", "left", "left"],
    ),
    ...shown.flatMap(({ application, challenger, reason }) =>
      challenger === undefined
        ? []
        : [`  ${application} was challenged by ${challenger}: ${visibleText(reason ?? "")}`],
    ),
  ]);
}

async function listPending(io: Io, values: SharedValues, session: RoundSession): Promise<void> {
  const { read, config, documents } = session;
  const pending = await readPendingApplications(read, {
    registry: config.registry,
    documents,
    fromBlock: await registrySince(session, values.fromBlock),
  });
  const shown = pending.map(({ document, metadataURI, ...one }) => ({
    ...one,
    metadataURI,
    name: document?.name ?? metadataURI,
  }));
  answer(io, values, shown, () => [
    table(
      ["no.", "name", "payout address"],
      shown.map(({ application, name, recipient }) => [
        String(application),
        visibleText(name, 120),
        recipient,
      ]),
      ["right", "left", "left"],
    ),
  ]);
}

async function challenge(
  io: Io,
  application: bigint,
  values: SharedValues & { readonly reason: string },
): Promise<void> {
  const bytes = new TextEncoder().encode(values.reason).length;
  if (bytes === 0 || bytes > MOST_REASON) throw new ChallengeReasonError(bytes);
  const session = await openRoundToSend(io, values);
  const { registry, settings, all, now } = await openApplications(session, values);
  const one = find(all, application);
  if (one.state !== "challengeable")
    throw new ApplicationStateError(one, "challenged", "It can be until its first period is over.");
  await challengeApplication(session.client, {
    registry,
    application,
    reason: values.reason,
    bond: settings.bond,
  });
  answer(io, values, { application, bond: settings.bond }, [
    `Challenged: application ${application}. The arbiter may rule until about ${time(now + settings.rulingPeriod)}; if it is silent, the application is accepted and your bond of ${showCoin(settings.bond)} goes to the applicant.`,
  ]);
}

async function rule(
  io: Io,
  application: bigint,
  values: SharedValues & { readonly accept?: boolean; readonly reject?: boolean },
): Promise<void> {
  const accepted = values.accept === true;
  if (accepted === (values.reject === true)) throw new UndecidedError();
  const session = await openRoundToSend(io, values);
  const { registry, settings, all } = await openApplications(session, values);
  const me = session.client.wallet.account.address;
  if (!isAddressEqual(me, settings.arbiter)) throw new NotTheArbiterError(me, settings.arbiter);
  const one = find(all, application);
  if (one.state !== "ruling")
    throw new ApplicationStateError(one, "ruled about", "Only what is challenged can be, in time.");
  await ruleApplication(session.client, { registry, application, accepted });
  answer(io, values, { application, accepted }, [
    accepted
      ? `Application ${application} is a project; both bonds are the applicant's.`
      : `Application ${application} is rejected; both bonds are the challenger's.`,
  ]);
}

export class UndecidedError extends BaseError {
  constructor() {
    super("A ruling says one of two things.", { fix: "Give --accept or --reject." });
  }
}

async function accept(io: Io, ids: Numbers, values: SharedValues): Promise<void> {
  const wanted = ids.map((id) => parseInteger(id));
  const session = await openRoundToSend(io, values);
  const { registry, all } = await openApplications(session, values);
  const named = wanted.map((application) => find(all, application));
  for (const one of named)
    if (one.state !== "acceptable" && one.state !== "accepted")
      throw new ApplicationStateError(
        one,
        "accepted",
        "It can be once its period is over, and before the freeze.",
      );
  const due = (wanted.length === 0 ? all : named).filter(({ state }) => state === "acceptable");
  const applications = due.map(({ application }) => application);
  const accepted = await stepByStep((done) =>
    acceptApplications(session.client, { registry, applications }, (application) =>
      done(`application ${application} is a project`),
    ),
  );
  const others = due.length - accepted.length;
  answer(io, values, { accepted }, [
    ...(due.length === 0 ? ["There is nothing to accept now."] : []),
    ...(accepted.length === 0
      ? []
      : [
          `Accepted ${accepted.length === 1 ? "one application" : `${accepted.length} applications`}.`,
        ]),
    ...(others === 0
      ? []
      : [
          `${others === 1 ? "One is" : `${others} are`} a project already: somebody else was quicker.`,
        ]),
  ]);
}

async function withdraw(io: Io, values: SharedValues): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, read } = session;
  const { registry, all } = await openApplications(session, values);
  const account = client.wallet.account.address;
  const expired = all.filter(
    ({ state, applicant }) => state === "expired" && isAddressEqual(applicant, account),
  );
  const paid = await stepByStep(async (done) => {
    for (const { application } of expired) {
      await lapseApplication(client, { registry, application });
      done(`application ${application} is closed`);
    }
    const owed = await readOwedBonds(read, registry, account);
    if (owed > 0n) await withdrawBonds(client, { registry, account });
    return owed;
  });
  answer(io, values, { account, paid }, [
    paid === 0n
      ? "No bond of this account's is free now."
      : `${account} has got ${showCoin(paid)} of bonds.`,
  ]);
}

function find(all: readonly Application[], application: bigint): Application {
  const one = all[Number(application)];
  if (one === undefined) throw new NoSuchApplicationError(application, all.length);
  return one;
}
