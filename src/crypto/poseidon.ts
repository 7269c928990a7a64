import { grainGenConstants, poseidon, type PoseidonFn } from "@noble/curves/abstract/poseidon.js";
import { Fp } from "./field.ts";

/**
 * Partial rounds for widths t = 2..17 (circomlib's `poseidon.circom`; Poseidon paper, table 2, rounded up there).
 * Constants come from the paper's Grain LFSR and are compared with circomlib's in the tests.
 */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const FULL_ROUNDS = 8;
const permutations = new Map<number, PoseidonFn>();

function permutation(t: number): PoseidonFn {
  let found = permutations.get(t);
  if (found === undefined) {
    const roundsPartial = PARTIAL_ROUNDS[t - 2];
    if (roundsPartial === undefined) throw new RangeError(`Poseidon has no width ${t}; widths are 2 to 17`);
    const shape = { Fp, t, roundsFull: FULL_ROUNDS, roundsPartial, sboxPower: 5 };
    found = poseidon({ ...shape, ...grainGenConstants(shape) });
    permutations.set(t, found);
  }
  return found;
}

/** The Poseidon permutation of a state of 2 to 17 words (PARAM-3). */
export function permute(state: readonly bigint[]): bigint[] {
  return permutation(state.length)(state.slice());
}

/** H[capacity](inputs...) of PARAM-3, for 1 to 16 inputs. */
export function hash(capacity: bigint, inputs: readonly bigint[]): bigint {
  return permute([capacity, ...inputs])[0] as bigint;
}
