import { readFile } from "node:fs/promises";
import { curves, groth16 } from "snarkjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  circuitArtifacts,
  openArtifacts,
  type CircuitArtifacts,
} from "../../../src/proofs/artifacts.ts";
import { toSnarkjs } from "../../../src/proofs/proof.ts";
import { calculateWitness, releaseProver } from "../../../src/proofs/prove.ts";
import { readZkey, createSource } from "../../../src/proofs/wasm/files.ts";
import { freshBlinding, proveGroth16, type Blinding } from "../../../src/proofs/wasm/groth16.ts";
import { Kernels, Q, R } from "../../../src/proofs/wasm/kernels.ts";
import { verifyProof } from "../../../src/proofs/verify.ts";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import { seeded } from "../../helpers/seeded.ts";
import { toBytes, circuitInputs } from "./support.ts";

type Case = {
  readonly circuit: CircuitArtifacts;
  readonly zkey: Uint8Array;
  readonly witness: Uint8Array;
};
const cases = new Map<string, Case>();
const kernels = new Kernels();
const random = seeded("groth16");

beforeAll(async () => {
  for (const [name, inputs] of await circuitInputs()) {
    const circuit = await circuitArtifacts(await openArtifacts(fromRoot("build")), name);
    cases.set(name, {
      circuit,
      zkey: await readFile(circuit.zkey),
      witness: await calculateWitness(circuit, inputs),
    });
  }
});
afterAll(releaseProver);

/** snarkjs' proof with r and s given: its curve, which it keeps for all proofs, is made to draw them. */
async function oracle(zkey: Uint8Array, witness: Uint8Array, { r, s }: Blinding): Promise<unknown> {
  const { Fr } = (await curves.getCurveFromName("bn128")) as {
    Fr: { random: () => unknown; e: (x: bigint) => unknown };
  };
  const original = Fr.random;
  const draws = [r, s];
  Fr.random = () => Fr.e(draws.shift() as bigint);
  try {
    return await groth16.prove(zkey, { type: "mem", data: witness });
  } finally {
    Fr.random = original;
  }
}

const ours = (zkey: Uint8Array, witness: Uint8Array, blinding?: Blinding) => {
  const { proof, signals } = proveGroth16(kernels, createSource(zkey), witness, blinding);
  return { proof: toSnarkjs(proof), publicSignals: signals.map(String) };
};

describe.each(["close", "fold_small", "fold_large"])("a proof for circuit %s", (name) => {
  test("is snarkjs' to the bit with the same r and s, and verifies with fresh ones, which differ", async () => {
    const { circuit, zkey, witness } = cases.get(name) as Case;
    const blinding = { r: random.below(R), s: random.below(R) };
    expect(ours(zkey, witness, blinding)).toEqual(await oracle(zkey, witness, blinding));
    const { proof, signals } = proveGroth16(kernels, createSource(zkey), witness);
    expect(await verifyProof(circuit.vkey, signals, proof)).toBe(true);
    expect(proveGroth16(kernels, createSource(zkey), witness).proof).not.toEqual(proof);
  });
});

test("is snarkjs' with r and s at the edges", async () => {
  const { zkey, witness } = cases.get("close") as Case;
  for (const blinding of [
    { r: 0n, s: 0n },
    { r: 1n, s: R - 1n },
    { r: R - 1n, s: 0n },
  ])
    expect(ours(zkey, witness, blinding)).toEqual(await oracle(zkey, witness, blinding));
});

test("r and s are drawn anew for each proof, from all of the scalar field", () => {
  const drawn = Array.from({ length: 200 }, freshBlinding).flatMap(({ r, s }) => [r, s]);
  expect(new Set(drawn).size).toBe(400);
  expect(drawn.every((x) => x > 0n && x < R)).toBe(true);
  for (let part = 0n; part < 8n; part++)
    expect(drawn.some((x) => (x * 8n) / R === part)).toBe(true);
});

describe("a key with columns that repeat", () => {
  const sections = (
    zkey: Uint8Array,
  ): readonly (readonly [offset: number, count: number, size: number])[] => {
    const key = readZkey(createSource(zkey));
    return [
      [key.a, key.variables, 64],
      [key.b1, key.variables, 64],
      [key.b2, key.variables, 128],
      [key.c, key.variables - key.publicSignals - 1, 64],
      [key.h, 2 ** key.domainBits, 64],
    ];
  };
  const negated = (y: Uint8Array): Uint8Array =>
    toBytes(Q - BigInt(`0x${Buffer.from(y).reverse().toString("hex")}`));
  /** Each point is replaced by one of a few of its section, or its negative. */
  const repeat = (zkey: Uint8Array, kinds: number, opposites: boolean): Uint8Array => {
    const changed = zkey.slice();
    for (const [offset, count, size] of sections(zkey)) {
      const at = (i: number) => zkey.subarray(offset + i * size, offset + (i + 1) * size);
      const usable = Array.from({ length: count }, (_, i) => i)
        .filter((i) => at(i).some((byte) => byte !== 0))
        .slice(0, kinds);
      for (let i = 0; i < count; i++) {
        const point = at(random.pick(usable)).slice();
        if (opposites && random.index(2) === 0)
          for (let y = size / 2; y < size; y += 32) point.set(negated(point.slice(y, y + 32)), y);
        changed.set(point, offset + i * size);
      }
    }
    return changed;
  };

  test.each([
    [1, false],
    [2, true],
    [40, true],
  ])("%i kinds of points, opposites %s, gives snarkjs' proof", async (kinds, opposites) => {
    const { zkey, witness } = cases.get("close") as Case;
    const changed = repeat(zkey, kinds, opposites);
    expect(ours(changed, witness, { r: 3n, s: 5n })).toEqual(
      await oracle(changed, witness, { r: 3n, s: 5n }),
    );
  });
});
