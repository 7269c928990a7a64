import { stringify, type Address } from "viem";

/** Integers too large for JSON's numbers as strings. */
export function formatJson(content: unknown): string {
  return stringify(content, null, 2);
}

/** Saves what the page has made as a file; nothing is asked of any server. */
export function download(
  name: string,
  type: "text/csv" | "application/json" | "text/calendar" | "image/svg+xml" | "image/png",
  content: string | Blob,
): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(
    content instanceof Blob ? content : new Blob([content], { type: `${type};charset=utf-8` }),
  );
  link.download = name;
  link.click();
  // Some browsers fetch it only after this.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file that goes from hand to hand says by its name, too, what can still be rejected. */
export const resultFile = (
  { address }: { readonly address: Address },
  isFinal: boolean,
  rest: string,
): string => `tacit-${address}${isFinal ? "" : "-not-final"}${rest}`;
