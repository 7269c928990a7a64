import { groth16 } from "snarkjs";
import { BaseError } from "../errors.ts";
import type { CircuitArtifacts } from "./artifacts.ts";
import type { CircuitInputs } from "./inputs.ts";
import { proveWithWasm, whyUnfit } from "./fast.ts";
import { fromSnarkjs, type Proved } from "./proof.ts";
import { verifyProof } from "./verify.ts";
import { calculateWitness, WitnessError } from "./witness.ts";

export { calculateWitness, WitnessError, type Proved };

/** The two files of a circuit that making a proof takes. */
export type ProvingFiles = Pick<CircuitArtifacts, "name" | "wasm" | "zkey">;

export class ProofRejectedError extends BaseError {
  constructor(circuit: string) {
    super(`The prover's proof for circuit ${circuit} does not verify.`, {
      fix: "Check the proving key against its manifest, and the prover program if TACIT_PROVER names one.",
    });
  }
}

/** Proves and checks the proof before it is given out. Inputs hold plaintext ballots and stay in memory. @throws WitnessError, ProofRejectedError */
export async function prove(circuit: CircuitArtifacts, inputs: CircuitInputs): Promise<Proved> {
  const witness = await calculateWitness(circuit, inputs);
  if (whyUnfit() === undefined) {
    const proved = proveWithWasm(circuit, witness);
    if (await verifyProof(circuit.vkey, proved.signals, proved.proof)) return proved;
  }
  return requireValid(circuit, await proveWithSnarkjs(circuit, witness));
}

/** A proof that nobody has checked yet. `singleThread`: stay on the calling thread, as a pool's workers do. */
export async function proveWithSnarkjs(
  { zkey }: ProvingFiles,
  witness: Uint8Array,
  singleThread = false,
): Promise<Proved> {
  const { proof, publicSignals } = await groth16.prove(
    zkey,
    { type: "mem", data: witness },
    undefined,
    { singleThread },
  );
  return { proof: fromSnarkjs(proof), signals: publicSignals.map(BigInt) };
}

/** @throws ProofRejectedError unless the proof verifies */
export async function requireValid(
  { name, vkey }: Pick<CircuitArtifacts, "name" | "vkey">,
  proved: Proved,
): Promise<Proved> {
  if (!(await verifyProof(vkey, proved.signals, proved.proof))) throw new ProofRejectedError(name);
  return proved;
}

/** Ends the worker threads that snarkjs keeps for the next proof, so that the process can exit. */
export async function releaseProver(): Promise<void> {
  const curve = (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128;
  await curve?.terminate();
}
