/** An amount as a person or a program writes it, read without ever guessing which mark ends its whole part. */
export type AmountReading = { readonly units: bigint } | AmountProblem;

/** Why a text is not an amount. */
export type AmountProblem = {
  readonly problem: "empty" | "number" | "negative" | "ambiguous" | "decimals" | "large";
  /** For "ambiguous": the two amounts that the text may mean, with a dot and without grouping. */
  readonly readings?: readonly [string, string];
  /** For "decimals": how many the text has. */
  readonly decimals?: number;
};

export type DecimalMark = "." | ",";

/** How a place writes numbers. */
export type NumberForm = {
  /** The mark between whole part and fraction. */
  readonly decimal: string;
  /** The mark between groups of digits. */
  readonly group: string;
  /** How many digits its groups have, where not three: one locale has two. */
  readonly size?: number;
  /** Its digits from 0 to 9, where Unicode does not know them as digits. */
  readonly digits?: readonly string[];
};

export type AmountOptions = {
  /** Of the token. */
  readonly decimals: number;
  /** How those who may have written it write numbers. What could be two amounts is read only where all of them agree. */
  readonly forms?: readonly NumberForm[];
};

/** Amounts and pools are below 2^128 (PARAM-5). */
const LIMIT = 1n << 128n;
/** More than any amount needs; keeps exponents from filling the memory. */
const MOST_TEXT = 200;
const MOST_EXPONENT = 400;

/** Marks that only ever group: blanks, apostrophes, the Arabic thousands separator, and the underline of programmers. */
const GROUP_ONLY =
  /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000'\u2018\u2019\u02bc\uff07\u066c_]/gu;
/** What nobody sees, and comes along when a number is copied from a page: marks of direction, of the byte order, of where a line may end. */
const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const SAME_MARK: Readonly<Record<string, string>> = {
  "\uff0e": ".",
  "\uff0c": ",",
  "\uff61": ".",
  "\u3002": ".",
  "\u3001": ",",
  "\ufe50": ",",
  "\ufe52": ".",
  "\u060c": ",",
  "\u2212": "-",
  "\uff0d": "-",
  "\uff0b": "+",
};

const formats = new Map<string, NumberForm>();

/** How a locale writes numbers, as this engine knows it. @throws RangeError if it is not a locale */
export function numberForm(locale: string): NumberForm {
  const known = formats.get(locale);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(locale, { useGrouping: true, minimumFractionDigits: 1 });
  const parts = format.formatToParts(1_234_567_890.5);
  const digits = new Intl.NumberFormat(locale, { useGrouping: false });
  const mark = (name: "decimal" | "group") => parts.find(({ type }) => type === name)?.value ?? "";
  const form = {
    decimal: SAME_MARK[mark("decimal")] ?? mark("decimal"),
    group: SAME_MARK[mark("group")] ?? mark("group"),
    size: parts.filter(({ type }) => type === "integer").at(-1)?.value.length ?? 3,
    digits: Array.from({ length: 10 }, (_, digit) => digits.format(digit)),
  };
  formats.set(locale, form);
  return form;
}

/**
 * An amount in token units.
 *
 * - Digits of every script count, full-width ones too. Blanks and apostrophes group; a dot or a comma groups where it stands more than once
 *   or before another mark, and ends the whole part where no group could: "1.234,5", "2,5", "0,125".
 * - What is left, one mark before three digits as in "1,234", may mean two amounts. It is read only where all of `forms` read it as the same.
 * - Exponents are exact. Zeros behind the token's last decimal change nothing; other digits there are a problem, not rounded.
 *
 * @example
 * ```ts
 * readAmount("2.500,00", { decimals: 18 }); // { units: 2500n * 10n ** 18n }
 * readAmount("1,234", { decimals: 6 }); // { problem: "ambiguous", readings: ["1.234", "1234"] }
 * ```
 */
export function readAmount(text: string, { decimals, forms = [] }: AmountOptions): AmountReading {
  const plain = withPlainDigits(text.replace(UNSEEN, "").trim(), forms);
  if (plain === "") return { problem: "empty" };
  const parts = /^([-+]?)([^eE]+)(?:[eE]([-+]?\d{1,4}))?$/u.exec(plain);
  if (parts === null || plain.length > MOST_TEXT) return { problem: "number" };
  const exponent = Number(parts[3] ?? 0);
  if (Math.abs(exponent) > MOST_EXPONENT) return { problem: "number" };
  const scientific: NumberForm[] = [{ decimal: ".", group: "" }];
  const readings = listReadings(parts[2] as string, parts[3] === undefined ? forms : scientific);
  const [first, second] = readings;
  if (first === undefined) return { problem: "number" };
  if (parts[1] === "-") return { problem: "negative" };
  if (second !== undefined)
    return {
      problem: "ambiguous",
      readings: [writePlain(first, exponent), writePlain(second, exponent)],
    };
  return toUnits(first, exponent, decimals);
}

type Decimal = { readonly whole: string; readonly fraction: string };

/** The amounts that a text without sign and exponent may mean: none, one or two. */
function listReadings(text: string, forms: readonly NumberForm[]): readonly Decimal[] {
  const marks = [...text].filter((char) => char === "." || char === "," || char === "\u066b");
  const kinds = [...new Set(marks)];
  const last = marks.at(-1);
  const sizes = new Set([3, ...forms.flatMap(({ size = 3 }) => size)]);
  if (last === undefined) return readAs(text, undefined, sizes);
  if (kinds.includes("\u066b")) return readAs(text, "\u066b", sizes);
  if (kinds.length === 2) return readAs(text, last, sizes);
  if (marks.length > 1) return readAs(text, undefined, sizes);
  const [decimal, grouped] = [readAs(text, last, sizes), readAs(text, undefined, sizes)];
  if (decimal.length === 0 || grouped.length === 0) return [...decimal, ...grouped];
  const meant = forms.map((form) =>
    form.decimal === last ? decimal : form.group === last ? grouped : undefined,
  );
  const agreed = meant[0];
  return agreed !== undefined && meant.every((one) => one === agreed)
    ? agreed
    : [...decimal, ...grouped];
}

/** The decimal mark that a text is sure to be written with, if it shows one: what may be read in two ways shows none. */
export function decimalMarkIn(text: string): DecimalMark | undefined {
  const plain = withPlainDigits(text.trim(), []);
  const marks = [...plain].filter((char): char is DecimalMark => char === "." || char === ",");
  const last = marks.at(-1);
  if (last === undefined || listReadings(plain, []).length !== 1) return undefined;
  const other = last === "." ? "," : ".";
  const groups = marks.length > 1 && new Set(marks).size === 1;
  return groups ? other : last;
}

/** The text with the given decimal mark, all others grouping; nothing if the digits are not grouped as any place groups them. */
function readAs(
  text: string,
  decimal: string | undefined,
  sizes: ReadonlySet<number>,
): readonly Decimal[] {
  const at = decimal === undefined ? -1 : text.lastIndexOf(decimal);
  const [head, fraction] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  if (!/^\d*$/.test(fraction) || head + fraction === "") return [];
  if (at >= 0 && head.includes(decimal as string)) return [];
  const groups = head.replace(GROUP_ONLY, " ").split(/[ .,]/);
  if (new Set(head.replace(GROUP_ONLY, " ").replace(/\d/g, "")).size > 1) return [];
  return isGrouped(groups, sizes) ? [{ whole: groups.join(""), fraction }] : [];
}

/** Thousands, or Indian lakhs and crores. The first group has no zero in front. */
function isGrouped(groups: readonly string[], sizes: ReadonlySet<number>): boolean {
  const [first = "", ...others] = groups;
  if (others.length === 0) return /^\d*$/.test(first);
  if (!/^[1-9]\d{0,2}$/.test(first)) return false;
  const is = (size: number, some: readonly string[]) =>
    some.every((group) => /^\d+$/.test(group) && group.length === size);
  return (
    [...sizes].some((size) => is(size, others)) ||
    (first.length <= 2 && is(2, others.slice(0, -1)) && is(3, others.slice(-1)))
  );
}

function toUnits({ whole, fraction }: Decimal, exponent: number, decimals: number): AmountReading {
  const shown = writePlain({ whole, fraction }, exponent);
  const [integer = "0", rest = ""] = shown.split(".");
  const places = rest.replace(/0+$/, "");
  if (places.length > decimals) return { problem: "decimals", decimals: places.length };
  const units = BigInt(integer + places.padEnd(decimals, "0"));
  return units < LIMIT ? { units } : { problem: "large" };
}

/** Shifted by the exponent, with a dot, without grouping. */
function writePlain({ whole, fraction }: Decimal, exponent: number): string {
  const [digits, point] = [whole + fraction, whole.length + exponent];
  const padded =
    point <= 0
      ? "0".repeat(1 - point) + digits
      : digits.padEnd(Math.max(point, digits.length), "0");
  const at = Math.max(point, 1);
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  return padded.length > at ? `${integer}.${padded.slice(at)}` : integer;
}

/** Every digit as 0 to 9, and every full-width or other shape of a mark as the usual one. */
function withPlainDigits(text: string, forms: readonly NumberForm[]): string {
  return [...text]
    .map((char) => {
      if (/[0-9.,]/.test(char)) return char;
      const own = forms.map(({ digits = [] }) => digits.indexOf(char)).find((digit) => digit >= 0);
      if (own !== undefined) return String(own);
      if (/\p{Nd}/u.test(char)) return String(readDigit(char.codePointAt(0) as number));
      return SAME_MARK[char] ?? char;
    })
    .join("");
}

/** Unicode has the ten digits of a script in one row, and rows that touch are whole ones. */
function readDigit(code: number): number {
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

/** In English: why a text is not an amount, and what to write instead. */
export function explainAmount(
  { problem, readings, decimals: written }: AmountProblem,
  decimals: number,
  what = "an amount",
): { readonly why: string; readonly fix: string } {
  const plain = `Write a plain decimal number with at most ${decimals} decimals, for example ${decimals > 0 ? "12.5" : "12"}.`;
  switch (problem) {
    case "ambiguous":
      return {
        why: `may mean ${readings?.[0]} or ${readings?.[1]}`,
        fix: `Write ${withoutDoubt(readings?.[0])} or ${readings?.[1]}.`,
      };
    case "decimals":
      return {
        why: `has ${written} decimals, and ${what === "an amount" ? "the token" : what} has ${decimals}`,
        fix: `Round it to ${decimals} decimals yourself; nothing is rounded here.`,
      };
    case "large":
      return { why: "is more than a round can hold (2^128 token units)", fix: "Check the amount." };
    case "negative":
      return { why: "is below 0", fix: "Give an amount of at least 0." };
    case "empty":
      return { why: "is empty", fix: plain };
    case "number":
      return { why: `is not ${what}`, fix: plain };
  }
}

/** "1.234" as "1.2340", which has one meaning everywhere. */
const withoutDoubt = (text = ""): string => (/^\d{1,3}\.\d{3}$/.test(text) ? `${text}0` : text);
