import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { toRelative } from "./paths.ts";

/** SHA-256 of a file of any size, in hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** One hash over names and contents of small files, in the order of their names, and over `extra`. */
export async function hashInputs(
  files: Iterable<string>,
  extra: readonly string[],
): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [...new Set(files)].sort()) {
    const content = await readFile(file);
    hash.update(`${toRelative(file)}\0${content.byteLength}\0`).update(content);
  }
  for (const text of extra) hash.update(`${text}\0`);
  return hash.digest("hex");
}
