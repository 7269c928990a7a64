import { readFile, writeFile } from "node:fs/promises";
import { BaseError } from "../../errors.ts";
import type { Point } from "../../crypto/curve.ts";
import { equalPoints } from "../../crypto/curve.ts";
import { keyPairFromSecret, type KeyPair } from "../../protocol/key.ts";

/** What a key file is for; a file of one kind is refused where the other is needed. */
export type KeyKind = "donor" | "coordinator";

export class KeyFileError extends BaseError {
  constructor(file: string, why: string, kind: KeyKind, cause?: unknown) {
    super(`${file} is not a ${kind} key file: ${why}.`, {
      fix: `Make one with \`tacit keygen${kind === "coordinator" ? " --coordinator" : ""} --out <file>\`.`,
      cause,
    });
  }
}

export class FileExistsError extends BaseError {
  constructor(file: string) {
    super(`${file} exists and is not overwritten.`, {
      fix: "Choose another name, or move the file away if you are sure that nobody needs it.",
    });
  }
}

export class FileWriteError extends BaseError {
  constructor(file: string, cause: unknown) {
    super(`${file} cannot be written.`, {
      fix: "Check that the folder exists and that you may write to it.",
      cause,
    });
  }
}

const hex = (x: bigint): string => `0x${x.toString(16).padStart(64, "0")}`;

/** Writes a key file that only its owner can read. @throws FileExistsError */
export async function writeKeyFile(
  file: string,
  kind: KeyKind,
  { secret, publicKey }: KeyPair,
): Promise<void> {
  const content = {
    kind: `tacit ${kind} key`,
    version: 1,
    publicKey: { x: hex(publicKey.x), y: hex(publicKey.y) },
    secret: hex(secret),
  };
  await writeNewFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** A secret file: mode 0600, never over another file. @throws FileExistsError, FileWriteError */
export async function writeNewFile(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EEXIST"
      ? new FileExistsError(file)
      : new FileWriteError(file, error);
  }
}

/** @throws KeyFileError */
export async function readKeyFile(file: string, kind: KeyKind): Promise<KeyPair> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new KeyFileError(file, "it cannot be read", kind, cause);
  }
  const content = parseObject(text);
  if (content === undefined || typeof content["kind"] !== "string")
    throw new KeyFileError(file, "it is not JSON with a kind", kind);
  if (content["kind"] !== `tacit ${kind} key`)
    throw new KeyFileError(file, `its kind is "${content["kind"]}"`, kind);
  if (content["version"] !== 1) throw new KeyFileError(file, "its version is not 1", kind);
  const [secret, publicKey] = [parseInteger(content["secret"]), parsePoint(content["publicKey"])];
  if (secret === undefined || publicKey === undefined)
    throw new KeyFileError(file, "secret or publicKey is missing", kind);
  let pair: KeyPair;
  try {
    pair = keyPairFromSecret(secret);
  } catch {
    throw new KeyFileError(file, "its secret is out of range", kind); // without the cause: it must not lead to the value
  }
  if (!equalPoints(pair.publicKey, publicKey))
    throw new KeyFileError(file, "its secret does not belong to its public key", kind);
  return pair;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function parseInteger(value: unknown): bigint | undefined {
  return typeof value === "string" && /^0x[0-9a-f]{1,64}$/.test(value) ? BigInt(value) : undefined;
}

function parsePoint(value: unknown): Point | undefined {
  const { x, y } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const [px, py] = [parseInteger(x), parseInteger(y)];
  return px === undefined || py === undefined ? undefined : { x: px, y: py };
}
