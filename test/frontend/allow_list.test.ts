import type { Browser } from "playwright-core";
import type { Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { addressOf } from "../../src/cli/embedded/chain.ts";
import { PHONE, connect, openPage, startBrowser } from "./support/browser.ts";
import { at, sealBallot, sendAndGive } from "./support/donor.ts";
import { startSite, type TestSite } from "./support/site.ts";
import { addWallet } from "./support/wallet.ts";

const LIST = ["account,credits", `${addressOf("Aiko")},500`, `${addressOf("Chen")},100`, `${addressOf("Dalia")},100`].join("\n");

let site: TestSite;
let browser: Browser;
let round: Address;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ listed: LIST }), startBrowser()]);
  round = await site.newRound({ salt: "list" });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test("who may give, and how much, is said before anything is paid; a listed donor gives with a proof made in the browser", async () => {
  const context = await browser.newContext(PHONE);
  const wallet = await addWallet(context, site.chain, "Ben");
  const { page, errors } = await openPage(context, at(site.url, round));
  await connect(page);
  await page.getByRole("button", { name: "Choose Seed Library" }).click();
  await page.getByRole("link", { name: "Give", exact: true }).click();
  await page.getByLabel("Amount for Seed Library").fill("4");
  await page.getByText("This account is not on the organiser's list.").or(page.getByText("Use the account that you registered, or ask the organiser.")).first().waitFor();
  expect(await page.getByRole("button", { name: "Continue" }).isDisabled()).toBe(true);
  await wallet.choose("Aiko");
  await page.getByText("This account may take part and has enough.").waitFor();
  await page.getByLabel("Amount for Seed Library").fill("5.01"); // 501 credits, one more than its leaf allows
  await page.getByText("This account may not take part in this round.").waitFor();
  await page.getByRole("button", { name: "Remove Seed Library" }).click();
  await page.getByRole("link", { name: "Choose projects" }).click();
  await sealBallot(page, { "Seed Library": "4" }, "listed words");
  await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
  expect((await readProgress(site.chain.read, round)).totalCredits).toBe(400n);
  expect(errors).toEqual([]);
  await context.close();
});
