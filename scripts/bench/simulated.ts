import type { CircuitInputs, InputValue } from "../../src/proofs/inputs.ts";
import type { Prover } from "../../src/proofs/prover.ts";
import { simulator } from "../keys/simulate.ts";

/** A prover that counts its inputs' words and makes no witness: its proofs come from the development keys' trapdoor. */
export type CountingProver = Prover & { readonly counted: () => { folds: number; words: number } };

export function countingProver(): CountingProver {
  const counted = { folds: 0, words: 0 };
  return {
    width: 2,
    async prove({ name }, inputs) {
      if (name.startsWith("fold")) counted.folds++;
      for (const value of Object.values(inputs)) counted.words += wordsIn(value);
      const signals = signalsOf(name, inputs);
      return { proof: (await simulator(name))(signals), signals };
    },
    close: async () => undefined,
    counted: () => counted,
  };
}

const wordsIn = (value: InputValue): number =>
  typeof value === "bigint" ? 1 : value.reduce<number>((sum, part) => sum + wordsIn(part), 0);

/** FOLD-1's and CLOSE-1's public signals, which are among the inputs. */
function signalsOf(name: string, inputs: CircuitInputs): bigint[] {
  const names = name.startsWith("fold")
    ? ["before", "after"]
    : [
        "g",
        "beta",
        "theta",
        "delta",
        "coordinatorKey",
        "ctx",
        "J",
        "signs",
        "D",
        "PM",
        "acc",
        "commitment",
      ];
  return names.flatMap((signal) => inputs[signal] as bigint | bigint[]);
}
