import type { CircuitArtifacts } from "./artifacts.ts";
import type { CircuitInputs } from "./inputs.ts";
import type { Proved } from "./proof.ts";

/** Who makes proofs: this repository's prover (wasm/), or snarkjs, several times slower. Their proofs are alike. */
export type ProverName = "wasm" | "snarkjs";
export const PROVERS: readonly ProverName[] = ["wasm", "snarkjs"];

/** Seconds that a proof took where it was made. */
export type ProofTimes = { readonly witness: number; readonly prove: number };

/**
 * Makes proofs: in a pool on this machine, or through a queue. What it gives out has been verified here.
 * Inputs hold plaintext ballots and the coordinator's secret; whoever makes the proofs can read them.
 */
export type Prover = {
  /** How many proofs are made side by side; more than that may be asked for at once and wait. */
  readonly width: number;
  /** @throws WitnessError, ProofRejectedError, ProverFailedError */
  readonly prove: (
    circuit: CircuitArtifacts,
    inputs: CircuitInputs,
  ) => Promise<Proved & { readonly seconds?: ProofTimes }>;
  /** Ends it; proofs that are being made are given up. */
  readonly close: () => Promise<void>;
};
