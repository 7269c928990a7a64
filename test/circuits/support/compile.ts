import { compileCircuit } from "../../../scripts/compile-circuits.ts";
import { closureOfCircuit, closureOfTypeScript } from "../../../scripts/pipeline/imports.ts";
import { withLock } from "../../../scripts/pipeline/lock.ts";
import { BUILD, fromRoot } from "../../../scripts/pipeline/paths.ts";
import { isFresh, runStep, type Step } from "../../../scripts/pipeline/step.ts";
import { lockedVersions } from "../../../scripts/pipeline/versions.ts";

const FOLDER = `${BUILD}/test-circuits`;

/** The files of a main, compiled unless its sources are those of the last time. */
export async function compileMain(
  folder: string,
  name: string,
): Promise<{ readonly r1cs: string; readonly wasm: string; readonly sym: string }> {
  const main = fromRoot(folder, `${name}.circom`);
  const step: Step = {
    name: `test-circuit-${name}`,
    inputs: async () => [
      ...(await closureOfCircuit(main)),
      ...(await closureOfTypeScript(fromRoot("scripts/compile-circuits.ts"))),
    ],
    extra: async () => lockedVersions("circom2", "circomlib"),
    run: async () => (await compileCircuit({ name, main, to: FOLDER, symbols: true })).files,
  };
  await withLock(`${FOLDER}/${name}.lock`, async () => {
    if (!(await isFresh(step))) await runStep(step);
  });
  return {
    r1cs: `${FOLDER}/${name}.r1cs`,
    wasm: `${FOLDER}/${name}.wasm`,
    sym: `${FOLDER}/${name}.sym`,
  };
}
