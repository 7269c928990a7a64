import type { CircuitInputs } from "../../src/proofs/inputs.ts";
import type { Prover } from "../../src/proofs/prover.ts";
import { simulator } from "./simulate.ts";

/** A prover whose proofs come from the development keys' trapdoor, each when `wait` ends: for what happens around proving. */
export const simulatedProver = (width: number, wait: () => Promise<void>): Prover => ({
  width,
  async prove({ name }, inputs) {
    await wait();
    const signals = listSignals(name, inputs);
    return { proof: (await simulator(name))(signals), signals };
  },
  close: async () => undefined,
});

/** A circuit's public signals, in their order (FOLD-1, CLOSE-1). */
function listSignals(circuit: string, inputs: CircuitInputs): bigint[] {
  const names = circuit.startsWith("fold")
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
  return names.flatMap((name) => inputs[name] as bigint | bigint[]);
}
