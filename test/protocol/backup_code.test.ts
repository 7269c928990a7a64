import { describe, expect, test } from "vitest";
import {
  BACKUP_CODE_WORDS,
  backupCodeBytes,
  encodeBackupCode,
  BackupCodeError,
  newBackupCode,
} from "../../src/protocol/backup_code.ts";

/** BIP-39's own vector for 16 bytes 0x7f. */
const CODE = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const BYTES = new Uint8Array(16).fill(0x7f);

describe("KEY-8: a backup code", () => {
  test("is twelve words for 16 bytes, as every implementation of BIP-39 reads them", () => {
    expect(backupCodeBytes(CODE)).toEqual(BYTES);
    expect(encodeBackupCode(BYTES)).toBe(CODE);
    const code = newBackupCode();
    expect(code.split(" ")).toHaveLength(BACKUP_CODE_WORDS);
    expect(encodeBackupCode(backupCodeBytes(code))).toBe(code);
    expect(newBackupCode()).not.toBe(code);
  });

  test.each([
    ["in capitals", CODE.toUpperCase()],
    [
      "numbered, over several lines",
      CODE.split(" ")
        .map((word, i) => `${i + 1}. ${word}`)
        .join("\n"),
    ],
    ["with commas and blanks", `  ${CODE.replaceAll(" ", ",  ")}\r\n`],
    [
      "by the first four letters",
      CODE.split(" ")
        .map((word) => word.slice(0, 4))
        .join(" "),
    ],
    [
      "in full-width letters",
      CODE.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
    ],
  ])("is read as typed: %s", (_, typed) => {
    expect(backupCodeBytes(typed)).toEqual(BYTES);
  });

  test.each([
    ["a word too few", CODE.split(" ").slice(1).join(" "), "it has 11 words, not 12"],
    ["nothing", "", "it has 0 words"],
    ["a word that is none", CODE.replace("sausage", "sausige"), "word 6 is not in the list"],
    ["another word of the list", CODE.replace("sausage", "scatter"), "its checksum is wrong"],
    ["two words exchanged", CODE.replace("legal winner", "winner legal"), "its checksum is wrong"],
    ["a key of another format", `0x${"7f".repeat(32)}`, "words, not 12"],
  ])("is refused with %s, and nothing of it is repeated", (_, typed, why) => {
    let thrown: unknown;
    try {
      backupCodeBytes(typed);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(BackupCodeError);
    const text = `${String(thrown)} ${String((thrown as Error).cause)}`;
    expect(text).toContain(why);
    for (const word of ["sausige", "scatter", "legal", "winner", "yellow"])
      expect(text).not.toContain(word);
  });
});
