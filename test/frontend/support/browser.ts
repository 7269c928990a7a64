import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { BUILD } from "../../../scripts/pipeline/paths.ts";
import type { BrowserContext, Page } from "playwright-core";

export { PHONE, startBrowser } from "../../../scripts/pipeline/chromium.ts";
export const DESKTOP = { viewport: { width: 1280, height: 860 } } as const;

/** What a page wrote, asked for and complained about. */
export type Watched = {
  readonly page: Page;
  readonly console: string[];
  readonly requests: { readonly url: string; readonly body: string }[];
  readonly errors: string[];
};

export async function openPage(context: BrowserContext, url: string): Promise<Watched> {
  const page = await context.newPage();
  const watched: Watched = { page, console: [], requests: [], errors: [] };
  page.on("console", (message) => {
    watched.console.push(message.text());
    if (/content security policy/i.test(message.text())) watched.errors.push(message.text());
  });
  page.on("pageerror", (error) => watched.errors.push(error.message));
  page.on("request", (request) =>
    watched.requests.push({ url: request.url(), body: request.postData() ?? "" }),
  );
  page.setDefaultTimeout(60_000); // twice what a machine needs that does much else
  await page.goto(url);
  return watched;
}

/** Connects the test wallet through the page's own dialog. */
export async function connect(page: Page): Promise<void> {
  await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
  await page.getByRole("button", { name: "Test wallet" }).click();
  await page.getByRole("button", { name: /^Account 0x/ }).waitFor();
}

/** Keeps a picture of the page in build/screenshots, to be looked at; in CI nobody looks. */
export async function shoot(page: Page, name: string, fullPage = true): Promise<void> {
  if (process.env["CI"] === undefined) await keepPicture(name, await page.screenshot({ fullPage }));
}

/** The same for a picture that the page has made. */
export async function keepPicture(name: string, png: Uint8Array): Promise<void> {
  if (process.env["CI"] !== undefined) return;
  const folder = path.join(BUILD, "screenshots");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.png`), png);
}
