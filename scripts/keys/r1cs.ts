import { open, readFile } from "node:fs/promises";
import { BaseError } from "../../src/errors.ts";

/** The binary form of a constraint system: github.com/iden3/r1csfile, version 1. */
export type Header = {
  /** Wires, the constant 1 included. */
  wires: number;
  /** Outputs and public inputs: wires 1..publicSignals. */
  publicSignals: number;
  constraints: number;
};
export type R1cs = Header & {
  /** Section 2: for each constraint its A, B and C, each a count and (wire, 32-byte coefficient) pairs. */
  constraintBytes: Uint8Array;
  /** The whole file. */
  bytes: Uint8Array;
};

export class NotR1csError extends BaseError {
  constructor(reason: string) {
    super(`Not a constraint system: ${reason}.`, {
      fix: "Compile the circuit again (npm run build).",
    });
  }
}

const HEADER_SECTION = 1;
const CONSTRAINT_SECTION = 2;

export async function readR1cs(file: string): Promise<R1cs> {
  const bytes = await readFile(file);
  const sections = findSections(bytes);
  const { start, end } = sections.get(CONSTRAINT_SECTION) ?? missing("it has no constraints");
  return { ...parseHeader(bytes, sections), constraintBytes: bytes.subarray(start, end), bytes };
}

/** Reads the counts alone: circom writes the constraints before the header, so sections are skipped, not read. */
export async function readHeader(file: string): Promise<Header> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const prefix = Buffer.alloc(12);
    for (let at = 12; at < size; ) {
      await handle.read(prefix, 0, 12, at);
      const length = Number(prefix.readBigUInt64LE(4));
      if (prefix.readUInt32LE(0) === HEADER_SECTION) {
        const content = Buffer.alloc(length);
        await handle.read(content, 0, length, at + 12);
        return parseHeader(content, new Map([[HEADER_SECTION, { start: 0, end: length }]]));
      }
      at += 12 + length;
    }
  } finally {
    await handle.close();
  }
  return missing("it has no header");
}

type Sections = Map<number, { start: number; end: number }>;

function findSections(bytes: Buffer): Sections {
  if (bytes.subarray(0, 4).toString("latin1") !== "r1cs")
    return missing("its first four bytes are wrong");
  const sections: Sections = new Map();
  for (let at = 12, left = bytes.readUInt32LE(8); left > 0; left--) {
    const start = at + 12;
    const end = start + Number(bytes.readBigUInt64LE(at + 4));
    sections.set(bytes.readUInt32LE(at), { start, end });
    at = end;
  }
  return sections;
}

function parseHeader(bytes: Buffer, sections: Sections): Header {
  const { start } = sections.get(HEADER_SECTION) ?? missing("it has no header");
  const counts = start + 4 + bytes.readUInt32LE(start); // after the field's size and its prime
  return {
    wires: bytes.readUInt32LE(counts),
    publicSignals: bytes.readUInt32LE(counts + 4) + bytes.readUInt32LE(counts + 8),
    constraints: bytes.readUInt32LE(counts + 24),
  };
}

function missing(reason: string): never {
  throw new NotR1csError(reason);
}
