/** Signs that show nothing although Unicode counts them among letters and symbols. */
const BLANK = /[\u115f\u1160\u2800\u3164\uffa0]/gu;
/** Scripts that need joiners, and pictures made of several. */
const JOINING =
  /(?<![\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}]|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)(?:\u200c|\u200d)/gu;

/**
 * A stranger's text without what would make it look like another's: control characters, signs that turn the direction of writing, that take no
 * room, or that are piled on a letter.
 */
export function plainText(text: string, most: number): string {
  return (
    text
      .slice(0, 8 * most)
      // Before anything else: to put what is piled on a letter in order takes time that grows with the square of its height.
      .replace(/(\p{M}{8})\p{M}+/gu, "$1")
      .normalize("NFC")
      .replace(JOINING, "")
      .replace(/(?!\u200c|\u200d)\p{Cf}/gu, "")
      .replace(BLANK, " ")
      .replace(/[\p{Cc}\p{Z}]+/gu, " ")
      .replace(/(\p{M}{3})\p{M}+/gu, "$1")
      .trim()
      .slice(0, most)
  );
}

/** Whether a word mixes Latin letters with those of a script whose letters look like them. */
export const mixesAlphabets = (text: string): boolean =>
  (text.match(/[\p{L}\p{M}]+/gu) ?? []).some(
    (word) =>
      /\p{sc=Latn}/u.test(word) && /[\p{sc=Cyrl}\p{sc=Grek}\p{sc=Armn}\p{sc=Cher}]/u.test(word),
  );
