import { BaseError } from "../errors.ts";

/** Characters of a new passphrase, at least. What an earlier one had does not matter: any passphrase gives a key. */
export const MIN_PASSPHRASE = 8;

export class ShortPassphraseError extends BaseError {
  constructor() {
    super(`The new passphrase has fewer than ${MIN_PASSPHRASE} characters.`, {
      fix: "Choose several words that nobody guesses.",
    });
  }
}

/** Too short to be taken; else found by a guesser with a few, with very many machines, or with none that there are. */
export type PassphraseStrength = "short" | "weak" | "fair" | "good";

/** At 0.2 s and 64 MiB a guess (KEY-4), half of 2^32 guesses are 14 years of one core, half of 2^48 are 890,000. */
const FAIR_BITS = 32;
const GOOD_BITS = 48;

/** One of the 8,000 commonest words of a language. */
const WORD_BITS = 13;
/** A letter of a word shorter than that, a sign of a script that writes words without spaces, a digit, a sign between words. */
const LETTER_BITS = 4;
const SIGN_BITS = 5;
const DIGIT_BITS = Math.log2(10);
const MARK_BITS = 3;
/** A year, a date, a row of keys, a word said before. */
const DATE_BITS = 15;
const YEAR_BITS = 7;
const ROW_BITS = 4;
const AGAIN_BITS = 1;

const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "12345678901234567890",
  "qwertyuiop",
  "qwertzuiop",
  "asdfghjkl",
  "zxcvbnm",
  "yxcvbnm",
  "azertyuiop",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "1qazxsw23edcvfr45tgbnhy67ujm",
];
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/**
 * How a new passphrase stands against somebody who knows how people choose them. It looks at the form alone and takes every run of letters for a
 * common word, so that a quotation or one's own name is weaker than it says, and chance letters are stronger.
 */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const text = passphrase.normalize("NFKC").trim();
  if ([...text].length < MIN_PASSPHRASE) return "short";
  const bits = Math.min(...readings(text.toLowerCase()));
  return bits < FAIR_BITS ? "weak" : bits < GOOD_BITS ? "fair" : "good";
}

/** What it costs to guess it as it stands, with digits and signs for letters, as runs of a row or column of keys, and as two such runs in turn. */
function readings(text: string): readonly number[] {
  const signs = [...text];
  const [even, odd] = [0, 1].map((turn) => signs.filter((_, i) => i % 2 === turn).join(""));
  const inTurn = [even, odd].map((half = "") => withoutRuns(half));
  return [
    guessBits(text),
    LEET_BITS + guessBits(text.replace(LEET, (sign) => LETTERS[sign] as string)),
    ...[withoutRuns(text)].map(({ rest, runs }) => ROW_BITS * runs + guessBits(rest)),
    ...(inTurn.every(({ rest }) => rest.trim() === "")
      ? [inTurn.reduce((bits, { runs }) => bits + ROW_BITS * runs, AGAIN_BITS)]
      : []),
  ];
}

const LEET_BITS = 3;
const LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
};
const LEET = /(?<=[a-z@$])[013457@$]|[013457@$](?=[a-z@$])/g;

/** A text with each run of four keys and more taken out, and how many there were. */
function withoutRuns(text: string): { readonly rest: string; readonly runs: number } {
  let [rest, runs] = ["", 0];
  for (let at = 0; at < text.length; ) {
    let length = 0;
    while (at + length < text.length && isRun(text.slice(at, at + length + 1))) length++;
    if (length >= 4) runs++;
    rest += length >= 4 ? " " : text[at];
    at += length >= 4 ? length : 1;
  }
  return { rest, runs };
}

const isRun = (part: string): boolean =>
  ROWS.some((row) => row.includes(part) || row.includes([...part].reverse().join("")));

function guessBits(text: string): number {
  const seen = new Set<string>();
  let bits = 0;
  for (const [part] of text.matchAll(/(?:\p{L}\p{M}*)+|\p{N}+|./gsu)) {
    const isMark = !/^[\p{L}\p{N}]/u.test(part);
    if (seen.has(part)) bits += isMark ? 0 : AGAIN_BITS;
    else bits += isMark ? MARK_BITS : bitsOf(part);
    seen.add(part);
  }
  return bits;
}

function bitsOf(part: string): number {
  const signs = [...part];
  const { length } = signs;
  if (length > 2 && (isRun(part) || new Set(signs).size < 3)) return ROW_BITS;
  if (/^\p{N}/u.test(part)) {
    if (length === 4) return YEAR_BITS;
    return length > 8 ? DIGIT_BITS * length : Math.min(DIGIT_BITS * length, DATE_BITS);
  }
  if (UNSPACED.test(part)) return SIGN_BITS * length;
  // Words written together, if it is long.
  return Math.min(LETTER_BITS * length, WORD_BITS * Math.max(1, Math.floor(length / 7)));
}
