import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readlink } from "node:fs/promises";
import path from "node:path";
import { chromium, type Browser, type BrowserContext } from "playwright-core";
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

const XVFB = ["/usr/bin/Xvfb", "/usr/local/bin/Xvfb"].find((file) => existsSync(file));

/** Why there is no display for a browser with a window; undefined where there is one. */
export const noDisplay = (): string | undefined =>
  XVFB === undefined ? "no Xvfb for a browser with a window (Debian: xvfb)" : undefined;

/** Why no Chromium with a window can be had here; undefined where one can. */
export function noWindow(): string | undefined {
  const missing = noDisplay();
  if (missing !== undefined) return missing;
  const found = findChromium();
  if (found === undefined) return "no Chromium";
  return Object.keys(found.env).length > 0 ? "the fetched Chromium has no windows" : undefined;
}

/** A display that nobody sees. */
export async function startDisplay(): Promise<{
  readonly name: string;
  readonly stop: () => void;
}> {
  const server = spawn(
    XVFB as string,
    ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const number = await new Promise<string>((resolve, reject) => {
    server.stdout.once("data", (data: Buffer) => resolve(String(data).trim()));
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { name: `:${number}`, stop: () => void server.kill() };
}

/** Chromium with a window and a profile folder of its own, as a visitor has it: passwords, forms and sessions are kept. */
export async function openProfile(
  folder: string,
  display: string,
): Promise<{ readonly context: BrowserContext; readonly kill: () => void }> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: (findChromium() as { executable: string }).executable,
    headless: false,
    viewport: null,
    env: { ...process.env, DISPLAY: display } as Record<string, string>,
    args: FLAGS,
    ignoreDefaultArgs: ["--disable-save-password-bubble", "--enable-automation"],
  });
  // The browser's lock names its process: "host-pid".
  const pid = Number((await readlink(path.join(folder, "SingletonLock"))).split("-").at(-1));
  return { context, kill: () => void process.kill(pid, "SIGKILL") };
}
