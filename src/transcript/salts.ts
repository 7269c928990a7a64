import { bytesToInteger, integerToBytes, mod } from "../crypto/field.ts";
import type { CoordinatorKey } from "../protocol/coordinator_key.ts";
import type { Statement } from "./challenges.ts";

/**
 * TALLY-11: salts derived from the coordinator's secret c and what they hide, so that a run after a crash commits to the
 * same values and proofs already made stay good. Labels keep the uses apart; all arguments are fixed-length words.
 */
const LABEL = { rows: 1n, state: 2n, results: 3n, seal: 4n } as const;

/** The salt absorbed first by D (ROW-12), for a fold circuit of `rows` rows. */
export async function rowsSalt(
  key: CoordinatorKey,
  statement: Statement,
  rows: number,
): Promise<bigint> {
  return mod(
    await key.salt(
      LABEL.rows,
      bytesToInteger(statement.chainHead),
      statement.ctx,
      BigInt(statement.projects),
      BigInt(rows),
    ),
  );
}

/** The salt of the state commitment after fold `index` (from 0) of the transcript named by TALLY-1's base. */
export async function stateSalt(key: CoordinatorKey, base: bigint, index: number): Promise<bigint> {
  return mod(await key.salt(LABEL.state, base, BigInt(index)));
}

/** The salt of resultsHash (TALLY-7): 256 bits. */
export async function resultsSalt(key: CoordinatorKey, statement: Statement): Promise<bigint> {
  return key.salt(
    LABEL.results,
    bytesToInteger(statement.chainHead),
    statement.ctx,
    BigInt(statement.projects),
  );
}

/** The key, 32 bytes, under which a coordinator keeps what it has decrypted of a round: who has it could decrypt the round's messages anyway. */
export async function sealingKey(
  key: CoordinatorKey,
  { ctx }: Pick<Statement, "ctx">,
): Promise<Uint8Array> {
  return integerToBytes(await key.salt(LABEL.seal, ctx), 32);
}
