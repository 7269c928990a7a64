import { mod } from "../crypto/field.ts";
import type { Point } from "../crypto/curve.ts";
import { constantWords, stateWords, type Constants } from "../transcript/state.ts";
import type { TracedRow } from "../transcript/trace.ts";
import type { FoldStates, FoldStep, Transcript } from "../transcript/transcript.ts";

/** A circuit's input signals by name; nested arrays of words. */
export type CircuitInputs = { readonly [signal: string]: InputValue };
export type InputValue = bigint | readonly InputValue[];

/** Inputs of `circuits/fold.circom` for one fold. They hold plaintext ballots: secret. */
export function foldInputs(fold: FoldStep, constants: Constants, rowsSalt: bigint): CircuitInputs {
  const each = <T extends InputValue>(pick: (row: TracedRow) => T) => fold.rows.map(pick);
  return {
    before: fold.before,
    after: fold.after,
    constants: constantWords(constants),
    saltBefore: fold.saltBefore,
    saltAfter: fold.saltAfter,
    rowsSalt,
    state: stateWords(fold.start),
    t: each(({ row }) => BigInt(row.message?.t ?? 0)),
    words: each(({ words }) => words),
    contributionT: each(({ row }) => BigInt(row.contribution?.t ?? 0)),
    contributionTag: each(({ row }) => row.contribution?.tag ?? 0n),
    contributionCredits: each(({ row }) => row.contribution?.credits ?? 0n),
    contributionKey: each(({ row }) => [
      row.contribution?.key.x ?? 0n,
      row.contribution?.key.y ?? 0n,
    ]),
    sharedRoot: each(({ sharedRoot }) => [sharedRoot.u, sharedRoot.v]),
    wellFormed: each(({ hints }) => hints.wellFormed),
    pointer: each(({ hints }) => hints.pointer),
    high: each(({ hints }) => hints.high),
    bounded: each(({ hints }) => hints.bounded),
  };
}

/** Inputs of `circuits/close.circom` (CLOSE-1 to CLOSE-3). */
export function closeInputs(
  { constants, folds, acc }: Pick<Transcript<FoldStates>, "constants" | "folds" | "acc">,
  coordinatorKey: Point,
): CircuitInputs {
  const last = folds.at(-1) as FoldStates;
  const { g, beta, theta, delta, ctx, projects, signs, c1, c2 } = constants;
  return {
    g,
    beta,
    theta,
    delta,
    ctx,
    acc,
    coordinatorKey: [coordinatorKey.x, coordinatorKey.y],
    J: BigInt(projects),
    signs: BigInt(signs),
    D: last.end.D,
    PM: last.end.PM,
    commitment: last.after,
    salt: last.saltAfter,
    c1: mod(c1),
    c2: mod(c2),
    state: stateWords(last.end),
  };
}
