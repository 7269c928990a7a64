import { argon2idAsync } from "@noble/hashes/argon2.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { multiplyBase, type Point } from "../crypto/curve.ts";
import { bytesToInteger } from "../crypto/field.ts";
import { halfSizePair } from "../crypto/half_size.ts";
import { randomScalar } from "../crypto/random.ts";
import { ARGON2, L } from "../params.ts";
import { BaseError } from "../errors.ts";
import type { RoundRef } from "./round_ref.ts";

/** A secret scalar in [1, L) and its point secret·B (KEY-2). */
export type KeyPair = { readonly secret: bigint; readonly publicKey: Point };

export class SecretRangeError extends BaseError {
  constructor() {
    super("The secret is not an integer from 1 to l - 1.", {
      fix: "Make a key with `tacit keygen`.",
    });
  }
}

export class CoordinatorKeyError extends BaseError {
  constructor() {
    super("This secret has no half-size pair, so the circuit cannot use it.", {
      fix: "Make a coordinator key with `tacit keygen --coordinator`.",
    });
  }
}

/** @throws SecretRangeError */
export function keyPairFromSecret(secret: bigint): KeyPair {
  if (secret < 1n || secret >= L) throw new SecretRangeError();
  return { secret, publicKey: multiplyBase(secret) };
}

/** A random key: a donor's throw-away first key. */
export function generateKeyPair(): KeyPair {
  return keyPairFromSecret(randomScalar());
}

/** A random coordinator key (KEY-3): drawn again until it has a usable half-size pair. */
export function generateCoordinatorKeyPair(): KeyPair {
  for (;;) {
    const secret = randomScalar();
    if (halfSizePair(secret) !== undefined) return keyPairFromSecret(secret);
  }
}

/** KEY-5: the text whose wallet signature salts a donor's lasting key. `address` as the wallet shows it (checksummed). */
export function keyText({ chainId, address }: RoundRef): string {
  return [
    "Tacit: the key of my secret ballot",
    "",
    `Chain: ${chainId}`,
    `Round: ${address}`,
    "Purpose: with my passphrase, this signature makes the key that can change my ballot in this round. It moves no money.",
    "",
    "Sign this only where you give to this round. Whoever gets this signature can try to guess your passphrase.",
  ].join("\n");
}

/**
 * KEY-4: a donor's lasting key from a passphrase and the bytes of the wallet's signature over keyText, or those of a backup code.
 * Takes about a second and 64 MiB. Every passphrase gives a key; none can be told right or wrong.
 * @example
 * ```ts
 * const signature = await wallet.signMessage({ account: payer, message: keyText({ chainId: 1, address: round }) });
 * const lasting = await deriveKeyPair("correct horse battery staple", hexToBytes(signature));
 * ```
 */
export async function deriveKeyPair(passphrase: string, saltSource: Uint8Array): Promise<KeyPair> {
  const bytes = await argon2idAsync(
    utf8ToBytes(passphrase.normalize("NFKC")),
    sha256(saltSource),
    ARGON2,
  );
  return keyPairFromSecret((bytesToInteger(bytes) % (L - 1n)) + 1n);
}
