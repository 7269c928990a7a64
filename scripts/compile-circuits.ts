import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { BaseError } from "../src/errors.ts";
import { readHeader } from "./keys/r1cs.ts";
import { turnFactorsInFile } from "./keys/turn-factors.ts";
import { fromRoot, toRelative } from "./pipeline/paths.ts";
import { runNode } from "./pipeline/run.ts";

export class CircuitTooLargeError extends BaseError {
  constructor(name: string, constraints: number, power: number) {
    super(`Circuit ${name} has ${constraints} constraints and does not fit 2^${power}.`, {
      fix: `Take fewer rows for it in src/params.ts.`,
    });
  }
}

export type Compiled = { constraints: number; files: string[] };

/**
 * Compiles one main to `<to>/<name>.r1cs` and `.wasm`, on request `.sym`.
 * Always with --O2: circom's default simplification leaves about twice the constraints. Then factors are turned (keys/turn-factors.ts):
 * every key, development or ceremony, is made from the file that this leaves.
 */
export async function compileCircuit(options: {
  name: string;
  main: string;
  to: string;
  symbols: boolean;
  power?: number | undefined;
}): Promise<Compiled> {
  const { name, main, to } = options;
  // Beside the target, so that a rename moves its files; a killed compilation's leftovers are swept away by the next.
  const temporary = path.join(to, `.${name}.tmp`);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const flags = ["--O2", "--r1cs", "--wasm", ...(options.symbols ? ["--sym"] : [])];
  await runNode(
    `Compiling ${toRelative(main)}`,
    [
      fromRoot("node_modules/circom2/cli.js"),
      main,
      ...flags,
      "-l",
      "node_modules",
      "-o",
      temporary,
    ],
    "Read circom's message above.",
  );
  await turnFactorsInFile(path.join(temporary, `${name}.r1cs`));
  const { constraints, publicSignals } = await readHeader(path.join(temporary, `${name}.r1cs`));
  if (options.power !== undefined && constraints + publicSignals + 1 > 2 ** options.power) {
    throw new CircuitTooLargeError(name, constraints, options.power);
  }
  const made = [
    `${name}.r1cs`,
    `${name}_js/${name}.wasm`,
    ...(options.symbols ? [`${name}.sym`] : []),
  ];
  const files: string[] = [];
  for (const file of made) {
    const final = path.join(to, path.basename(file));
    await rename(path.join(temporary, file), final);
    files.push(final);
  }
  await rm(temporary, { recursive: true, force: true });
  return { constraints, files };
}
