import { bn254 } from "@noble/curves/bn254.js";
import { readFile } from "node:fs/promises";
import type { Groth16Proof } from "snarkjs";
import { artifactsOf } from "../../../scripts/pipeline/circuits.ts";
import { developmentTrapdoor } from "../../../scripts/keys/secrets.ts";
import { fromSnarkjs, type Proof } from "../../../src/proofs/proof.ts";

/**
 * Groth16's simulator: whoever knows the trapdoor of a key can prove any public signals without a witness, and the real
 * verifier accepts. Development keys have a known trapdoor, so that tests of the contracts can try any result against the
 * verifiers that a round really calls, in milliseconds. That true results have true proofs is tested in test/e2e.
 *
 * With A = B = 1 the verifier's equation e(A, B) = e(alpha, beta)·e(IC, gamma)·e(C, delta), gamma = 1, gives
 * C = (1 - alpha·beta - IC)/delta.
 */
export function simulator(circuit: string): Promise<Simulate> {
  const known = simulators.get(circuit) ?? makeSimulator(circuit);
  simulators.set(circuit, known);
  return known;
}

type Simulate = (signals: readonly bigint[]) => Proof;
const simulators = new Map<string, Promise<Simulate>>();

async function makeSimulator(circuit: string): Promise<Simulate> {
  const { Fr } = bn254.fields;
  const files = artifactsOf(circuit);
  const { alpha, beta, delta } = developmentTrapdoor(await readFile(files.r1cs), Fr.ORDER);
  const { IC } = JSON.parse(await readFile(files.vkey, "utf8")) as { IC: [string, string, string][] };
  const points = IC.map(([x, y]) => bn254.G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) }));
  const g1 = bn254.G1.Point.BASE;
  const g2 = bn254.G2.Point.BASE.toAffine();

  return (signals) => {
    const constant = points[0]!.add(g1.multiply(Fr.create(alpha * beta - 1n)));
    const sum = signals.reduce((total, signal, i) => total.add(points[i + 1]!.multiplyUnsafe(Fr.create(signal))), constant);
    const c = sum.multiply(Fr.inv(Fr.neg(delta))).toAffine();
    const proof: Groth16Proof = {
      pi_a: [String(g1.toAffine().x), String(g1.toAffine().y), "1"],
      pi_b: [[String(g2.x.c0), String(g2.x.c1)], [String(g2.y.c0), String(g2.y.c1)], ["1", "0"]],
      pi_c: [String(c.x), String(c.y), "1"],
      protocol: "groth16",
      curve: "bn128",
    };
    return fromSnarkjs(proof);
  };
}
