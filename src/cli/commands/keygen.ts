import { Command } from "commander";
import { randomBytes } from "node:crypto";
import { bytesToHex, hexToBytes } from "viem";
import { BaseError } from "../../errors.ts";
import { chainIdOf, connectRead } from "../../chain/client.ts";
import { deriveKeyPair, generateCoordinatorKeyPair, generateKeyPair, keyText, type KeyPair } from "../../protocol/key.ts";
import { identicon } from "../output/identicon.ts";
import type { Io } from "../output/io.ts";
import { writeKeyFile, writeNewFile } from "../input/key_file.ts";
import { examples, parseAddress, withOptions, type SharedValues } from "../input/options.ts";
import { answer } from "../output/output.ts";
import { loadAccount, loadPassphrase, readSecret } from "../input/secrets.ts";

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

export class BackupCodeError extends BaseError {
  constructor(file: string) {
    super(`${file} is not a backup code.`, { fix: "It holds 0x and 64 hexadecimal digits, as `tacit keygen --passphrase --backup-code <new file>` writes it." });
  }
}

export function keygenCommand(io: Io): Command {
  const command = new Command("keygen")
    .description("make a voting key (random, or from a passphrase) or a coordinator key")
    .requiredOption("--out <file>", "key file to write (mode 0600); an existing file is never overwritten")
    .option("--coordinator", "a coordinator key, to which a round's ballots are encrypted")
    .option("--passphrase", "derive the key from a passphrase: asked for, or in TACIT_PASSPHRASE")
    .option("--passphrase-file <file>", "read the passphrase from a file")
    .option("--backup-code <file>", "with a passphrase: the code that goes with it; made and written if the file does not exist")
    .option("--wallet", "with a passphrase: use the account's signature for the round instead of a backup code")
    .option("--round <address>", "with --wallet: the round", parseAddress)
    .addHelpText("after", `
Without --passphrase the key is random: use it as the first key, with which you contribute.
The passphrase makes the lasting key, to which your first ballot rotates. Every passphrase gives a key, and nothing tells
a right one from a wrong one: look at the picture to notice a typo, and give a wrong passphrase to whoever forces you.
${examples("tacit keygen --out first.json", "tacit keygen --passphrase --backup-code code.txt --out lasting.json", "tacit keygen --coordinator --out coordinator.json")}`)
    .action(async (values: Values) => keygen(io, values));
  return withOptions(command, "rpc", "account");
}

async function keygen(io: Io, values: Values): Promise<void> {
  const fromPassphrase = values.passphrase === true || values.passphraseFile !== undefined;
  if (values.coordinator === true && fromPassphrase) throw new KeygenOptionsError("a coordinator key is always random");
  const kind = values.coordinator === true ? "coordinator" : "donor";
  const pair = kind === "coordinator" ? generateCoordinatorKeyPair() : fromPassphrase ? await derive(io, values) : generateKeyPair();
  await writeKeyFile(values.out, kind, pair);
  const { x, y } = pair.publicKey;
  answer(io, values, { kind, file: values.out, publicKey: { x, y } }, [
    `Wrote a ${kind} key to ${values.out}. Whoever has this file has the key: keep it to yourself.`,
    `Its public key, as a picture:`,
    ...identicon(pair.publicKey).map((line) => `    ${line}`),
  ]);
}

async function derive(io: Io, values: Values): Promise<KeyPair> {
  if ((values.wallet === true) === (values.backupCode !== undefined)) throw new KeygenOptionsError("a passphrase needs either --backup-code or --wallet");
  if (values.wallet !== true) return deriveKeyPair(await loadPassphrase(io, values.passphraseFile), await backupCode(values.backupCode as string));
  if (values.round === undefined) throw new KeygenOptionsError("--wallet needs --round");
  const account = await loadAccount(io, values);
  const chainId = BigInt(await chainIdOf(connectRead(values.rpc), values.rpc));
  const signature = await account.signMessage({ message: keyText({ chainId, address: values.round }) });
  return deriveKeyPair(await loadPassphrase(io, values.passphraseFile), hexToBytes(signature));
}

/** The code in a file, or a new one written to it: 32 random bytes. */
async function backupCode(file: string): Promise<Uint8Array> {
  const known = await readSecret(file).catch(() => undefined);
  if (known === undefined) {
    const code = randomBytes(32);
    await writeNewFile(file, `${bytesToHex(code)}\n`);
    return code;
  }
  const text = known.trim();
  if (!/^0x[0-9a-f]{64}$/i.test(text)) throw new BackupCodeError(file);
  return hexToBytes(text as `0x${string}`);
}
