import { readFile } from "node:fs/promises";
import { BaseError } from "../../errors.ts";
import { decodeText } from "../../readers/bytes.ts";

export class FileReadError extends BaseError {
  constructor(file: string, cause: unknown) {
    super(`${file} cannot be read.`, { fix: "Check the path.", cause });
  }
}

/** @throws FileReadError */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new FileReadError(file, cause);
  }
}

/** @throws FileReadError, FileEncodingError */
export async function readText(file: string): Promise<string> {
  return decodeText(await readBytes(file), file);
}
