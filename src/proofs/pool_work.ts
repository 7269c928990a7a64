import { describeError } from "../errors.ts";
import type { ProvingFiles } from "./prove.ts";
import type { CircuitInputs } from "./inputs.ts";
import type { Proved } from "./proof.ts";
import type { ProofTimes, ProverName } from "./prover.ts";
import { calculateWitness, WitnessError } from "./witness.ts";

/** What a pool asks a worker for. */
export type PoolJob = {
  readonly circuit: ProvingFiles;
  readonly inputs: CircuitInputs;
  readonly prover: ProverName | { readonly program: string };
};
/** A proof that nobody has checked yet, or that there is none: "died" and "interrupted" are worth another try. */
export type PoolAnswer =
  | (Proved & { readonly seconds: ProofTimes })
  | { readonly failed: "witness" | "prover" | "died" | "interrupted"; readonly message: string };

/** Does a job with a way to prove. */
export async function work(
  { circuit, inputs }: PoolJob,
  proveWith: (files: ProvingFiles, witness: Uint8Array) => Proved | Promise<Proved>,
): Promise<PoolAnswer> {
  try {
    const started = performance.now();
    const witness = await calculateWitness(circuit, inputs);
    // The circuit's memory is large and nothing refers to it any more; left to the engine, a second one would come beside it.
    (globalThis as { readonly gc?: () => void }).gc?.();
    const between = performance.now();
    const proved = await proveWith(circuit, witness);
    return {
      ...proved,
      seconds: { witness: (between - started) / 1000, prove: (performance.now() - between) / 1000 },
    };
  } catch (error) {
    const witnessFailed = error instanceof WitnessError;
    return {
      failed: witnessFailed ? "witness" : "prover",
      message: describeError(witnessFailed ? error.cause : error),
    };
  }
}
