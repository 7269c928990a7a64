import { groth16, wtns, type CircuitInput } from "snarkjs";
import { BaseError } from "../errors.ts";
import type { CircuitArtifacts } from "./artifacts.ts";
import type { CircuitInputs } from "./inputs.ts";
import { fromSnarkjs, type Proof } from "./proof.ts";
import { verifyProof } from "./verify.ts";

/** A proof with the public signals that it proves. */
export type Proved = { readonly proof: Proof; readonly signals: readonly bigint[] };

/** The two files of a circuit that making a proof takes. */
export type ProvingFiles = Pick<CircuitArtifacts, "name" | "wasm" | "zkey">;

export class WitnessError extends BaseError {
  constructor(circuit: string, cause: unknown) {
    super(`Circuit ${circuit} has no witness for these inputs.`, { fix: "This is a defect: keep the round's archive and report it.", cause });
  }
}

export class ProofRejectedError extends BaseError {
  constructor(circuit: string) {
    super(`The prover's proof for circuit ${circuit} does not verify.`, { fix: "Check the proving key against its manifest, and the prover program if TACIT_PROVER names one." });
  }
}

/** Proves and checks the proof before it is given out. Inputs hold plaintext ballots and stay in memory. @throws WitnessError, ProofRejectedError */
export async function prove(circuit: CircuitArtifacts, inputs: CircuitInputs): Promise<Proved> {
  return requireValid(circuit, await proveWithSnarkjs(circuit, await calculateWitness(circuit, inputs)));
}

/** The witness file's bytes. They hold everything that the inputs hold: secret. @throws WitnessError */
export async function calculateWitness({ name, wasm }: ProvingFiles, inputs: CircuitInputs): Promise<Uint8Array> {
  const witness: { type: "mem"; data?: Uint8Array } = { type: "mem" };
  try {
    await wtns.calculate(inputs as CircuitInput, wasm, witness);
  } catch (cause) {
    throw new WitnessError(name, cause);
  }
  return witness.data as Uint8Array;
}

/** A proof that nobody has checked yet. `singleThread`: stay on the calling thread, as a pool's workers do. */
export async function proveWithSnarkjs({ zkey }: ProvingFiles, witness: Uint8Array, singleThread = false): Promise<Proved> {
  const { proof, publicSignals } = await groth16.prove(zkey, { type: "mem", data: witness }, undefined, { singleThread });
  return { proof: fromSnarkjs(proof), signals: publicSignals.map(BigInt) };
}

/** @throws ProofRejectedError unless the proof verifies */
export async function requireValid({ name, vkey }: Pick<CircuitArtifacts, "name" | "vkey">, proved: Proved): Promise<Proved> {
  if (!(await verifyProof(vkey, proved.signals, proved.proof))) throw new ProofRejectedError(name);
  return proved;
}

/** Ends the worker threads that snarkjs keeps for the next proof, so that the process can exit. */
export async function releaseProver(): Promise<void> {
  const curve = (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128;
  await curve?.terminate();
}
