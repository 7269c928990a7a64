import { BaseError } from "../../errors.ts";
import { GROUP1, GROUP2, type Group } from "./groups.ts";
import { invert } from "./integers.ts";
import { Q, R } from "./kernels.ts";
import { MOST_BITS } from "./fft.ts";
import { COEFFICIENT_BYTES } from "./rows.ts";
import type { G1Point, G2Point } from "../../crypto/bn254.ts";

export class ProvingFileError extends BaseError {
  constructor(kind: "zkey" | "wtns", why: string) {
    super(`The ${kind === "zkey" ? "proving key" : "witness"} cannot be used: ${why}.`, {
      fix: "Compare the proving key with its manifest; `npm run build` makes it anew.",
    });
  }
}

/** Bytes that can be read piece by piece: a file, or an array. `read` fills the target or throws. */
export type Source = {
  readonly size: number;
  readonly read: (target: Uint8Array, offset: number) => void;
};

export function createSource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    read: (target, offset) => target.set(bytes.subarray(offset, offset + target.length)),
  };
}

type Section = { readonly offset: number; readonly size: number };

/** A Groth16 proving key as snarkjs writes it: what is small, and where the rest lies. Points are in affine Montgomery form, times 2^256. */
export type Zkey = {
  readonly variables: number;
  readonly publicSignals: number;
  readonly domainBits: number;
  readonly alpha1: G1Point;
  readonly beta1: G1Point;
  readonly beta2: G2Point;
  readonly delta1: G1Point;
  readonly delta2: G2Point;
  readonly coefficients: { readonly offset: number; readonly count: number };
  /** Offsets of points: of each variable in a, b1 and b2; of each that is not public in c; of each root of unity in h. */
  readonly a: number;
  readonly b1: number;
  readonly b2: number;
  readonly c: number;
  readonly h: number;
};

const HEADER = {
  protocol: 1,
  groth16: 2,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  c: 8,
  h: 9,
} as const;
const GROTH16 = 1;
const SIZE_1 = 64;
const SIZE_2 = 128;

/** @throws ProvingFileError unless it is a key for Groth16 over BN254 whose sections have the lengths that its numbers ask for */
export function readZkey(source: Source): Zkey {
  const refuse = (why: string): never => {
    throw new ProvingFileError("zkey", why);
  };
  const sections = readSections(source, "zkey");
  const section = (id: number): Section => sections.get(id) ?? refuse(`section ${id} is missing`);
  if (numberAt(readSection(source, section(HEADER.protocol)), 0) !== GROTH16)
    refuse("it is not for Groth16");
  const { size } = section(HEADER.groth16);
  if (size !== 84 + 3 * SIZE_1 + 3 * SIZE_2) refuse("its header has another length");
  const header = readSection(source, section(HEADER.groth16));
  if (
    numberAt(header, 0) !== 32 ||
    integerAt(header, 4) !== Q ||
    numberAt(header, 36) !== 32 ||
    integerAt(header, 40) !== R
  )
    refuse("it is for another curve");
  const [variables, publicSignals, domain] = [
    numberAt(header, 72),
    numberAt(header, 76),
    numberAt(header, 80),
  ];
  const domainBits = Math.log2(domain);
  if (!Number.isInteger(domainBits) || domainBits < 2 || domainBits > MOST_BITS)
    refuse(`its domain has ${domain} elements`);
  if (publicSignals >= variables)
    refuse(`it has ${publicSignals} public signals and ${variables} variables`);
  const findOffset = (id: number, count: number, each: number): number => {
    const { offset, size: found } = section(id);
    return found === count * each
      ? offset
      : refuse(`section ${id} has ${found} bytes, not ${count * each}`);
  };
  const { offset, size: bytes } = section(HEADER.coefficients);
  const count = numberAt(readSection(source, { offset, size: 4 }), 0);
  if (bytes !== 4 + count * COEFFICIENT_BYTES)
    refuse(`section ${HEADER.coefficients} has ${bytes} bytes for ${count} coefficients`);
  const point1 = (at: number) => pointAt(GROUP1, header, at);
  const point2 = (at: number) => pointAt(GROUP2, header, at);
  return {
    variables,
    publicSignals,
    domainBits,
    alpha1: point1(84),
    beta1: point1(148),
    beta2: point2(212),
    delta1: point1(468),
    delta2: point2(532),
    coefficients: { offset: offset + 4, count },
    a: findOffset(HEADER.a, variables, SIZE_1),
    b1: findOffset(HEADER.b1, variables, SIZE_1),
    b2: findOffset(HEADER.b2, variables, SIZE_2),
    c: findOffset(HEADER.c, variables - publicSignals - 1, SIZE_1),
    h: findOffset(HEADER.h, domain, SIZE_1),
  };
}

/** The values of a witness file, 32 bytes each. @throws ProvingFileError unless it has so many values, all below r */
export function readWitness(file: Uint8Array, variables: number): Uint8Array {
  const source = createSource(file);
  const sections = readSections(source, "wtns");
  const [header, values] = [sections.get(1), sections.get(2)];
  if (header === undefined || values === undefined || header.size !== 40)
    throw new ProvingFileError("wtns", "it has no header or no values");
  const start = readSection(source, header);
  if (numberAt(start, 0) !== 32 || integerAt(start, 4) !== R)
    throw new ProvingFileError("wtns", "it is for another field");
  if (numberAt(start, 36) !== variables || values.size !== 32 * variables)
    throw new ProvingFileError(
      "wtns",
      `it has ${numberAt(start, 36)} values, and the proving key ${variables} variables`,
    );
  const bytes = file.subarray(values.offset, values.offset + values.size);
  for (let i = 0; i < variables; i++)
    if ((bytes[32 * i + 31] as number) >= TOP_BYTE && integerAt(bytes, 32 * i) >= R)
      throw new ProvingFileError("wtns", `value ${i} is not below r`);
  return bytes;
}

const TOP_BYTE = Number(R >> 248n);

/** Reads `iden3`'s container of numbered sections. */
function readSections(source: Source, kind: "zkey" | "wtns"): ReadonlyMap<number, Section> {
  const refuse = (why: string): never => {
    throw new ProvingFileError(kind, why);
  };
  if (source.size < 12) refuse("it is too short");
  const start = readSection(source, { offset: 0, size: 12 });
  if (new TextDecoder().decode(start.subarray(0, 4)) !== kind) refuse("it is another kind of file");
  const sections = new Map<number, Section>();
  let offset = 12;
  for (let left = numberAt(start, 8); left > 0; left--) {
    if (offset + 12 > source.size) refuse("it ends too early");
    const head = readSection(source, { offset, size: 12 });
    const size = numberAt(head, 4) + numberAt(head, 8) * 2 ** 32;
    if (offset + 12 + size > source.size) refuse("it ends too early");
    const id = numberAt(head, 0);
    if (sections.has(id)) refuse(`section ${id} is there twice`);
    sections.set(id, { offset: offset + 12, size });
    offset += 12 + size;
  }
  return sections;
}

function readSection(source: Source, { offset, size }: Section): Uint8Array {
  const bytes = new Uint8Array(size);
  source.read(bytes, offset);
  return bytes;
}

const numberAt = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);

export function integerAt(bytes: Uint8Array, offset: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [3, 2, 1, 0].reduce((x, i) => (x << 64n) | view.getBigUint64(offset + 8 * i, true), 0n);
}

function pointAt<P>(group: Group<P>, bytes: Uint8Array, offset: number): P {
  const inverse = invert(1n << 256n, Q);
  return group.fromCoordinates(
    Array.from(
      { length: 2 * group.degree },
      (_, i) => (integerAt(bytes, offset + 32 * i) * inverse) % Q,
    ),
  );
}
