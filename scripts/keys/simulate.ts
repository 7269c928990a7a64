import { bn254 } from "@noble/curves/bn254.js";
import { readFile } from "node:fs/promises";
import { fromSnarkjs, type Proof } from "../../src/proofs/proof.ts";
import { artifactFiles } from "../pipeline/circuits.ts";
import { developmentTrapdoor } from "./secrets.ts";

/** A proof of any public signals, true or not. */
export type Simulate = (signals: readonly bigint[]) => Proof;

const simulators = new Map<string, Promise<Simulate>>();

/**
 * Groth16's simulator: whoever knows the trapdoor of a key can prove any public signals without a witness, and the real
 * verifier accepts. Development keys have a known trapdoor, so tests and measurements of the contracts can try any result
 * against the verifiers that a round really calls, in milliseconds; and it shows why such keys are refused elsewhere.
 * That true results have true proofs is tested with witnesses.
 */
export function simulator(circuit: string): Promise<Simulate> {
  const known = simulators.get(circuit) ?? makeSimulator(circuit);
  simulators.set(circuit, known);
  return known;
}

/**
 * The verifier checks e(A, B) = e(alpha, beta)·e(IC, gamma)·e(C, delta), with gamma = 1 and IC the sum over signals. So for
 * any A = a·G1, B = b·G2: C = (a·b - alpha·beta - IC)/delta.
 */
async function makeSimulator(circuit: string): Promise<Simulate> {
  const { Fr } = bn254.fields;
  const files = artifactFiles(circuit);
  const { tau: a, alpha, beta, delta } = developmentTrapdoor(await readFile(files.r1cs), Fr.ORDER);
  const b = Fr.create(a * a);
  const { IC } = JSON.parse(await readFile(files.vkey, "utf8")) as {
    IC: [string, string, string][];
  };
  const [constant, ...terms] = IC.map(([x, y]) =>
    bn254.G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) }),
  ) as [G1, ...G1[]];
  const [A, B] = [
    bn254.G1.Point.BASE.multiply(a).toAffine(),
    bn254.G2.Point.BASE.multiply(b).toAffine(),
  ];
  const start = bn254.G1.Point.BASE.multiply(Fr.create(a * b - alpha * beta)).subtract(constant);

  return (signals) => {
    const rest = signals.reduce(
      (point, signal, i) => point.subtract((terms[i] as G1).multiplyUnsafe(Fr.create(signal))),
      start,
    );
    const C = rest.multiply(Fr.inv(delta)).toAffine();
    return fromSnarkjs({
      pi_a: [String(A.x), String(A.y), "1"],
      pi_b: [
        [String(B.x.c0), String(B.x.c1)],
        [String(B.y.c0), String(B.y.c1)],
        ["1", "0"],
      ],
      pi_c: [String(C.x), String(C.y), "1"],
      protocol: "groth16",
      curve: "bn128",
    });
  };
}

type G1 = typeof bn254.G1.Point.BASE;
