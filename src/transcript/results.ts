import { mod } from "../crypto/field.ts";
import { keccakWords } from "../crypto/keccak.ts";
import { BaseError } from "../errors.ts";
import { CREDITS_BITS, MAX_PROJECTS, P, RESULT } from "../params.ts";
import type { ProjectResult } from "../round/semantics.ts";
import type { Challenges } from "./challenges.ts";

export class ResultEntryError extends BaseError {
  constructor(entry: string, why: string) {
    super(`Result entry ${entry} is not valid: ${why} (TALLY-6, TALLY-8).`, {
      fix: "List each project with votes once, in increasing order of index.",
    });
  }
}

/** TALLY-6. @throws ResultEntryError if a field is out of range. */
export function encodeResult({ project, votes, credits }: ProjectResult): bigint {
  const magnitude = votes < 0n ? -votes : votes;
  const fail = (why: string) => new ResultEntryError(`(${project}, ${votes}, ${credits})`, why);
  if (!Number.isInteger(project) || project < 0 || project >= MAX_PROJECTS)
    throw fail("project out of range");
  if (magnitude >> BigInt(CREDITS_BITS) !== 0n) throw fail("|T| does not fit 64 bits");
  if (credits <= 0n || credits >> BigInt(RESULT.bits - RESULT.creditsShift) !== 0n)
    throw fail("S is not in [1, 2^128)");
  return (
    BigInt(project) |
    (magnitude << BigInt(RESULT.votesShift)) |
    (BigInt(votes < 0n) << BigInt(RESULT.signShift)) |
    (credits << BigInt(RESULT.creditsShift))
  );
}

/** TALLY-6, for any entry that the contract accepted. */
export function decodeResult(entry: bigint): ProjectResult {
  const magnitude = (entry >> BigInt(RESULT.votesShift)) & ((1n << BigInt(CREDITS_BITS)) - 1n);
  const negative = ((entry >> BigInt(RESULT.signShift)) & 1n) === 1n;
  return {
    project: Number(entry & BigInt(MAX_PROJECTS - 1)),
    votes: negative ? -magnitude : magnitude,
    credits: entry >> BigInt(RESULT.creditsShift),
  };
}

/** TALLY-7: the salted hash of the whole list. */
export function resultsHash(salt: bigint, entries: readonly bigint[]): bigint {
  return keccakWords(
    salt,
    entries.reduce((x, entry) => keccakWords(x, entry), 0n),
  );
}

/** TALLY-9: Σ (T + delta·S)/(theta - j) as a fraction Num/Den. */
export function resultsFraction(
  results: readonly ProjectResult[],
  { theta, delta }: Pick<Challenges, "theta" | "delta">,
): { readonly num: bigint; readonly den: bigint } {
  let num = 0n;
  let den = 1n;
  for (const { project, votes, credits } of results) {
    const q = mod(theta - BigInt(project));
    num = mod(num * q + mod(votes + delta * credits) * den);
    den = (den * q) % P;
  }
  return { num, den };
}
