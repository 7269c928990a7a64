import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { BaseError } from "../../errors.ts";
import type { Database } from "./database.ts";
import { seal, unseal } from "./sealing.ts";

export class WrongPassphraseError extends BaseError {
  constructor() {
    super("The passphrase does not open the secrets in the database.", {
      fix: "Give the passphrase (or key file) with which they were stored; it cannot be recovered.",
    });
  }
}

/** Secrets at rest: AES-256-GCM under a key that scrypt makes from a passphrase or a key file's content. */
export type SecretStore = {
  readonly get: (name: string) => Promise<string | undefined>;
  readonly put: (name: string, secret: string) => Promise<void>;
};

/** 128 MiB and about half a second: what a guess costs an attacker who has the database. */
const SCRYPT = { N: 1 << 17, r: 8, p: 1, maxmem: 256 << 20 } as const;
const KEY_BYTES = 32;
const CHECK = "tacit";

const scryptKey = promisify<Buffer | string, Buffer, number, object, Buffer>(scrypt);

/** Opens the secrets of a database, which the first passphrase given fixes. @throws WrongPassphraseError */
export async function openSecrets({ query }: Database, passphrase: string): Promise<SecretStore> {
  const stored = await query
    .selectFrom("meta")
    .select("value")
    .where("key", "=", "scrypt salt")
    .executeTakeFirst();
  const salt = stored === undefined ? randomBytes(KEY_BYTES) : Buffer.from(stored.value, "hex");
  const key = await scryptKey(passphrase.normalize("NFKC"), salt, KEY_BYTES, SCRYPT);
  const store: SecretStore = {
    async get(name) {
      const row = await query
        .selectFrom("secrets")
        .select("ciphertext")
        .where("name", "=", name)
        .executeTakeFirst();
      return row === undefined ? undefined : decryptSecret(key, name, row.ciphertext);
    },
    async put(name, secret) {
      const ciphertext = encryptSecret(key, name, secret);
      await query
        .insertInto("secrets")
        .values({ name, ciphertext })
        .onConflict((c) => c.column("name").doUpdateSet({ ciphertext }))
        .execute();
    },
  };
  if (stored === undefined) {
    await query
      .insertInto("meta")
      .values({ key: "scrypt salt", value: salt.toString("hex") })
      .execute();
    await store.put("check", CHECK);
  } else if ((await store.get("check")) === undefined) await store.put("check", CHECK); // killed between the two above
  return store;
}

/** In base64; `name` is bound to it. */
export function encryptSecret(key: Uint8Array, name: string, secret: string): string {
  return Buffer.from(seal(key, name, Buffer.from(secret))).toString("base64");
}

/** @throws WrongPassphraseError if key or name is another, or the ciphertext was changed */
export function decryptSecret(key: Uint8Array, name: string, ciphertext: string): string {
  const secret = unseal(key, name, Buffer.from(ciphertext, "base64"));
  if (secret === undefined) throw new WrongPassphraseError();
  return Buffer.from(secret).toString("utf8");
}
