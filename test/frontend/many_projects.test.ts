import type { Browser, BrowserContext, Page } from "playwright-core";
import { toFunctionSelector, type Address } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { manyProjects } from "../../scripts/page/sandbox/many_projects.ts";
import { breaches } from "./support/breaches.ts";
import { openPage, PHONE, shoot, startBrowser } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { startSite, type TestSite } from "./support/site.ts";

const COUNT = 1_000;
/** Cards at first, and with each press (features/round/projects_view.tsx). */
const CARDS = 48;

let site: TestSite;
let browser: Browser;
let round: Address;
let context: BrowserContext;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), startBrowser()]);
  round = await site.newRound({ salt: "many", projects: manyProjects(COUNT) });
}, 120_000);
beforeEach(async () => {
  context = await browser.newContext(PHONE);
  return () => context.close();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

type Question = {
  readonly method: string;
  readonly params?: readonly { readonly data?: string; readonly topics?: readonly unknown[] }[];
};
const questionsIn = (body: string) => [JSON.parse(body) as Question | Question[]].flat();
const isForRecipient = ({ params }: Question) => params?.[0]?.data?.startsWith(RECIPIENT) === true;
const RECIPIENT = toFunctionSelector("recipientOf(uint256)");
const isForMatch = ({ params }: Question) => params?.[0]?.data?.startsWith(MATCH) === true;
const MATCH = toFunctionSelector("matchRecipientOf(uint256)");

/** Holds back the questions from the `n`-th with an `eth_getLogs` in it on; what was asked before, and all that is asked. */
async function holdLogs(n: number) {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const asked: (readonly Question[])[] = [];
  let withLogs = 0;
  await context.route("**/rpc", async (route) => {
    const questions = questionsIn(route.request().postData() ?? "");
    asked.push(questions);
    if (questions.some(({ method }) => method === "eth_getLogs") && ++withLogs >= n) await held;
    await route.continue().catch(() => undefined);
  });
  return { asked, release };
}

const cards = (page: Page) => page.locator("main ul > li h3");
const first = (page: Page) =>
  page
    .getByRole("button", { name: /^Choose / })
    .first()
    .waitFor();
const names = (page: Page) => cards(page).allTextContents();
const whole = (page: Page) => page.getByText("1,000 of 1,000 projects", { exact: true }).waitFor();

test("the first cards of a thousand take one question more than those of a short list; the rest comes meanwhile, and moves none of them", async () => {
  // The guess at the first references, those of the first cards, their documents: the fourth would be the next step's.
  const { asked, release } = await holdLogs(4);
  const { page, errors } = await openPage(context, at(site.url, round));
  await first(page);
  expect(await cards(page).count()).toBe(CARDS);
  await page.getByText("48 of 1,000 projects so far").waitFor();
  await page.getByText("The texts of the others are on their way").waitFor();
  const before = asked.filter((questions) =>
    questions.some(({ method }) => method === "eth_getLogs"),
  );
  expect(before.length).toBeLessThanOrEqual(4);
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(1_300);
  expect(await breaches(page)).toEqual([]);
  await shoot(page, "many-first", false);
  const drawn = await names(page);
  // The search looks through those that are here, and says that these are not all.
  const search = page.getByLabel("Search projects");
  await search.fill("no such project");
  await page.getByText("0 of 1,000 projects so far").waitFor();
  await search.fill("");
  await page.getByText("48 of 1,000 projects so far").waitFor();

  release();
  await whole(page);
  expect(await names(page)).toEqual(drawn);
  expect(await page.getByText("The texts of the others").count()).toBe(0);
  // A line for each step and no address to pay to: those would be a thousand questions more.
  const questions = asked.flat();
  expect(questions.filter(isForRecipient)).toEqual([]);
  expect(questions.filter(({ method }) => method === "eth_getLogs").length).toBeLessThan(50);
  expect(errors).toEqual([]);
  await context.unrouteAll({ behavior: "ignoreErrors" });
});

test("search, order and filters are over all of them, and more cards come with the focus on the first", async () => {
  const { page } = await openPage(context, at(site.url, round));
  await whole(page);
  const search = page.getByLabel("Search projects");
  const all = manyProjects(COUNT).map(([name]) => name);
  for (const name of [all[0], all[499], all[999]] as string[]) {
    await search.fill(name);
    await page.getByRole("heading", { name, exact: true }).waitFor();
  }
  await search.fill("");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Order").selectOption("By name");
  const byName = all.toSorted(new Intl.Collator("en").compare);
  await expect.poll(() => names(page)).toEqual(byName.slice(0, CARDS));
  const more = page.getByRole("button", { name: "Show 48 more" });
  await more.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => cards(page).count()).toBe(2 * CARDS);
  expect(await names(page)).toEqual(byName.slice(0, 2 * CARDS));
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(byName[CARDS]);
});

test("a project's own address has it in the first step, among the same others each time; whom it pays is asked of all", async () => {
  const found: number[][] = [];
  const called: string[][] = [];
  for (const project of [517, 518]) {
    const own = await browser.newContext(PHONE);
    const { page, requests } = await openPage(
      own,
      at(site.url, round, `projects/${project}` as "projects"),
    );
    await page
      .getByRole("heading", { name: manyProjects(COUNT)[project]?.[0] as string })
      .waitFor();
    await page.getByText("Paid to").waitFor();
    const asked = () =>
      requests.filter(({ url }) => url.endsWith("/rpc")).flatMap(({ body }) => questionsIn(body));
    // Where a match goes, too, and in what parts.
    await expect.poll(() => asked().filter(isForMatch).length).toBe(COUNT);
    const questions = asked();
    expect(questions.filter(isForRecipient).length).toBe(COUNT);
    called.push(
      [...new Set(questions.map(({ params }) => params?.[0]?.data))]
        .filter((data) => data !== undefined)
        .sort(),
    );
    const [, wanted] = questions
      .map(({ params }) => params?.[0]?.topics?.[1])
      .filter((some) => Array.isArray(some) && some.length === CARDS)
      .map((some) => (some as string[]).map(Number).sort((a, b) => a - b))
      .filter(([lowest = Infinity]) => lowest < COUNT); // the others are digests
    found.push(wanted as number[]);
    await own.close();
  }
  const near = Array.from({ length: CARDS }, (_, i) => 480 + i);
  expect(found).toEqual([near, near]);
  expect(called[0]).toEqual(called[1]);
});

test("where the node stops answering the cards that are there stay, and the page says that others are missing", async () => {
  let isDown = false;
  await context.route("**/rpc", (route) => (isDown ? route.abort() : route.continue()));
  const { page } = await openPage(context, at(site.url, round));
  await first(page);
  isDown = true;
  await page.getByText("Not all projects could be read").waitFor();
  expect(await cards(page).count()).toBe(CARDS);
  expect(await page.getByText("are on their way").count()).toBe(0);
  await shoot(page, "many-missing", false);
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await whole(page);
  expect(await page.getByText("Not all projects could be read").count()).toBe(0);
  await context.unrouteAll({ behavior: "ignoreErrors" });
});
