import { mod } from "../../crypto/field.ts";
import { randomBelow } from "../../crypto/random.ts";
import type { G1Point, G2Point } from "../../crypto/bn254.ts";
import type { Proof } from "../proof.ts";
import { integerAt, readWitness, readZkey, type Source } from "./files.ts";
import { GROUP1, GROUP2, type Group, type Point } from "./groups.ts";
import { ELEMENT_BYTES } from "./field.ts";
import { reverseBits } from "./fft.ts";
import { R, type Kernels } from "./kernels.ts";
import { multiExponentiate, SCALAR_BYTES, windowsFor, type Windows } from "./msm.ts";
import { writeQuotient } from "./quotient.ts";

/** What hides the witness in a proof. In production nothing but fresh secret randomness; tests compare with other provers by giving their own. */
export type Blinding = { readonly r: bigint; readonly s: bigint };

export const freshBlinding = (): Blinding => ({ r: randomBelow(R), s: randomBelow(R) });

/**
 * A Groth16 proof for a witness file under a proving key, as snarkjs makes it. The kernels' memory holds the witness until the next proof overwrites it.
 * Nobody has checked the proof yet. @throws ProvingFileError for files that do not fit, RangeError where memory is short, WebAssembly.RuntimeError for a key with wrong coefficients
 */
export function proveGroth16(
  kernels: Kernels,
  source: Source,
  witnessFile: Uint8Array,
  { r, s }: Blinding = freshBlinding(),
): { readonly proof: Proof; readonly signals: readonly bigint[] } {
  const zkey = readZkey(source);
  const values = readWitness(witnessFile, zkey.variables);
  const signals = Array.from({ length: zkey.publicSignals }, (_, i) =>
    integerAt(values, 32 * (i + 1)),
  );
  return kernels.within(() => {
    const domain = 2 ** zkey.domainBits;
    const [ofWitness, ofDomain] = [windowsFor(zkey.variables), windowsFor(domain)];
    const scalars = kernels.allocate(SCALAR_BYTES * (zkey.variables + 1));
    const sum = <P extends Point<P>>(
      group: Group<P>,
      offset: number,
      count: number,
      windows: Windows,
      scalarAt: (i: number) => number,
    ): P =>
      multiExponentiate(kernels, group, {
        count,
        windows,
        scalarAt,
        read: (target, first) => source.read(target, offset + first * 64 * group.degree),
      });

    const h = kernels.within(() => {
      const quotient = kernels.allocate(SCALAR_BYTES * domain);
      kernels.bytes.set(values, scalars);
      writeQuotient(kernels, source, zkey, scalars, ofDomain.shift, quotient);
      return sum(
        GROUP1,
        zkey.h,
        domain,
        ofDomain,
        (i) => quotient + SCALAR_BYTES * reverseBits(i, zkey.domainBits),
      );
    });
    kernels.within(() => {
      const shift = kernels.allocate(ELEMENT_BYTES);
      kernels.writeLimbs(shift, ofWitness.shift);
      kernels.run.scalars_shift(scalars, scalars, (zkey.variables + 1) >> 1, shift);
    });
    const ofVariable = (first: number) => (i: number) => scalars + SCALAR_BYTES * (first + i);
    const hidden = zkey.publicSignals + 1;
    const a = sum(GROUP1, zkey.a, zkey.variables, ofWitness, ofVariable(0))
      .add(zkey.alpha1)
      .add(times(zkey.delta1, r));
    const b1 = sum(GROUP1, zkey.b1, zkey.variables, ofWitness, ofVariable(0))
      .add(zkey.beta1)
      .add(times(zkey.delta1, s));
    const b2 = sum(GROUP2, zkey.b2, zkey.variables, ofWitness, ofVariable(0))
      .add(zkey.beta2)
      .add(times(zkey.delta2, s));
    const c = sum(GROUP1, zkey.c, zkey.variables - hidden, ofWitness, ofVariable(hidden))
      .add(h)
      .add(times(a, s))
      .add(times(b1, r))
      .add(times(zkey.delta1, mod(-r * s)));
    return { proof: toProof(a, b2, c), signals };
  });
}

const times = <P extends { multiplyUnsafe(scalar: bigint): P }>(point: P, scalar: bigint): P =>
  point.multiplyUnsafe(scalar);

function toProof(a: G1Point, b: G2Point, c: G1Point): Proof {
  const pair = (point: G1Point): readonly [bigint, bigint] => {
    const [x = 0n, y = 0n] = GROUP1.toCoordinates(point);
    return [x, y];
  };
  const [x0 = 0n, x1 = 0n, y0 = 0n, y1 = 0n] = GROUP2.toCoordinates(b);
  return {
    a: pair(a),
    b: [
      [x1, x0],
      [y1, y0],
    ],
    c: pair(c),
  };
}
