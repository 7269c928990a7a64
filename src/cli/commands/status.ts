import { Command } from "commander";
import { zeroAddress } from "viem";
import { readProgress } from "../../chain/round.ts";
import { FOLD_SIZES } from "../../params.ts";
import { showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { examples, withOptions, type SharedValues } from "../input/options.ts";
import { answer, count, duration, facts, time } from "../output/output.ts";
import { openRound, projectCount } from "../session.ts";

export function statusCommand(io: Io): Command {
  const command = new Command("status")
    .description("show where a round is: phase, times, counts, money, progress of the tally")
    .addHelpText(
      "after",
      examples("tacit status --round 0x...", "tacit status --round 0x... --json"),
    )
    .action(async (values: SharedValues) => status(io, values));
  return withOptions(command, "rpc", "chain", "round");
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
  const session = await openRound(values);
  const { read, round, config, token, poolToken } = session;
  const [progress, { timestamp }, projects] = await Promise.all([
    readProgress(read, round),
    read.getBlock(),
    projectCount(session),
  ]);
  const { phase, items, links, contributions, totalCredits, pool, deadline, paymentsFrom, tally } =
    progress;
  const committed = BigInt(tally.base) !== 0n;
  const data = {
    round,
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
  };
  answer(io, values, data, [
    `Round ${round}: ${phase}. ${NEXT[phase] ?? ""}`,
    ...facts([
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
  ]);
}
