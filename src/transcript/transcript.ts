import { mod } from "../crypto/field.ts";
import type { CoordinatorKey } from "../protocol/coordinator_key.ts";
import type { Item } from "../protocol/item.ts";
import { computeOutcome, type Outcome } from "../round/semantics.ts";
import {
  deriveChallenges,
  transcriptBase,
  type Challenges,
  type Commitment,
  type Statement,
} from "./challenges.ts";
import { hashMemory, openItems } from "./open_items.ts";
import { encodeResult, resultsHash } from "./results.ts";
import { arrangeRows } from "./rows.ts";
import { resultsSalt, rowsSalt, stateSalt } from "./salts.ts";
import {
  advance,
  commitState,
  constantsHash,
  Fractions,
  genesisState,
  type Constants,
  type State,
} from "./state.ts";
import { initialD, traceRows, type TracedRow } from "./trace.ts";

/** What the coordinator knows and posts before the challenges (TALLY-1). */
export type CommittedTally = {
  readonly statement: Statement;
  readonly outcome: Outcome;
  readonly rows: readonly TracedRow[];
  readonly rowsPerFold: number;
  readonly rowsSalt: bigint;
  /** Result entries in list order (TALLY-6). */
  readonly entries: readonly bigint[];
  readonly resultsSalt: bigint;
  readonly commitment: Commitment;
};

/** One fold's place in the transcript: the states around it and their commitments (FOLD-1 to FOLD-3). */
export type FoldStates = {
  readonly index: number;
  readonly start: State;
  readonly end: State;
  /** 0 for the first fold. */
  readonly before: bigint;
  readonly after: bigint;
  readonly saltBefore: bigint;
  readonly saltAfter: bigint;
};

/** A fold with its rows. */
export type FoldStep = FoldStates & { readonly rows: readonly TracedRow[] };

/** The whole transcript at its challenges. */
export type Transcript<Fold extends FoldStates = FoldStep> = {
  readonly constants: Constants;
  readonly challenges: Challenges;
  readonly base: bigint;
  readonly folds: readonly Fold[];
  readonly acc: bigint;
};

/** From on-chain items to what the coordinator commits: semantics, rows, D, results. Deterministic in its arguments. */
export async function prepareTally(
  items: readonly Item[],
  statement: Statement,
  key: CoordinatorKey,
  rowsPerFold: number,
): Promise<CommittedTally> {
  const rules = { projects: statement.projects, signs: statement.signs, ctx: statement.ctx };
  const opened = await openItems(items, key, statement.ctx);
  const hashes = hashMemory();
  const outcome = computeOutcome(items, opened.messages, rules, hashes.hash);
  const salt = await rowsSalt(key, statement, rowsPerFold);
  const rows = traceRows(
    arrangeRows(items, opened.messages, rowsPerFold),
    rules,
    opened,
    salt,
    hashes,
  );
  const entries = outcome.results.map(encodeResult);
  const saltOfResults = await resultsSalt(key, statement);
  return {
    statement,
    outcome,
    rows,
    rowsPerFold,
    rowsSalt: salt,
    entries,
    resultsSalt: saltOfResults,
    commitment: {
      D: (rows.at(-1) as TracedRow).D,
      resultsHash: resultsHash(saltOfResults, entries),
    },
  };
}

/** The states and commitments of every fold, once the commitment is on chain. @throws CoordinatorKeyError */
export async function completeTranscript(
  tally: CommittedTally,
  key: CoordinatorKey,
): Promise<Transcript> {
  const { rows, rowsPerFold } = tally;
  const slices = Array.from({ length: Math.ceil(rows.length / rowsPerFold) }, (_, i) =>
    rows.slice(i * rowsPerFold, (i + 1) * rowsPerFold),
  );
  const { folds, ...transcript } = await completeFolds(tally, key, slices);
  return {
    ...transcript,
    folds: folds.map((fold, i) => ({ ...fold, rows: slices[i] as TracedRow[] })),
  };
}

/** The same from rows that come fold by fold and need not be kept. @throws CoordinatorKeyError */
export async function completeFolds(
  {
    statement,
    commitment,
    rowsSalt,
  }: Pick<CommittedTally, "statement" | "commitment" | "rowsSalt">,
  key: CoordinatorKey,
  rowsOfFolds: Iterable<readonly TracedRow[]>,
): Promise<Transcript<FoldStates>> {
  const pair = await key.keyWitness();
  const base = transcriptBase(statement, commitment);
  const challenges = deriveChallenges(base);
  const constants = {
    ...challenges,
    ...pair,
    ctx: statement.ctx,
    projects: statement.projects,
    signs: statement.signs,
  };
  const hc = constantsHash(constants);
  const fractions = new Fractions(challenges);
  const folds: FoldStates[] = [];
  let end = genesisState(initialD(rowsSalt));
  let [after, saltAfter] = [0n, 0n];
  for (const rows of rowsOfFolds) {
    const [index, start, before, saltBefore] = [folds.length, end, after, saltAfter];
    for (const row of rows) end = advance(end, row, challenges, fractions);
    saltAfter = await stateSalt(key, base, index);
    after = commitState(saltAfter, hc, end);
    folds.push({ index, start, end, before, after, saltBefore, saltAfter });
  }
  return { constants, challenges, base, folds, acc: mod(end.acc + end.F) };
}
