import { hexToBytes } from "viem";
import { BaseError } from "../../errors.ts";
import { readConfig, type RoundConfig } from "../../chain/provenance.ts";
import { readProgress, readProjects, type RoundProgress } from "../../chain/round.ts";
import type { CoordinatorKey } from "../../protocol/coordinator_key.ts";
import { roundRefText } from "../../protocol/round_ref.ts";
import { dateOf } from "../../date.ts";
import { foldSizeAt, requireKeysFor } from "../../proofs/artifacts.ts";
import { ProverPool } from "../../proofs/pool.ts";
import { trustedContracts } from "../../proofs/trusted_contracts.ts";
import type { Statement } from "../../transcript/challenges.ts";
import { sealingKey } from "../../transcript/salts.ts";
import { DurableSender } from "../sending/durable_sender.ts";
import type { LinkList } from "../planning/link_list.ts";
import { prepareInThreads } from "../planning/prepare.ts";
import { ReplayPlan } from "../planning/replay_plan.ts";
import { plainSender, type StepSender } from "../sending/sender.ts";
import type { OpenedStore } from "../store/opened.ts";
import { syncRound } from "../following/sync.ts";
import type { TallyOptions, TallyResult } from "./tally_options.ts";
import { TallyRun } from "./tally_run.ts";

export type { TallyEvent, TallyOptions, TallyResult } from "./tally_options.ts";

export class WrongCoordinatorKeyError extends BaseError {
  constructor() {
    super("This key is not the one that the round's ballots are encrypted to.", {
      fix: "Use the coordinator key file with which the round was created.",
    });
  }
}

export class TallyPhaseError extends BaseError {
  constructor(phase: string, end: bigint, deadline: bigint) {
    super(
      `The round is in phase "${phase}"; it can be tallied from ${isoTime(end)} until ${isoTime(deadline)}.`,
      { fix: "Wait for the end of the round; after the deadline anyone can abort it." },
    );
  }
}

/**
 * Tallies a round from its logs to its finalization. May be killed at any point and run again: what the chain has is not
 * sent again, what the store has is not proved again, and the same transcript comes out (TALLY-11).
 * @throws ForeignRoundError, WrongCoordinatorKeyError, TallyPhaseError, IncompleteLogsError, DevelopmentKeysError, and what sending and proving throw
 */
export async function runTally(options: TallyOptions): Promise<TallyResult> {
  const { client, round, key, artifacts } = options;
  requireKeysFor(artifacts, client.chainId);
  const config = await readConfig(client.read, round, await trustedContracts(artifacts));
  requireCoordinatorKey(config, key);
  const progress = await readProgress(client.read, round);
  if (progress.phase !== "tallying")
    throw new TallyPhaseError(progress.phase, config.end, progress.deadline);
  const links = options.links ?? (await readLinks(options, progress));
  const opened = await openedIn(options, config);
  const prepared = await prepare(options, { config, progress, links, opened });
  const prover = options.prover ?? new ProverPool();
  const run = new TallyRun(options, {
    config,
    prepared,
    prover,
    plan: new ReplayPlan(links),
    sender: options.sender ?? senderFor(options),
  });
  try {
    await run.commit();
    const closing = await run.prove();
    await run.replayRest();
    await run.listResults();
    await run.close(closing);
    await opened?.clear();
  } finally {
    if (options.prover === undefined) await prover.close();
  }
  const { results, transcript } = prepared;
  return { results, folds: transcript.folds.length, gasUsed: run.gasUsed };
}

/** What the round's tally has decrypted and kept. */
export async function openedIn(
  { client, round, key, store }: Pick<TallyOptions, "client" | "round" | "key" | "store">,
  { context: ctx }: RoundConfig,
): Promise<OpenedStore | undefined> {
  const name = roundRefText({ chainId: client.chainId, address: round });
  return store.opened?.(name, await sealingKey(key, { ctx }));
}

async function readLinks(
  { client, round, onProgress }: TallyOptions,
  { chainHead }: RoundProgress,
): Promise<LinkList> {
  return syncRound(client.read, round, {
    chainHead,
    onProgress: (done, total) => onProgress?.({ stage: "sync", done, total }),
  });
}

async function prepare(
  { client, key, onProgress }: TallyOptions,
  {
    config,
    progress,
    links,
    opened,
  }: {
    readonly config: RoundConfig;
    readonly progress: RoundProgress;
    readonly links: LinkList;
    readonly opened: OpenedStore | undefined;
  },
) {
  onProgress?.({ stage: "prepare", done: 0, total: progress.items });
  const { count } = await readProjects(client.read, config.registry);
  const statement: Statement = {
    chainHead: hexToBytes(progress.chainHead),
    items: progress.items,
    projects: count,
    coordinatorKey: key.publicKey,
    signs: config.allowSigns,
    ctx: config.context,
  };
  const total = progress.items;
  const prepared = await prepareInThreads({
    links,
    statement,
    key,
    opened,
    rowsPerFold: foldSizeAt(config.size).rows,
    onProgress: (share) =>
      onProgress?.({ stage: "prepare", done: Math.floor(share * total), total }),
  });
  onProgress?.({ stage: "prepare", done: total, total });
  return prepared;
}

/** @throws WrongCoordinatorKeyError */
export function requireCoordinatorKey(config: RoundConfig, { publicKey }: CoordinatorKey): void {
  if (publicKey.x !== config.coordinatorKeyX || publicKey.y !== config.coordinatorKeyY)
    throw new WrongCoordinatorKeyError();
}

function senderFor({ client, store, fees }: TallyOptions): StepSender {
  const canSign = client.wallet.account.signTransaction !== undefined;
  return store.journal !== undefined && canSign
    ? new DurableSender(client, store.journal, fees)
    : plainSender(client);
}

function isoTime(seconds: bigint): string {
  return dateOf(seconds).toISOString().replace(".000", "");
}
