import stringWidth from "string-width";
import { stringify } from "viem";
import { dateOf } from "../../date.ts";
import { grouped } from "../../readers/show.ts";
import type { Io } from "./io.ts";

/** Data as JSON on one line a value; integers beyond a double's range are safe because all bigints are strings. */
export function toJson(data: unknown): string {
  return stringify(
    data,
    (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value),
    2,
  );
}

/** A command's answer: for people, or with --json for programs. Lines that take work are made only where they are shown. */
export function answer(
  io: Io,
  { json }: { readonly json?: boolean | undefined },
  data: unknown,
  lines: readonly string[] | (() => readonly string[]),
): void {
  const shown = () => (typeof lines === "function" ? lines() : lines).join("\n");
  io.out(`${json === true ? toJson(data) : shown()}\n`);
}

/** A plain table: the first column to the left, numbers to the right. Wide and combining letters take the room that they take on a terminal. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ("left" | "right")[] = head.map((_, i) => (i === 0 ? "left" : "right")),
): string {
  const cells = [head, ...rows].map((row) =>
    row.map((text) => ({ text, width: stringWidth(text) })),
  );
  const widths = head.map((_, at) =>
    cells.reduce((most, row) => Math.max(most, row[at]?.width ?? 0), 0),
  );
  const lines = cells.map((row) =>
    row
      .map(({ text, width }, at) => {
        const blanks = " ".repeat((widths[at] ?? width) - width);
        return align[at] === "right" ? blanks + text : text + blanks;
      })
      .join("  "),
  );
  return lines.map((line) => `  ${line}`.trimEnd()).join("\n");
}

/** 12,345. */
export function count(value: number | bigint): string {
  return grouped(value);
}

/** 2026-11-22 03:15:00 UTC, from seconds of block time. */
export function time(seconds: bigint | number): string {
  return `${dateOf(seconds)
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace("T", " ")} UTC`;
}

/** 75 s as "1 min 15 s", two weeks as "14 d". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600)];
  if (days >= 2) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `key    value` lines with the values in one column. */
export function facts(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}
