import { hexToBytes, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { deriveKeyPair, keyText, type KeyPair } from "../../src/protocol/key.ts";
import { DEFAULT_ROUND_ID } from "../helpers/round_builder.ts";

/** What donors choose, and what a briber has in his dictionary: the right one is always there. */
export const PASSPHRASES = [
  "correct horse battery staple",
  "hunter2",
  "eine gute Ausrede",
] as const;

/** A wallet, what it signed (KEY-5), and the lasting key of each passphrase with that signature (KEY-4). */
export type DonorWallet = {
  readonly address: Hex;
  readonly signature: Hex;
  readonly keys: readonly KeyPair[];
};

/** Wallets sign deterministically, so a briber who has one sign the text has the same signature as the donor's software. */
async function createWallet(secret: Hex): Promise<DonorWallet> {
  const account = privateKeyToAccount(secret);
  const signature = await account.signMessage({ message: keyText(DEFAULT_ROUND_ID) });
  const keys: KeyPair[] = [];
  for (const passphrase of PASSPHRASES)
    keys.push(await deriveKeyPair(passphrase, hexToBytes(signature))); // about a second each
  return { address: account.address, signature, keys };
}

/** Two, so that nothing can be learned of the wallet itself. */
export const WALLETS: readonly DonorWallet[] = [
  await createWallet(`0x${"01".repeat(32)}`),
  await createWallet(`0x${"02".repeat(32)}`),
];
