import { mod } from "../crypto/field.ts";
import { halfSizePair } from "../crypto/half_size.ts";
import { CoordinatorKeyError } from "../protocol/key.ts";
import type { Item } from "../protocol/item.ts";
import { openMessages, outcomeOf, type Outcome } from "../round/semantics.ts";
import { challengesOf, transcriptBase, type Challenges, type Commitment, type Statement } from "./challenges.ts";
import { encodeResult, resultsHash } from "./results.ts";
import { arrangeRows } from "./rows.ts";
import { resultsSalt, rowsSalt, stateSalt } from "./salts.ts";
import { advance, commitState, constantsHash, Fractions, genesisState, type Constants, type State } from "./state.ts";
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
export type FoldStep = {
  readonly index: number;
  readonly rows: readonly TracedRow[];
  readonly start: State;
  readonly end: State;
  /** 0 for the first fold. */
  readonly before: bigint;
  readonly after: bigint;
  readonly saltBefore: bigint;
  readonly saltAfter: bigint;
};

/** The whole transcript at its challenges. */
export type Transcript = { readonly constants: Constants; readonly challenges: Challenges; readonly base: bigint; readonly folds: readonly FoldStep[]; readonly acc: bigint };

/** From on-chain items to what the coordinator commits: semantics, rows, D, results. Deterministic in its arguments. */
export function prepareTally(items: readonly Item[], statement: Statement, secret: bigint, rowsPerFold: number): CommittedTally {
  const rules = { projects: statement.projects, signs: statement.signs, ctx: statement.ctx };
  const opened = openMessages(items, secret, statement.ctx);
  const outcome = outcomeOf(items, opened, rules);
  const salt = rowsSalt(secret, statement, rowsPerFold);
  const rows = traceRows(arrangeRows(items, opened, rowsPerFold), rules, secret, salt, { opened: new Map(opened.map((message) => [message.t, message])), hashes: outcome.hashes });
  const entries = outcome.results.map(encodeResult);
  const saltOfResults = resultsSalt(secret, statement);
  return {
    statement, outcome, rows, rowsPerFold, rowsSalt: salt, entries, resultsSalt: saltOfResults,
    commitment: { D: (rows.at(-1) as TracedRow).D, resultsHash: resultsHash(saltOfResults, entries) },
  };
}

/** The states and commitments of every fold, once the commitment is on chain. @throws CoordinatorKeyError */
export function completeTranscript(tally: CommittedTally, secret: bigint): Transcript {
  const { statement, commitment, rows, rowsPerFold } = tally;
  const pair = halfSizePair(secret);
  if (pair === undefined) throw new CoordinatorKeyError();
  const base = transcriptBase(statement, commitment);
  const challenges = challengesOf(base);
  const constants = { ...challenges, ...pair, ctx: statement.ctx, projects: statement.projects, signs: statement.signs };
  const hc = constantsHash(constants);
  const fractions = new Fractions(challenges);
  const folds: FoldStep[] = [];
  let end = genesisState(initialD(tally.rowsSalt));
  let [after, saltAfter] = [0n, 0n];
  for (let index = 0; index * rowsPerFold < rows.length; index++) {
    const [start, before, saltBefore] = [end, after, saltAfter];
    const slice = rows.slice(index * rowsPerFold, (index + 1) * rowsPerFold);
    for (const row of slice) end = advance(end, row, challenges, fractions);
    saltAfter = stateSalt(secret, base, index);
    after = commitState(saltAfter, hc, end);
    folds.push({ index, rows: slice, start, end, before, after, saltBefore, saltAfter });
  }
  return { constants, challenges, base, folds, acc: mod(end.acc + end.F) };
}
