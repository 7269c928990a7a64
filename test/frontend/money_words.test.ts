import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser } from "./support/browser.ts";
import { expectVoteWords } from "./support/money_words.ts";

// What is asked of a vote's pages is itself asked: it finds each word of money, and none in what is drawn by chance.

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const PICTURE = `<figure><figcaption lang="en" translate="no">shrug unhappy pool gift</figcaption></figure>`;

test("words of a key's picture are no words of money", async () => {
  const page = await browser.newPage();
  await page.setContent(`<p>Your vote</p>${PICTURE}<details><p>Your key</p>${PICTURE}</details>`);
  await expectVoteWords(page);
});

test.each([
  ["beside a picture", `${PICTURE}<p>the pool</p>`],
  ["in the same words as a picture, but elsewhere", `${PICTURE}<p>a pool gift</p>`],
  ["in what is folded", `<details><summary>More</summary><p>A refund</p></details>`],
  ["in a name for those who hear", `<button aria-label="Give"></button>`],
  ["in a field", `<textarea>Thank you, donors</textarea>`],
  ["in the title", `<title>Your gift</title>`],
  ["for what is voted on", `<p>All projects</p>`],
])("a word of money or projects is found %s", async (_, html) => {
  const page = await browser.newPage();
  await page.setContent(html);
  await expect(expectVoteWords(page)).rejects.toThrow(/to deeply equal/);
});
