import { entropyToMnemonic, generateMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { BaseError } from "../errors.ts";

/** Words of a backup code (KEY-8): 128 random bits and 4 bits of checksum. */
export const BACKUP_CODE_WORDS = 12;

/** Says where a code is wrong by place, never by the word itself: what was typed may be most of a secret. */
export class BackupCodeError extends BaseError {
  constructor(why: string) {
    super(`This is not a backup code: ${why}.`, {
      fix: `Type the ${BACKUP_CODE_WORDS} English words as they were written down, in their order.`,
    });
  }
}

/** A new backup code (KEY-8): 12 lower-case words with one blank between them. */
export function newBackupCode(): string {
  return generateMnemonic(wordlist, 128);
}

/**
 * The 16 bytes of a code as typed (KEY-8). Case, numbering, punctuation and blanks do not matter, and the first four letters of a word
 * are enough, for no two words of the list share them.
 * @throws BackupCodeError if the number of words, a word or the checksum is wrong
 */
export function backupCodeBytes(text: string): Uint8Array {
  const typed =
    text
      .normalize("NFKD")
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  if (typed.length !== BACKUP_CODE_WORDS)
    throw new BackupCodeError(`it has ${typed.length} words, not ${BACKUP_CODE_WORDS}`);
  const words = typed.map((word) =>
    wordlist.find((known) => known === word || (word.length === 4 && known.startsWith(word))),
  );
  const unknown = words.indexOf(undefined);
  if (unknown >= 0) throw new BackupCodeError(`word ${unknown + 1} is not in the list of words`);
  try {
    return mnemonicToEntropy(words.join(" "), wordlist);
  } catch {
    throw new BackupCodeError(
      "its checksum is wrong, so a word is another one or two are exchanged",
    ); // without the cause: it repeats the code
  }
}

/** The code of 16 bytes (KEY-8), as `newBackupCode` writes it. */
export function encodeBackupCode(bytes: Uint8Array): string {
  return entropyToMnemonic(bytes, wordlist);
}
