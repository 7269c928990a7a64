import { readFile } from "node:fs/promises";
import { wtns, type CircuitInput } from "snarkjs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  circuitArtifacts,
  openArtifacts,
  type CircuitArtifacts,
} from "../../../src/proofs/artifacts.ts";
import { calculateWitness, WitnessError } from "../../../src/proofs/witness.ts";
import { readWitness, readZkey, createSource } from "../../../src/proofs/wasm/files.ts";
import { R } from "../../../src/proofs/wasm/kernels.ts";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import { toBytes, circuitInputs } from "./support.ts";

const inputs = await circuitInputs();
let close: CircuitArtifacts;
beforeAll(async () => {
  close = await circuitArtifacts(await openArtifacts(fromRoot("build")), "close");
});

test.each(["close", "fold_small", "fold_large"])(
  "the witness of %s is snarkjs' file to the byte",
  async (name) => {
    const { wasm } = await circuitArtifacts(await openArtifacts(fromRoot("build")), name);
    const expected: { type: "mem"; data?: Uint8Array } = { type: "mem" };
    await wtns.calculate(inputs.get(name) as CircuitInput, wasm, expected);
    expect(
      Buffer.compare(
        await calculateWitness({ name, wasm }, inputs.get(name) as never),
        expected.data as Uint8Array,
      ),
    ).toBe(0);
  },
);

describe("inputs that are not the circuit's", () => {
  const good = inputs.get("close") as Record<string, never>;
  const { g: _, ...without } = good;
  test.each([
    ["that do not satisfy it", { ...good, acc: 1n }, /an assertion failed/],
    ["with a name that it does not have", { ...good, other: 1n }, /the circuit has no input other/],
    [
      "with too many values",
      { ...good, coordinatorKey: [1n, 2n, 3n] },
      /input coordinatorKey takes 2 values, not 3/,
    ],
    ["with one missing", without, /inputs are given of/],
  ])("%s are refused", async (_name, changed, why) => {
    const refused = calculateWitness(close, changed as never);
    await expect(refused).rejects.toThrow(WitnessError);
    await expect(refused).rejects.toThrow(why);
  });
});

describe("files that do not fit", () => {
  const change = (bytes: Uint8Array, at: number, by: Uint8Array) => {
    const changed = bytes.slice();
    changed.set(by, at);
    return changed;
  };
  test("a witness file of another length, field or kind, or with a value that is not below r", async () => {
    const witness = await calculateWitness(close, inputs.get("close") as never);
    const { variables } = readZkey(createSource(await readFile(close.zkey)));
    expect(readWitness(witness, variables).length).toBe(32 * variables);
    expect(() => readWitness(witness, variables + 1)).toThrow(/values, and the proving key/);
    expect(() => readWitness(witness.subarray(0, -1), variables)).toThrow(/ends too early/);
    expect(() => readWitness(change(witness, 0, Uint8Array.of(0)), variables)).toThrow(
      /another kind of file/,
    );
    expect(() => readWitness(change(witness, 28, toBytes(R + 2n)), variables)).toThrow(
      /another field/,
    );
    expect(() => readWitness(change(witness, witness.length - 32, toBytes(R)), variables)).toThrow(
      /is not below r/,
    );
    expect(() =>
      readWitness(change(witness, witness.length - 32, toBytes(R - 1n)), variables),
    ).not.toThrow();
  });

  test("a proving key that is cut off, of another curve, or with sections of other lengths", async () => {
    const key = new Uint8Array(await readFile(close.zkey));
    const header = 12 + 12 + 4 + 12;
    for (const length of [0, 11, 40, 5000, key.length - 1])
      expect(() => readZkey(createSource(key.subarray(0, length)))).toThrow(
        /too short|ends too early/,
      );
    expect(() => readZkey(createSource(change(key, 24, Uint8Array.of(2))))).toThrow(
      /not for Groth16/,
    );
    expect(() => readZkey(createSource(change(key, header + 4, toBytes(R))))).toThrow(
      /another curve/,
    );
    expect(() =>
      readZkey(createSource(change(key, header + 72, Uint8Array.of(1, 0, 0, 0)))),
    ).toThrow(/public signals and|bytes, not/);
    expect(() =>
      readZkey(createSource(change(key, header + 80, Uint8Array.of(3, 0, 0, 0)))),
    ).toThrow(/its domain has 3 elements/);
  });
});
