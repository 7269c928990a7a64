import { describe, expect, test } from "vitest";
import { newBackupCode } from "../../src/protocol/backup_code.ts";
import { passphraseStrength } from "../../src/protocol/passphrase.ts";

describe("how a new passphrase stands against guessing", () => {
  test.each([
    ["short", ["", "a", "seven", "        x", "ａｂｃ１２３"]],
    [
      "weak",
      [
        "password",
        "Password1!",
        "aaaaaaaaaaaaaaaaaaaa",
        "hahahahahaha",
        "12345678",
        "abcdefgh",
        "87654321",
        "qwertyuiop",
        "tulip tulip tulip tulip",
        "tulip 1987",
        "19870412",
        "nothing stays",
        "かかかかかかかか",
        // Rows of keys in turn, columns, letters drawn as digits: long, and in every list.
        "1q2w3e4r5t6y7u8i",
        "q1w2e3r4t5y6",
        "a1b2c3d4e5f6g7h8",
        "1qaz2wsx3edc4rfv",
        "zaq12wsxcde3",
        "P@ssw0rd!2024",
        "Tr0ub4dor&3",
      ],
    ],
    [
      "fair",
      ["three grey stones", "tulip bridge 1987", "a bridge at night", "correcthorsebatterystaple"],
    ],
    [
      "good",
      [
        "seven herons at dusk",
        "tulip bridge seven grey",
        newBackupCode(),
        "正しい馬の電池のホチキス",
        "94619275031884627501",
      ],
    ],
  ] as const)("%s", (strength, passphrases) => {
    for (const passphrase of passphrases)
      expect([passphrase, passphraseStrength(passphrase)]).toEqual([passphrase, strength]);
  });

  test("counts characters of the normal form, and takes one more word never for less", () => {
    expect(passphraseStrength("e\u0301tude e\u0301")).toBe(passphraseStrength("\u00e9tude \u00e9"));
    const order = ["short", "weak", "fair", "good"];
    let last = 0;
    for (let words = 1; words <= 6; words++) {
      const now = order.indexOf(
        passphraseStrength(
          "heron tulip bridge stone grey lamp".split(" ").slice(0, words).join(" "),
        ),
      );
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    expect(last).toBe(3);
  });
});
