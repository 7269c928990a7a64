// A worker process of ProverPool: one proof at a time, on one thread, over the channel to the process that started it.
import { calculateWitness, proveWithSnarkjs, WitnessError, type Proved, type ProvingFiles } from "./prove.ts";
import { proveWithProgram } from "./native.ts";
import type { CircuitInputs } from "./inputs.ts";
import type { ProofTimes } from "./prover.ts";
import { describeError } from "../errors.ts";

export type PoolJob = { readonly circuit: ProvingFiles; readonly inputs: CircuitInputs; readonly program: string | undefined };
export type PoolAnswer =
  | (Proved & { readonly seconds: ProofTimes })
  | { readonly failed: "witness" | "prover"; readonly message: string };

async function work({ circuit, inputs, program }: PoolJob): Promise<PoolAnswer> {
  try {
    const started = performance.now();
    const witness = await calculateWitness(circuit, inputs);
    const between = performance.now();
    const proved = program === undefined ? await proveWithSnarkjs(circuit, witness, true) : await proveWithProgram(program, circuit, witness);
    return { ...proved, seconds: { witness: (between - started) / 1000, prove: (performance.now() - between) / 1000 } };
  } catch (error) {
    const witnessFailed = error instanceof WitnessError;
    return { failed: witnessFailed ? "witness" : "prover", message: describeError(witnessFailed ? error.cause : error) };
  }
}

process.on("message", (job: PoolJob) => void work(job).then((answer) => process.send?.(answer)));
// The exit handlers remove witness files. The channel closes when the owner ends in whatever way, kill -9 included.
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group: the owner decides
