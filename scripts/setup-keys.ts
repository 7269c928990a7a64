import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import * as snarkjs from "snarkjs";
import { BaseError } from "../src/errors.ts";
import { buildCode, littleEndian } from "./keys/bn254.ts";
import { multiplyGenerator, POINT_BYTES } from "./keys/fixed-base.ts";
import { readR1cs } from "./keys/r1cs.ts";
import { keyScalars } from "./keys/scalars.ts";
import { developmentTrapdoor } from "./keys/secrets.ts";
import { writeZkey } from "./keys/zkey.ts";
import { writeAtomically } from "./pipeline/step.ts";

export class GammaEqualsDeltaError extends BaseError {
  constructor(file: string) {
    super(`The key ${file} has gamma = delta: anybody can forge proofs for it.`, {
      fix: "Never use this key. Make one with a contribution to its second phase.",
    });
  }
}

/**
 * Makes a DEVELOPMENT Groth16 key for a circuit in one pass, as only somebody who knows the trapdoor can.
 * The same circuit always gives the same bytes. The key is worthless where anybody gains by a forged proof.
 */
export async function setupDevelopmentKey(r1csFile: string, zkeyFile: string): Promise<void> {
  const r1cs = await readR1cs(r1csFile);
  const bn254 = buildCode();
  const trapdoor = developmentTrapdoor(r1cs.bytes, bn254.r);
  const { alpha, beta, delta } = trapdoor;
  const { bits, a, b, k, h, coefficients } = keyScalars(bn254, r1cs, trapdoor);
  const single = Buffer.concat([alpha, beta, delta, 1n].map(littleEndian));
  const g1 = await multiplyGenerator(bn254, "G1", { single, a, b, k, h });
  const g2 = await multiplyGenerator(bn254, "G2", { single, b });
  const nth = (points: Uint8Array, size: number, index: number) =>
    points.subarray(index * size, (index + 1) * size);
  const first = (index: number) => nth(g1.single, POINT_BYTES.G1, index);
  const second = (index: number) => nth(g2.single, POINT_BYTES.G2, index);
  const points = {
    ...{ alpha1: first(0), beta1: first(1), delta1: first(2) },
    ...{ beta2: second(1), delta2: second(2), gamma2: second(3) },
    ...{ a1: g1.a, b1: g1.b, b2: g2.b, k1: g1.k, h1: g1.h },
  };
  await mkdir(path.dirname(zkeyFile), { recursive: true });
  const temporary = `${zkeyFile}.tmp`;
  await writeZkey(temporary, bn254, r1cs, bits, points, coefficients);
  await rename(temporary, zkeyFile);
}

/** Writes the verifying key of any Groth16 key as snarkjs's JSON. */
export async function exportVerifyingKey(zkeyFile: string, vkeyFile: string): Promise<void> {
  const key = await snarkjs.zKey.exportVerificationKey(zkeyFile);
  if (JSON.stringify(key.vk_gamma_2) === JSON.stringify(key.vk_delta_2))
    throw new GammaEqualsDeltaError(zkeyFile);
  await writeAtomically(vkeyFile, `${JSON.stringify(key, undefined, 1)}\n`);
}
