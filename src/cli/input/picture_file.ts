import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Hex } from "viem";
import { BaseError } from "../../errors.ts";
import { isPictureOf, PictureError, readPicture } from "../../metadata/picture.ts";
import { digestDocument } from "../../metadata/reference.ts";
import { readBytes } from "./text_file.ts";

export class PictureFileError extends BaseError {
  constructor(file: string, cause: PictureError) {
    super(`${file}: ${cause.shortMessage}`, { fix: cause.fix, cause });
  }
}

export class PictureRefusedError extends BaseError {
  constructor(file: string, where: string, why: string, fix: string | undefined) {
    super(`${where} does not take ${file}: ${why}`, {
      fix: fix ?? "Repeat the command when the cause is gone: what is there already stays.",
    });
  }
}

/** A picture on this machine, checked (META-5). */
export type PictureFile = {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly digest: Hex;
};

/** @throws FileReadError, PictureFileError */
export async function readPictureFile(file: string): Promise<PictureFile> {
  const bytes = await readBytes(file);
  try {
    readPicture(bytes);
  } catch (error) {
    throw error instanceof PictureError ? new PictureFileError(file, error) : error;
  }
  return { file, bytes, digest: digestDocument(bytes) };
}

/** Puts a picture into a folder, or hands it to a relay; once more does no harm. @throws PictureRefusedError */
export async function putPicture(one: PictureFile, where: string): Promise<void> {
  if (/^https?:\/\//.test(where)) await handIn(one, where);
  else await keep(one, where);
}

async function keep({ file, bytes, digest }: PictureFile, folder: string): Promise<void> {
  const place = path.join(folder, digest.slice(2));
  try {
    await mkdir(folder, { recursive: true });
    const there = await readFile(place).catch(() => new Uint8Array());
    if (!isPictureOf(digest, there)) await writeFile(place, bytes, { flush: true });
  } catch (error) {
    throw new PictureRefusedError(file, folder, (error as Error).message, undefined);
  }
}

async function handIn({ file, bytes, digest }: PictureFile, relay: string): Promise<void> {
  const address = `${relay.replace(/\/$/, "")}/content/${digest.slice(2)}`;
  let answered: Response;
  try {
    answered = await fetch(address, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
  } catch {
    throw new PictureRefusedError(file, relay, "it does not answer.", undefined);
  }
  if (answered.ok) return;
  const told = (await answered.json().catch(() => ({}))) as { error?: string; fix?: string };
  throw new PictureRefusedError(
    file,
    relay,
    told.error ?? `it answers with status ${answered.status}.`,
    told.fix,
  );
}
