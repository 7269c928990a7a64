import { expect } from "vitest";
import type { Page } from "playwright-core";

/** Presses Tab until the focus is on what bears that name, as a person would, who also waits for a page that is still loading. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (const patience = Date.now() + 20_000; Date.now() < patience; ) {
    const found = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (element === document.body) return ""; // nothing has the focus; the body's text is the whole page's
      const labels = [...((element as HTMLInputElement | null)?.labels ?? [])];
      return [
        element?.getAttribute("aria-label"),
        element?.textContent,
        ...labels.map((label) => label.textContent),
      ].join(" ");
    });
    if (name.test(found)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the focus never came to ${name}`);
}

/** More stops than any page here has. */
const MOST_STOPS = 400;

/**
 * Goes once around a page with Tab. Everything that can be pressed or typed into must have had the focus, each time with a mark around it, and the
 * focus must come back to where it began.
 */
export async function expectAllReachable(page: Page, name: string): Promise<void> {
  const faults: string[] = [];
  let stops = 0;
  for (; stops < MOST_STOPS; stops++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const kept = globalThis as unknown as { seen?: Set<Element>; last?: Element };
      const seen = (kept.seen ??= new Set());
      const element = document.activeElement as HTMLElement;
      // A field for a date has a stop for each of its parts.
      if (element === document.body || element === kept.last) return "";
      kept.last = element;
      if (seen.has(element)) return undefined;
      seen.add(element);
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const isMarked = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return isMarked && width > 0 && height > 0
        ? ""
        : `not marked: ${element.outerHTML.slice(0, 200)}`;
    });
    if (found === undefined) break;
    if (found !== "") faults.push(found);
  }
  const missed = await page.evaluate(() => {
    const kept = globalThis as unknown as { seen: Set<Element>; last?: Element };
    const { seen } = kept;
    kept.seen = new Set();
    delete kept.last;
    // Of radio buttons of one group, Tab reaches one, and arrows the others.
    const groups = new Set(
      [...seen].flatMap((one) =>
        one instanceof HTMLInputElement && one.type === "radio" ? one.name : [],
      ),
    );
    return [
      ...document.querySelectorAll<HTMLElement>(
        "a[href], button, input, select, textarea, summary, [tabindex='0']",
      ),
    ]
      .filter(
        (one) =>
          one.checkVisibility({ visibilityProperty: true }) &&
          !one.matches(":disabled") &&
          !seen.has(one),
      )
      .filter(
        (one) => !(one instanceof HTMLInputElement && one.type === "radio" && groups.has(one.name)),
      )
      .filter((one) => {
        const group = one.closest("[role='radiogroup']");
        return group === null || ![...seen].some((other) => group.contains(other));
      })
      .map((one) => `not reached: ${one.outerHTML.slice(0, 200)}`);
  });
  expect({ name, faults: [...faults, ...missed], isTrap: stops === MOST_STOPS }).toEqual({
    name,
    faults: [],
    isTrap: false,
  });
}

/** The text of the heading that has the focus; undefined where something else has it. */
export const focusedHeading = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const { activeElement } = document;
    return /^H[1-6]$/.test(activeElement?.tagName ?? "")
      ? (activeElement?.textContent ?? "")
      : undefined;
  });
