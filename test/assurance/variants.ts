import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { BUILD, fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";
import { runNode } from "../../scripts/pipeline/run.ts";
import { compileMain } from "../circuits/support/compile.ts";
import { Constraints, type Constraint } from "../circuits/support/constraints.ts";

/** One change of a circuit's source: the text stands in it exactly once, or the edit is refused, so that no edit can miss its target. */
export type Edit = { readonly file: string; readonly remove: string; readonly put?: string };

/** A main on which the constraint system is read: a file of test/fixtures/circuits, or another folder, or a source of its own that could stand there. */
export type Main = { readonly name: string; readonly source?: string; readonly from?: string };

/** The constraints of a compiled main with the names of its wires; no witness calculation and so no hint. */
export class ConstraintSystem {
  readonly all: readonly Constraint[];
  /** Wires by name. The compiler keeps one name for each wire. */
  readonly signals: ReadonlyMap<string, number>;
  /** Number of wires; wire 0 is the constant 1. */
  readonly wires: number;
  readonly #names: ReadonlyMap<number, string>;

  constructor(all: readonly Constraint[], signals: ReadonlyMap<string, number>) {
    this.all = all;
    this.signals = signals;
    this.#names = new Map([...signals].map(([name, wire]) => [wire, name]));
    this.wires = 1 + signals.size;
  }

  /** @throws RangeError where no wire carries the signal */
  wire(signal: string): number {
    const wire = this.signals.get(signal);
    if (wire === undefined) throw new RangeError(`No wire carries ${signal}`);
    return wire;
  }

  /** Wires of the signals whose names match. */
  find(names: RegExp): number[] {
    return [...this.signals].flatMap(([name, wire]) => (names.test(name) ? [wire] : []));
  }

  nameWire(wire: number): string {
    return this.#names.get(wire) ?? "1";
  }

  /** Other constraints on the same wires. */
  with(all: readonly Constraint[]): ConstraintSystem {
    return new ConstraintSystem(all, this.signals);
  }
}

/** A compiler's list of signals: of those that have a wire, name and wire. */
async function readSymbols(file: string): Promise<Map<string, number>> {
  const rows = (await readFile(file, "utf8")).split("\n").map((line) => line.split(","));
  return new Map(
    rows.flatMap(([, wire, , signal]) =>
      signal === undefined || wire === "-1" ? [] : [[signal.replace(/^main\./, ""), Number(wire)]],
    ),
  );
}

export type Variant = {
  readonly main: Main;
  /** O1 replaces signals that equal a signal or a constant; O2, which is shipped, eliminates every linear constraint. */
  readonly level: "O1" | "O2";
  readonly edits?: readonly Edit[];
  /** A change of every source of circuits/, generated ones excepted. */
  readonly transform?: (source: string) => string;
};

/** Compiles a main against a copy of circuits/ with some edits, in a folder of its own that is gone afterwards. */
export async function compileVariant({
  main: { name, source, from = "test/fixtures/circuits" },
  level,
  edits = [],
  transform,
}: Variant): Promise<ConstraintSystem> {
  await mkdir(path.join(BUILD, "variants"), { recursive: true });
  const folder = await mkdtemp(path.join(BUILD, "variants", `${name}-`));
  try {
    await cp(fromRoot("circuits"), path.join(folder, "circuits"), { recursive: true });
    for (const { file, remove, put = "" } of edits) {
      const target = path.join(folder, "circuits", file);
      const parts = (await readFile(target, "utf8")).split(remove);
      if (parts.length !== 2)
        throw new RangeError(`"${remove}" stands ${parts.length - 1} times in ${file}`);
      await writeFile(target, parts.join(put));
    }
    if (transform !== undefined) {
      const sources = (await filesBelow(path.join(folder, "circuits"), ".circom")).filter(
        (file) => !file.includes("/generated/"),
      );
      for (const file of sources) await writeFile(file, transform(await readFile(file, "utf8")));
    }
    const at = path.join(folder, from, `${name}.circom`);
    await mkdir(path.dirname(at), { recursive: true });
    await writeFile(at, source ?? (await readFile(fromRoot(from, `${name}.circom`), "utf8")));
    const flags = [`--${level}`, "--r1cs", "--sym", "-l", "node_modules", "-o", toRelative(folder)];
    await runNode(
      `Compiling ${name}`,
      [fromRoot("node_modules/circom2/cli.js"), toRelative(at), ...flags],
      "Read circom's message above.",
    );
    const { all } = await Constraints.read(path.join(folder, `${name}.r1cs`));
    return new ConstraintSystem(all, await readSymbols(path.join(folder, `${name}.sym`)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The system of a main that tests or keys are made for, compiled by the build's own step. */
export async function shippedSystem(
  name: string,
  folder = "test/fixtures/circuits",
): Promise<ConstraintSystem> {
  const { r1cs, sym } = await compileMain(folder, name);
  return new ConstraintSystem((await Constraints.read(r1cs)).all, await readSymbols(sym));
}

/** A row without the proof that its R is on the curve, as it once was: two shared points for R = (0, -1). Every tool here must see it. */
export const WITHOUT_R_ON_CURVE: Edit = {
  file: "lib/half_size.circom",
  remove: "MontgomeryOnCurve()(R);",
};
/** A row that takes any pair of words as the root of the shared point. */
export const WITHOUT_ROOT_ON_CURVE: Edit = {
  file: "lib/half_size.circom",
  remove: "MontgomeryOnCurve()(root);",
};
