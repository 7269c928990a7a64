import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { CoordinatorKey } from "../../protocol/coordinator_key.ts";
import type { ProjectResult } from "../../round/semantics.ts";
import type { Commitment, Statement } from "../../transcript/challenges.ts";
import { encodeResult, resultsHash } from "../../transcript/results.ts";
import { resultsSalt, rowsSalt } from "../../transcript/salts.ts";
import { initialD } from "../../transcript/trace.ts";
import type { FoldStates, FoldStep, Transcript } from "../../transcript/transcript.ts";
import type { OpenedStore } from "../store/opened.ts";
import { inOrder } from "../tally/in_order.ts";
import type { LinkList } from "./link_list.ts";
import { OPENED_BYTES, PackedRound, PackedRows, TRACED_BYTES } from "./packed_round.ts";
import { PrepareThreads } from "./prepare_threads.ts";

export type PrepareRequest = {
  readonly links: LinkList;
  readonly statement: Statement;
  readonly key: CoordinatorKey;
  readonly rowsPerFold: number;
  /** Where what is decrypted is kept, so that the next run need not do it again. */
  readonly opened?: OpenedStore | undefined;
  /** By default one a core. */
  readonly threads?: number;
  /** Messages that a thread opens at a time, and rows that it scans; by default some seconds of work, which a crash costs at most. */
  readonly jobSize?: number;
  /** How much of the work is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
};

/** What the coordinator commits to and proves, with its rows in memory of a few hundred bytes each until a fold asks for them. */
export type Prepared = {
  readonly statement: Statement;
  readonly results: readonly ProjectResult[];
  /** Result entries in list order (TALLY-6). */
  readonly entries: readonly bigint[];
  readonly rowsSalt: bigint;
  readonly resultsSalt: bigint;
  readonly commitment: Commitment;
  readonly transcript: Transcript<FoldStates>;
  readonly withRows: (fold: FoldStates) => FoldStep;
};

const JOB_SIZE = 1_000;
/** Goes up when what a record holds, or how rows are arranged, changes. */
const RECORDS = "1";

/**
 * From links to transcript, on all cores. The same as `prepareTally` and `completeTranscript` make of the round's items, without holding it as objects.
 * Messages are decrypted independently; rows are scanned in ranges that each begin with a donor; D alone is a chain.
 * @throws CoordinatorKeyError
 */
export async function prepareInThreads(request: PrepareRequest): Promise<Prepared> {
  const { links, statement, key, rowsPerFold, opened, jobSize = JOB_SIZE, onProgress } = request;
  const threads = new PrepareThreads(request.threads ?? availableParallelism(), {
    statement,
    key: key.source,
    rowsPerFold,
  });
  try {
    const sharedRound = await threads.run("index", { links: links.shared });
    await threads.runInEach("setRound", { round: sharedRound });
    const round = new PackedRound(sharedRound, statement);
    const jobs = Math.ceil(round.messages / jobSize);
    await inOrder(
      jobs,
      threads.count,
      async (job) => {
        const from = job * jobSize;
        const to = Math.min(round.messages, from + jobSize);
        const bytes = new Uint8Array(
          sharedRound.opened,
          from * OPENED_BYTES,
          (to - from) * OPENED_BYTES,
        );
        const name = recordName("messages", from, to, statement.ctx, round.bytesOf(from, to));
        if (await isFilled(opened, name, bytes)) return;
        await threads.run("open", { from, to });
        await opened?.put(name, bytes.slice());
      },
      async (job) => onProgress?.((job + 1) / jobs / 2),
    );

    const sharedRows = await threads.run("arrange", {});
    await threads.runInEach("setRows", { rows: sharedRows });
    const rows = new PackedRows(round, sharedRows);
    const salt = await rowsSalt(key, statement, rowsPerFold);
    const ranges = rows.ranges(jobSize);
    const sums = new Map<number, ProjectResult>();
    let D = initialD(salt);
    await inOrder(
      ranges.length,
      threads.count,
      async (index) => {
        const { from, to } = ranges[index] as { from: number; to: number };
        const bytes = new Uint8Array(
          sharedRows.traced,
          from * TRACED_BYTES,
          (to - from) * TRACED_BYTES,
        );
        const { chainHead, projects, signs, ctx } = statement;
        const name = recordName("rows", from, to, ctx, chainHead, projects, signs, rowsPerFold);
        const isKnown = await isFilled(opened, name, bytes);
        return { name, bytes, isKnown, results: await threads.run("scan", { from, to, isKnown }) };
      },
      async (index, { name, bytes, isKnown, results }) => {
        const { from, to } = ranges[index] as { from: number; to: number };
        addResults(sums, results);
        if (isKnown) D = rows.D(to - 1);
        else {
          D = await threads.run("absorb", { from, to, before: D });
          await opened?.put(name, bytes.slice());
        }
        onProgress?.((1 + to / rows.length) / 2);
      },
    );

    const results = [...sums.values()].sort((a, b) => a.project - b.project);
    const entries = results.map(encodeResult);
    const saltOfResults = await resultsSalt(key, statement);
    const commitment = { D, resultsHash: resultsHash(saltOfResults, entries) };
    return {
      statement,
      results,
      entries,
      rowsSalt: salt,
      resultsSalt: saltOfResults,
      commitment,
      transcript: await threads.run("complete", { commitment, rowsSalt: salt }),
      withRows: (fold) => {
        const from = fold.index * rowsPerFold;
        return { ...fold, rows: rows.trace(from, from + rowsPerFold, fold.start) };
      },
    };
  } finally {
    await threads.close();
  }
}

/** A record is named by all that its content follows from, beside the coordinator's key. */
function recordName(
  kind: "messages" | "rows",
  from: number,
  to: number,
  ...content: readonly (Uint8Array | bigint | number | boolean)[]
): string {
  const hash = createHash("sha256").update(RECORDS);
  for (const part of content) hash.update(typeof part === "object" ? part : `${String(part)} `);
  return `${kind} ${from} ${to} ${hash.digest("hex")}`;
}

/** Fills the bytes from a record, if there is one of their length. */
async function isFilled(
  opened: OpenedStore | undefined,
  name: string,
  bytes: Uint8Array,
): Promise<boolean> {
  const kept = await opened?.get(name);
  if (kept?.length !== bytes.length) return false;
  bytes.set(kept);
  return true;
}

function addResults(sums: Map<number, ProjectResult>, results: readonly ProjectResult[]): void {
  for (const { project, votes, credits } of results) {
    const sum = sums.get(project) ?? { votes: 0n, credits: 0n };
    sums.set(project, { project, votes: sum.votes + votes, credits: sum.credits + credits });
  }
}
