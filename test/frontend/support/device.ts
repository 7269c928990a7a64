import { createDecipheriv } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** What a file of a profile holds: its bytes as they are, and what LevelDB's own form takes apart or packs. */
type Text = { readonly file: string; readonly bytes: Buffer };

/** Every file of a browser's profile, LevelDB's logs and tables unpacked besides. */
export async function textsOf(profile: string): Promise<Text[]> {
  const entries = await readdir(profile, { recursive: true, withFileTypes: true });
  const texts: Text[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const at = path.join(entry.parentPath, entry.name);
    const file = path.relative(profile, at);
    const bytes = await readFile(at).catch(() => Buffer.alloc(0));
    texts.push({ file, bytes });
    if (/leveldb.*\.log$/.test(file))
      texts.push({ file: `${file} (joined)`, bytes: joinedLog(bytes) });
    if (/\.ldb$/.test(file))
      texts.push({ file: `${file} (unpacked)`, bytes: unpackedTable(bytes) });
  }
  return texts;
}

/** In which files any of `secrets` can be read, in the forms in which browsers write text. */
export function readableIn(texts: readonly Text[], secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) =>
    [
      Buffer.from(secret),
      Buffer.from(secret, "utf16le"),
      Buffer.from(encodeURIComponent(secret)),
      Buffer.from(secret.replaceAll(" ", "+")),
      ...[0, 1, 2].map((shift) => inBase64(secret, shift)),
      Buffer.from(Buffer.from(secret).toString("hex")),
    ].map((form) => ({ secret, form })),
  );
  return [
    ...new Set(
      texts.flatMap(({ file, bytes }) =>
        forms
          .filter(({ form }) => bytes.includes(form))
          .map(({ secret }) => `${secret} in ${file}`),
      ),
    ),
  ];
}

/** What of a text's base64 does not depend on its neighbours, where it begins `shift` bytes after a multiple of three. */
function inBase64(text: string, shift: number): Buffer {
  const coded = Buffer.from("\0".repeat(shift) + text)
    .toString("base64")
    .replace(/=+$/, "");
  return Buffer.from(coded.slice(shift === 0 ? 0 : shift + 1, -1));
}

/** How far from its ciphertext a key is looked for, and how long a record may be. */
const NEAR = 2_048;
const LONGEST = 100_000;

/**
 * Everything in the texts that AES-GCM opens with any 32 bytes that lie near it. What is tried: each byte array of 12 bytes, as a browser stores
 * arrays, as nonce; each longer one near it as ciphertext; each 32 bytes near both as key.
 */
export function openedWithKeysBeside(texts: readonly Text[]): string[] {
  const opened = new Set<string>();
  for (const { file, bytes } of texts.filter(({ file }) =>
    /IndexedDB|Storage|leveldb/i.test(file),
  )) {
    const arrays = arraysOf(bytes);
    for (const nonce of arrays.filter(({ data }) => data.length === 12))
      for (const { at, data } of arrays.filter(
        (one) => one.data.length > 16 && Math.abs(one.at - nonce.at) < NEAR,
      )) {
        const from = Math.max(0, Math.min(at, nonce.at) - NEAR);
        const until = Math.min(bytes.length, Math.max(at + data.length, nonce.at) + NEAR) - 32;
        for (let key = from; key <= until; key++) {
          if (key > at && key < at + data.length - 32) continue; // inside the ciphertext
          const text = decrypted(bytes.subarray(key, key + 32), nonce.data, data);
          if (text !== undefined) opened.add(`${text.slice(0, 80)} in ${file}`);
        }
      }
  }
  return [...opened];
}

function decrypted(key: Buffer, nonce: Buffer, data: Buffer): string | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAuthTag(data.subarray(-16));
  const text = decipher.update(data.subarray(0, -16));
  try {
    decipher.final();
    return text.toString();
  } catch {
    return undefined;
  }
}

/** Array buffers as V8 serializes them: "B", their length as a varint, their bytes. */
function arraysOf(bytes: Buffer): { readonly at: number; readonly data: Buffer }[] {
  const found: { at: number; data: Buffer }[] = [];
  for (let at = bytes.indexOf(0x42); at >= 0; at = bytes.indexOf(0x42, at + 1)) {
    const [length, from] = varint(bytes, at + 1);
    if ((length === 12 || length > 16) && length < LONGEST && from + length <= bytes.length)
      found.push({ at: from, data: bytes.subarray(from, from + length) });
  }
  const nonces = found.filter(({ data }) => data.length === 12);
  return found.filter(
    ({ at, data }) => data.length === 12 || nonces.some((nonce) => Math.abs(nonce.at - at) < 100),
  );
}

function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; shift < 35 && at < bytes.length; shift += 7) {
    const byte = bytes[at++] as number;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return [value, at];
}

/** LevelDB cuts its log into blocks of 32 KiB with headers of 7 bytes: the records without them. */
function joinedLog(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let block = 0; block < bytes.length; block += 32_768) {
    let at = block;
    while (at + 7 <= Math.min(bytes.length, block + 32_768)) {
      const length = bytes.readUInt16LE(at + 4);
      if (length === 0) break;
      parts.push(bytes.subarray(at + 7, at + 7 + length));
      at += 7 + length;
    }
  }
  return Buffer.concat(parts);
}

/** The data blocks of one of LevelDB's tables; nothing where it is none. */
function unpackedTable(bytes: Buffer): Buffer {
  if (bytes.length < 48) return Buffer.alloc(0);
  const footer = bytes.subarray(-48);
  const [, afterMeta] = varint(footer, varint(footer, 0)[1]);
  const [indexAt, afterAt] = varint(footer, afterMeta);
  const index = blockOf(bytes, indexAt, varint(footer, afterAt)[0]);
  const blocks: Buffer[] = [];
  const end = index.length - 4 - 4 * index.readUInt32LE(index.length - 4);
  for (let at = 0; at < end; ) {
    const [, afterShared] = varint(index, at);
    const [rest, afterRest] = varint(index, afterShared);
    const [valueLength, afterLength] = varint(index, afterRest);
    const value = afterLength + rest;
    const [offset, afterOffset] = varint(index, value);
    blocks.push(blockOf(bytes, offset, varint(index, afterOffset)[0]));
    at = value + valueLength;
  }
  return Buffer.concat(blocks);
}

const blockOf = (bytes: Buffer, at: number, size: number): Buffer =>
  bytes[at + size] === 1 ? unsnapped(bytes.subarray(at, at + size)) : bytes.subarray(at, at + size);

/** Snappy's form: literals and copies of what came before. */
function unsnapped(packed: Buffer): Buffer {
  const [length, start] = varint(packed, 0);
  const out = Buffer.alloc(length);
  let to = 0;
  for (let at = start; at < packed.length; ) {
    const tag = packed[at++] as number;
    if ((tag & 3) === 0) {
      let size = tag >> 2;
      if (size >= 60) {
        const wide = size - 59;
        size = packed.readUIntLE(at, wide);
        at += wide;
      }
      packed.copy(out, to, at, at + size + 1);
      at += size + 1;
      to += size + 1;
      continue;
    }
    const [size, back, next] =
      (tag & 3) === 1
        ? [4 + ((tag >> 2) & 7), ((tag >> 5) << 8) | (packed[at] as number), at + 1]
        : (tag & 3) === 2
          ? [1 + (tag >> 2), packed.readUInt16LE(at), at + 2]
          : [1 + (tag >> 2), packed.readUInt32LE(at), at + 4];
    at = next;
    for (let i = 0; i < size; i++, to++) out[to] = out[to - back] as number;
  }
  return out;
}
