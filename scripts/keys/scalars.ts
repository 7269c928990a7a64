import {
  instantiate,
  littleEndian,
  SCALAR_BYTES,
  storeMontgomery,
  storePlain,
  type Bn254Code,
  type Instance,
} from "./bn254.ts";
import { inverse, lagrangeAt } from "./lagrange.ts";
import type { R1cs } from "./r1cs.ts";
import type { Trapdoor } from "./secrets.ts";

/**
 * The discrete logarithms of a Groth16 key, 32 little-endian bytes each. For wire s:
 *
 *   a_s = A_s(tau), b_s = B_s(tau), k_s = beta·a_s + alpha·b_s + C_s(tau), divided by delta where s is private;
 *   h_i = L'_(2i+1)(tau) / delta, L' the Lagrange basis of the doubled domain: snarkjs interpolates the quotient on its odd half.
 */
export type KeyScalars = {
  /** The domain has 2^bits points. */
  bits: number;
  a: Uint8Array;
  b: Uint8Array;
  k: Uint8Array;
  h: Uint8Array;
  /** Section 4 of the zkey: the matrices A and B, each coefficient times R^2. */
  coefficients: Uint8Array;
};

export function keyScalars(bn254: Bn254Code, r1cs: R1cs, trapdoor: Trapdoor): KeyScalars {
  const { r } = bn254;
  const instance = instantiate(bn254.code);
  const bits = domainBits(r1cs);
  const basis = lagrangeAt(instance, bits, trapdoor.tau, r);
  const { polynomials, coefficients } = evaluateMatrices(instance, r1cs, basis);
  const [a, b] = polynomials;
  const deltaInverse = inverse(trapdoor.delta, r);
  const k = combine(instance, r1cs, polynomials, trapdoor, deltaInverse);
  const h = quotientBasis(instance, bits, trapdoor.tau, deltaInverse, r);
  const take = (address: number, count: number) =>
    instance.memory().slice(address, address + count * SCALAR_BYTES);
  return {
    bits,
    a: take(a, r1cs.wires),
    b: take(b, r1cs.wires),
    k: take(k, r1cs.wires),
    h: take(h, 2 ** bits),
    coefficients,
  };
}

/** One point for each constraint, and one for each public signal and the constant (see below). */
export function domainBits(r1cs: { constraints: number; publicSignals: number }): number {
  return Math.ceil(Math.log2(r1cs.constraints + r1cs.publicSignals + 1));
}

type Polynomials = [a: number, b: number, c: number];

/** A_s, B_s and C_s at tau for all wires, and the coefficient list, in one pass over the constraints. */
function evaluateMatrices(instance: Instance, r1cs: R1cs, basis: number) {
  const { wasm } = instance;
  const { wires, constraints, publicSignals, constraintBytes } = r1cs;
  const zeros = instance.allocate(3 * wires * SCALAR_BYTES);
  const polynomials: Polynomials = [
    zeros,
    zeros + wires * SCALAR_BYTES,
    zeros + 2 * wires * SCALAR_BYTES,
  ];
  const source = instance.allocate(constraintBytes.byteLength);
  const product = instance.allocate(SCALAR_BYTES);
  const one = storePlain(instance, 1n);
  // No allocation from here on: views stay alive.
  const memory = instance.memory();
  memory.fill(0, zeros, zeros + 3 * wires * SCALAR_BYTES);
  memory.set(constraintBytes, source);
  const view = new DataView(memory.buffer);
  const list = coefficientList(instance, constraintBytes.byteLength, publicSignals);
  const accumulate = (polynomial: number, wire: number, coefficient: number, point: number) => {
    const at = polynomial + wire * SCALAR_BYTES;
    wasm.frm_mul(coefficient, basis + point * SCALAR_BYTES, product);
    wasm.frm_add(at, product, at);
  };
  let at = source;
  for (let constraint = 0; constraint < constraints; constraint++) {
    for (const [matrix, polynomial] of polynomials.entries()) {
      const terms = view.getUint32(at, true);
      at += 4;
      for (let term = 0; term < terms; term++) {
        const wire = view.getUint32(at, true);
        const coefficient = at + 4;
        accumulate(polynomial, wire, coefficient, constraint);
        if (matrix < 2) list.add(matrix, constraint, wire, coefficient);
        at = coefficient + SCALAR_BYTES;
      }
    }
  }
  // Input consistency: a constraint "s · 0 = 0" for each public wire makes the A polynomials of the public wires independent.
  for (let wire = 0; wire <= publicSignals; wire++) {
    storeOne(memory, one);
    accumulate(polynomials[0], wire, one, constraints + wire);
    list.add(0, constraints + wire, wire, one);
  }
  return { polynomials, coefficients: list.finish() };
}

function storeOne(memory: Uint8Array, address: number): void {
  memory.set(littleEndian(1n), address);
}

/** Collects (matrix, constraint, wire, coefficient·R^2); `add` leaves the coefficient changed. */
function coefficientList(instance: Instance, constraintBytes: number, publicSignals: number) {
  const TERM_BYTES = 4 + SCALAR_BYTES; // in the r1cs, so their number is bounded by its length
  const ENTRY_BYTES = 12 + SCALAR_BYTES;
  const bytes = Buffer.alloc(
    4 + (Math.ceil(constraintBytes / TERM_BYTES) + publicSignals + 1) * ENTRY_BYTES,
  );
  const memory = instance.memory();
  let at = 4;
  let count = 0;
  return {
    add(matrix: number, constraint: number, wire: number, coefficient: number): void {
      bytes.writeUInt32LE(matrix, at);
      bytes.writeUInt32LE(constraint, at + 4);
      bytes.writeUInt32LE(wire, at + 8);
      instance.wasm.frm_toMontgomery(coefficient, coefficient);
      instance.wasm.frm_toMontgomery(coefficient, coefficient);
      bytes.set(memory.subarray(coefficient, coefficient + SCALAR_BYTES), at + 12);
      at += ENTRY_BYTES;
      count++;
    },
    finish(): Uint8Array {
      bytes.writeUInt32LE(count, 0);
      return bytes.subarray(0, at);
    },
  };
}

/** k_s for all wires. The polynomials are plain and the secrets Montgomery, so the products are plain. */
function combine(
  instance: Instance,
  r1cs: R1cs,
  [a, b, c]: Polynomials,
  { alpha, beta }: Trapdoor,
  deltaInverse: bigint,
): number {
  const { wasm } = instance;
  const result = instance.allocate(r1cs.wires * SCALAR_BYTES);
  const product = instance.allocate(SCALAR_BYTES);
  const alphaAt = storeMontgomery(instance, alpha);
  const betaAt = storeMontgomery(instance, beta);
  const deltaInverseAt = storeMontgomery(instance, deltaInverse);
  for (let wire = 0; wire < r1cs.wires; wire++) {
    const offset = wire * SCALAR_BYTES;
    const at = result + offset;
    wasm.frm_mul(a + offset, betaAt, at);
    wasm.frm_mul(b + offset, alphaAt, product);
    wasm.frm_add(at, product, at);
    wasm.frm_add(at, c + offset, at);
    if (wire > r1cs.publicSignals) wasm.frm_mul(at, deltaInverseAt, at);
  }
  return result;
}

function quotientBasis(
  instance: Instance,
  bits: number,
  tau: bigint,
  deltaInverse: bigint,
  r: bigint,
): number {
  const { wasm } = instance;
  const size = 2 ** bits;
  const result = instance.allocate(size * SCALAR_BYTES);
  const deltaInverseAt = storeMontgomery(instance, deltaInverse);
  const doubled = lagrangeAt(instance, bits + 1, tau, r);
  for (let i = 0; i < size; i++) {
    const at = result + i * SCALAR_BYTES;
    wasm.frm_mul(doubled + (2 * i + 1) * SCALAR_BYTES, deltaInverseAt, at);
    wasm.frm_fromMontgomery(at, at);
  }
  return result;
}
