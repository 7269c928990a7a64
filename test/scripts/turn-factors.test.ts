import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { multiplyBase, toMontgomery } from "../../src/crypto/curve.ts";
import { L } from "../../src/params.ts";
import { compileCircuit } from "../../scripts/compile-circuits.ts";
import { turnFactors } from "../../scripts/keys/turn-factors.ts";
import { readR1cs } from "../../scripts/keys/r1cs.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { runNode } from "../../scripts/pipeline/run.ts";
import { Constraints, type Constraint } from "../circuits/support/constraints.ts";
import { WitnessCalculator } from "../circuits/support/witness.ts";

const NAME = "half_size_5";
const MAIN = fromRoot(`test/fixtures/circuits/${NAME}.circom`);
let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tacit-factors-"));
  await runNode(
    "Compiling",
    [
      fromRoot("node_modules/circom2/cli.js"),
      MAIN,
      "--O2",
      "--r1cs",
      "-l",
      "node_modules",
      "-o",
      folder,
    ],
    "Read circom's message above.",
  );
  await compileCircuit({ name: NAME, main: MAIN, to: at("built"), symbols: false });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (terms: Constraint["a"]) =>
  terms.map(([wire, factor]) => `${factor}*${wire}`).join("+");
const inB = ({ all }: Constraints) => new Set(all.flatMap(({ b }) => b.map(([wire]) => wire))).size;

test("what is built is circom's constraint system with factors turned: nothing else is changed, and fewer wires stand in B", async () => {
  const [plain, turned] = await Promise.all([
    Constraints.read(at(`${NAME}.r1cs`)),
    Constraints.read(at("built", `${NAME}.r1cs`)),
  ]);
  expect(turned.all.length).toBe(plain.all.length);
  let swapped = 0;
  for (const [i, { a, b, c }] of turned.all.entries()) {
    const before = plain.all[i] as Constraint;
    const stays = text(a) === text(before.a) && text(b) === text(before.b);
    expect(stays || (text(a) === text(before.b) && text(b) === text(before.a))).toBe(true);
    expect(text(c)).toBe(text(before.c));
    swapped += Number(!stays);
  }
  expect(swapped).toBeGreaterThan(10);
  expect(inB(turned)).toBeLessThan(0.9 * inB(plain));
});

test("the file is circom's but for the order of factors in its constraints", async () => {
  const [plain, turned] = await Promise.all([
    readR1cs(at(`${NAME}.r1cs`)),
    readR1cs(at("built", `${NAME}.r1cs`)),
  ]);
  const rest = ({ bytes, constraintBytes }: typeof plain) => {
    const start = constraintBytes.byteOffset - bytes.byteOffset;
    return Buffer.concat([
      bytes.subarray(0, start),
      bytes.subarray(start + constraintBytes.byteLength),
    ]).toString("hex");
  };
  expect(rest(turned)).toBe(rest(plain));
  expect(Buffer.from(turned.constraintBytes).sort()).toEqual(
    Buffer.from(plain.constraintBytes).sort(),
  );
  turnFactors(plain);
  expect(Buffer.compare(plain.bytes, await readFile(at("built", `${NAME}.r1cs`)))).toBe(0);
});

test("the same witness satisfies both", async () => {
  const montgomery = (scalar: bigint) => {
    const { u, v } = toMontgomery(multiplyBase(scalar));
    return [u, v];
  };
  const calculator = new WitnessCalculator(
    await WebAssembly.compile(await readFile(at("built", `${NAME}.wasm`))),
  );
  const witness = calculator.solve({
    c1: 31n,
    c2: 1n,
    R: montgomery(5n),
    root: montgomery((31n * 5n) % L),
  });
  for (const file of [at(`${NAME}.r1cs`), at("built", `${NAME}.r1cs`)]) {
    const constraints = await Constraints.read(file);
    expect(constraints.isSatisfiedBy(witness)).toBe(true);
    expect(constraints.isSatisfiedBy(witness.with(-1, 7n))).toBe(false);
  }
});
