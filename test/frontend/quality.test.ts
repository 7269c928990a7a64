import path from "node:path";
import type { Browser, BrowserContext, Page, Route } from "playwright-core";
import type { Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SANDBOX_ROUND } from "../../scripts/page/sandbox/projects.ts";
import { publishDocuments } from "../../src/chain/documents.ts";
import { addProjects } from "../../src/chain/projects.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { encodeProjectDocument, writeProjectDocument } from "../../src/metadata/documents.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";
import { breaches, overflow } from "./support/breaches.ts";
import { connect, DESKTOP, PHONE, openPage, shoot, startBrowser } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { expectAllReachable, focusedHeading, tabTo } from "./support/keyboard.ts";
import { moved, watchShift } from "./support/shift.ts";
import { readRoundConfig, startSite, type TestSite } from "./support/site.ts";
import { addWallet } from "./support/wallet.ts";

let site: TestSite;
let browser: Browser;
let round: Address;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), startBrowser()]);
  round = await site.newRound({ salt: "quality" });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const PAGES = {
  rounds: "#/",
  how: "#/how",
  create: "#/create",
  gifts: "#/gifts",
  projects: "",
  project: "projects/3",
  gift: "gift",
  organise: "organise",
  results: "results",
  verify: "verify",
} as const;
const addressOfPage = (name: keyof typeof PAGES): string =>
  PAGES[name].startsWith("#")
    ? `${site.url}/${PAGES[name]}`
    : at(site.url, round, (PAGES[name] || "projects") as "gift");

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
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(
      { "en-US": "en", "ja-JP": "ja", "zh-TW": "zh-Hant" }[locale],
    );
    const titles = new Set<string>();
    for (const name of Object.keys(PAGES) as (keyof typeof PAGES)[]) {
      await page.goto(addressOfPage(name));
      await page.locator("main h1").waitFor();
      await page.waitForFunction(() => document.querySelector("main .animate-pulse") === null);
      expect({ name, breaches: await breaches(page), overflow: await overflow(page) }).toEqual({
        name,
        breaches: [],
        overflow: 0,
      });
      await shoot(page, `${name}-${device}-${locale}-${scheme}`);
      titles.add(await page.title());
    }
    // A tab, a bookmark and a history tell the pages apart.
    expect([...titles].filter((title) => /. · Tacit$/.test(title))).toHaveLength(
      Object.keys(PAGES).length,
    );
    expect(errors).toEqual([]);
    await context.close();
  });
});

test.each(["en-US", "ja-JP", "zh-TW"])(
  "the frame is as high in the device's fonts as in the page's own, on every phone (%s)",
  async (locale) => {
    const context = await browser.newContext({ locale, viewport: { width: 390, height: 800 } });
    const { page, errors } = await openPage(context, `${site.url}/#/how`);
    await page.getByRole("banner").getByRole("button").waitFor();
    await page.evaluate(() => document.fonts.ready);
    for (const width of [320, 360, 375, 390, 430]) {
      await page.setViewportSize({ width, height: 800 });
      const heights = await page.evaluate(() => {
        const { dataset } = document.documentElement;
        const measure = () => document.querySelector("header")?.getBoundingClientRect().height;
        const own = measure();
        delete dataset["fonts"];
        const devices = measure();
        dataset["fonts"] = "";
        return { own, devices };
      });
      expect({ width, ...heights }).toEqual({
        width,
        own: heights.own,
        devices: heights.own,
      });
      expect(await overflow(page)).toBe(0);
    }
    expect(errors).toEqual([]);
    await context.close();
  },
);

describe("without a mouse", () => {
  test("a donor comes from the list of rounds to the passphrase by keyboard alone", async () => {
    const context = await browser.newContext(DESKTOP);
    await addWallet(context, site.chain, "Aiko");
    const { page } = await openPage(context, site.url);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await tabTo(page, /Connect wallet/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^ *Test wallet/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Account 0x/ }).waitFor();
    await tabTo(page, new RegExp(SANDBOX_ROUND.name));
    await page.keyboard.press("Enter");
    await page.getByText("16 of 16 projects").waitFor();
    await tabTo(page, /Choose Peat Restoration/);
    await page.keyboard.press("Space");
    await tabTo(page, /^ *Give/);
    await page.keyboard.press("Enter");
    await page.getByLabel("Amount for Peat Restoration").waitFor();
    await tabTo(page, /Amount for Peat Restoration/);
    await page.keyboard.type("4");
    await page.getByText("This account may take part and has enough.").waitFor();
    await tabTo(page, /^ *Continue/);
    await page.keyboard.press("Enter");
    await page.getByLabel("Passphrase", { exact: true }).waitFor();
    expect(await breaches(page)).toEqual([]);
    await context.close();
  });

  test("a project is opened, read and closed, and the focus comes back to where it was", async () => {
    const context = await browser.newContext(DESKTOP);
    const { page } = await openPage(context, at(site.url, round));
    await page.getByText("16 of 16 projects").waitFor();
    await page.getByRole("button", { name: "Add the dates to a calendar" }).waitFor(); // which has a file of its own
    await expectAllReachable(page, "projects");
    await tabTo(page, /^ *Peat Restoration/);
    await page.keyboard.press("Enter");
    await expect.poll(() => focusedHeading(page)).toBe("Peat Restoration");
    await expectAllReachable(page, "project");
    await tabTo(page, /All projects/);
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe("Peat Restoration");
    await context.close();
  });

  test("an organiser comes through all steps of a round by keyboard alone", async () => {
    const context = await browser.newContext(DESKTOP);
    await addWallet(context, site.chain, "Organiser");
    const { page } = await openPage(context, `${site.url}/#/create`);
    await connect(page);
    const { keyboard } = page;
    const comesTo = (title: string) => expect.poll(() => focusedHeading(page)).toBe(title);
    const goOn = async (title: string) => {
      await tabTo(page, /^ *Next *$/);
      await keyboard.press("Enter");
      await comesTo(title);
      await expectAllReachable(page, title);
    };
    // Of the kinds Tab reaches the first; arrows go to the others.
    await tabTo(page, /First small experiment/);
    await keyboard.press("ArrowDown");
    expect(await page.getByRole("radio", { name: "Community round" }).isChecked()).toBe(true);
    await keyboard.press("ArrowUp");
    await keyboard.press("Space");
    expect(await page.getByRole("radio", { name: "First small experiment" }).isChecked()).toBe(
      true,
    );
    await expectAllReachable(page, "Kind of round");
    await goOn("Name and texts");
    await tabTo(page, /^ *Name/);
    await keyboard.type("By keyboard");
    await goOn("Dates");
    await goOn("Money");
    await page.getByText(/A credit costs/).waitFor();
    await goOn("Who takes part");
    await goOn("Projects");
    await goOn("How the pool is divided");
    await goOn("Who counts");
    await goOn("Review and create");
    await tabTo(page, /^ *Create the round/);
    // What is wrong in a step is come back to in the same way.
    await tabTo(page, /^ *Back *$/);
    await keyboard.press("Enter");
    await comesTo("Who counts");
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
    expect(
      await page.evaluate(() => document.activeElement?.closest("[role=dialog]") !== null),
    ).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await context.close();
  });
});

describe("the first visit", () => {
  /** Keeps back what the app loads, so that there is time to look at what stands there before it. */
  async function openWithout(
    context: BrowserContext,
    files: RegExp,
  ): Promise<{ readonly page: Page; readonly errors: string[]; readonly release: () => void }> {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message)); // React tells here when it finds other words than its own
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(files, async (route) => (await held, route.continue()));
    await page.goto(site.url, { waitUntil: "commit" });
    await page.locator("main h1").waitFor();
    return { page, errors, release };
  }

  test.each([
    { locale: "en-US", title: "Give in public. Choose in private.", how: "How it works" },
    { locale: "ja-JP", title: "寄付は公に。選択は胸の内に。", how: "しくみ" },
    { locale: "zh-TW", title: /./, how: "運作方式" },
  ])(
    "$locale: the words are there without any program, and a focus set on them survives the program and the app",
    async ({ locale, title, how }) => {
      const context = await browser.newContext({ ...PHONE, locale });
      const { page, errors, release } = await openWithout(context, /assets\/.*\.js$/);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      const link = page.getByRole("banner").getByRole("link", { name: how });
      await link.focus();
      await page.evaluate(() =>
        Object.assign(globalThis, {
          before: [
            document.activeElement,
            document.querySelector("h1"),
            document.querySelector("footer select"),
          ],
        }),
      );
      release();
      await page.getByRole("banner").getByRole("button").waitFor();
      await page.locator("main ul a").first().waitFor();
      const kept = await page.evaluate(() => {
        const now = [
          document.activeElement,
          document.querySelector("h1"),
          document.querySelector("footer select"),
        ];
        return (globalThis as unknown as { before: unknown[] }).before.map(
          (element, i) => element === now[i],
        );
      });
      expect(kept).toEqual([true, true, true]);
      expect(errors).toEqual([]);
      await page.keyboard.press("Enter"); // and the link leads where it says
      await page.waitForFunction(() => location.hash === "#/how");
      await context.close();
    },
  );

  test("another page than the first begins with its frame alone, in the chosen language and appearance", async () => {
    const context = await browser.newContext(PHONE);
    await context.addInitScript(() => {
      localStorage.setItem("tacit.language", "ja");
      localStorage.setItem("tacit.theme", "dark");
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(/assets\/.*\.js$/, async (route) => (await held, route.continue()));
    await page.goto(`${site.url}/#/how`, { waitUntil: "commit" });
    await page.getByRole("link", { name: "しくみ" }).waitFor();
    expect(await page.locator("main h1").count()).toBe(0);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(16, 19, 17)",
    );
    release();
    await page.locator("main h1").waitFor();
    expect(await page.getByRole("link", { name: "しくみ" }).getAttribute("aria-current")).toBe(
      "page",
    );
    expect(await page.getByLabel("外観").inputValue()).toBe("dark");
    expect(errors).toEqual([]);
    await context.close();
  });

  /**
   * What a page asks for until `ready` is there. Its questions to the chain are answered together once no other comes, so that those which do not wait
   * for each other count as one however busy the machine is. Times are not for tests that run beside others: `npm run bench -- page`.
   */
  async function asked(url: string, ready: (page: Page) => Promise<unknown>) {
    const context = await browser.newContext(PHONE);
    const page = await context.newPage();
    await watchShift(page);
    const files: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname !== "/rpc") files.push(pathname);
    });
    const held: Route[] = [];
    let questions = 0;
    let quiet: NodeJS.Timeout | undefined;
    await page.route("**/rpc", (route) => {
      held.push(route);
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        questions++;
        for (const one of held.splice(0)) void one.continue();
      }, 1_000);
    });
    await page.goto(url);
    await ready(page);
    const until = { files: [...files], questions };
    await page.evaluate(() => document.fonts.ready);
    const shift = await moved(page);
    clearTimeout(quiet);
    await context.close();
    return { ...until, shift };
  }

  test("the list of rounds takes three questions to the chain, no file is found late, and nothing moves", async () => {
    const { files, questions, shift } = await asked(site.url, (page) =>
      page.locator("main ul a").filter({ hasText: SANDBOX_ROUND.name }).first().waitFor(),
    );
    const html = await (await fetch(site.url)).text();
    // Named by the page's file itself, by the style sheet (fonts), or by the program's first lines.
    const late = files.filter(
      (file) =>
        file !== "/" &&
        !html.includes(`.${file}"`) &&
        !html.includes(`"${path.basename(file, ".js")}"`) &&
        !/\.woff2$|^\/config\.json$/.test(file),
    );
    expect(late.map((file) => file.replace(/-[\w-]{8}\.js$/, "")).sort()).toEqual(SANDBOX_ONLY);
    // The third is for the names of all rounds shown: a round's salt, by which its document is found, stands in its code, the second answer.
    expect(questions).toBeLessThanOrEqual(3);
    expect(shift).toEqual([]);
  });

  test("a round's projects, opened at their own address, take three", async () => {
    const { questions, shift } = await asked(at(site.url, round), (page) =>
      Promise.all([
        page.getByText("16 of 16 projects").waitFor(),
        page.getByRole("heading", { level: 1, name: SANDBOX_ROUND.name }).waitFor(),
        page.getByRole("button", { name: "Choose Peat Restoration" }).waitFor(),
      ]),
    );
    expect(questions).toBeLessThanOrEqual(3);
    expect(shift).toEqual([]);
  });

  test("on a slow line what is read in the device's fonts stays in them, and the next page is in its own", async () => {
    const context = await browser.newContext(PHONE);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 200,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
    await watchShift(page);
    const fonts = page.waitForEvent("requestfinished", (request) =>
      /newsreader.*woff2$/.test(request.url()),
    );
    await page.goto(`${site.url}/${at("", round).slice(1)}`);
    await page.getByRole("button", { name: "Choose Peat Restoration" }).waitFor();
    await fonts;
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(500);
    expect(await moved(page, 0)).toEqual([]);
    const fontOf = () => page.evaluate(() => getComputedStyle(document.body).fontFamily);
    expect(await fontOf()).not.toContain("Instrument Sans Variable");
    await page.getByRole("link", { name: "How it works" }).click();
    await expect.poll(fontOf).toContain("Instrument Sans Variable");
    await context.close();
  });
});

describe("what a registry may hold", () => {
  /** As long as a document's name may be (META-3). */
  const WORD = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz".padEnd(100, "z");

  test.each([
    { device: "phone", options: PHONE },
    { device: "desktop", options: DESKTOP },
  ])(
    "a name, a description and a topic of one long word fit the screen: $device",
    async ({ device, options }) => {
      const wordy = await site.newRound({ salt: `wordy ${device}` });
      const { registry } = await readRoundConfig(site.chain, wordy);
      const document = encodeProjectDocument(
        writeProjectDocument({
          name: WORD,
          description: WORD.repeat(3),
          category: WORD.slice(0, 40),
        }),
      );
      const organiser = await site.chain.as("Organiser");
      await publishDocuments(organiser, site.deployment.documents, [document]);
      await addProjects(organiser, {
        registry,
        projects: [
          {
            recipient: devnetAddress("wordy"),
            metadataURI: toReference(digestDocument(document)),
          },
        ],
      });
      const context = await browser.newContext(options);
      await addWallet(context, site.chain, "Organiser");
      const { page } = await openPage(context, at(site.url, wordy));
      await page.getByRole("button", { name: `Choose ${WORD}` }).click();
      expect(await overflow(page)).toBe(0);
      await page.getByRole("link", { name: "Give", exact: true }).click();
      await page.getByLabel(`Amount for ${WORD}`).waitFor();
      expect(await overflow(page)).toBe(0);
      await connect(page);
      await page.goto(at(site.url, wordy, "organise"));
      await page.getByText("All 17 projects").click();
      await page.getByRole("button", { name: `Take ${WORD} off the list` }).click();
      expect(await overflow(page)).toBe(0);
      expect(
        await page
          .getByRole("dialog")
          .evaluate((dialog) => Math.max(0, dialog.scrollWidth - dialog.clientWidth)),
      ).toBe(0);
      await shoot(page, `wordy-${device}`, false);
      await context.close();
    },
  );

  test("where the node gives no events the projects stand without names, and the page says so", async () => {
    const context = await browser.newContext(PHONE);
    await context.route("**/rpc", async (route) => {
      const asked = JSON.parse(route.request().postData() ?? "") as Asked | Asked[];
      const answer = (await (await route.fetch()).json()) as Answer | Answer[];
      const refuse = (one: Answer): Answer =>
        [asked].flat().find(({ id }) => id === one.id)?.method === "eth_getLogs"
          ? { id: one.id, jsonrpc: "2.0", error: { code: -32005, message: "no logs kept" } }
          : one;
      await route.fulfill({ json: Array.isArray(answer) ? answer.map(refuse) : refuse(answer) });
    });
    const { page } = await openPage(context, at(site.url, round));
    await page.getByText("The projects’ names could not be read").waitFor();
    await page.getByRole("button", { name: "Choose Project 15" }).waitFor();
    expect(await breaches(page)).toEqual([]);
    await shoot(page, "nameless");
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  });
});

type Asked = { readonly id: number; readonly method: string };
type Answer = { readonly id: number; readonly jsonrpc: string } & Record<string, unknown>;

/** The sandbox's wallet, which no other site has, with what it signs with. */
const SANDBOX_ONLY: readonly string[] = [
  "/assets/getCapabilities",
  "/assets/hashMessage",
  "/assets/sandbox",
  "/assets/sandbox_id",
  "/assets/secp256k1",
  "/assets/serializeSignature",
  "/assets/signMessage",
];
