import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

test("every decision record has its number, a date and a status", () => {
  const files = readdirSync(fromRoot("docs", "adr")).sort();
  const wrong = files.filter((file, i) => {
    const text = readFileSync(fromRoot("docs", "adr", file), "utf8");
    const head =
      /^# (\d+)\. .+\n\n\*\*Date\.\*\* \d{4}-\d{2}-\d{2}\.\n\*\*Status\.\*\* (Accepted|Proposed|Superseded by \[\d+\]\(.+\))\.\n/.exec(
        text,
      );
    return Number(head?.[1]) !== i + 1 || !file.startsWith(String(i + 1).padStart(4, "0"));
  });
  expect(files.length).toBeGreaterThan(5);
  expect(wrong).toEqual([]);
});
