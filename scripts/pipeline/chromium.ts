import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const EXECUTABLES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } as const;

/** A real Chromium: the one that CHROMIUM names, else Debian's. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? EXECUTABLES.find((file) => existsSync(file));
  if (executablePath === undefined) throw new Error("The page's tests and its benchmark need Chromium: apt-get install chromium, or set CHROMIUM to its path.");
  return chromium.launch({ executablePath, args: FLAGS });
}
