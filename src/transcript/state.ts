import { inverseOrZero, mod } from "../crypto/field.ts";
import { hash } from "../crypto/poseidon.ts";
import { DOMAIN, P } from "../params.ts";
import type { HalfSizePair } from "../crypto/half_size.ts";
import type { BallotEntry } from "../protocol/ballot.ts";
import type { Challenges } from "./challenges.ts";
import { fingerprint } from "./fingerprint.ts";
import { GENESIS, type DiscreteState, type TracedRow } from "./trace.ts";

/** The whole state of the row relation. */
export type State = DiscreteState & {
  readonly F: bigint;
  readonly PM: bigint;
  readonly acc: bigint;
  readonly D: bigint;
};

/** The constants of a transcript, hashed once (FOLD-1). */
export type Constants = Challenges &
  HalfSizePair & { readonly ctx: bigint; readonly projects: number; readonly signs: boolean };

/** FOLD-1's order of the constants, as words. */
export function constantWords({
  g,
  beta,
  theta,
  delta,
  c1,
  c2,
  ctx,
  projects,
  signs,
}: Constants): bigint[] {
  return [g, beta, theta, delta, mod(c1), mod(c2), ctx, BigInt(projects), BigInt(signs)];
}

/** FOLD-1's order of the state, as words. */
export function stateWords({
  owner,
  key,
  credits,
  nonce,
  lastT,
  F,
  cost,
  pos,
  PM,
  acc,
  D,
}: State): bigint[] {
  return [owner, key.x, key.y, credits, nonce, lastT, F, cost, BigInt(pos), PM, acc, D];
}

/** FOLD-1's hc. */
export function constantsHash(constants: Constants): bigint {
  return hash(DOMAIN.constants, constantWords(constants));
}

/** FOLD-1. */
export function commitState(salt: bigint, hc: bigint, state: State): bigint {
  return hash(DOMAIN.state, [salt, hc, ...stateWords(state)]);
}

/** FOLD-2's genesis, for a first D. */
export function genesisState(D0: bigint): State {
  return { ...GENESIS, F: 0n, PM: 1n, acc: 0n, D: D0 };
}

/** The state after a traced row, at the challenges (ROW-2, ROW-8, ROW-10). */
export function advance(
  before: State,
  { row, accepted, after, ownerChanges, D }: TracedRow,
  challenges: Challenges,
  fractions: Fractions,
): State {
  const { g, beta } = challenges;
  let { F, PM, acc } = before;
  for (const item of [row.message, row.contribution])
    if (item !== undefined) PM = (PM * mod(beta - fingerprint(item, g))) % P;
  if (ownerChanges) {
    acc = mod(acc + F);
    F = 0n;
  }
  if (accepted !== undefined) F = mod((accepted.append ? F : 0n) + fractions.sum(accepted.entries));
  return { ...after, F, PM, acc, D };
}

/** ROW-10's sum over a page's used entries; 1/(theta - project) is computed once a project. */
export class Fractions {
  readonly #inverses = new Map<number, bigint>();
  readonly #challenges: Challenges;

  constructor(challenges: Challenges) {
    this.#challenges = challenges;
  }

  sum(entries: readonly BallotEntry[]): bigint {
    let total = 0n;
    for (const { project, sign, magnitude } of entries) {
      if (magnitude === 0n) continue;
      const weight = mod(
        (sign ? -magnitude : magnitude) + this.#challenges.delta * magnitude * magnitude,
      );
      total += weight * this.#inverse(project);
    }
    return mod(total);
  }

  #inverse(project: number): bigint {
    let found = this.#inverses.get(project);
    if (found === undefined)
      this.#inverses.set(
        project,
        (found = inverseOrZero(this.#challenges.theta - BigInt(project))),
      );
    return found;
  }
}
