import { createReadStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { isAddressEqual, type Address } from "viem";
import { archiveReader, type LogArchive } from "../../chain/log_archive.ts";
import { BaseError } from "../../errors.ts";
import { FileReadError } from "./text_file.ts";

/** An archive of another round, or of another chain. */
export class OtherArchiveError extends BaseError {
  constructor(folder: string, { chainId, round }: Pick<LogArchive, "chainId" | "round">) {
    super(`The archive in ${folder} is of round ${round} on chain ${chainId}.`, {
      fix: "Give the folder of this round's archive: its name is the chain's number and the round's address.",
    });
  }
}

/** The logs of a round's archive. @throws FileReadError, LogArchiveError, OtherArchiveError */
export async function readArchive(
  folder: string,
  wanted: { readonly chainId: number; readonly round: Address },
): Promise<LogArchive> {
  const file = path.join(folder, "logs.jsonl");
  const reader = archiveReader();
  const stream = createReadStream(file, "utf8");
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity }))
      reader.add(line);
  } catch (error) {
    if (error instanceof BaseError) throw error;
    throw new FileReadError(file, error);
  } finally {
    stream.destroy();
  }
  const archive = reader.archive();
  if (archive.chainId !== wanted.chainId || !isAddressEqual(archive.round, wanted.round))
    throw new OtherArchiveError(folder, archive);
  return archive;
}
