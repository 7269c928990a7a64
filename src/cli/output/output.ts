import Table from "cli-table3";
import { stringify } from "viem";
import type { Io } from "./io.ts";

/** Data as JSON on one line a value; integers beyond a double's range are safe because all bigints are strings. */
export function toJson(data: unknown): string {
  return stringify(
    data,
    (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value),
    2,
  );
}

/** A command's answer: for people, or with --json for programs. */
export function answer(
  io: Io,
  { json }: { readonly json?: boolean | undefined },
  data: unknown,
  lines: readonly string[],
): void {
  io.out(json === true ? `${toJson(data)}\n` : `${lines.join("\n")}\n`);
}

const NO_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "  ",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** A plain table: the first column to the left, numbers to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ("left" | "right")[] = head.map((_, i) => (i === 0 ? "left" : "right")),
): string {
  const result = new Table({
    head: [...head],
    colAligns: [...align],
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  for (const row of rows) result.push([...row]);
  return result.toString().replace(/[ \t]+$/gm, "");
}

/** 12,345. */
export function count(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** 2026-11-22 03:15:00 UTC, from seconds of block time. */
export function time(seconds: bigint | number): string {
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** 75 s as "1 min 15 s". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `key    value` lines with the values in one column. */
export function facts(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/** A stranger's text in one line, without anything that moves a terminal's cursor or reorders what stands beside it. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
