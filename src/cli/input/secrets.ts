import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { PrivateKeyAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { BaseError } from "../../errors.ts";
import type { Io } from "../output/io.ts";

// Secrets come from files, the environment or a prompt, never from arguments, which other users of the machine can see.

export class MissingAccountKeyError extends BaseError {
  constructor() {
    super("No account is given to send with.", {
      fix: "Give --account-key <file>, or set TACIT_ACCOUNT_KEY to the private key (0x and 64 hexadecimal digits).",
    });
  }
}

export class AccountKeyError extends BaseError {
  constructor(where: string) {
    super(`${where} does not hold an account's private key.`, {
      fix: "It must be 0x and 64 hexadecimal digits, and nothing else.",
    });
  }
}

export class SecretFileError extends BaseError {
  constructor(file: string, cause: unknown) {
    super(`The secret file ${file} cannot be read.`, {
      fix: "Check the path and that you may read it.",
      cause,
    });
  }
}

export class NoPassphraseError extends BaseError {
  constructor() {
    super("No passphrase is given.", {
      fix: "Run the command in a terminal to be asked for it, or give --passphrase-file, or set TACIT_PASSPHRASE.",
    });
  }
}

export class PassphraseMismatchError extends BaseError {
  constructor() {
    super("The two passphrases differ.", { fix: "Run the command again." });
  }
}

/** The account that sends. @throws MissingAccountKeyError, AccountKeyError */
export async function loadAccount(
  { env }: Io,
  { accountKey }: { readonly accountKey?: string },
): Promise<PrivateKeyAccount> {
  const [text, where] =
    accountKey === undefined
      ? [env["TACIT_ACCOUNT_KEY"], "TACIT_ACCOUNT_KEY"]
      : [await readSecret(accountKey), accountKey];
  if (text === undefined || text === "") throw new MissingAccountKeyError();
  const key = text.trim();
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) throw new AccountKeyError(where);
  try {
    return privateKeyToAccount(key as `0x${string}`);
  } catch {
    throw new AccountKeyError(where); // without the cause, whose message repeats the key
  }
}

/** A passphrase from a file, TACIT_PASSPHRASE, or a prompt that does not show it, asked twice. */
export async function loadPassphrase(io: Io, file: string | undefined): Promise<string> {
  if (file !== undefined) return stripNewline(await readSecret(file));
  if (io.env["TACIT_PASSPHRASE"]) return io.env["TACIT_PASSPHRASE"];
  if (io.stdin.isTTY !== true) throw new NoPassphraseError();
  const first = await askHidden(io, "Passphrase: ");
  if (first === "") throw new NoPassphraseError();
  if ((await askHidden(io, "Again: ")) !== first) throw new PassphraseMismatchError();
  return first;
}

/** @throws SecretFileError */
export async function readSecret(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new SecretFileError(file, cause);
  }
}

const stripNewline = (text: string): string => text.replace(/\r?\n$/, "");

async function askHidden(io: Io, question: string): Promise<string> {
  io.err(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    io.err("\n");
  }
}
