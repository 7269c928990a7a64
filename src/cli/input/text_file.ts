import { readFile } from "node:fs/promises";
import { BaseError } from "../../errors.ts";

export class FileReadError extends BaseError {
  constructor(file: string, cause: unknown) {
    super(`${file} cannot be read.`, { fix: "Check the path.", cause });
  }
}

/** @throws FileReadError */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new FileReadError(file, cause);
  }
}
