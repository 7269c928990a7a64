import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

type Violation = {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
};

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Breaches of WCAG 2.2 A and AA on the page as it stands, and headings that skip a level. */
export async function breaches(page: Page): Promise<string[]> {
  await page.evaluate(await axe); // by the debugger, so the page's policy does not stand in its way
  const violations = await page.evaluate(async () => {
    const { run } = (
      globalThis as unknown as {
        axe: { run: (context: Document, options: object) => Promise<{ violations: Violation[] }> };
      }
    ).axe;
    return (
      await run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        rules: { "heading-order": { enabled: true }, "page-has-heading-one": { enabled: true } },
      })
    ).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`),
  );
}

/** The widest thing on the page must not be wider than the screen, nor a row of links than its place: the last would be cut. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(
      0,
      ...[document.documentElement, ...document.querySelectorAll("nav")].map(
        ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
      ),
    ),
  );
}
