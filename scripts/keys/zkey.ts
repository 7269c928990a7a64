import { open, type FileHandle } from "node:fs/promises";
import { littleEndian, type Bn254Code } from "./bn254.ts";
import { POINT_BYTES } from "./fixed-base.ts";
import type { R1cs } from "./r1cs.ts";

/** Points of a Groth16 key, affine, in Montgomery form. */
export type KeyPoints = {
  alpha1: Uint8Array;
  beta1: Uint8Array;
  beta2: Uint8Array;
  gamma2: Uint8Array;
  delta1: Uint8Array;
  delta2: Uint8Array;
  a1: Uint8Array;
  b1: Uint8Array;
  b2: Uint8Array;
  /** Of all wires; those up to publicSignals go to the verifier. */
  k1: Uint8Array;
  h1: Uint8Array;
};

/** Writes a key in snarkjs's form, version 1, protocol 1 (Groth16). */
export async function writeZkey(
  file: string,
  bn254: Bn254Code,
  r1cs: R1cs,
  domainBits: number,
  points: KeyPoints,
  coefficients: Uint8Array,
): Promise<void> {
  const publicPoints = (r1cs.publicSignals + 1) * POINT_BYTES.G1;
  const header = [
    ...[word(32), littleEndian(bn254.q), word(32), littleEndian(bn254.r)],
    ...[word(r1cs.wires), word(r1cs.publicSignals), word(2 ** domainBits)],
    ...[points.alpha1, points.beta1, points.beta2, points.gamma2, points.delta1, points.delta2],
  ];
  const sections: Uint8Array[][] = [
    [word(1)],
    header,
    [points.k1.subarray(0, publicPoints)],
    [coefficients],
    [points.a1],
    [points.b1],
    [points.b2],
    [points.k1.subarray(publicPoints)],
    [points.h1],
    // Hash of the circuit and number of contributions: none, so that `snarkjs zkey verify` refuses this key.
    [new Uint8Array(64), word(0)],
  ];
  const handle = await open(file, "w");
  try {
    await writeAll(handle, [Buffer.from("zkey"), word(1), word(sections.length)]);
    for (const [index, parts] of sections.entries()) {
      const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
      await writeAll(handle, [word(index + 1), doubleWord(length), ...parts]);
    }
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, parts: Uint8Array[]): Promise<void> {
  for (const part of parts) await handle.writeFile(part);
}

function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function doubleWord(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
