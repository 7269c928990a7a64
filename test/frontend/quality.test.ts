import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import type { Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DESKTOP, PHONE, openPage, shoot, startBrowser } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { startSite, type TestSite } from "./support/site.ts";
import { addWallet } from "./support/wallet.ts";

let site: TestSite;
let browser: Browser;
let round: Address;
let axe: string;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), startBrowser()]);
  round = await site.newRound({ salt: "quality" });
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[] };

/** Breaches of WCAG 2.2 A and AA on the page as it stands. */
async function breaches(page: Page): Promise<string[]> {
  await page.evaluate(axe); // by the debugger, so the page's policy does not stand in its way
  const violations = await page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: Violation[] }> } }).axe;
    return (await run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })).violations;
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`));
}

/** The widest thing on the page must not be wider than the screen. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}

const PAGES = { rounds: "#/", how: "#/how", create: "#/create", projects: "", change: "change", organise: "organise", results: "results", verify: "verify" } as const;
const addressOfPage = (name: keyof typeof PAGES): string => (PAGES[name].startsWith("#") ? `${site.url}/${PAGES[name]}` : at(site.url, round, (PAGES[name] || "projects") as "change"));

describe.each([
  { device: "phone", options: PHONE, locale: "en-US", scheme: "light" },
  { device: "desktop", options: DESKTOP, locale: "en-US", scheme: "dark" },
  { device: "phone", options: PHONE, locale: "ja-JP", scheme: "dark" },
  { device: "desktop", options: DESKTOP, locale: "zh-TW", scheme: "light" },
] as const)("$device, $locale, $scheme", ({ device, options, locale, scheme }) => {
  test("every page is free of breaches of WCAG 2.2 AA and fits the screen", async () => {
    const context = await browser.newContext({ ...options, locale, colorScheme: scheme });
    await addWallet(context, site.chain, "Organiser");
    const { page, errors } = await openPage(context, addressOfPage("rounds"));
    await page.locator("main h1").waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe({ "en-US": "en", "ja-JP": "ja", "zh-TW": "zh-Hant" }[locale]);
    for (const name of Object.keys(PAGES) as (keyof typeof PAGES)[]) {
      await page.goto(addressOfPage(name));
      await page.locator("main h1").waitFor();
      await page.waitForFunction(() => document.querySelector("main .animate-pulse") === null);
      expect({ name, breaches: await breaches(page), overflow: await overflow(page) }).toEqual({ name, breaches: [], overflow: 0 });
      await shoot(page, `${name}-${device}-${locale}-${scheme}`);
    }
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("without a mouse", () => {
  test("a donor comes from the list of rounds to the passphrase by keyboard alone", async () => {
    const context = await browser.newContext(DESKTOP);
    await addWallet(context, site.chain, "Aiko");
    const { page } = await openPage(context, site.url);
    await page.getByRole("button", { name: "Connect wallet" }).waitFor(); // the first words give way to the whole page, which takes the focus away
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    /** Presses Tab until the focus is on what bears that name, as a person would, who also waits for a page that is still loading. */
    const tabTo = async (name: RegExp) => {
      for (const patience = Date.now() + 20_000; Date.now() < patience; ) {
        const found = await page.evaluate(() => {
          const element = document.activeElement as HTMLElement | null;
          if (element === document.body) return ""; // nothing has the focus; the body's text is the whole page's
          return `${element?.getAttribute("aria-label") ?? ""} ${element?.textContent ?? ""} ${element?.id === "" ? "" : (document.querySelector(`label[for="${element?.id}"]`)?.textContent ?? "")}`;
        });
        if (name.test(found)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`the focus never came to ${name}`);
    };
    await tabTo(/Connect wallet/);
    await page.keyboard.press("Enter");
    await tabTo(/^ *Test wallet/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Account 0x/ }).waitFor();
    await tabTo(/Round of/);
    await page.keyboard.press("Enter");
    await page.getByText("16 of 16 projects").waitFor();
    await tabTo(/Choose Peat Restoration/);
    await page.keyboard.press("Space");
    await tabTo(/^ *Give/);
    await page.keyboard.press("Enter");
    await page.getByLabel("Amount for Peat Restoration").waitFor();
    await tabTo(/Amount for Peat Restoration/);
    await page.keyboard.type("4");
    await page.getByText("This account may take part and has enough.").waitFor();
    await tabTo(/^ *Continue/);
    await page.keyboard.press("Enter");
    await page.getByLabel("Passphrase", { exact: true }).waitFor();
    expect(await breaches(page)).toEqual([]);
    await context.close();
  });

  test("a dialog holds the focus, closes with Escape and gives the focus back", async () => {
    const context = await browser.newContext(PHONE);
    const { page } = await openPage(context, site.url);
    const button = page.getByRole("banner").getByRole("button", { name: "Connect wallet" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect(await breaches(page)).toEqual([]);
    for (let i = 0; i < 15; i++) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("[role=dialog]") !== null)).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await context.close();
  });
});

describe("on a slow phone", () => {
  test("the first page is there to be read soon, at 1.6 Mbit/s, 150 ms and a quarter of the processor's speed, and nothing jumps", async () => {
    const context = await browser.newContext(PHONE);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.addInitScript(() => {
      const kept = globalThis as unknown as { shift: number };
      kept.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) if (!entry.hadRecentInput) kept.shift += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(site.url, { waitUntil: "commit" });
    const readable = await page.waitForFunction(() => (document.querySelector("main h1") === null ? false : performance.now()), undefined, { polling: "raf" });
    const milliseconds = (await readable.jsonValue()) as number;
    await page.getByRole("heading", { name: /Round of/ }).waitFor();
    const shift = await page.evaluate(() => (globalThis as unknown as { shift: number }).shift);
    expect(shift).toBeLessThan(0.1); // "good" by Core Web Vitals
    expect(milliseconds).toBeLessThan(SLOW_LIMIT_MS);
    await context.close();
  });
});

/** The aim is two seconds, measured at 1.9; tests that run beside this one on two cores may double it. */
const SLOW_LIMIT_MS = 4_000;
