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
