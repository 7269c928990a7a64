import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { connect, openPage, startBrowser, type Watched } from "./browser.ts";
import { startSite, type TestSite } from "./site.ts";
import { addWallet, type TestWallet } from "./wallet.ts";

/** One person at one device: the page, connected to a wallet of its own. */
export type Visit = Watched & {
  readonly wallet: TestWallet;
  readonly context: BrowserContext;
  /** Closes the device. The page must not have complained about anything. */
  readonly leave: () => Promise<void>;
};

type Device = BrowserContextOptions & {
  /** Whether the wallet takes several calls at once (EIP-5792). */
  readonly batch?: boolean;
  /** Done to the browser before the page is there. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>;
};

export type Stage = {
  readonly site: TestSite;
  readonly browser: Browser;
  /** Opens an address of the page as the account with that name. */
  readonly visit: (name: string, address: string, device: Device) => Promise<Visit>;
};

/** The site and a browser for the tests of one file, from before the first to after the last. */
export function openStage(options: Parameters<typeof startSite>[0] = {}): Stage {
  let site: TestSite | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(options), startBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  const started = <T>(one: T | undefined): T => {
    if (one === undefined)
      throw new Error("the stage is set in beforeAll: use it in a test or a later beforeAll");
    return one;
  };
  return {
    get site() {
      return started(site);
    },
    get browser() {
      return started(browser);
    },
    async visit(name, address, { batch = false, prepare, ...device }) {
      const context = await started(browser).newContext(device);
      await prepare?.(context);
      const wallet = await addWallet(context, started(site).chain, name, { batch });
      const watched = await openPage(context, address);
      await connect(watched.page);
      return {
        ...watched,
        wallet,
        context,
        async leave() {
          expect(watched.errors).toEqual([]);
          await context.close();
        },
      };
    },
  };
}
