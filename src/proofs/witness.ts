import { readFile } from "node:fs/promises";
import { BaseError } from "../errors.ts";
import type { CircuitArtifacts } from "./artifacts.ts";
import type { CircuitInputs } from "./inputs.ts";
import { computeWitness } from "./wasm/witness.ts";

export class WitnessError extends BaseError {
  constructor(circuit: string, cause: unknown) {
    super(`Circuit ${circuit} has no witness for these inputs.`, {
      fix: "This is a defect: keep the round's archive and report it.",
      cause,
    });
  }
}

/** Compiled circuits by their file: a pool's worker needs the same one or two again and again. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** The witness file's bytes. They hold everything that the inputs hold: secret. @throws WitnessError, RangeError where memory is short */
export async function calculateWitness(
  { name, wasm }: Pick<CircuitArtifacts, "name" | "wasm">,
  inputs: CircuitInputs,
): Promise<Uint8Array> {
  const known = compiled.get(wasm) ?? readFile(wasm).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(wasm, known);
  const module = await known.catch((error: unknown) => {
    compiled.delete(wasm);
    throw error;
  });
  try {
    return computeWitness(module, inputs);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause; // memory is short, which says nothing of the inputs
    throw new WitnessError(name, cause);
  }
}
