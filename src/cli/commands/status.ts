import { Command } from "commander";
import { zeroAddress, type Hex } from "viem";
import { readFate, type Fate } from "../../chain/fate.ts";
import { readHistory } from "../../chain/read_history.ts";
import { readProgress } from "../../chain/round.ts";
import { describeError } from "../../errors.ts";
import { FOLD_SIZES } from "../../params.ts";
import { decodeResult } from "../../transcript/results.ts";
import { showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { examples, parseHash, withOptions, type SharedValues } from "../input/options.ts";
import { visibleText } from "../../readers/text.ts";
import { answer, count, duration, facts, table, time } from "../output/output.ts";
import { openChain, openRound, projectCount, type RoundSession } from "../session.ts";

export function statusCommand(io: Io): Command {
  const command = new Command("status")
    .description(
      "show where a round is: phase, times, counts, money, progress of the tally, results",
    )
    .addHelpText(
      "after",
      examples("tacit status --round 0x...", "tacit status --round 0x... --json"),
    )
    .option(
      "--transaction <hash>",
      "show instead where a transaction stands that a command has sent",
      parseHash,
    )
    .action(async (values: SharedValues & { readonly transaction?: Hex }) =>
      values.transaction === undefined
        ? status(io, values)
        : transactionStatus(io, values, values.transaction),
    );
  return withOptions(command, "rpc", "chain", "round");
}

/** What each state of a transaction means for who sent it. */
const FATES: Readonly<Record<Fate["state"], string>> = {
  notSent: "It was not sent.",
  refused: "The contract refuses it: it was not sent.",
  perhapsSent:
    "No RPC that was asked knows it. It may still be under way: do not send it a second time.",
  proposed: "It waits for the owners of the account, who sign it in their wallet.",
  pending: "It is sent and not mined yet: wait, and do not send it a second time.",
  mined: "It is mined and did what it was for.",
  final: "It is mined in a block that is not taken back, and did what it was for.",
  reverted: "It is mined and reverted: it did nothing but pay gas.",
  replaced: "Another transaction took its place: it will not be mined.",
};

async function transactionStatus(io: Io, values: SharedValues, hash: Hex): Promise<void> {
  const { read } = await openChain(io, values);
  const from = (await read.getTransaction({ hash }).catch(() => undefined))?.from;
  const sent = { hash, account: from ?? zeroAddress };
  // Not every node says which blocks are final.
  const fate = await readFate(read, sent, "finalized").catch(() => readFate(read, sent));
  answer(io, values, { transaction: hash, ...fate }, [
    `Transaction ${hash}: ${fate.state === "perhapsSent" ? "unknown" : fate.state}. ${FATES[fate.state]}`,
  ]);
}

const NEXT: Readonly<Record<string, string>> = {
  "before start": "Messages and funding are open; contributions open at the start.",
  contributing: "Contributions, top-ups, messages and funding are open.",
  tallying: "The coordinator can tally.",
  overdue:
    "The tally is too late: anyone can `tacit abort` the round, then everyone gets everything back.",
  disputable:
    "The result is proved; until payments open the guardian can `tacit dispute` it, then everyone gets everything back.",
  finalized: "Projects can `tacit claim`; anyone can `tacit verify`.",
  aborted: "Donors and sponsors can `tacit refund`.",
  cancelled: "Donors and sponsors can `tacit refund`.",
};

async function status(io: Io, values: SharedValues): Promise<void> {
  const session = await openRound(io, values);
  const { read, round, config, token, poolToken } = session;
  const [progress, { timestamp }, projects, about] = await Promise.all([
    readProgress(read, round),
    read.getBlock(),
    projectCount(session),
    session.about(),
  ]);
  const { phase, items, links, contributions, totalCredits, pool, deadline, paymentsFrom, tally } =
    progress;
  const committed = BigInt(tally.base) !== 0n;
  const results =
    phase === "finalized" || phase === "disputable" ? await readResults(io, session) : null;
  const data = {
    round,
    name: about?.name ?? null,
    about: about ?? null,
    phase,
    now: timestamp,
    poolToken,
    start: config.start,
    end: config.end,
    tallyDeadline: deadline,
    paymentsFrom: paymentsFrom === 0n ? null : paymentsFrom,
    guardian: config.guardian === zeroAddress ? null : config.guardian,
    disputeWindow: config.disputeWindow,
    tallyMost: config.tallyMost,
    token,
    unit: config.unit,
    projects,
    items,
    links,
    contributions,
    messages: items - contributions,
    totalCredits,
    pool,
    tally: committed
      ? {
          foldHead: tally.foldHead,
          itemsToReplay: tally.replayItems,
          resultsListed: tally.resultsCount,
        }
      : null,
    results,
  };
  answer(io, values, data, [
    `Round ${round}: ${phase}. ${NEXT[phase] ?? ""}`,
    ...facts([
      ...(about === undefined ? [] : [["name", visibleText(about.name, 100)] as const]),
      ["block time", time(timestamp)],
      ["contributions", `${time(config.start)} to ${time(config.end)}`],
      [
        "tally until",
        `${time(deadline)}${config.tallyMost === 0 ? "" : `, ${time(config.end + BigInt(config.tallyMost))} at the latest`}`,
      ],
      ...(config.disputeWindow === 0
        ? []
        : ([
            [
              "guardian",
              `${config.guardian}: may make the result void within ${duration(config.disputeWindow)}, having seen it`,
            ],
          ] as const)),
      ...(paymentsFrom === 0n ? [] : ([["payments open", time(paymentsFrom)]] as const)),
      ["projects", count(projects)],
      [
        "donors",
        `${count(contributions)}, ${showAmount(totalCredits * config.unit, token)} in all`,
      ],
      ["messages", count(items - contributions)],
      ["matching pool", config.poolToken === zeroAddress ? "none" : showAmount(pool, poolToken)],
      ["one credit", showAmount(config.unit, token)],
      ["fold circuit", FOLD_SIZES[config.size]?.name ?? `unknown (${config.size})`],
      ...(committed && phase === "tallying"
        ? ([
            [
              "tally",
              `committed; ${count(items - tally.replayItems)} of ${count(items)} items replayed, ${tally.foldHead === 0n ? "no fold yet" : "folds under way"}, ${count(tally.resultsCount)} results listed`,
            ],
          ] as const)
        : []),
    ]),
    ...(results === null
      ? []
      : [
          "",
          table(
            ["project", "votes", "given", "matched"],
            results.map(({ project, votes, given, matched }) => [
              String(project),
              String(votes),
              showAmount(given, token),
              matched === null ? "not claimed yet" : showAmount(matched, poolToken),
            ]),
          ),
        ]),
  ]);
}

/** The proved totals, from the round's events, with what was paid of each match; null where the RPC does not serve them. */
async function readResults(io: Io, { read, round, config, since }: RoundSession) {
  try {
    const { history } = await readHistory(read, round, { from: await since() });
    const paid = new Map(history.claims.map(({ project, matched }) => [Number(project), matched]));
    return (history.tally?.entries ?? []).map(decodeResult).map(({ project, votes, credits }) => ({
      project,
      votes,
      credits,
      given: config.token === zeroAddress ? 0n : credits * config.unit,
      matched: paid.get(project) ?? null,
    }));
  } catch (error) {
    io.err(`The results are not shown: ${describeError(error)}\n`);
    return null;
  }
}
