import { stringify } from "viem";

/** Lines with commas between (RFC 4180), marked as UTF-8: spreadsheets would take other languages' letters for something else. */
export function formatCsv(head: readonly string[], lines: readonly (readonly unknown[])[]): string {
  return `\uFEFF${[head, ...lines].map((line) => line.map((value) => formatField(value)).join(",")).join("\r\n")}\r\n`;
}

/** A text may begin like a formula; a spreadsheet must not compute it. Numbers stay as they are. */
function formatField(value: unknown): string {
  const text = String(value);
  if (typeof value !== "string") return text;
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Integers too large for JSON's numbers as strings. */
export function formatJson(content: unknown): string {
  return stringify(content, null, 2);
}

/** Saves what the page has made as a file; nothing is asked of any server. */
export function download(
  name: string,
  type: "text/csv" | "application/json",
  content: string,
): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  // Some browsers fetch it only after this.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
