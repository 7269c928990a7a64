import { readFile } from "node:fs/promises";
import { compileMain } from "./compile.ts";
import { Constraints } from "./constraints.ts";
import { UnsatisfiedError, WitnessCalculator, type Inputs } from "./witness.ts";

/** A compiled test circuit. */
export class TestCircuit {
  readonly constraints: Constraints;
  readonly #calculator: WitnessCalculator;
  readonly #wires: ReadonlyMap<string, number>;

  private constructor(
    calculator: WitnessCalculator,
    constraints: Constraints,
    wires: ReadonlyMap<string, number>,
  ) {
    this.#calculator = calculator;
    this.constraints = constraints;
    this.#wires = wires;
  }

  static async load(name: string, folder = "test/fixtures/circuits"): Promise<TestCircuit> {
    const { wasm, r1cs, sym } = await compileMain(folder, name);
    const wires = new Map<string, number>();
    for (const line of (await readFile(sym, "utf8")).split("\n")) {
      const [, wire, , signal] = line.split(",");
      if (signal !== undefined && wire !== "-1")
        wires.set(signal.replace(/^main\./, ""), Number(wire));
    }
    return new TestCircuit(
      new WitnessCalculator(await WebAssembly.compile(await readFile(wasm))),
      await Constraints.read(r1cs),
      wires,
    );
  }

  /** @throws UnsatisfiedError */
  solve(inputs: Inputs): bigint[] {
    return this.#calculator.solve(inputs);
  }

  /** Where the inputs have no witness: template and line of the constraint; else undefined, after checking all constraints. */
  rejection(inputs: Inputs): string | undefined {
    try {
      const witness = this.solve(inputs);
      if (!this.constraints.isSatisfiedBy(witness))
        throw new Error("The calculated witness violates the constraints");
      return undefined;
    } catch (error) {
      if (error instanceof UnsatisfiedError) return error.message;
      throw error;
    }
  }

  /** Values of the main's signals, in the order of the names given. */
  read(witness: readonly bigint[], ...signals: string[]): bigint[] {
    return signals.map((signal) => {
      const wire = this.#wires.get(signal);
      if (wire === undefined) throw new RangeError(`No signal ${signal} in the witness`);
      return witness[wire] as bigint;
    });
  }

  /** The wires of signals whose names match. */
  listWires(names: RegExp): number[] {
    return [...this.#wires].flatMap(([name, wire]) => (names.test(name) ? [wire] : []));
  }

  /** A signal that the wire carries. */
  nameWire(wire: number): string {
    for (const [name, at] of this.#wires) if (at === wire) return name;
    throw new RangeError(`No signal on wire ${wire}`);
  }
}
