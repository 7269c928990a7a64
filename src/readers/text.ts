/** What may stand in a name that others will read, and how a stranger's name is shown. */

/** Characters that nobody sees and that move, hide or reorder what stands beside them; line ends and tabs too. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|\u115f|\u1160|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]/gu;
/** Joiners are part of the spelling in Arabic, Persian, Indic scripts and of emoji; between other letters they only hide. */
const JOINED =
  /(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Emoji_Modifier}\p{Extended_Pictographic}\p{Mn}])[\u200c\u200d]/gu;

const escaped = (char: string): string =>
  `\\u{${(char.codePointAt(0) as number).toString(16).toUpperCase()}}`;

/**
 * A stranger's text in one line: what hides or reorders is shown as its number, `\u{202E}`, and not done.
 * With `most`, longer texts end in an ellipsis there; a letter is never parted from its marks.
 */
export function visibleText(text: string, most?: number): string {
  const shown = hiddenIn(text).reduceRight(
    (whole, { at, char }) => whole.slice(0, at) + escaped(char) + whole.slice(at + char.length),
    text,
  );
  return most === undefined ? shown : cutText(shown, most);
}

/** At most `most` characters as a reader counts them, the last an ellipsis where there were more; no letter with a pile of marks. */
export function cutText(text: string, most: number): string {
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
  const joiners = new Set([...text.matchAll(JOINED)].map(({ index }) => index));
  return [...text.matchAll(HIDDEN)]
    .filter(({ index }) => !joiners.has(index))
    .map(({ index, 0: char }) => ({ at: index, char }));
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

/** What is left of a name for a reader in a hurry: case, blanks, marks, signs, hidden letters and the letters' script do not count. */
function skeleton(name: string): string {
  return [...name.normalize("NFKD").toLowerCase()]
    .filter((char) => !/[\p{M}\p{C}\p{Z}\p{P}]/u.test(char))
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

const SCRIPTS = ["Latin", "Cyrillic", "Greek"] as const;

/** The scripts that one word of a name mixes, though letters of one are drawn as those of the other; undefined if none does. */
export function mixedScripts(name: string): readonly string[] | undefined {
  for (const word of name.split(/[^\p{L}\p{M}]+/u)) {
    const found = SCRIPTS.filter((script) => new RegExp(`\\p{Script=${script}}`, "u").test(word));
    if (found.length > 1) return found;
  }
  return undefined;
}
