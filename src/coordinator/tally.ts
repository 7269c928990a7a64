import { hexToBigInt, hexToBytes, numberToHex, type Address } from "viem";
import { BaseError } from "../errors.ts";
import type { WriteClient } from "../chain/client.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { readConfig, readProgress, readProjects, type RoundConfig, type RoundProgress } from "../chain/round.ts";
import { ContractRefusedError, send } from "../chain/send.ts";
import { multiplyBase } from "../crypto/curve.ts";
import { itemsOf } from "../protocol/item.ts";
import { closeCircuitName, circuitArtifacts, foldCircuitName, foldSizeAt, requireKeysFor, type Artifacts } from "../proofs/artifacts.ts";
import { closeInputs, foldInputs, type CircuitInputs } from "../proofs/inputs.ts";
import { prove, releaseProver, type Proved } from "../proofs/prove.ts";
import type { OptionResult } from "../round/semantics.ts";
import type { Statement } from "../transcript/challenges.ts";
import { completeTranscript, prepareTally, type CommittedTally, type FoldStep, type Transcript } from "../transcript/transcript.ts";
import type { ProofStore } from "./proof_store.ts";
import { ReplayPlan } from "./replay_plan.ts";
import { syncRound } from "./sync.ts";

export class WrongCoordinatorSecretError extends BaseError {
  constructor() {
    super("This key is not the one that the round's ballots are encrypted to.", { fix: "Use the coordinator key file with which the round was created." });
  }
}

export class TallyPhaseError extends BaseError {
  constructor(phase: string, end: bigint, deadline: bigint) {
    super(`The round is in phase "${phase}"; it can be tallied from ${isoTime(end)} until ${isoTime(deadline)}.`, { fix: "Wait for the end of the round; after the deadline anyone can abort it." });
  }
}

export class FrontRunError extends BaseError {
  constructor() {
    super("The round's fold head is a state that this transcript does not have.", { fix: "Run the tally again: it commits anew." });
  }
}

/** Progress of a tally, for a bar: `done` of `total` steps of a stage. */
export type TallyEvent = {
  readonly stage: "sync" | "prepare" | "commit" | "prove" | "submit" | "results" | "close";
  readonly done: number;
  readonly total: number;
  /** Seconds that proving will still take, from the proofs made so far. */
  readonly secondsLeft?: number;
};

export type TallyResult = { readonly results: readonly OptionResult[]; readonly folds: number; readonly gasUsed: Readonly<Record<string, bigint>> };

export type TallyOptions = {
  readonly client: WriteClient;
  readonly round: Address;
  /** c, the coordinator's secret. */
  readonly secret: bigint;
  readonly artifacts: Artifacts;
  readonly store: ProofStore;
  readonly onProgress?: (event: TallyEvent) => void;
};

/** Result entries a transaction: about 4,000 gas each. */
const ENTRIES_PER_CALL = 500;

/**
 * Tallies a round from its logs to its finalization. May be stopped at any point and run again: what the chain has is not
 * sent again, what the store has is not proved again, and the same transcript comes out (TALLY-11).
 * @throws WrongCoordinatorSecretError, TallyPhaseError, IncompleteLogsError, DevelopmentKeysError, and what sending and proving throw
 */
export async function runTally(options: TallyOptions): Promise<TallyResult> {
  const { client, round, secret, artifacts, onProgress = () => undefined } = options;
  requireKeysFor(artifacts, client.chainId);
  const config = await readConfig(client.read, round);
  const C = multiplyBase(secret);
  if (C.x !== config.coordinatorKeyX || C.y !== config.coordinatorKeyY) throw new WrongCoordinatorSecretError();
  const progress = await readProgress(client.read, round);
  if (progress.phase !== "tallying") throw new TallyPhaseError(progress.phase, config.end, progress.deadline);

  const history = await syncRound(client.read, round, { chainHead: progress.chainHead, onProgress: (done, total) => onProgress({ stage: "sync", done, total }) });
  onProgress({ stage: "prepare", done: 0, total: progress.items });
  const { count } = await readProjects(client.read, config.registry);
  const statement: Statement = {
    chainHead: hexToBytes(progress.chainHead), items: progress.items, projects: count, coordinatorKey: C, signs: config.allowSigns, ctx: config.context,
  };
  const tally = prepareTally(itemsOf(history.links), statement, secret, foldSizeAt(config.size).rows);
  onProgress({ stage: "prepare", done: progress.items, total: progress.items });
  const run = new TallyRun(options, config, tally, completeTranscript(tally, secret), new ReplayPlan(history.links));
  try {
    await run.commit(progress);
    await run.foldAll();
    await run.replayRest();
    await run.listResults();
    await run.close();
  } finally {
    await releaseProver();
  }
  return { results: tally.outcome.results, folds: run.transcript.folds.length, gasUsed: run.gasUsed };
}

/** The steps that send something. Each reads the round first, so that it can be repeated. */
class TallyRun {
  readonly transcript: Transcript;
  readonly gasUsed: Record<string, bigint> = {};
  readonly #options: TallyOptions;
  readonly #config: RoundConfig;
  readonly #tally: CommittedTally;
  readonly #plan: ReplayPlan;

  constructor(options: TallyOptions, config: RoundConfig, tally: CommittedTally, transcript: Transcript, plan: ReplayPlan) {
    this.#options = options;
    this.#config = config;
    this.#tally = tally;
    this.transcript = transcript;
    this.#plan = plan;
  }

  /** TALLY-1. Skipped when the round holds this very commitment. */
  async commit({ tally: onChain }: RoundProgress): Promise<void> {
    const { D, resultsHash } = this.#tally.commitment;
    const hash = numberToHex(resultsHash, { size: 32 });
    if (hexToBigInt(onChain.base) !== this.transcript.base) await this.#send("commit", [D, hash]);
    this.#report({ stage: "commit", done: 1, total: 1 });
  }

  /** Proves the folds that the chain has not seen and submits each with its share of the replay. */
  async foldAll(): Promise<void> {
    const { folds } = this.transcript;
    const circuit = await circuitArtifacts(this.#options.artifacts, foldCircuitName(foldSizeAt(this.#config.size).name));
    const first = this.#foldsDone(await this.#progress());
    const started = performance.now();
    let made = 0;
    for (const fold of folds.slice(first)) {
      const secondsLeft = made === 0 ? undefined : Math.round(((performance.now() - started) / 1000 / made) * (folds.length - fold.index));
      this.#report({ stage: "prove", done: fold.index, total: folds.length, ...(secondsLeft === undefined ? {} : { secondsLeft }) });
      const proved = await this.#proved(`fold-${fold.index}`, circuit, () => foldInputs(fold, this.transcript.constants, this.#tally.rowsSalt));
      made++;
      await this.#submitFold(fold, proved);
    }
    this.#report({ stage: "prove", done: folds.length, total: folds.length, secondsLeft: 0 });
  }

  async #submitFold(fold: FoldStep, { proof }: Proved): Promise<void> {
    const progress = await this.#progress();
    if (this.#foldsDone(progress) > fold.index) return;
    const end = this.#linksLeft(progress);
    const share = Math.ceil(end / (this.transcript.folds.length - fold.index));
    try {
      if (end === 0) await this.#send("fold", [proof, fold.after]);
      else {
        const { h0, t0, links } = this.#plan.chunk(end, share);
        await this.#send("foldWithReplay", [proof, fold.after, h0, t0, links]);
      }
    } catch (error) {
      // Anyone may replay, or send our fold on: then the round has moved, and the step is tried once more from there.
      const now = await this.#progress();
      const moved = now.tally.replayPointer !== progress.tally.replayPointer || now.tally.foldHead !== progress.tally.foldHead;
      if (!(error instanceof ContractRefusedError) || !moved) throw error;
      if (this.#foldsDone(now) <= fold.index) await this.#send("fold", [proof, fold.after]);
    }
    this.#report({ stage: "submit", done: fold.index + 1, total: this.transcript.folds.length });
  }

  /** TALLY-5, for links that no fold took along. */
  async replayRest(): Promise<void> {
    for (let left = this.#linksLeft(await this.#progress()); left > 0; left = this.#linksLeft(await this.#progress())) {
      const { h0, t0, links } = this.#plan.chunk(left, left);
      await this.#send("replay", [h0, t0, links]);
    }
  }

  async listResults(): Promise<void> {
    const { entries } = this.#tally;
    for (let done = (await this.#progress()).tally.resultsCount; done < entries.length; done = (await this.#progress()).tally.resultsCount) {
      await this.#send("addResults", [entries.slice(done, done + ENTRIES_PER_CALL)]);
    }
    this.#report({ stage: "results", done: entries.length, total: entries.length });
  }

  async close(): Promise<void> {
    this.#report({ stage: "close", done: 0, total: 1 });
    const circuit = await circuitArtifacts(this.#options.artifacts, closeCircuitName);
    const { proof } = await this.#proved("close", circuit, () => closeInputs(this.transcript, this.#tally.statement.coordinatorKey));
    if ((await this.#progress()).phase !== "finalized") {
      await this.#send("close", [proof, this.transcript.acc, numberToHex(this.#tally.resultsSalt, { size: 32 })]);
    }
    this.#report({ stage: "close", done: 1, total: 1 });
  }

  async #proved(step: string, circuit: Parameters<typeof prove>[0], inputs: () => CircuitInputs): Promise<Proved> {
    const { store } = this.#options;
    const known = await store.get(this.transcript.base, step);
    if (known !== undefined) return known;
    const proved = await prove(circuit, inputs());
    await store.put(this.transcript.base, step, proved);
    return proved;
  }

  /** How many folds the round has accepted. @throws FrontRunError */
  #foldsDone({ tally }: RoundProgress): number {
    if (tally.foldHead === 0n) return 0;
    const index = this.transcript.folds.findIndex(({ after }) => after === tally.foldHead);
    if (index < 0) throw new FrontRunError();
    return index + 1;
  }

  /** @throws FrontRunError if the replay's pointer is not on our chain, that is, if somebody committed anew. */
  #linksLeft({ tally }: RoundProgress): number {
    const left = this.#plan.linksBefore(tally.replayPointer);
    if (left === undefined) throw new FrontRunError();
    return left;
  }

  async #send(functionName: "commit" | "fold" | "foldWithReplay" | "replay" | "addResults" | "close", args: readonly unknown[]): Promise<void> {
    const { client, round } = this.#options;
    const receipt = await send(client, { address: round, abi: iRoundAbi, functionName, args: args as never });
    this.gasUsed[functionName] = (this.gasUsed[functionName] ?? 0n) + receipt.gasUsed;
  }

  #progress(): Promise<RoundProgress> {
    return readProgress(this.#options.client.read, this.#options.round);
  }

  #report(event: TallyEvent): void {
    this.#options.onProgress?.(event);
  }
}

function isoTime(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000", "");
}
