import type { InputValue } from "../../src/proofs/inputs.ts";
import type { Prover } from "../../src/proofs/prover.ts";
import { simulatedProver } from "../keys/simulated_prover.ts";

/** A prover that counts its inputs' words and makes no witness: its proofs come from the development keys' trapdoor. */
export type CountingProver = Prover & { readonly counted: () => { folds: number; words: number } };

export function countingProver(): CountingProver {
  const counted = { folds: 0, words: 0 };
  const prover = simulatedProver(2, () => Promise.resolve());
  return {
    ...prover,
    prove(circuit, inputs) {
      if (circuit.name.startsWith("fold")) counted.folds++;
      for (const value of Object.values(inputs)) counted.words += wordsIn(value);
      return prover.prove(circuit, inputs);
    },
    counted: () => counted,
  };
}

const wordsIn = (value: InputValue): number =>
  typeof value === "bigint" ? 1 : value.reduce<number>((sum, part) => sum + wordsIn(part), 0);
