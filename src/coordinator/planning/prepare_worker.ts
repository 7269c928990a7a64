// A thread of prepareInThreads: it does one job at a time, on memory that all of them share.
import { parentPort, workerData } from "node:worker_threads";
import { openCoordinatorKey, type CoordinatorKeySource } from "../../protocol/coordinator_key.ts";
import type { ProjectResult } from "../../round/semantics.ts";
import type { Commitment, Statement } from "../../transcript/challenges.ts";
import { completeFolds, type FoldStates, type Transcript } from "../../transcript/transcript.ts";
import type { SharedLinks } from "./link_list.ts";
import {
  indexRound,
  PackedRound,
  PackedRows,
  type SharedRound,
  type SharedRows,
} from "./packed_round.ts";

export type ThreadData = {
  readonly statement: Statement;
  readonly key: CoordinatorKeySource;
  readonly rowsPerFold: number;
};

/** What a thread can do, by name: what it is asked with and what it answers. Ranges end before `to`. */
export type Jobs = {
  index: { ask: { links: SharedLinks }; answer: SharedRound };
  setRound: { ask: { round: SharedRound }; answer: void };
  open: { ask: { from: number; to: number }; answer: void };
  arrange: { ask: object; answer: SharedRows };
  setRows: { ask: { rows: SharedRows }; answer: void };
  scan: { ask: { from: number; to: number; isKnown: boolean }; answer: readonly ProjectResult[] };
  absorb: { ask: { from: number; to: number; before: bigint }; answer: bigint };
  complete: {
    ask: { commitment: Commitment; rowsSalt: bigint };
    answer: Transcript<FoldStates>;
  };
};
export type JobName = keyof Jobs;

const { statement, key: source, rowsPerFold } = workerData as ThreadData;
const key = openCoordinatorKey(source);
let round: PackedRound;
let rows: PackedRows;

const work: {
  readonly [Name in JobName]: (
    ask: Jobs[Name]["ask"],
  ) => Jobs[Name]["answer"] | Promise<Jobs[Name]["answer"]>;
} = {
  index: ({ links }) => indexRound(links),
  setRound: (ask) => void (round = new PackedRound(ask.round, statement)),
  open: async ({ from, to }) => round.open(from, await key.sharedRoots(round.pointsOf(from, to))),
  arrange: () => round.arrange(rowsPerFold),
  setRows: (ask) => void (rows = new PackedRows(round, ask.rows)),
  scan: ({ from, to, isKnown }) => rows.scan(from, to, isKnown),
  absorb: ({ from, to, before }) => rows.absorb(from, to, before),
  complete: (ask) => completeFolds({ statement, ...ask }, key, rows.folds(rowsPerFold)),
};

parentPort?.on("message", async ({ name, ask }: { name: JobName; ask: never }) => {
  try {
    parentPort?.postMessage({ answer: await work[name](ask) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
