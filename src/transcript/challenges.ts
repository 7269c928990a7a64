import type { Point } from "../crypto/curve.ts";
import { bytesToInteger } from "../crypto/field.ts";
import { keccakToField, keccakWords } from "../crypto/keccak.ts";

/** Everything that is fixed before the challenges exist (TALLY-1). */
export type Statement = {
  readonly chainHead: Uint8Array;
  /** N, the number of items. */
  readonly items: number;
  /** J, the number of projects. */
  readonly projects: number;
  readonly coordinatorKey: Point;
  readonly signs: boolean;
  readonly ctx: bigint;
};

/** What the coordinator commits to (TALLY-1): D is a word, resultsHash a 256-bit integer. */
export type Commitment = { readonly D: bigint; readonly resultsHash: bigint };

/** The four random words of TALLY-2. */
export type Challenges = {
  readonly g: bigint;
  readonly beta: bigint;
  readonly theta: bigint;
  readonly delta: bigint;
};

/** TALLY-1's base: names one commit of one transcript. */
export function transcriptBase(
  { chainHead, items, projects, coordinatorKey, signs, ctx }: Statement,
  { D, resultsHash }: Commitment,
): bigint {
  return keccakWords(
    bytesToInteger(chainHead),
    BigInt(items),
    BigInt(projects),
    coordinatorKey.x,
    coordinatorKey.y,
    D,
    resultsHash,
    BigInt(signs),
    ctx,
  );
}

/** TALLY-2. */
export function deriveChallenges(base: bigint): Challenges {
  const [g, beta, theta, delta] = [1n, 2n, 3n, 4n].map((i) => keccakToField(base, i)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return { g, beta, theta, delta };
}
