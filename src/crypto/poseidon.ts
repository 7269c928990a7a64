import { P } from "../params.ts";
import { mod } from "./field.ts";
import { deriveConstants, timesVector, type PermutationConstants } from "./poseidon_constants.ts";

const permutations = new Map<number, PermutationConstants>();

/** The Poseidon permutation of a state of 2 to 17 words (PARAM-3). */
export function permute(state: readonly bigint[]): bigint[] {
  const t = state.length;
  let found = permutations.get(t);
  if (found === undefined) permutations.set(t, (found = deriveConstants(t)));
  const { mds, fullBefore, fullAfter, partial, leftOver } = found;
  let x = state.map((word) => mod(word));
  for (const constants of fullBefore) x = fullRound(mds, constants, x);
  for (const { constant, row, column } of partial) {
    const head = power5((x[0] as bigint) + constant);
    let sum = (row[0] as bigint) * head;
    for (let j = 1; j < t; j++) {
      const word = x[j] as bigint;
      sum += (row[j] as bigint) * word;
      x[j] = (word + (column[j - 1] as bigint) * head) % P;
    }
    x[0] = sum % P;
  }
  x = [x[0] as bigint, ...timesVector(leftOver, x.slice(1))];
  for (const constants of fullAfter) x = fullRound(mds, constants, x);
  return x;
}

/** H[capacity](inputs...) of PARAM-3, for 1 to 16 inputs. */
export function hash(capacity: bigint, inputs: readonly bigint[]): bigint {
  return permute([capacity, ...inputs])[0] as bigint;
}

function fullRound(
  mds: readonly (readonly bigint[])[],
  constants: readonly bigint[],
  x: readonly bigint[],
): bigint[] {
  return timesVector(
    mds,
    x.map((word, i) => power5(word + (constants[i] as bigint))),
  );
}

/** x⁵ mod P for x < 2P. */
function power5(x: bigint): bigint {
  const square = (x * x) % P;
  return (((square * square) % P) * x) % P;
}
