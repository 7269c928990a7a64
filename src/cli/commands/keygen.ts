import { Command } from "commander";
import { hexToBytes } from "viem";
import { BaseError } from "../../errors.ts";
import { backupCodeBytes, newBackupCode } from "../../protocol/backup_code.ts";
import { keyPicture } from "../../protocol/key_picture.ts";
import {
  deriveKeyPair,
  generateCoordinatorKeyPair,
  generateKeyPair,
  keyText,
  type KeyPair,
} from "../../protocol/key.ts";
import { passphraseStrength, ShortPassphraseError } from "../../protocol/passphrase.ts";
import { keyPictureLines } from "../output/key_picture.ts";
import type { Io } from "../output/io.ts";
import { writeKeyFile, writeNewFile } from "../input/key_file.ts";
import { examples, parseAddress, withOptions, type SharedValues } from "../input/options.ts";
import { answer } from "../output/output.ts";
import { openChain } from "../session.ts";
import { loadAccount, loadPassphrase, readSecret, SecretFileError } from "../input/secrets.ts";

type Values = Omit<SharedValues, "round"> & {
  readonly round?: `0x${string}`;
  readonly out: string;
  readonly coordinator?: boolean;
  readonly passphrase?: boolean;
  readonly passphraseFile?: string;
  readonly backupCode?: string;
  readonly wallet?: boolean;
};

export class KeygenOptionsError extends BaseError {
  constructor(why: string) {
    super(`These options do not go together: ${why}.`, { fix: "See `tacit keygen --help`." });
  }
}

export function keygenCommand(io: Io): Command {
  const command = new Command("keygen")
    .description("make a voting key (random, or from a passphrase) or a coordinator key")
    .requiredOption(
      "--out <file>",
      "key file to write (mode 0600); an existing file is never overwritten",
    )
    .option("--coordinator", "a coordinator key, to which a round's ballots are encrypted")
    .option("--passphrase", "derive the key from a passphrase: asked for, or in TACIT_PASSPHRASE")
    .option("--passphrase-file <file>", "read the passphrase from a file")
    .option(
      "--backup-code <file>",
      "with a passphrase: file with the code that goes with it, the page's 12 words; made and written if it does not exist",
    )
    .option(
      "--wallet",
      "with a passphrase: use the account's signature for the round instead of a backup code",
    )
    .option("--round <address>", "with --wallet: the round", parseAddress)
    .addHelpText(
      "after",
      `
Without --passphrase the key is random: use it as the first key, with which you contribute.
The passphrase makes the lasting key, to which your first ballot rotates. Every passphrase gives a key, and nothing tells
a right one from a wrong one: look at the picture and its words to notice a typo, and give a wrong passphrase to whoever forces you.
${examples("tacit keygen --out first.json", "tacit keygen --passphrase --backup-code code.txt --out lasting.json", "tacit keygen --coordinator --out coordinator.json")}`,
    )
    .action(async (values: Values) => keygen(io, values));
  return withOptions(command, "rpc", "account");
}

async function keygen(io: Io, values: Values): Promise<void> {
  const fromPassphrase = values.passphrase === true || values.passphraseFile !== undefined;
  if (values.coordinator === true && fromPassphrase)
    throw new KeygenOptionsError("a coordinator key is always random");
  const kind = values.coordinator === true ? "coordinator" : "donor";
  const pair =
    kind === "coordinator"
      ? generateCoordinatorKeyPair()
      : fromPassphrase
        ? await derive(io, values)
        : generateKeyPair();
  await writeKeyFile(values.out, kind, pair);
  const { x, y } = pair.publicKey;
  const { words } = keyPicture(pair.publicKey);
  answer(io, values, { kind, file: values.out, publicKey: { x, y }, words }, [
    `Wrote a ${kind} key to ${values.out}. Whoever has this file has the key: keep it to yourself.`,
    `The picture of the key, as the page shows it too, and its words:`,
    ...keyPictureLines(pair.publicKey, io.colours).map((line) => `    ${line}`),
    `    ${words.join(" ")}`,
  ]);
}

async function derive(io: Io, values: Values): Promise<KeyPair> {
  if ((values.wallet === true) === (values.backupCode !== undefined))
    throw new KeygenOptionsError("a passphrase needs either --backup-code or --wallet");
  if (values.backupCode !== undefined) {
    const passphrase = await loadPassphrase(io, values.passphraseFile);
    const { bytes, isNew } = await backupCode(values.backupCode, passphrase);
    if (isNew) {
      tellWeak(io, passphrase);
      io.err(
        `Wrote a new backup code to ${values.backupCode}: write its words down. Without them and the passphrase the ballot can never be changed.\n`,
      );
    }
    return deriveKeyPair(passphrase, bytes);
  }
  if (values.round === undefined) throw new KeygenOptionsError("--wallet needs --round");
  const account = await loadAccount(io, values);
  const { chainId } = await openChain(io, values);
  const signature = await account.signMessage({
    message: keyText({ chainId, address: values.round }),
  });
  const passphrase = await loadPassphrase(io, values.passphraseFile);
  tellWeak(io, passphrase); // it may be a new one
  return deriveKeyPair(passphrase, hexToBytes(signature));
}

function tellWeak(io: Io, passphrase: string): void {
  if (passphraseStrength(passphrase) === "weak" || passphraseStrength(passphrase) === "short")
    io.err(
      "This passphrase is easily guessed. A new one is better made of more words, which do not belong together.\n",
    );
}

/** The bytes of the code in a file, or of a new one written to it. @throws BackupCodeError, ShortPassphraseError, SecretFileError, FileWriteError */
async function backupCode(
  file: string,
  passphrase: string,
): Promise<{ readonly bytes: Uint8Array; readonly isNew: boolean }> {
  try {
    return { bytes: backupCodeBytes(await readSecret(file)), isNew: false };
  } catch (error) {
    if (
      !(
        error instanceof SecretFileError && (error.cause as NodeJS.ErrnoException).code === "ENOENT"
      )
    )
      throw error;
  }
  if (passphraseStrength(passphrase) === "short") throw new ShortPassphraseError();
  const code = newBackupCode();
  await writeNewFile(file, `${code}\n`);
  return { bytes: backupCodeBytes(code), isNew: true };
}
