import { chromium, type Browser } from "playwright-core";
import { findChromium } from "./bare.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
} as const;

/** A real Chromium, headless: see findChromium for which. */
export async function startBrowser(): Promise<Browser> {
  const found = findChromium();
  if (found === undefined)
    throw new Error(
      "The page's tests and its benchmark need Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to its path.",
    );
  return chromium.launch({
    executablePath: found.executable,
    env: { ...process.env, ...found.env } as Record<string, string>,
    args: FLAGS,
  });
}
