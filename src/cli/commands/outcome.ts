import { Command } from "commander";
import type { Address } from "viem";
import { creationBlock } from "../../chain/creation_block.ts";
import { deployOutcome } from "../../chain/deploy.ts";
import { outcomeAddress, readOutcome } from "../../chain/outcome.ts";
import { listProjects } from "../../chain/projects.ts";
import { readHistory } from "../../chain/read_history.ts";
import { readProgress } from "../../chain/round.ts";
import { qvOutcomeBytecode } from "../../chain/generated/bytecode.ts";
import { BaseError } from "../../errors.ts";
import { showUnits } from "../../readers/show.ts";
import { visibleText } from "../../readers/text.ts";
import type { ProjectResult } from "../../round/semantics.ts";
import { decodeResult } from "../../transcript/results.ts";
import { NotFinalizedError } from "../../verify/verify_round.ts";
import {
  agreementTenths,
  decideVote,
  differsIn,
  FEW_VOTERS,
  listQuestions,
  type VoteAnswer,
  type VoteQuestion,
} from "../../votes/outcome.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count, table, time } from "../output/output.ts";
import { openRound, openRoundToSend } from "../session.ts";

type Values = SharedValues & { readonly deploy?: boolean };

export class NothingAskedError extends BaseError {
  constructor(round: Address) {
    super(`The round ${round} asks no question: its result is who is paid what.`, {
      fix: "See `tacit status --round` for the results, and `tacit claim` for the payments.",
    });
  }
}

export class OutcomeDiffersError extends BaseError {
  constructor(contract: Address) {
    super(`The contract ${contract} decides otherwise than the round's results do.`, {
      fix: "Do not rely on this answer: ask another RPC, and run `tacit verify`.",
    });
  }
}

export function outcomeCommand(io: Io): Command {
  const command = new Command("outcome")
    .description("show what a vote decides: winners, where numbers stand, how strongly, how agreed")
    .option(
      "--deploy",
      "put the contract on the chain that answers the same to other contracts (IQvOutcome)",
    )
    .addHelpText(
      "after",
      `
Strength is the credits that were spent on an option, for and against. Agreement is votes squared by strength: as many voters as would give
these totals if all had voted alike; near 0, as many pull one way as the other.
${examples("tacit outcome --round 0x...", "tacit outcome --round 0x... --deploy --account-key me.key")}`,
    )
    .action(async (values: Values) => outcome(io, values));
  return withOptions(command, "rpc", "chain", "round", "account");
}

async function outcome(io: Io, values: Values): Promise<void> {
  const sending = values.deploy === true ? await openRoundToSend(io, values) : undefined;
  const session = sending ?? (await openRound(io, values));
  const { read, round, config, documents } = session;
  const about = await session.about();
  const questions = listQuestions(about, config);
  if (questions.length === 0) throw new NothingAskedError(round);
  const { phase, contributions, paymentsFrom } = await readProgress(read, round);
  const isSettled = phase === "finalized";
  if (!isSettled && phase !== "disputable") throw new NotFinalizedError(phase);
  const { history } = await readHistory(read, round, { from: await session.since() });
  const entries = history.tally?.entries ?? [];
  const results = entries.map(decodeResult);
  const { registry, factory } = config;
  const projects = await listProjects(read, {
    registry,
    documents,
    fromBlock: values.fromBlock ?? (await creationBlock(read, registry, { factory })),
    onNameless: () =>
      io.err("The RPC gives no logs of the registry: options are shown without names.\n"),
  });
  const isEligible = (project: number) => projects[project]?.eligible === true;
  const answers = decideVote(questions, results, isEligible);
  const contract =
    sending === undefined
      ? outcomeAddress(qvOutcomeBytecode, questions)
      : await deployOutcome(sending.client, questions);
  const told = isSettled ? await readOutcome(read, { contract, round, entries }) : undefined;
  if (answers.some((one, i) => differsIn(one, told?.[i] ?? one) !== undefined))
    throw new OutcomeDiffersError(contract);
  const nameOf = (project: number) =>
    `${project} ${visibleText(projects[project]?.name ?? "", 60)}`.trim();
  const questioned = questions.map((question, i) => {
    const { value, ...answered } = answers[i] as VoteAnswer;
    return {
      ...question,
      ...answered,
      agreement: showAgreement(answered),
      ...(question.kind === "number" ? { value: showUnits(value, question.decimals) } : {}),
    };
  });
  const few = contributions < FEW_VOTERS;
  const data = {
    round,
    isSettled,
    paymentsFrom,
    voters: contributions,
    fewVoters: few,
    contract,
    isOnChain: told !== undefined,
    questions: questioned,
  };
  answer(io, values, data, [
    ...(about === undefined ? [] : [visibleText(about.name, 100), ""]),
    ...questions.flatMap((question, i) => [
      ...show(question, answers[i] as VoteAnswer, { results, isEligible, nameOf }),
      "",
    ]),
    `${count(contributions)} ${contributions === 1 ? "voter" : "voters"}.`,
    ...(few ? [FEW] : []),
    ...(isSettled
      ? []
      : [`The guardian may still make this result void, until ${time(paymentsFrom)}.`]),
    told === undefined
      ? `No contract on this chain gives this answer to others; --deploy puts one at ${contract}.`
      : `The contract ${contract} says the same to whoever asks it.`,
  ]);
}

/** What such a round has to be told. */
export const FEW = `Fewer than ${FEW_VOTERS} voters: a total can tell how somebody voted, an option with one voter does so for certain.`;

const showAgreement = (totals: Pick<ProjectResult, "votes" | "credits">): string =>
  showUnits(agreementTenths(totals), 1);

function show(
  question: VoteQuestion,
  { isDecided, option, votes, credits, value }: VoteAnswer,
  {
    results,
    isEligible,
    nameOf,
  }: {
    readonly results: readonly ProjectResult[];
    readonly isEligible: (project: number) => boolean;
    readonly nameOf: (project: number) => string;
  },
): string[] {
  const title = question.title === "" ? "Which of all?" : visibleText(question.title, 200);
  const totals = (of: Pick<ProjectResult, "votes" | "credits">) => [
    count(of.votes),
    count(of.credits),
    showAgreement(of),
  ];
  if (question.kind === "number") {
    const text = (units: bigint) =>
      `${showUnits(units, question.decimals)} ${visibleText(question.unit, 20)}`.trim();
    const [pushed, strength, agreement] = totals({ votes, credits });
    return [
      title,
      `  It stands at ${text(value)}: from ${text(question.start)}, by ${text(question.step)} a vote, within ${text(question.min)} to ${text(question.max)}.`,
      `  Votes ${pushed}, strength ${strength}, agreement ${agreement}.`,
    ];
  }
  const among = new Set(question.options);
  const open = results
    .filter(({ project }) => question.options.length === 0 || among.has(project))
    .toSorted((a, b) => Number(b.votes - a.votes) || a.project - b.project);
  return [
    title,
    isDecided
      ? `  Decided: ${nameOf(option)}.`
      : "  No decision: no option has more votes for than against.",
    ...(open.length === 0
      ? []
      : [
          table(
            ["option", "votes", "strength", "agreement", ""],
            open.map((one) => [
              nameOf(one.project),
              ...totals(one),
              isEligible(one.project) ? "" : "withdrawn",
            ]),
          ),
        ]),
  ];
}
