import { FOLD_SIZES, type FoldSize } from "../../params.ts";
import { foldCount } from "../../transcript/rows.ts";
import type { ProverName } from "../../proofs/prover.ts";
import { foldsPerCall } from "./replay_plan.ts";
import { IN_FLIGHT } from "../sending/fold_queue.ts";

/** A round as it is planned. */
export type Plan = {
  readonly donors: number;
  readonly messages: number;
  readonly projects: number;
  readonly workers: number;
  readonly size: FoldSize;
  readonly prover: ProverKind;
  /** Share of the messages that come through the relay, in batches, 0 to 1. */
  readonly relayed: number;
};

export type ProverKind = ProverName | "native";

/** What was measured, on one core of the machine described in docs/SCALING.md. `npm run bench` prints these for another. */
export type Rates = {
  /** Seconds of a worker for one fold, witness included. */
  readonly foldSeconds: Readonly<Record<FoldSize, Readonly<Record<ProverKind, number>>>>;
  /** Decrypting, checking, tracing: seconds of a core a message, on as many cores as there are workers; and the part of it that is a chain (D). */
  readonly messageSeconds: number;
  readonly chainSeconds: number;
  readonly workerMB: Readonly<Record<FoldSize, Readonly<Record<ProverKind, number>>>>;
  /** The coordinator with no message, what a message or contribution takes, and what its threads' garbage grows to, at GARBAGE_ITEMS. */
  readonly coordinatorMB: number;
  readonly messageMB: number;
  readonly garbageMB: number;
  /** Seconds from one block to the next. */
  readonly blockSeconds: number;
  readonly gas: GasRates;
};

/** From snapshots/gas.json. */
export type GasRates = {
  readonly contribute: number;
  readonly publish: number;
  readonly publishBatchPerMessage: number;
  readonly commit: number;
  readonly fold: number;
  readonly foldReplayPerBallotLarge: number;
  /** The same for a message and a contribution, of which a fold then carries as many. */
  readonly foldReplayPerGiftLarge: number;
  readonly replayPerMessage: number;
  readonly results134: number;
  readonly close: number;
  readonly claimBatchOf100PerProject: number;
};

export type Estimate = {
  readonly folds: number;
  readonly seconds: {
    readonly prepare: number;
    readonly prove: number;
    readonly submit: number;
    readonly total: number;
  };
  readonly memoryMB: { readonly coordinator: number; readonly worker: number };
  /** Who pays how much gas: donors for contributing and publishing, the coordinator for relaying and the tally, anyone for claims. */
  readonly gas: {
    readonly donors: number;
    readonly relay: number;
    readonly tally: number;
    readonly claims: number;
    readonly total: number;
  };
  readonly transactions: number;
};

/** Projects in the snapshot's result list, and gas of an empty call. */
const SNAPSHOT_PROJECTS = 134;
const CALL_GAS = 60_000;
/** From so many items on, what is thrown away comes faster than it is collected, and stays about the same. */
const GARBAGE_ITEMS = 100_000;

/** Time, memory and gas of a planned round. Pure. */
export function estimate(
  { donors, messages, projects, workers, size, prover, relayed }: Plan,
  rates: Rates,
): Estimate {
  const { rows } = FOLD_SIZES.find(({ name }) => name === size) as (typeof FOLD_SIZES)[number];
  const folds = foldCount(messages, donors, messages, rows);
  const prepare =
    (messages + donors / 8) * Math.max(rates.messageSeconds / workers, rates.chainSeconds);
  const items = messages + donors;
  const prove = Math.ceil(folds / workers) * rates.foldSeconds[size][prover];
  const submit = (Math.ceil(folds / (IN_FLIGHT * foldsPerCall(rows))) + 3) * rates.blockSeconds; // the commit before; results and close after
  const { gas } = rates;
  const perMessage =
    size === "large" ? gas.foldReplayPerBallotLarge : gas.replayPerMessage + gas.fold / rows;
  const perItem =
    perMessage +
    (gas.foldReplayPerGiftLarge - gas.foldReplayPerBallotLarge) *
      Math.min(1, donors / Math.max(1, messages));
  const entry = (gas.results134 - CALL_GAS) / SNAPSHOT_PROJECTS;
  const byCall = {
    donors: donors * gas.contribute + messages * (1 - relayed) * gas.publish,
    relay: messages * relayed * gas.publishBatchPerMessage,
    tally: gas.commit + folds * rows * perItem + CALL_GAS + projects * entry + gas.close,
    claims: projects * gas.claimBatchOf100PerProject,
  };
  const rounded = Object.fromEntries(
    Object.entries(byCall).map(([who, amount]) => [who, Math.round(amount)]),
  ) as typeof byCall;
  return {
    folds,
    seconds: {
      prepare,
      prove,
      submit,
      total: prepare + Math.max(prove + rates.blockSeconds, submit),
    },
    memoryMB: {
      coordinator: Math.round(
        rates.coordinatorMB +
          items * rates.messageMB +
          Math.min(1, items / GARBAGE_ITEMS) * rates.garbageMB,
      ),
      worker: rates.workerMB[size][prover],
    },
    gas: { ...rounded, total: rounded.donors + rounded.relay + rounded.tally + rounded.claims },
    transactions:
      donors +
      Math.ceil(messages * (1 - relayed)) +
      Math.ceil((messages * relayed) / 50) +
      folds +
      3 +
      Math.ceil(projects / 100),
  };
}

/** When the last of these jobs is submitted, if they are taken in order by `workers` and submitted in order, each taking `submit` seconds. */
export function makespan(jobs: readonly number[], workers: number, submit: number): number {
  const free = Array.from({ length: workers }, () => 0);
  let submitted = 0;
  for (const seconds of jobs) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] as number) + seconds;
    submitted = Math.max(submitted, free[first] as number) + submit;
  }
  return submitted;
}
