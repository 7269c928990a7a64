import { Command } from "commander";
import { BaseError } from "../../errors.ts";
import type { Due } from "../../chain/claim_rest.ts";
import { claimDues, claimProjects } from "../../donor/claim_project.ts";
import { iRoundAbi } from "../../chain/generated/abis.ts";
import { fixFor } from "../../chain/fixes.ts";
import { readHistory } from "../../chain/read_history.ts";
import { readProgress } from "../../chain/round.ts";
import { decodeResult } from "../../transcript/results.ts";
import { showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { review, withReview, type ReviewValues } from "../input/review.ts";
import { visibleText } from "../../readers/text.ts";
import { answer, count, time } from "../output/output.ts";
import { stepByStep } from "../partly_done.ts";
import { openRoundToSend, projectCount, requireProject, type RoundSession } from "../session.ts";

type Values = SharedValues & ReviewValues & { readonly project?: string };

export class NoResultError extends BaseError {
  constructor() {
    super("The round has no result yet.", {
      fix: "Wait until the coordinator has finalized it; see `tacit status`.",
    });
  }
}

export class PaymentsNotOpenError extends BaseError {
  constructor(paymentsFrom: bigint) {
    super(
      `Payments open at ${time(paymentsFrom)}: until then the round's guardian may make the result void.`,
      { fix: "Nothing was sent. Repeat the command then; `tacit verify` works already." },
    );
  }
}

export class ResultVoidError extends BaseError {
  constructor(reason: string) {
    super(
      "The guardian has made the result void: nothing of it is paid, and donors and sponsors get everything back.",
      { details: [`the guardian's reason: ${visibleText(reason)}`], fix: "See `tacit refund`." },
    );
  }
}

export class NotClaimableError extends BaseError {
  constructor(project: number) {
    super(`Project ${project} has nothing to claim.`, {
      fix: "It got no votes, is not eligible, or was paid already; see `tacit verify`.",
    });
  }
}

export function claimCommand(io: Io): Command {
  const command = new Command("claim")
    .description(
      "pay projects their contributions and match, always to their fixed address; anyone may do it for anyone",
    )
    .option(
      "--project <index>",
      "only this project (default: all that are unpaid, the fee and the remainder)",
    )
    .addHelpText(
      "after",
      examples(
        "tacit claim --round 0x... --account-key any.key",
        "tacit claim --round 0x... --project 3 --account-key any.key",
      ),
    )
    .action(async (values: Values) => claim(io, values));
  return withOptions(withReview(command), "rpc", "chain", "round", "account");
}

async function claim(io: Io, values: Values): Promise<void> {
  const session = await openRoundToSend(io, values);
  const { client, round, token, poolToken, read } = session;
  const { phase, paymentsFrom } = await readProgress(read, round);
  if (phase === "disputable") throw new PaymentsNotOpenError(paymentsFrom);
  const results = await readResults(session);
  const wanted =
    values.project === undefined
      ? undefined
      : requireProject(values.project, await projectCount(session));
  const claimable = await Promise.all(
    results.map(({ project }) =>
      read.readContract({
        address: round,
        abi: iRoundAbi,
        functionName: "isClaimable",
        args: [BigInt(project)],
      }),
    ),
  );
  const places = results.flatMap(({ project }, place) =>
    claimable[place] === true && (wanted === undefined || project === wanted) ? [place] : [],
  );
  if (wanted !== undefined && places.length === 0) throw new NotClaimableError(wanted);
  const isMeant = await review(io, values, {
    title: wanted === undefined ? "Pay what the round owes" : `Pay project ${wanted}`,
    pairs: [
      [
        "projects to be paid",
        places.length === 0
          ? "none"
          : `${count(places.length)}: ${shortList(places.map((place) => results[place]?.project))}`,
      ],
      [
        "also",
        wanted === undefined ? `what is still due of ${Object.values(DUES).join(", ")}` : "nothing",
      ],
      ["account that sends", client.wallet.account.address],
    ],
    forGood: "Each goes to the address that is fixed for it. What is paid cannot be taken back.",
  });
  if (!isMeant) return;
  const { paid, skipped, rest } = await stepByStep(async (done) => {
    const outcome = await claimProjects(client, {
      round,
      results,
      places,
      skipPaid: wanted === undefined,
      onPaid: ({ project }) => done(`project ${project} is paid`),
    });
    const dues: string[] = [];
    for (const due of wanted === undefined ? (Object.keys(DUES) as Due[]) : [])
      if ((await claimDues(client, round, [due])).length > 0) {
        dues.push(DUES[due]);
        done(`${DUES[due]}: paid`);
      }
    return {
      paid: outcome.paid.map(({ gasUsed: _, ...payment }) => payment),
      skipped: outcome.skipped,
      rest: dues,
    };
  });
  answer(io, values, { claims: paid, skipped, alsoPaid: rest }, [
    ...paid.map(
      ({ project, recipient, matchRecipient, given, shared, matched }) =>
        `Project ${project}: ${showAmount(given + shared, token)} to ${recipient}${shared === 0n ? "" : `, ${showAmount(shared, token)} of it shared leftovers`}; ${showAmount(matched, poolToken)} of matching to ${matchRecipient}.`,
    ),
    ...skipped.map(
      ({ project, reason }) =>
        `Project ${project} was not paid (${reason}): ${fixFor(reason) ?? "the round or its token refused it. It has lost nothing: try again later."}`,
    ),
    ...rest.map((what) => `Also paid: ${what}.`),
    ...(paid.length + skipped.length + rest.length === 0
      ? ["Everything has been paid already."]
      : []),
  ]);
}

const MOST_LISTED = 10;

/** The first few, for a list may have 65,536. */
const shortList = (projects: readonly unknown[]): string =>
  `${projects.slice(0, MOST_LISTED).join(", ")}${projects.length > MOST_LISTED ? ", …" : ""}`;

/** The result list of a finalized round, in list order, from its events. @throws NoResultError, ResultVoidError */
async function readResults({ read, round, since }: RoundSession) {
  const { tally, disputeReason } = (await readHistory(read, round, { from: await since() }))
    .history;
  if (disputeReason !== undefined) throw new ResultVoidError(disputeReason);
  if (tally?.finalized === undefined) throw new NoResultError();
  return tally.entries.map(decodeResult);
}

const DUES: Readonly<Record<Due, string>> = {
  claimFee: "the coordinator's fee",
  claimRemainder: "the remainder",
  claimMessageFees: "the message fees",
};
