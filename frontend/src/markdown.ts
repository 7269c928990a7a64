import { plainText } from "../../src/index.ts";

/** Characters of a text, and of what may stand before a line, at the most. */
const [MAX_TEXT, MAX_INDENT] = [8_000, 16];

/** Markdown whose lines are each without what makes a text look like another's; how far they are indented stays, for that is part of its meaning. */
export const plainMarkdown = (text: string): string =>
  text
    .slice(0, MAX_TEXT)
    .split("\n")
    .map((line) => (/^ */.exec(line)?.[0] ?? "").slice(0, MAX_INDENT) + plainText(line, MAX_TEXT))
    .join("\n")
    .trim();

/** The beginning of a text in one line, without the signs of Markdown, for lists that show no more. */
export function firstWords(markdown: string, most: number): string {
  return plainText(
    markdown
      .slice(0, 4 * most)
      .replace(/^ *(#{1,6}|>|[-*+]|\d{1,9}[.)]) +/gm, "")
      .replace(/^ *([-=*_] ?){3,}$/gm, "")
      .replace(/!?\[([^\][]*)\]\([^()\s]*\)/g, "$1")
      .replace(/<(https:[^<>\s]*)>/g, "$1")
      .replace(/(\*\*|__|~~|`)/g, "")
      .replace(/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, ""),
    most,
  );
}

/** Whether a text has signs that Markdown would read. */
export const hasMarkdown = (text: string): boolean =>
  /[*_`[\]<>#~|\\]|^ *(?:[-+]|\d{1,9}[.)]) /m.test(text);
