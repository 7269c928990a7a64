import { hexToBigInt, numberToHex, zeroAddress, zeroHash, type Abi, type Hex } from "viem";
import { BaseError } from "../../errors.ts";
import { isTransport } from "../../chain/client.ts";
import { iPayoutRuleAbi, iRoundAbi } from "../../chain/generated/abis.ts";
import { readPayoutRule } from "../../chain/payout.ts";
import type { RoundConfig } from "../../chain/provenance.ts";
import { readProgress, readProjects, type RoundProgress } from "../../chain/round.ts";
import {
  closeCircuitName,
  circuitArtifacts,
  foldCircuitName,
  foldSizeAt,
  type CircuitArtifacts,
} from "../../proofs/artifacts.ts";
import { closeInputs, foldInputs, type CircuitInputs } from "../../proofs/inputs.ts";
import { ProofRejectedError, type Proved } from "../../proofs/prove.ts";
import type { Prover } from "../../proofs/prover.ts";
import { verifyProof } from "../../proofs/verify.ts";
import type { FoldStates } from "../../transcript/transcript.ts";
import { decodeResult } from "../../transcript/results.ts";
import { FoldQueue } from "../sending/fold_queue.ts";
import { inOrder } from "./in_order.ts";
import type { Prepared } from "../planning/prepare.ts";
import {
  limitRoom,
  linksShare,
  roomBeside,
  type ReplayPlan,
  type Room,
} from "../planning/replay_plan.ts";
import { GAS_MARGIN_PERCENT } from "../sending/durable_sender.ts";
import { retryIfMoved, type AnyCall, type StepSender } from "../sending/sender.ts";
import { proofKey } from "../store/proofs.ts";
import type { TallyEvent, TallyOptions } from "./tally_options.ts";

export class FrontRunError extends BaseError {
  constructor() {
    super("The round's fold head is a state that this transcript does not have.", {
      fix: "Run the tally again: it commits anew.",
    });
  }
}

export class PayoutRuleRefusesError extends BaseError {
  constructor(rule: string) {
    super(`The payout rule ${rule} refuses the list of results.`, {
      fix: "If this version does not know the rule, use one that does: it gives the hint that the rule wants. Otherwise the round can only be aborted after its deadline.",
    });
  }
}

type TallyCall =
  | "commit"
  | "fold"
  | "foldWithReplay"
  | "submit"
  | "replay"
  | "addResults"
  | "restartResults"
  | "close";

/** A fold with its proof. */
type ProvedFold = { readonly fold: FoldStates; readonly proof: Proved["proof"] };

/** Folds in one call with their share of the replay, which leaves `start` links for later calls. */
type FoldsCall = {
  readonly start: number;
  readonly gas: bigint;
  readonly call: readonly [TallyCall, readonly unknown[]];
};

/** Result entries a transaction: about 4,000 gas each. */
const ENTRIES_PER_CALL = 500;

export type TallyParts = {
  readonly config: RoundConfig;
  readonly prepared: Prepared;
  readonly plan: ReplayPlan;
  readonly prover: Prover;
  readonly sender: StepSender;
};

/** The steps after the transcript is known. Each asks the round first, so that all can be repeated after a crash at any point. */
export class TallyRun {
  readonly gasUsed: Record<string, bigint> = {};
  readonly #options: TallyOptions;
  readonly #parts: TallyParts;
  /** How many folds lead to each state commitment. */
  readonly #places: ReadonlyMap<bigint, number>;

  constructor(options: TallyOptions, parts: TallyParts) {
    this.#options = options;
    this.#parts = parts;
    const { folds } = parts.prepared.transcript;
    this.#places = new Map([
      [0n, 0],
      ...folds.map(({ after, index }) => [after, index + 1] as const),
    ]);
  }

  /** TALLY-1. Not sent where the round holds this very commitment, with no fold but ours on it. */
  async commit(): Promise<void> {
    const { D, resultsHash } = this.#parts.prepared.commitment;
    const isOurs = ({ tally }: RoundProgress) =>
      hexToBigInt(tally.base) === this.#parts.prepared.transcript.base &&
      this.#knows(tally.foldHead);
    await this.#perform(
      "commit",
      async (progress) => isOurs(progress),
      async () => ["commit", [D, numberToHex(resultsHash, { size: 32 })]],
    );
    this.#report({ stage: "commit", done: 1, total: 1 });
  }

  /**
   * Makes the folds' proofs and the closing one, as many at a time as the prover is wide, and submits each fold with its share of
   * the replay while the next are being made. Gives the closing proof.
   */
  async prove(): Promise<Proved> {
    const { config, prepared, prover } = this.#parts;
    const { transcript, statement, rowsSalt } = prepared;
    const { folds } = transcript;
    const foldCircuit = await circuitArtifacts(
      this.#options.artifacts,
      foldCircuitName(foldSizeAt(config.size).name),
    );
    const closeCircuit = await circuitArtifacts(this.#options.artifacts, closeCircuitName);
    // What a run before has signed may hold other folds together than this one would.
    await this.#parts.sender.settle(this.#stepName("fold"));
    const room = await this.#room();
    const first = this.#foldsDone(await this.#progress());
    const started = performance.now();
    let made = 0;
    let closing: Proved | undefined;
    this.#report({ stage: "prove", done: first, total: folds.length });
    const make = async (index: number): Promise<Proved> => {
      const fold = folds[first + index];
      if (fold === undefined)
        return (closing = await this.#proved(closeCircuit, this.#closeSignals(), () =>
          closeInputs(transcript, statement.coordinatorKey),
        ));
      const proved = await this.#proved(foldCircuit, [fold.before, fold.after], () =>
        foldInputs(prepared.withRows(fold), transcript.constants, rowsSalt),
      );
      made++;
      const secondsLeft = Math.round(
        ((performance.now() - started) / 1000 / made) * (folds.length - first - made),
      );
      this.#report({ stage: "prove", done: first + made, total: folds.length, secondsLeft });
      return proved;
    };
    let left = this.#linksLeft(await this.#progress());
    const queue = new FoldQueue<ProvedFold>({
      isOrdered: this.#parts.sender.isOrdered,
      batchSize: (waiting) => this.#batchSize(waiting, left, room),
      sendAhead: (batch, onSigned) => {
        const prepared = this.#together(batch, left, room);
        left = prepared.start;
        return this.#sendAhead(batch, prepared, room, onSigned);
      },
      sendNow: (batch) => this.#sendNow(batch, room),
    });
    await inOrder(folds.length - first + 1, prover.width, make, async (index, { proof }) => {
      const fold = folds[first + index];
      if (fold !== undefined) queue.add({ fold, proof });
    });
    await queue.drain();
    return closing as Proved;
  }

  /** What a call may take here. */
  async #room(): Promise<Room> {
    const { gasLimit } = await this.#options.client.read.getBlock();
    return limitRoom(gasLimit, GAS_MARGIN_PERCENT);
  }

  /** Links for `count` folds from `first` on. */
  #share(first: number, count: number, left: number): number {
    return linksShare(left, count, this.#parts.prepared.transcript.folds.length - first);
  }

  /** How many of the folds that wait go into one call with all of their share of the links; 1 at least. */
  #batchSize(waiting: readonly ProvedFold[], left: number, room: Room): number {
    const { index } = (waiting[0] as ProvedFold).fold;
    const fits = (count: number) => {
      const rest = roomBeside(room, count);
      const share = this.#share(index, count, left);
      return (
        rest.bytes >= 0 &&
        rest.gas >= 0 &&
        (share === 0 || this.#parts.plan.findStart(left, share, rest) === left - share)
      );
    };
    let count = 1;
    while (count < waiting.length && fits(count + 1)) count++;
    return count;
  }

  /** TALLY-13: the call that takes these folds, with `left` links before it. */
  #together(batch: readonly ProvedFold[], left: number, room: Room): FoldsCall {
    const [{ fold, proof }] = batch as readonly [ProvedFold];
    const rest = roomBeside(room, batch.length);
    const { start, h0, t0, links } =
      left === 0
        ? { start: 0, h0: zeroHash, t0: 0n, links: "0x" }
        : this.#parts.plan.chunk(left, this.#share(fold.index, batch.length, left), rest);
    const gas = BigInt(room.gas - rest.gas + this.#parts.plan.sumGas(start, left));
    if (batch.length === 1 && left === 0)
      return { start, gas, call: ["fold", [proof, fold.after]] };
    if (batch.length === 1)
      return { start, gas, call: ["foldWithReplay", [proof, fold.after, h0, t0, links]] };
    const folds = batch.map((one) => ({ proof: one.proof, afterState: one.fold.after }));
    return { start, gas, call: ["submit", [folds, h0, t0, links]] };
  }

  /** Those of the folds that the round does not have, from where it is. Where it has all by now they are refused, and found done. */
  #fromHere(batch: readonly ProvedFold[], progress: RoundProgress, room: Room): FoldsCall {
    const done = this.#foldsDone(progress);
    const rest = batch.filter(({ fold }) => fold.index >= done);
    return this.#together(rest.length === 0 ? batch : rest, this.#linksLeft(progress), room);
  }

  /** Sends folds that stand on others which need not be mined yet; refused where the round was moved by somebody else meanwhile. */
  async #sendAhead(
    batch: readonly ProvedFold[],
    { call, gas }: FoldsCall,
    room: Room,
    onSigned: () => void,
  ): Promise<void> {
    const { index } = (batch[0] as ProvedFold).fold;
    await this.#performFolds(
      batch,
      async (progress) =>
        this.#foldsDone(progress) > index ? this.#fromHere(batch, progress, room).call : call,
      { gas, onSigned },
    );
  }

  /** Sends folds from wherever the round is. */
  async #sendNow(batch: readonly ProvedFold[], room: Room): Promise<void> {
    await this.#performFolds(batch, async (progress) => this.#fromHere(batch, progress, room).call);
  }

  async #performFolds(
    batch: readonly ProvedFold[],
    call: (progress: RoundProgress) => Promise<FoldsCall["call"]>,
    ahead?: { readonly gas: bigint; readonly onSigned: () => void },
  ): Promise<void> {
    const [first, last] = [batch[0], batch.at(-1)].map((one) => (one as ProvedFold).fold.index);
    await this.#perform(
      first === last ? `fold ${first}` : `folds ${first} to ${last}`,
      async (progress) => this.#foldsDone(progress) > (last as number),
      call,
      ahead,
    );
    this.#report({
      stage: "submit",
      done: (last as number) + 1,
      total: this.#parts.prepared.transcript.folds.length,
    });
  }

  /** TALLY-5, for links that no fold took along. */
  async replayRest(): Promise<void> {
    const room = await this.#room();
    for (
      let left = this.#linksLeft(await this.#progress());
      left > 0;
      left = this.#linksLeft(await this.#progress())
    ) {
      await this.#perform(
        `replay from ${left}`,
        async (progress) => this.#linksLeft(progress) < left,
        async () => {
          const { h0, t0, links } = this.#parts.plan.chunk(left, left, room);
          return ["replay", [h0, t0, links]];
        },
      );
    }
  }

  /** Lists the results with the payout rule's hint; a list that was begun with a hint that the rule refuses is listed once more. */
  async listResults(): Promise<void> {
    const { entries } = this.#parts.prepared;
    const hint = await this.#hint();
    await this.#list(hint, "");
    if (!(await this.#isBudgetAccepted())) {
      await this.#perform(
        "results anew",
        async ({ tally }) => tally.resultsCount === 0,
        async () => ["restartResults", []],
      );
      await this.#list(hint, ", anew");
      if (!(await this.#isBudgetAccepted()))
        throw new PayoutRuleRefusesError(this.#parts.config.payoutRule);
    }
    this.#report({ stage: "results", done: entries.length, total: entries.length });
  }

  async #list(hint: Hex, again: string): Promise<void> {
    const { entries } = this.#parts.prepared;
    for (
      let done = (await this.#progress()).tally.resultsCount;
      done < entries.length;
      done = (await this.#progress()).tally.resultsCount
    ) {
      const call = [
        "addResults",
        [entries.slice(done, done + ENTRIES_PER_CALL), done === 0 ? hint : "0x"],
      ] as const;
      await this.#perform(
        `results from ${done}${again}`,
        async ({ tally }) => tally.resultsCount > done,
        async () => call,
      );
    }
  }

  /** MONEY-11: what the round's payout rule wants to know before it sees the list. */
  async #hint(): Promise<Hex> {
    const { payoutRule, poolToken, registry, coordinatorFee, unit } = this.#parts.config;
    if (poolToken === zeroAddress) return "0x";
    const { read } = this.#options.client;
    const results = this.#parts.prepared.entries.map(decodeResult);
    const [rule, { pool }, { isEligible }] = await Promise.all([
      readPayoutRule(read, payoutRule, results, this.#options.payouts),
      this.#progress(),
      readProjects(read, registry),
    ]);
    const projects = results.filter(({ project }) => isEligible(project));
    return (
      rule?.hint({
        unit,
        available: pool - (coordinatorFee < pool ? coordinatorFee : pool),
        projects,
      }) ?? "0x"
    );
  }

  /** Whether the close would get its budget from the rule: asked before it, as a wrong hint would make it fail. */
  async #isBudgetAccepted(): Promise<boolean> {
    const { payoutRule, poolToken, coordinatorFee, unit } = this.#parts.config;
    const { read } = this.#options.client;
    if (poolToken === zeroAddress || this.#parts.prepared.entries.length === 0) return true;
    const { pool, phase } = await this.#progress();
    if (phase !== "tallying") return true;
    const state = await read.readContract({
      address: this.#options.round,
      abi: iRoundAbi,
      functionName: "payoutState",
    });
    const available = pool - (coordinatorFee < pool ? coordinatorFee : pool);
    try {
      await read.readContract({
        address: payoutRule,
        abi: iPayoutRuleAbi,
        functionName: "budget",
        args: [state, available, unit],
      });
      return true;
    } catch (error) {
      if (isTransport(error)) throw error;
      return false;
    }
  }

  async close({ proof }: Proved): Promise<void> {
    const { transcript, resultsSalt } = this.#parts.prepared;
    this.#report({ stage: "close", done: 0, total: 1 });
    await this.#perform(
      "close",
      async ({ phase }) => phase === "finalized" || phase === "disputable",
      async () => ["close", [proof, transcript.acc, numberToHex(resultsSalt, { size: 32 })]],
    );
    this.#report({ stage: "close", done: 1, total: 1 });
  }

  /** CLOSE-1. */
  #closeSignals(): bigint[] {
    const { transcript, statement } = this.#parts.prepared;
    const { g, beta, theta, delta, ctx, projects, signs } = transcript.constants;
    const { after, end } = transcript.folds.at(-1) as FoldStates;
    const C = statement.coordinatorKey;
    return [
      g,
      beta,
      theta,
      delta,
      C.x,
      C.y,
      ctx,
      BigInt(projects),
      BigInt(signs),
      end.D,
      end.PM,
      transcript.acc,
      after,
    ];
  }

  /** From the store where it is there and good, else made and stored. @throws ProofRejectedError if a prover proves something else */
  async #proved(
    circuit: CircuitArtifacts,
    signals: readonly bigint[],
    inputs: () => CircuitInputs,
  ): Promise<Proved> {
    const { store } = this.#options;
    const key = proofKey(circuit, signals);
    const known = await store.get(key);
    if (known !== undefined && (await isProofFor(circuit, signals, known))) return known;
    const { seconds, ...proved } = await this.#parts.prover.prove(circuit, inputs());
    if (!(await isProofFor(circuit, signals, proved))) throw new ProofRejectedError(circuit.name);
    await store.put(key, circuit.name, proved, seconds);
    return proved;
  }

  async #perform(
    name: string,
    isDone: (progress: RoundProgress) => Promise<boolean>,
    call: (progress: RoundProgress) => Promise<readonly [TallyCall, readonly unknown[]]>,
    ahead?: { readonly gas: bigint; readonly onSigned: () => void },
  ): Promise<void> {
    const address = this.#options.round;
    let sent = "";
    const step = {
      name: this.#stepName(name),
      isDone: async () => isDone(await this.#progress()),
      call: async (): Promise<AnyCall> => {
        const [functionName, args] = await call(await this.#progress());
        sent = functionName;
        return {
          address,
          abi: iRoundAbi as Abi,
          functionName,
          args,
          ...(ahead === undefined ? {} : { gas: ahead.gas }),
        };
      },
    };
    const { sender } = this.#parts;
    const receipt = await (ahead === undefined
      ? retryIfMoved(
          () => this.#position(),
          () => sender.perform(step),
        )
      : sender.perform(step, ahead.onSigned));
    if (receipt !== undefined && sent !== "")
      this.gasUsed[sent] = (this.gasUsed[sent] ?? 0n) + receipt.gasUsed;
  }

  /** Of this transcript: after a commit anew its steps are others. */
  #stepName(name: string): string {
    return `${numberToHex(this.#parts.prepared.transcript.base, { size: 32 })} ${name}`;
  }

  /** Changes whenever the tally moves on. */
  async #position(): Promise<string> {
    const { phase, tally } = await this.#progress();
    return [phase, tally.base, tally.foldHead, tally.replayPointer, tally.resultsCount].join();
  }

  /** How many folds the round has accepted. @throws FrontRunError */
  #foldsDone({ tally }: RoundProgress): number {
    const done = this.#places.get(tally.foldHead);
    if (done === undefined) throw new FrontRunError();
    return done;
  }

  #knows(foldHead: bigint): boolean {
    return this.#places.has(foldHead);
  }

  /** @throws FrontRunError if the replay's pointer is not on our chain, that is, if somebody committed anew. */
  #linksLeft({ tally }: RoundProgress): number {
    const left = this.#parts.plan.linksBefore(tally.replayPointer);
    if (left === undefined) throw new FrontRunError();
    return left;
  }

  #progress(): Promise<RoundProgress> {
    return readProgress(this.#options.client.read, this.#options.round);
  }

  #report(event: TallyEvent): void {
    this.#options.onProgress?.(event);
  }
}

async function isProofFor(
  { vkey }: CircuitArtifacts,
  signals: readonly bigint[],
  { proof, signals: proven }: Proved,
): Promise<boolean> {
  return (
    signals.length === proven.length &&
    signals.every((signal, i) => signal === proven[i]) &&
    verifyProof(vkey, signals, proof)
  );
}
