import type { Browser } from "playwright-core";
import type { Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { DESKTOP, openPage, shoot, startBrowser } from "./support/browser.ts";
import { at, makeKey } from "./support/donor.ts";
import { startSite, type TestSite } from "./support/site.ts";

let site: TestSite;
let browser: Browser;
let round: Address;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), startBrowser()]);
  round = await site.newRound({ salt: "sandbox" });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test("without any wallet a visitor plays a donor, then moves the clock to the round's end", async () => {
  const context = await browser.newContext(DESKTOP);
  const { page, errors } = await openPage(context, at(site.url, round));
  const play = (name: string) => page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${name} `) }).click();
  expect(await page.getByRole("button", { name: /^Account 0x/ }).count()).toBe(0); // nobody is played before it is chosen
  await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
  await shoot(page, "sandbox-accounts", false);
  await play("Dalia");
  await page.getByRole("button", { name: "Choose Legal Aid Desk" }).click();
  await page.getByRole("button", { name: "Choose Memory Archive" }).click();
  await page.getByRole("link", { name: "Give", exact: true }).click();
  await page.getByLabel("Total in TEST").fill("8");
  await page.getByRole("button", { name: "Split evenly" }).click();
  expect(await page.getByLabel("Amount for Legal Aid Desk").inputValue()).toBe("4");
  await page.getByRole("button", { name: "Continue" }).click();
  await makeKey(page, "paper boats", { first: true });
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByRole("button", { name: "Choose another account" }).click();
  await play("Emil");
  await page.getByRole("button", { name: /^Send from 0x/ }).click();
  await page.getByRole("button", { name: "Choose the account" }).click();
  await play("Dalia");
  await page.getByRole("button", { name: /^Give from 0x/ }).click();
  await page.getByRole("heading", { name: "Thank you. Your gift is in." }).waitFor();
  expect((await readProgress(site.chain.read, round)).totalCredits).toBe(800n);

  await page.goto(at(site.url, round, "organise"));
  await page.getByRole("button", { name: "Skip to the end" }).click();
  await page.getByText("Being counted").first().waitFor();
  expect(["tallying", "finalized"]).toContain((await readProgress(site.chain.read, round)).phase);
  expect(errors).toEqual([]);
  await context.close();
});
