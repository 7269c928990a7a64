import { FOLD_SIZES } from "../../src/params.ts";
import { readHeader } from "../keys/r1cs.ts";
import { artifactFiles } from "../pipeline/circuits.ts";
import type { Json, Snapshot } from "./snapshot.ts";

/** A fold of n rows has perFold + n·perRow constraints; two sizes give both. */
async function measure(): Promise<Json> {
  const count = async (name: string) => (await readHeader(artifactFiles(name).r1cs)).constraints;
  const folds = await Promise.all(
    FOLD_SIZES.map(async ({ name, rows }) => ({
      name,
      rows,
      constraints: await count(`fold_${name}`),
    })),
  );
  const [first, last] = [folds.at(0), folds.at(-1)];
  if (first === undefined || last === undefined || first === last)
    throw new Error("Two sizes of folds are needed.");
  const perRow = (last.constraints - first.constraints) / (last.rows - first.rows);
  const perFold = first.constraints - first.rows * perRow;
  const sizes = folds.map(({ name, rows, constraints }) => [
    name,
    { rows, constraints, perRow, perFold },
  ]);
  return { ...Object.fromEntries(sizes), close: { constraints: await count("close") } };
}

export const circuits: Snapshot = { name: "circuits", measure, tolerance: 0 };
