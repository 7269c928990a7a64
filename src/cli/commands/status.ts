import { Command } from "commander";
import { isAddressEqual, zeroAddress, type Address, type Hex } from "viem";
import { applicationsUntil } from "../../chain/applications.ts";
import { readEscrowed } from "../../chain/instalments.ts";
import { iOptimisticRegistryAbi } from "../../chain/generated/abis.ts";
import { readFate, type Fate } from "../../chain/fate.ts";
import { readHistory } from "../../chain/read_history.ts";
import { readResults } from "../../chain/results.ts";
import { readProgress } from "../../chain/round.ts";
import type { TokenFacts } from "../../chain/token.ts";
import { describeError } from "../../errors.ts";
import { FOLD_SIZES } from "../../params.ts";
import { openArtifacts } from "../../proofs/artifacts.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import { showAmount } from "../input/amounts.ts";
import type { Io } from "../output/io.ts";
import { ForeignRegistryError, openRegistry } from "../input/registry.ts";
import { examples, parseHash, withOptions, type SharedValues } from "../input/options.ts";
import { visibleText } from "../../readers/text.ts";
import { showResults } from "../output/results.ts";
import { answer, count, duration, facts, time } from "../output/output.ts";
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

/** Who decides which projects there are; undefined of a registry that is none of this version's. */
async function describeRegistry(session: RoundSession) {
  const opened = await openRegistry(session).catch((error: unknown) => {
    if (error instanceof ForeignRegistryError) return undefined;
    throw error;
  });
  if (opened === undefined) return undefined;
  if (opened.kind === "owned")
    return {
      text: `${[opened.owner, ...opened.editors].filter((one) => one !== zeroAddress).join(", ") || "nobody"} ${opened.editors.length === 0 ? "decides" : "decide"} until the freeze`,
      applications: undefined,
    };
  const { settings } = opened;
  const undecided = await session.read.readContract({
    address: session.config.registry,
    abi: iOptimisticRegistryAbi,
    functionName: "openApplications",
  });
  const until = applicationsUntil(settings);
  return {
    text: `applications until ${time(until)}, ${count(undecided)} undecided (see \`tacit applications list\`), all fixed at ${time(settings.freezeTime)}`,
    applications: { until, undecided, bond: settings.bond, arbiter: settings.arbiter },
  };
}

async function status(io: Io, values: SharedValues): Promise<void> {
  const session = await openRound(io, values);
  const { read, round, config, token, poolToken } = session;
  const [progress, { timestamp }, projects, about, registry] = await Promise.all([
    readProgress(read, round),
    read.getBlock(),
    projectCount(session),
    session.about(),
    describeRegistry(session),
  ]);
  const { phase, items, links, contributions, totalCredits, pool, deadline, paymentsFrom, tally } =
    progress;
  const committed = BigInt(tally.base) !== 0n;
  const results =
    phase === "finalized" || phase === "disputable" ? await findResults(io, session) : null;
  const instalments = await readInstalments(session, values, results?.claims ?? []);
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
    applications: registry?.applications ?? null,
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
    results: results?.lines ?? null,
    accounts: results?.accounts ?? null,
    instalments: instalments.length === 0 ? null : instalments,
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
      ["projects", `${count(projects)}${registry === undefined ? "" : `; ${registry.text}`}`],
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
    ...(results === null ? [] : ["", ...showResults(results, session)]),
    ...(instalments.length === 0
      ? []
      : [
          "",
          `${instalments.length === 1 ? "One match is" : `${count(instalments.length)} matches are`} paid in instalments: ${sumsOf(instalments, poolToken)}; see \`tacit instalments list\`.`,
        ]),
  ]);
}

/** The proved totals with all their money, from the round's events and views; null where the RPC does not serve them. */
async function findResults(io: Io, { read, round, config, since }: RoundSession) {
  try {
    const { history } = await readHistory(read, round, { from: await since() });
    const results = await readResults(read, { round, config, history });
    return { ...results, claims: history.claims };
  } catch (error) {
    io.err(`The results are not shown: ${describeError(error)}\n`);
    return null;
  }
}

/** What escrows have done with the matches that they were paid. */
async function readInstalments(
  { read, config }: RoundSession,
  { artifacts }: SharedValues,
  claims: readonly {
    readonly project: bigint;
    readonly recipient: Address;
    readonly matchRecipient: Address;
  }[],
) {
  const apart = claims.filter((one) => !isAddressEqual(one.recipient, one.matchRecipient));
  if (apart.length === 0) return [];
  const { escrowFactory: factory } = await trustedContracts(await openArtifacts(artifacts));
  const all = await readEscrowed(read, {
    ...{ registry: config.registry, factory, token: config.poolToken },
    projects: apart.map(({ project }) => Number(project)),
  });
  return all.map(({ project, address, escrow: { paid, back, held } }) => ({
    ...{ project, escrow: address, paid, back, held },
  }));
}

const sumsOf = (
  all: readonly { readonly paid: bigint; readonly back: bigint; readonly held: bigint }[],
  token: TokenFacts,
): string => {
  const total = (name: "paid" | "back" | "held") => {
    const units = all.reduce((sum, one) => sum + one[name], 0n);
    return showAmount(units, token);
  };
  return `${total("paid")} paid to projects, ${total("back")} given back, ${total("held")} held`;
};
