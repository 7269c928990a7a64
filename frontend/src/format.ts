import i18n from "i18next";
import { formatUnits, zeroAddress, type Address } from "viem";
import {
  dateOf,
  numberForm,
  readAddress,
  readAmount,
  roundUnits,
  type AmountReading,
  type NumberForm,
} from "../../src/index.ts";
import { currentLanguage } from "./i18n/index.ts";

/** A token, or a chain's coin, which has no address. */
type Unit = { readonly address?: string; readonly decimals: number; readonly symbol: string };

/** What a token is called, beside an amount of it or, as many are, alone; where nobody pays, its units are credits. */
export const symbolText = ({ address, symbol }: Unit, amount = 0n): string =>
  address === zeroAddress ? i18n.t("credits", { ns: "vote", count: Number(amount) }) : symbol;

/** "1,234.5 USDC"; at most `places` decimals, rounded half up as everywhere, and more for an amount that would look like none. */
export function amountText(amount: bigint, token: Unit, places = 2): string {
  return `${decimalText(amount, token.decimals, places)} ${symbolText(token, amount)}`;
}

/** What somebody has, in up to six decimals, and never more than that: who types it has it. */
export function heldText(held: bigint, token: Unit): string {
  const step = 10n ** BigInt(Math.max(0, token.decimals - 6));
  return amountText(held - (held % step), token, 6);
}

type Token = Unit & { readonly address: string };

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

/** Decimals that a browser writes at most (ECMA-402); a token may name 255. */
const MOST_PLACES = 100;

/**
 * A column of amounts has the same number of decimals in every line: `least`, which is `places` then. Else whole numbers have none, others two or
 * more, and one that would look like none as many as it takes.
 */
export function decimalText(amount: bigint, decimals: number, places = 2, least?: number): string {
  let most = places;
  while (
    least === undefined &&
    amount !== 0n &&
    most < Math.min(decimals, MOST_PLACES) &&
    roundUnits(amount, decimals, most) === 0n
  )
    most++;
  const kept = roundUnits(amount, decimals, most);
  const usual = kept % 10n ** BigInt(decimals) === 0n ? 0 : 2;
  return new Intl.NumberFormat(currentLanguage(), {
    minimumFractionDigits: Math.min(least ?? usual, most, decimals),
    maximumFractionDigits: most,
  }).format(formatUnits(kept, decimals) as `${number}`);
}

/** One amount of a column: "1,234.50 USDC". */
export function columnText(amount: bigint, token: Token, places: number): string {
  return `${decimalText(amount, token.decimals, places, places)} ${symbolText(token, amount)}`;
}

/** A plain decimal, "1234.5", as it is written here: at most six decimals. */
export function numberText(decimal: string): string {
  return new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 6 }).format(
    decimal as `${number}`,
  );
}

/** "12.5%" of a whole; a part that would round to nothing, or to all, is "<0.1%" or ">99.9%". */
export function shareText(part: bigint, whole: bigint): string {
  const exact = whole === 0n ? 0 : Number((part * 1_000_000n) / whole) / 1_000_000;
  const percent = (share: number) =>
    new Intl.NumberFormat(currentLanguage(), {
      style: "percent",
      maximumFractionDigits: 1,
    }).format(share);
  if (part === 0n || part === whole) return percent(exact);
  return exact < 0.001
    ? `<${percent(0.001)}`
    : exact > 0.999
      ? `>${percent(0.999)}`
      : percent(exact);
}

export function countText(count: number | bigint): string {
  return new Intl.NumberFormat(currentLanguage()).format(count);
}

const dateIn = (seconds: bigint | number, style: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(currentLanguage(), style).format(dateOf(seconds));

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

/** A moment as it is copied elsewhere: with the time zone, and without signs that hold a line together. */
export const plainTimeText = (seconds: bigint | number): string =>
  dateIn(seconds, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });

/** A day of the calendar as documents have it ("2027-01-31"), which is the same in every time zone. */
export const dayText = (day: string): string =>
  inOnePiece(dateIn(Date.parse(day) / 1000, { dateStyle: "medium", timeZone: "UTC" }));

/** A day, in one piece. */
export const dateText = (seconds: bigint | number): string =>
  inOnePiece(dateIn(seconds, { dateStyle: "medium" }));

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** "3 days 4 hours", "14 minutes": the largest unit that fits and the next smaller one, where there is any of it. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first === -1) return unitText(0, "second");
  let rest = whole;
  const parts = UNITS.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count === 0 ? "" : unitText(count, unit);
  });
  return parts.filter((part) => part !== "").join(" ");
}

const unitText = (count: number, unit: string): string =>
  new Intl.NumberFormat(currentLanguage(), { style: "unit", unit, unitDisplay: "long" }).format(
    count,
  );

export function shortAddress(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/** How page and device write numbers. */
export const typedForms = (): readonly NumberForm[] =>
  [currentLanguage(), ...navigator.languages].flatMap(formOf).slice(0, 2);

/** An amount as it is typed here, in token units: what could be two amounts is one only where page and device write numbers alike. */
export function readTyped(text: string, decimals: number): AmountReading {
  return readAmount(text, { decimals, forms: typedForms() });
}

/** None for what is no language: some systems call theirs "C" or "en-US@posix". */
function formOf(tag: string): NumberForm[] {
  try {
    return [numberForm(tag)];
  } catch {
    return [];
  }
}

/** The same, or undefined for what is none. */
export function parseDecimal(text: string, decimals: number): bigint | undefined {
  const reading = readTyped(text, decimals);
  return "problem" in reading ? undefined : reading.units;
}

/** Whether a text is an address, with the right checksum if it has one. */
export const isTypedAddress = (text: string): boolean => "address" in readAddress(text);

/**
 * The zone in which this browser reads and shows times, by name, and how far it is from UTC at these, in seconds since 1970: where clocks change
 * between them it has one distance after the other.
 */
export function zoneName(...times: readonly (bigint | number)[]): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone === "UTC") return timeZone;
  const distances = new Set(times.map((time) => distanceText(-dateOf(time).getTimezoneOffset())));
  return `${timeZone.replaceAll("_", " ")}, ${[...distances].join(" → ")}`;
}

function distanceText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/**
 * What a field for day and hour (`datetime-local`) holds, in seconds since 1970: in the visitor's own time zone. NaN for none, and for an hour that
 * its clocks skip, as `Date` would move it; of one that comes twice the first.
 */
export function readLocalTime(text: string): number {
  const date = new Date(text);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  const isThere =
    Number.isFinite(local.getTime()) && local.toISOString().startsWith(text.slice(0, 16));
  return text !== "" && isThere ? Math.floor(date.getTime() / 1000) : Number.NaN;
}
