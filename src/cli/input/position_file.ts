import { writeFile } from "node:fs/promises";
import { BaseError } from "../../errors.ts";
import type { BallotEnd } from "../../protocol/message.ts";
import { readSecret } from "./secrets.ts";
import { FileWriteError } from "./key_file.ts";

export class PositionFileError extends BaseError {
  constructor(file: string, why: string) {
    super(`${file} does not say where a ballot ends: ${why}.`, {
      fix: "Use the file that --position wrote when the ballot was published.",
    });
  }
}

/** What `publish --append` needs of the page before. It names the round and tag, and no votes. */
type Position = BallotEnd & { readonly round: `0x${string}`; readonly tag: bigint };

export async function writePosition(
  file: string,
  { round, tag, nonce, pos }: Position,
): Promise<void> {
  try {
    await writeFile(
      file,
      `${JSON.stringify({ kind: "tacit ballot position", version: 1, round, tag: String(tag), nonce: String(nonce), pos })}\n`,
      { mode: 0o600 },
    );
  } catch (cause) {
    throw new FileWriteError(file, cause);
  }
}

/** @throws PositionFileError if the file is not one, or of another round or tag */
export async function readPosition(
  file: string,
  { round, tag }: Pick<Position, "round" | "tag">,
): Promise<BallotEnd> {
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(await readSecret(file)) as typeof content;
  } catch (error) {
    if (error instanceof SyntaxError) throw new PositionFileError(file, "it is not JSON");
    throw error;
  }
  if (content?.["kind"] !== "tacit ballot position" || content["version"] !== 1)
    throw new PositionFileError(file, "its kind or version is another one");
  if (content["round"] !== round || content["tag"] !== String(tag))
    throw new PositionFileError(file, "it is of another round or donor");
  const { nonce, pos } = content;
  if (
    typeof nonce !== "string" ||
    !/^\d+$/.test(nonce) ||
    typeof pos !== "number" ||
    !Number.isSafeInteger(pos)
  )
    throw new PositionFileError(file, "nonce or pos is missing");
  return { nonce: BigInt(nonce), pos };
}
