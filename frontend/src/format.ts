import { formatUnits, type Address } from "viem";
import {
  numberForm,
  readAddress,
  readAmount,
  roundUnits,
  type AmountReading,
} from "../../src/index.ts";
import { currentLanguage } from "./i18n/index.ts";

/** "1,234.5 USDC"; at most `places` decimals, rounded half up as everywhere. */
export function amountText(
  amount: bigint,
  { decimals, symbol }: { readonly decimals: number; readonly symbol: string },
  places = 2,
): string {
  return `${decimalText(amount, decimals, places)} ${symbol}`;
}

type Token = { readonly address: string; readonly decimals: number; readonly symbol: string };

/** What comes in two tokens, in one sum where they are the same. */
export function sumText(
  amount: bigint,
  token: Token,
  other: bigint,
  otherToken: Token,
  places = 2,
): string {
  if (token.address === otherToken.address) return amountText(amount + other, token, places);
  return `${amountText(amount, token, places)} + ${amountText(other, otherToken, places)}`;
}

export function decimalText(amount: bigint, decimals: number, places = 2): string {
  const kept = roundUnits(amount, decimals, places);
  return new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: places }).format(
    formatUnits(kept, decimals) as `${number}`,
  );
}

export function countText(count: number | bigint): string {
  return new Intl.NumberFormat(currentLanguage()).format(count);
}

const dateIn = (seconds: bigint | number, style: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(currentLanguage(), style).format(new Date(Number(seconds) * 1000));

/** No line ends within the text: not at its spaces, nor between Chinese or Japanese letters and digits, where one may end anywhere. */
const inOnePiece = (text: string): string =>
  text
    .replaceAll(" ", "\u00a0")
    .replace(/(?<=[\p{sc=Han}\d])(?=\p{sc=Han})|(?<=\p{sc=Han})(?=\d)/gu, "\u2060");

/** A moment in the visitor's own time zone; seconds since 1970. A line ends at most between the day and the hour. */
export function timeText(seconds: bigint | number): string {
  const day = dateIn(seconds, { dateStyle: "medium" });
  const both = dateIn(seconds, { dateStyle: "medium", timeStyle: "short" });
  if (!both.startsWith(day)) return inOnePiece(both);
  const rest = both.slice(day.length);
  const gap = /^[,\s]*/.exec(rest)?.[0] ?? "";
  return `${inOnePiece(day)}${gap}${inOnePiece(rest.slice(gap.length))}`;
}

/** A moment as it is copied elsewhere: without signs that hold a line together. */
export const plainTimeText = (seconds: bigint | number): string =>
  dateIn(seconds, { dateStyle: "medium", timeStyle: "short" });

/** A day, in one piece. */
export const dateText = (seconds: bigint | number): string =>
  inOnePiece(dateIn(seconds, { dateStyle: "medium" }));

/** "3 days", "14 minutes": the largest unit that fits, and below two days hours too. */
export function durationText(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ] as const;
  const [unit, size] =
    units.find(([, length]) => seconds >= 2 * length) ?? (["second", 1] as const);
  return new Intl.NumberFormat(currentLanguage(), {
    style: "unit",
    unit,
    unitDisplay: "long",
  }).format(Math.max(0, Math.floor(seconds / size)));
}

export function shortAddress(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/** An amount as it is typed here, in token units: what could be two amounts is one only where page and device write numbers alike. */
export function readTyped(text: string, decimals: number): AmountReading {
  const locales = [currentLanguage(), ...navigator.languages.slice(0, 1)];
  return readAmount(text, { decimals, forms: locales.map(numberForm) });
}

/** The same, or undefined for what is none. */
export function parseDecimal(text: string, decimals: number): bigint | undefined {
  const reading = readTyped(text, decimals);
  return "problem" in reading ? undefined : reading.units;
}

/** Whether a text is an address, with the right checksum if it has one. */
export const isTypedAddress = (text: string): boolean => "address" in readAddress(text);
