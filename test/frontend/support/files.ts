import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { Page } from "playwright-core";

/** What the page saves when a button is pressed. */
export async function saved(
  page: Page,
  button: string,
): Promise<{ readonly name: string; readonly text: string }> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

/** Lines of a CSV file as records of texts, by its header. */
export const parseRecords = (csv: string): Record<string, string>[] =>
  parse(csv, { bom: true, columns: true });
