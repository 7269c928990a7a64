import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { filesBelow } from "../pipeline/imports.ts";

/** The list of a site's files with their hashes, in the form of `sha256sum`, which can check it: `sha256sum -c SHA256SUMS`. */
export const SUMS = "SHA256SUMS";

const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/** Writes the list into the folder and returns its own hash, which stands for all of the site. Nothing in it tells of folder, time or machine. */
export async function writeSums(folder: string): Promise<string> {
  const files = (await filesBelow(folder, ""))
    .map((file) => path.relative(folder, file).split(path.sep).join("/"))
    .filter((file) => file !== SUMS && !file.startsWith("."))
    .sort();
  const lines = await Promise.all(
    files.map(async (file) => `${sha256(await readFile(path.join(folder, file)))}  ${file}\n`),
  );
  const sums = lines.join("");
  await writeFile(path.join(folder, SUMS), sums);
  return sha256(sums);
}
