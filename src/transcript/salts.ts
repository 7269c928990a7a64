import { bytesToInteger } from "../crypto/field.ts";
import { keccakToField, keccakWords } from "../crypto/keccak.ts";
import type { Statement } from "./challenges.ts";

/**
 * TALLY-11: salts derived from the coordinator's secret c and what they hide, so that a run after a crash commits to the
 * same values and proofs already made stay good. Labels keep the three uses apart; all arguments are fixed-length words.
 */
const LABEL = { rows: 1n, state: 2n, results: 3n } as const;

/** The salt absorbed first by D (ROW-12), for a fold circuit of `rows` rows. */
export function rowsSalt(secret: bigint, statement: Statement, rows: number): bigint {
  return keccakToField(secret, LABEL.rows, bytesToInteger(statement.chainHead), statement.ctx, BigInt(statement.projects), BigInt(rows));
}

/** The salt of the state commitment after fold `index` (from 0) of the transcript named by TALLY-1's base. */
export function stateSalt(secret: bigint, base: bigint, index: number): bigint {
  return keccakToField(secret, LABEL.state, base, BigInt(index));
}

/** The salt of resultsHash (TALLY-7): 256 bits. */
export function resultsSalt(secret: bigint, statement: Statement): bigint {
  return keccakWords(secret, LABEL.results, bytesToInteger(statement.chainHead), statement.ctx, BigInt(statement.projects));
}
