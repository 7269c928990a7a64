import { Command } from "commander";
import { zeroAddress, type Address } from "viem";
import { BaseError } from "../../errors.ts";
import { deployEscrowFactory } from "../../chain/deploy.ts";
import {
  findMilestonesProblem,
  listDue,
  planEscrows,
  readEscrowed,
  readMatchesApart,
  releaseDue,
  setInstalments,
  type MatchApart,
  type MatchPlaces,
  type MilestonesProblem,
} from "../../chain/instalments.ts";
import { readProjects } from "../../chain/round.ts";
import { parsePart } from "../../payouts/rule.ts";
import { openArtifacts } from "../../proofs/artifacts.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import { showAmount } from "../input/amounts.ts";
import {
  collect,
  examples,
  parseAddress,
  parseTime,
  withOptions,
  type SharedValues,
  type Time,
} from "../input/options.ts";
import type { Io } from "../output/io.ts";
import { answer, table, time } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openRound, openRoundToSend, requireProject, type RoundSession } from "../session.ts";

type SomeValues = SharedValues & { readonly project?: readonly string[] };
type MakeValues = SomeValues & {
  readonly first: string;
  readonly milestones: Address;
  readonly deadline: Time;
  readonly fallbackTo: Address;
};

export class FirstInstalmentError extends BaseError {
  constructor(text: string) {
    super(`"${text}" cannot be the first instalment.`, {
      fix: "Use a percentage from 0 to 100 with at most two decimals, such as 40%.",
    });
  }
}

const PANEL_FIX = "Give the address that `tacit reviews create` printed.";

export class MilestonesError extends BaseError {
  constructor(
    wrong: MilestonesProblem,
    { milestones, deadline }: { readonly milestones: Address; readonly deadline: bigint },
  ) {
    const [why, fix] =
      wrong.problem === "freeze"
        ? [`${milestones} does not say when it is frozen`, PANEL_FIX]
        : wrong.problem === "projects"
          ? [`${milestones} does not say which projects have passed`, PANEL_FIX]
          : wrong.problem === "deadline"
            ? [
                `the deadline ${time(deadline)} is before the last word of the milestones, ${time(wrong.freezeTime)}`,
                "Give a later deadline.",
              ]
            : [
                `the deadline ${time(deadline)} is not after the round's end`,
                "Give a later deadline.",
              ];
    super(`Instalments with these milestones cannot be: ${why}.`, {
      fix: `${fix} Nothing was sent.`,
    });
  }
}

export class NoMatchToSplitError extends BaseError {
  constructor() {
    super("The round has no matching pool, so there is nothing to pay in instalments.", {
      fix: "Nothing was sent.",
    });
  }
}

export function instalmentsCommand(io: Io): Command {
  const make = withSome(new Command("make"))
    .description(
      "have projects' matches paid in two instalments: an escrow for each, to which the registry then points (its owner, or payee setter)",
    )
    .requiredOption("--first <percent>", "what is paid at once, such as 40%")
    .requiredOption(
      "--milestones <address>",
      "who tells that a project has done what the rest waits for: a panel of `tacit reviews create`, or a contract of your own",
      parseAddress,
    )
    .requiredOption(
      "--deadline <time>",
      "when the rest goes back if it has not: +90d after the round's end, 2027-06-30T12:00Z, or seconds since 1970",
      parseTime,
    )
    .requiredOption("--fallback-to <address>", "where it goes back to", parseAddress)
    .addHelpText(
      "after",
      examples(
        "tacit instalments make --round 0x... --first 40% --milestones 0x... --deadline +90d --fallback-to 0x... --account-key me.key",
      ),
    )
    .action(async (values: MakeValues) => makeInstalments(io, values));
  const list = new Command("list")
    .description("what each project's escrow was made with, has paid and holds")
    .addHelpText("after", examples("tacit instalments list --round 0x..."))
    .action(async (values: SharedValues) => listInstalments(io, values));
  const release = withSome(new Command("release"))
    .description("pay what is due by now to projects, or back; anyone may")
    .addHelpText("after", examples("tacit instalments release --round 0x... --account-key any.key"))
    .action(async (values: SomeValues) => releaseInstalments(io, values));
  return new Command("instalments")
    .description("pay matches in two instalments, the second once projects did what they promised")
    .addCommand(withOptions(make, "rpc", "chain", "round", "account"))
    .addCommand(withOptions(list, "rpc", "chain", "round"))
    .addCommand(withOptions(release, "rpc", "chain", "round", "account"));
}

const withSome = (command: Command): Command =>
  command.option(
    "--project <index>",
    "only this project (repeatable; default: all that are eligible)",
    collect,
  );

/** Indices of the eligible projects, or of those named. @throws UnknownProjectError */
async function chosenProjects(
  { read, config }: RoundSession,
  { project }: SomeValues,
): Promise<readonly number[]> {
  const { count, isEligible } = await readProjects(read, config.registry);
  return project === undefined
    ? Array.from({ length: count }, (_, i) => i).filter(isEligible)
    : [...new Set(project.map((text) => requireProject(text, count)))];
}

async function makeInstalments(io: Io, values: MakeValues): Promise<void> {
  const firstBps = parsePart(values.first);
  if (firstBps === undefined) throw new FirstInstalmentError(values.first);
  const session = await openRoundToSend(io, values);
  const { client, config, read } = session;
  if (config.poolToken === zeroAddress) throw new NoMatchToSplitError();
  const { registry, end } = config;
  const { milestones, fallbackTo } = values;
  const deadline = (values.deadline.relative ? end : 0n) + BigInt(values.deadline.seconds);
  const projects = await chosenProjects(session, values);
  const shared = { milestones, firstBps, deadline, fallbackTo };
  const wrong = await findMilestonesProblem(read, shared, end);
  if (wrong !== undefined) throw new MilestonesError(wrong, shared);
  const factory = await escrowFactory(values);
  const planned = await planEscrows(read, { registry, factory, projects, shared });
  const made = planned.filter(({ isSet }) => !isSet).length;
  await stepByStep((done) =>
    setInstalments(
      client,
      { registry, factory, planned, makeFactory: () => deployEscrowFactory(client) },
      (step) => {
        if (step === "payees") done(`${made} escrows are made`);
      },
    ),
  );
  const data = {
    escrows: planned.map(({ terms, escrow }) => ({ project: terms.project, escrow })),
    made,
    deadline,
  };
  answer(io, values, data, [
    `The matches of ${planned.length} projects are paid in two instalments: ${values.first} at once, the rest once ${milestones} says that they have passed; what has not by ${time(deadline)} goes to ${fallbackTo}.`,
    ...(made === planned.length ? [] : [`${planned.length - made} of them were set so already.`]),
    "What donors gave goes to the projects at once, as ever.",
  ]);
}

async function escrowFactory({ artifacts }: SharedValues): Promise<Address> {
  return (await trustedContracts(await openArtifacts(artifacts))).escrowFactory;
}

/** The chosen projects, and what is needed to find where their matches go. */
const matchPlaces = async (session: RoundSession, values: SomeValues): Promise<MatchPlaces> => ({
  registry: session.config.registry,
  factory: await escrowFactory(values),
  token: session.config.poolToken,
  projects: await chosenProjects(session, values),
});

/** A match that goes to somebody else, as whoever looks at instalments has to know. */
const tellApart = ({ project, recipient, matchRecipient, payee, ofProject }: MatchApart): string =>
  `Project ${project}: its match goes to ${matchRecipient}${
    payee === undefined ? "" : `, an escrow that pays ${payee} once project ${ofProject} has passed`
  }, and not to its payout address ${recipient}.`;

async function listInstalments(io: Io, values: SharedValues): Promise<void> {
  const session = await openRound(io, values);
  const { read, poolToken } = session;
  const places = await matchPlaces(session, values);
  const [all, apart] = await Promise.all([
    readEscrowed(read, places),
    readMatchesApart(read, places),
  ]);
  const data = [
    ...all.map(({ project, address, escrow }) => ({ project, address, ...escrow })),
    ...apart,
  ];
  answer(io, values, data, () => [
    ...(all.length === 0
      ? ["No project's match is paid to it in instalments by an escrow of this version's."]
      : [
          table(
            ["project", "escrow", "first", "passed", "paid", "given back", "held", "deadline"],
            all.map(({ project, address, escrow: { terms, passed, paid, back, held } }) => [
              String(project),
              address,
              `${Number(terms.firstBps) / 100} %`,
              passed ? "yes" : "not yet",
              showAmount(paid, poolToken),
              showAmount(back, poolToken),
              showAmount(held, poolToken),
              time(terms.deadline),
            ]),
          ),
        ]),
    ...apart.map(tellApart),
  ]);
}

async function releaseInstalments(io: Io, values: SomeValues): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, config, poolToken } = session;
  const all = await readEscrowed(session.read, await matchPlaces(session, values));
  const { released, refused } = await stepByStep(async (done) => {
    const lines: { project: number; to: Address; amount: bigint; back: boolean }[] = [];
    const due = listDue(all);
    const without = await releaseDue(
      client,
      { token: config.poolToken, due },
      ({ project, to, account, amount }) => {
        lines.push({ project, to: account, amount, back: to === "back" });
        done(
          `project ${project}: ${showAmount(amount, poolToken)} are ${to === "payee" ? "paid" : "given back"}`,
        );
      },
    );
    return { released: lines, refused: without };
  });
  const notPaid = refused.map(({ project, account, amount, to, why }) => ({
    ...{ project, to: account, amount, back: to === "back" },
    why: why.shortMessage,
  }));
  answer(io, values, { released, refused: notPaid }, [
    ...released.map(
      ({ project, to, amount, back }) =>
        `Project ${project}: ${showAmount(amount, poolToken)} ${back ? "given back" : "paid"} to ${to}.`,
    ),
    ...notPaid.map(
      ({ project, to, amount, why }) =>
        `Project ${project}: ${showAmount(amount, poolToken)} for ${to} could not be paid and stay where they are: ${why}`,
    ),
    ...(released.length + notPaid.length === 0
      ? ["Nothing is due now: see `tacit instalments list`."]
      : []),
  ]);
}
