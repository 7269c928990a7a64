import { Command } from "commander";
import { createHash, randomBytes } from "node:crypto";
import { bytesToHex, zeroHash, type Address, type Hex } from "viem";
import { BaseError } from "../../errors.ts";
import { deployReviews } from "../../chain/deploy.ts";
import { readParts } from "../../chain/parts.ts";
import { identifyQualifier, type Qualifier } from "../../chain/qualifier.ts";
import { readReviews, review } from "../../chain/reviews.ts";
import { explainAmount, type AmountProblem } from "../../readers/amount.ts";
import { RATIO_DECIMALS, readRatio } from "../../readers/ratio.ts";
import { visibleText } from "../../readers/text.ts";
import { openArtifacts } from "../../proofs/artifacts.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import {
  examples,
  parseAddress,
  parseCount,
  parseTime,
  withOptions,
  type SharedValues,
  type Time,
} from "../input/options.ts";
import { machineForms } from "../input/amounts.ts";
import { readBytes } from "../input/text_file.ts";
import type { Io } from "../output/io.ts";
import { answer, facts, table, time } from "../output/output.ts";
import {
  openAccount,
  openRound,
  openRoundToSend,
  projectCount,
  requireProject,
  type RoundSession,
} from "../session.ts";

type PanelValues = SharedValues & { readonly reviews?: Address };
type CreateValues = SharedValues & {
  readonly reviewers: readonly Address[];
  readonly quorum: number;
  readonly until: Time;
};
type AddValues = PanelValues & {
  readonly project: string;
  readonly sroi: string;
  readonly report?: string;
};

export class NoPanelError extends BaseError {
  constructor(why: string) {
    super(`There are no reviews to look at: ${why}.`, {
      fix: "Give the address that `tacit reviews create` printed with --reviews.",
    });
  }
}

export class RatioFormatError extends BaseError {
  constructor(text: string, problem: AmountProblem) {
    const { why } = explainAmount(problem, RATIO_DECIMALS, "a ratio");
    super(
      `"${visibleText(text)}" ${problem.problem === "large" ? "is more than a review can say" : why}.`,
      {
        fix:
          problem.problem === "ambiguous"
            ? explainAmount(problem, RATIO_DECIMALS).fix
            : "Say what a unit spent gives back: a number from 0 to 4294967.295 with at most three decimals, such as 1.25.",
      },
    );
  }
}

export function reviewsCommand(io: Io): Command {
  const create = new Command("create")
    .description("make a panel of reviewers, fixed from then on")
    .requiredOption(
      "--reviewers <addresses>",
      "up to 15 accounts, separated by commas",
      parseAddresses,
    )
    .requiredOption(
      "--quorum <n>",
      "reviews that a project needs to be qualified; with them, the lower median must be 1 or more",
      parseCount,
    )
    .requiredOption(
      "--until <time>",
      "until when reviewers may speak: not after the round's end for a round's matches (+7d, 2027-01-31T12:00Z, or seconds since 1970)",
      parseTime,
    )
    .addHelpText(
      "after",
      examples(
        "tacit reviews create --reviewers 0x...,0x...,0x... --quorum 2 --until +13d --account-key me.key",
      ),
    )
    .action(async (values: CreateValues) => createPanel(io, values));
  const add = withPanel(new Command("add"))
    .description(
      "say what a project gives back for what it costs (reviewers); the last word counts",
    )
    .requiredOption("--project <index>", "the project's index")
    .requiredOption(
      "--sroi <ratio>",
      "social return on investment: 1.25 where a unit spent brings one and a quarter",
    )
    .option("--report <file>", "a report, whose SHA-256 digest is published with the review")
    .addHelpText(
      "after",
      examples(
        "tacit reviews add --round 0x... --project 3 --sroi 1.25 --report report.pdf --account-key me.key",
      ),
    )
    .action(async (values: AddValues) => addReview(io, values));
  const list = withPanel(new Command("list"))
    .description("what the panel says of each project, and which are qualified")
    .addHelpText("after", examples("tacit reviews list --round 0x..."))
    .action(async (values: PanelValues) => listReviews(io, values));
  return new Command("reviews")
    .description("let a panel decide which projects can have a match or a second instalment")
    .addCommand(withOptions(create, "rpc", "chain", "account"))
    .addCommand(withOptions(add, "rpc", "chain", "round", "account"))
    .addCommand(withOptions(list, "rpc", "chain", "round"));
}

const withPanel = (command: Command): Command =>
  command.option(
    "--reviews <address>",
    "the panel (default: the one that the round's payout rule asks)",
    parseAddress,
  );

const parseAddresses = (text: string): Address[] =>
  text.split(",").map((one) => parseAddress(one.trim()));

async function createPanel(io: Io, values: CreateValues): Promise<void> {
  const client = await openAccount(io, values);
  const { timestamp } = await client.read.getBlock();
  const { reviewers, quorum, until } = values;
  const freezeTime = (until.relative ? timestamp : 0n) + BigInt(until.seconds);
  requirePanel(reviewers, quorum, freezeTime > timestamp);
  const reviews = await deployReviews(client, {
    reviewers,
    quorum: BigInt(quorum),
    freezeTime,
    salt: bytesToHex(randomBytes(32)),
  });
  answer(io, values, { reviews, reviewers, quorum, freezeTime }, [
    `Made the panel ${reviews}: ${quorum} of ${reviewers.length} reviews are needed, until ${time(freezeTime)}.`,
    "Next: name it with `tacit create-round --qualifier`, or with `tacit instalments make --milestones`.",
  ]);
}

export class PanelError extends BaseError {
  constructor(why: string, fix: string) {
    super(`Such a panel cannot be: ${why}.`, { fix: `${fix} Nothing was sent.` });
  }
}

/** @throws PanelError for what the contract would refuse without words */
function requirePanel(reviewers: readonly Address[], quorum: number, isAhead: boolean): void {
  if (new Set(reviewers.map((one) => one.toLowerCase())).size !== reviewers.length)
    throw new PanelError("an account is in it twice", "Name each reviewer once.");
  if (reviewers.length > 15)
    throw new PanelError("it has more than 15 reviewers", "Name at most 15.");
  if (quorum < 1 || quorum > reviewers.length)
    throw new PanelError(
      `${quorum} reviews of ${reviewers.length} reviewers are no quorum`,
      `Use a number from 1 to ${reviewers.length}.`,
    );
  if (!isAhead) throw new PanelError("its time is over", "Give a time to come with --until.");
}

/** The panel that was named, or the one of the round's rule; its address tells that it is one. @throws NoPanelError */
async function openPanel(
  { read, config }: RoundSession,
  { reviews, artifacts }: PanelValues,
): Promise<Extract<Qualifier, { kind: "reviews" }>> {
  const contracts = await trustedContracts(await openArtifacts(artifacts));
  const { payoutRule } = await readParts(read, config, contracts);
  const own = payoutRule.kind === "known" ? payoutRule.condition : undefined;
  const panel =
    reviews === undefined
      ? own
      : await identifyQualifier(read, reviews, contracts.creationCode.reviews);
  if (panel === undefined) throw new NoPanelError("the round's payout rule asks nobody");
  if (panel.kind !== "reviews")
    throw new NoPanelError(`${panel.address} is not a panel of this version's`);
  return panel;
}

async function addReview(io: Io, values: AddValues): Promise<void> {
  const sroiMilli = parseRatio(values.sroi);
  const reportDigest: Hex =
    values.report === undefined
      ? zeroHash
      : `0x${createHash("sha256")
          .update(await readBytes(values.report))
          .digest("hex")}`;
  const session = await openRoundToSend(io, values);
  const project = requireProject(values.project, await projectCount(session));
  const { address } = await openPanel(session, values);
  await review(session.client, { reviews: address, all: [{ project, sroiMilli, reportDigest }] });
  answer(io, values, { reviews: address, project, sroiMilli, reportDigest }, [
    `Reviewed project ${project}: it gives back ${showRatio(BigInt(sroiMilli))} for each unit that it costs.`,
  ]);
}

async function listReviews(io: Io, values: PanelValues): Promise<void> {
  const session = await openRound(io, values);
  const panel = await openPanel(session, values);
  const { address, reviewers, quorum, freezeTime } = panel;
  const all = await readReviews(session.read, address, panel, await projectCount(session));
  answer(io, values, { reviews: address, reviewers, quorum, freezeTime, projects: all }, () => [
    ...facts([
      ["panel", address],
      ["needed", `${quorum} of ${reviewers.length} reviews, with a lower median of 1 or more`],
      ["until", time(freezeTime)],
    ]),
    "",
    table(
      ["project", "reviews", "lower median", "qualified"],
      all.map(({ project, ratios, median, qualified }) => [
        String(project),
        String(ratios.filter((ratio) => ratio !== undefined).length),
        median === undefined ? "none" : showRatio(median),
        qualified ? "yes" : "no",
      ]),
    ),
  ]);
}

/** In thousandths. @throws RatioFormatError */
function parseRatio(text: string): number {
  const reading = readRatio(text, machineForms());
  if ("problem" in reading) throw new RatioFormatError(text, reading);
  return reading.milli;
}

const showRatio = (milli: bigint): string =>
  `${milli / 1000n}.${String(milli % 1000n).padStart(3, "0")}`;
