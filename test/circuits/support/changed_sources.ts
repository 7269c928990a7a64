import { readFile } from "node:fs/promises";
import { filesBelow } from "../../../scripts/pipeline/imports.ts";
import { BUILD, fromRoot, toRelative } from "../../../scripts/pipeline/paths.ts";
import { writeAtomically } from "../../../scripts/pipeline/step.ts";
import { TestCircuit } from "./circuit.ts";

/** One text of one file below circuits/, and what stands there instead. */
export type Change = { readonly file: string; readonly text: string; readonly by: string };

/**
 * A main of test/fixtures/circuits, compiled from changed copies of the sources: without a check, to see what it is there for, or with hints
 * (`<--`) as a dishonest prover computes them, which leave the constraint system as it is.
 */
export async function loadChanged(
  main: string,
  name: string,
  changes: readonly Change[],
): Promise<TestCircuit> {
  const folder = `${BUILD}/changed-circuits/${name}`;
  for (const path of (await filesBelow(fromRoot("circuits"), ".circom")).map(toRelative)) {
    let source = await readFile(fromRoot(path), "utf8");
    for (const { text, by } of changes.filter(({ file }) => path === `circuits/${file}`)) {
      if (source.split(text).length !== 2)
        throw new RangeError(`${path} does not contain once: ${text}`);
      source = source.replace(text, () => by);
    }
    await writeAtomically(`${folder}/${path}`, source);
  }
  // Under a name of its own, as circom names what it makes after the main's file.
  await writeAtomically(
    `${folder}/test/fixtures/circuits/${name}.circom`,
    await readFile(fromRoot("test/fixtures/circuits", `${main}.circom`), "utf8"),
  );
  return TestCircuit.load(name, `${toRelative(folder)}/test/fixtures/circuits`);
}
