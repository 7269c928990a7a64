import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { BaseError } from "../errors.ts";

/**
 * One step of a key's second phase, as the key itself tells it. `hash`: 64 bytes in hexadecimal, what snarkjs prints and contributors
 * publish. It covers the step's points and those before it, and not the name: a name is a label that whoever had the file could change.
 */
export type Contribution = {
  readonly place: number;
  readonly name: string;
  readonly hash: string;
} & (
  | { readonly kind: "contribution" }
  /** `value`: in hexadecimal; `iterations`: of SHA-256 over it, as a power of two. The name is where it comes from, as the organiser says. */
  | { readonly kind: "beacon"; readonly value: string; readonly iterationsPower: number }
);

export class MalformedKeyError extends BaseError {
  constructor(file: string, why: string, cause?: unknown) {
    super(`${file} is not a key with a transcript: ${why}.`, {
      fix: "Do not use it. Ask for the file anew, and for its hash.",
      cause,
    });
  }
}

/** Section of a zkey with the header, and the one with the transcript. */
const [HEADER, TRANSCRIPT] = [2, 10];
const [G1_BYTES, G2_BYTES, HASH_BYTES] = [64, 128, 64];
/** The types of a step in the file: what decides whether it is a beacon. */
const KINDS = ["contribution", "beacon"] as const;
/** Tags of a step's parameters. */
const [NAME, ITERATIONS, VALUE] = [1, 2, 3];
/** Far above any ceremony's; a header that claims more is refused before anything is allocated. */
const MOST_BYTES = 1 << 24;

/** The steps of a key in order, read from its file, which messages call `shown`. Nothing is verified: see `verifyPhase2`. @throws MalformedKeyError */
export async function readContributions(
  file: string,
  shown = file,
): Promise<readonly Contribution[]> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const sections = await readSections(handle, shown);
    return decode(shown, readField(sections.header), sections.transcript);
  } catch (error) {
    throw error instanceof MalformedKeyError
      ? error
      : new MalformedKeyError(shown, "it cannot be read to its end", error);
  } finally {
    await handle?.close();
  }
}

async function readSections(
  handle: FileHandle,
  file: string,
): Promise<{ header: Buffer; transcript: Buffer }> {
  const read = async (position: number, length: number): Promise<Buffer> => {
    if (length > MOST_BYTES) throw new MalformedKeyError(file, "a section is too long");
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
    if (bytesRead !== length) throw new MalformedKeyError(file, "it is cut off");
    return buffer;
  };
  const start = await read(0, 12);
  if (start.toString("latin1", 0, 4) !== "zkey")
    throw new MalformedKeyError(file, "it does not begin like one");
  const found = new Map<number, Buffer>();
  let position = 12;
  for (let left = start.readUInt32LE(8); left > 0; left--) {
    const head = await read(position, 12);
    const [id, length] = [head.readUInt32LE(0), Number(head.readBigUInt64LE(4))];
    if (id === HEADER || id === TRANSCRIPT) {
      if (found.has(id)) throw new MalformedKeyError(file, `it has section ${id} twice`);
      found.set(id, await read(position + 12, length));
    }
    position += 12 + length;
  }
  const [header, transcript] = [found.get(HEADER), found.get(TRANSCRIPT)];
  if (header === undefined || transcript === undefined)
    throw new MalformedKeyError(file, "a section is missing");
  return { header, transcript };
}

type Field = { readonly q: bigint; readonly inverseOfR: bigint };

/** The header begins with the base field's prime: 32 and 32 bytes, little-endian. Coordinates are kept times R = 2^256 modulo q. */
function readField(header: Buffer): Field {
  const q = littleEndian(header.subarray(4, 36));
  let [result, base] = [1n, (1n << 256n) % q];
  for (let e = q - 2n; e > 0n; e >>= 1n, base = (base * base) % q)
    if (e & 1n) result = (result * base) % q;
  return { q, inverseOfR: result };
}

function decode(file: string, field: Field, bytes: Buffer): Contribution[] {
  let at = HASH_BYTES; // the circuit's
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new MalformedKeyError(file, "its transcript is cut off");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const contributions: Contribution[] = [];
  for (let left = take(4).readUInt32LE(); left > 0; left--) {
    const points = [take(G1_BYTES), take(G1_BYTES), take(G1_BYTES), take(G2_BYTES)].map((point) =>
      uncompressed(point, field),
    );
    const hash = createHash("blake2b512")
      .update(Buffer.concat([...points, take(HASH_BYTES)]))
      .digest("hex");
    const kind = KINDS[take(4).readUInt32LE()];
    const { name, iterationsPower, value } = parameters(file, take(take(4).readUInt32LE()));
    const place = contributions.length + 1;
    if (kind === "beacon" && value !== undefined && iterationsPower !== undefined)
      contributions.push({ place, kind, name, hash, value, iterationsPower });
    else if (kind === "contribution" && value === undefined && iterationsPower === undefined)
      contributions.push({ place, kind, name, hash });
    else throw new MalformedKeyError(file, `step ${place} is neither a contribution nor a beacon`);
  }
  if (at !== bytes.length)
    throw new MalformedKeyError(file, "its transcript goes on behind its end");
  return contributions;
}

function parameters(
  file: string,
  bytes: Buffer,
): { readonly name: string; readonly iterationsPower?: number; readonly value?: string } {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    const [start, length] = tag === ITERATIONS ? [at + 1, 1] : [at + 2, bytes.readUInt8(at + 1)];
    if (![NAME, ITERATIONS, VALUE].includes(tag) || found.has(tag) || start + length > bytes.length)
      throw new MalformedKeyError(file, "a step's parameters do not parse");
    found.set(tag, bytes.subarray(start, start + length));
    at = start + length;
  }
  const [iterations, value] = [found.get(ITERATIONS), found.get(VALUE)];
  return {
    name: found.get(NAME)?.toString("utf8") ?? "",
    ...(iterations === undefined ? {} : { iterationsPower: iterations.readUInt8() }),
    ...(value === undefined ? {} : { value: value.toString("hex") }),
  };
}

/** A point as it is hashed: plain coordinates, big-endian, the second half of an extension field's element first. */
function uncompressed(point: Buffer, { q, inverseOfR }: Field): Buffer {
  const half = point.length / 2;
  return Buffer.concat(
    [point.subarray(0, half), point.subarray(half)].flatMap((coordinate) => {
      const words = Array.from(
        { length: half / 32 },
        (_, i) => (littleEndian(coordinate.subarray(32 * i, 32 * (i + 1))) * inverseOfR) % q,
      );
      return words.reverse().map((word) => Buffer.from(word.toString(16).padStart(64, "0"), "hex"));
    }),
  );
}

const littleEndian = (bytes: Buffer): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
