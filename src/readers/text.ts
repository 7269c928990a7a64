/** What may stand in a name that others will read, and how a stranger's name is shown. */

/** Signs that show nothing although Unicode counts them among letters and symbols. */
const BLANK = "\\u115f\\u1160\\u2800\\u3164\\uffa0";
/** Characters that nobody sees and that move, hide or reorder what stands beside them; line ends and tabs too. */
const HIDDEN = new RegExp(
  `[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}${BLANK}]|(?<!\\p{sc=Han})[\\u{e0100}-\\u{e01ef}]`, // behind a Chinese letter they choose its form
  "gu",
);
/** Scripts that spell with joiners, with their marks. */
const JOINING = "Arab Syrc Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr"
  .split(" ")
  .map((script) => `\\p{scx=${script}}`)
  .join("");
/** Joiners in those scripts and in pictures made of several; between other letters they only hide. */
const JOINED = new RegExp(
  `(?<=[${JOINING}\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])[\\u200c\\u200d]`,
  "gu",
);

/** What becomes a blank. */
const BETWEEN = new RegExp(`[\\p{Cc}\\p{Z}${BLANK}]+`, "gu");

/**
 * Letters and signs that hide and reorder nothing, carry no mark and are in the form NFC beside each other, as nearly all of a text is in Latin,
 * Chinese and Japanese: to look for what is not there takes a phone half a second for a thousand projects.
 */
const TAME =
  /^[ -~\u00c0-\u024f\u2010-\u2027\u3001-\u3020\u3041-\u3096\u30a1-\u30fc\u4e00-\u9fff\uff01-\uff60]*$/;

const escaped = (char: string): string =>
  `\\u{${(char.codePointAt(0) as number).toString(16).toUpperCase()}}`;

/**
 * A stranger's text in one line: what hides or reorders is shown as its number, `\u{202E}`, and not done.
 * With `most`, longer texts end in an ellipsis there; a letter is never parted from its marks.
 */
export function visibleText(text: string, most?: number): string {
  const shown = replaceHidden(text, escaped);
  return most === undefined ? shown : cutText(shown, most);
}

/** At most `most` characters as a reader counts them, the last an ellipsis where there were more; no letter with a pile of marks. */
export function cutText(text: string, most: number): string {
  // Each sign of a tame text is a letter by itself.
  if (TAME.test(text)) return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
  const calm = text.replace(/(\p{M}{4})\p{M}+/gu, "$1");
  if (calm.length <= most) return calm;
  const letters: string[] = [];
  for (const { segment } of new Intl.Segmenter().segment(calm.slice(0, most * 12))) {
    letters.push(segment);
    if (letters.length > most) return `${letters.slice(0, most - 1).join("")}…`;
  }
  return letters.join("");
}

/** Characters of a text that hide or reorder, and where each stands. */
export function hiddenIn(text: string): readonly { readonly at: number; readonly char: string }[] {
  const found: { readonly at: number; readonly char: string }[] = [];
  replaceHidden(text, (char, at) => {
    found.push({ at, char });
    return char;
  });
  return found;
}

function replaceHidden(text: string, by: (char: string, at: number) => string): string {
  // Few texts have a joiner, and to look behind each for its script takes longest.
  const joiners = /[\u200c\u200d]/.test(text)
    ? new Set([...text.matchAll(JOINED)].map(({ index }) => index))
    : undefined;
  return text.replace(HIDDEN, (char, at: number) => (joiners?.has(at) ? char : by(char, at)));
}

/**
 * A stranger's text without what hides or reorders, in one line and one Unicode form (NFC); of longer ones `most` characters, the last an
 * ellipsis. No letter has a pile of marks. For a page, where the numbers of `visibleText` would be taken for part of a name.
 */
export function plainText(text: string, most: number): string {
  const beginning = text.slice(0, 8 * most);
  if (TAME.test(beginning)) return cutText(beginning.replace(/ {2,}/g, " ").trim(), most);
  const some = beginning
    // Before anything else: to put what is piled on a letter in order takes time that grows with the square of its height.
    .replace(/(\p{M}{8})\p{M}+/gu, "$1")
    .normalize("NFC")
    .replace(BETWEEN, " ");
  const shown = replaceHidden(some, () => "").replace(/ +/g, " ");
  return cutText(shown.replace(/(\p{M}{3})\p{M}+/gu, "$1").trim(), most);
}

/** A name as it is compared and kept: one Unicode form (NFC), no blanks around it, single blanks within. */
export function plainName(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\s\u00a0]+/gu, " ")
    .trim();
}

/** Latin letters that Greek and Cyrillic ones are drawn as. */
const DRAWN_AS: Readonly<Record<string, string>> = Object.fromEntries(
  [..."аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwкkмmтtвbнhαaοoρpνvτtιiκkυuεeχxγyβbηn"].flatMap((char, i, all) =>
    i % 2 === 0 ? [[char, all[i + 1] as string]] : [],
  ),
);

const NOT_READ = new RegExp(`[\\p{M}\\p{C}\\p{Z}\\p{P}${BLANK}]`, "u");

/** What is left of a name for a reader in a hurry: case, blanks, marks, signs, hidden letters and the letters' script do not count. */
function skeleton(name: string): string {
  return [...name.normalize("NFKD").toLowerCase()]
    .filter((char) => !NOT_READ.test(char))
    .map((char) => DRAWN_AS[char] ?? char)
    .join("")
    .replace(/[l1|]/g, "i")
    .replace(/0/g, "o");
}

/** Groups of different names that are easily taken for one another, each in the order given. */
export function nearTwins(names: Iterable<string>): readonly (readonly string[])[] {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const key = skeleton(name) || name;
    const group = groups.get(key) ?? new Set();
    groups.set(key, group.add(name));
  }
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group]);
}

const SCRIPTS = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee"] as const;

/** The scripts that one word of a name mixes, though letters of one are drawn as those of the other; undefined if none does. */
export function mixedScripts(name: string): readonly string[] | undefined {
  for (const word of name.split(/[^\p{L}\p{M}]+/u)) {
    const found = SCRIPTS.filter((script) => new RegExp(`\\p{Script=${script}}`, "u").test(word));
    if (found.length > 1) return found;
  }
  return undefined;
}
