import { groth16, wtns, type CircuitInput } from "snarkjs";
import { BaseError } from "../errors.ts";
import type { CircuitArtifacts } from "./artifacts.ts";
import type { CircuitInputs } from "./inputs.ts";
import { fromSnarkjs, type Proof } from "./proof.ts";
import { verifyProof } from "./verify.ts";

/** A proof with the public signals that it proves. */
export type Proved = { readonly proof: Proof; readonly signals: readonly bigint[] };

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
  const witness = { type: "mem" as const };
  try {
    await wtns.calculate(inputs as CircuitInput, circuit.wasm, witness);
  } catch (cause) {
    throw new WitnessError(circuit.name, cause);
  }
  const { proof, publicSignals } = await groth16.prove(circuit.zkey, witness);
  const proved = { proof: fromSnarkjs(proof), signals: publicSignals.map(BigInt) };
  if (!(await verifyProof(circuit.vkey, proved.signals, proved.proof))) throw new ProofRejectedError(circuit.name);
  return proved;
}

/** Ends the worker threads that snarkjs keeps for the next proof, so that the process can exit. */
export async function releaseProver(): Promise<void> {
  const curve = (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128;
  await curve?.terminate();
}
