import type { Browser } from "playwright-core";
import type { Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { DESKTOP, PHONE, connect, openPage, startBrowser } from "./support/browser.ts";
import { at, changeBallot, sealBallot, sendAndGive } from "./support/donor.ts";
import { startSite, type TestSite } from "./support/site.ts";
import { traces } from "./support/traces.ts";
import { addWallet } from "./support/wallet.ts";

const PASSPHRASE = "seven herons at dusk";
const GIFTS = { "Rain Gardens": "37.21", "Village Radio": "4.84" };

let site: TestSite;
let browser: Browser;
let round: Address;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), startBrowser()]);
  round = await site.newRound({ salt: "giving" });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe("giving, on a phone", () => {
  test("the ballot with its rotation goes out first, from another account, then the gift; nothing of it stays", async () => {
    const context = await browser.newContext(PHONE);
    const wallet = await addWallet(context, site.chain, "Aiko");
    const watched = await openPage(context, at(site.url, round));
    const { page } = watched;
    await connect(page);
    await sealBallot(page, GIFTS, PASSPHRASE);
    // From here on the choice is nowhere, though nothing has been sent yet.
    expect(await traces(context, watched, [PASSPHRASE, "37.21", "4.84", "Rain Gardens"])).toEqual([]);
    expect((await page.locator("main").innerText()).includes("Rain Gardens")).toBe(false);
    await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });

    const { items, contributions, totalCredits } = await readProgress(site.chain.read, round);
    expect([items, contributions, totalCredits]).toEqual([2, 1, 4205n]);
    const left = await page.evaluate(async () => ({ local: { ...localStorage }, session: { ...sessionStorage }, databases: (await indexedDB.databases()).map(({ name }) => name) }));
    expect(left.local).toEqual({});
    expect(Object.keys(left.session)).toEqual(["wagmi.recentConnectorId"]);
    expect(await sealedRecords(page)).toBe(0);
    expect(await traces(context, watched, [PASSPHRASE, "37.21", "4.84", "Rain Gardens"])).toEqual([]);
    // Nobody can show it again: neither going back nor loading the page anew.
    await page.goBack();
    await page.reload();
    expect(await page.getByRole("button", { name: /Press to remove/ }).count()).toBe(0);
    expect(watched.errors).toEqual([]);
    await context.close();
  });

  test("a reload at every step loses nothing, and every refusal has a way on", async () => {
    const context = await browser.newContext(PHONE);
    const wallet = await addWallet(context, site.chain, "Ben");
    const { page, errors } = await openPage(context, at(site.url, round));
    await connect(page);
    await page.getByRole("button", { name: "Choose Seed Library" }).click();
    await page.getByRole("link", { name: "Give", exact: true }).click();
    await page.getByLabel("Amount for Seed Library").fill("9");
    await page.waitForTimeout(300); // the plan is stored a moment after the last key
    await page.reload();
    await page.getByLabel("Amount for Seed Library").waitFor();
    expect(await page.getByLabel("Amount for Seed Library").inputValue()).toBe("9");
    await page.getByRole("button", { name: "Continue" }).click();

    wallet.declineNext();
    await page.getByLabel("Passphrase", { exact: true }).fill("x y z");
    await page.getByLabel("Passphrase once more").fill("x y z");
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByText("You declined in your wallet.").waitFor();
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await page.getByText("Switch away from").waitFor();

    await page.reload();
    await page.getByText("Switch away from").waitFor();
    await wallet.choose("Emil");
    wallet.declineNext();
    await page.getByRole("button", { name: /^Send from 0x/ }).click();
    await page.getByText("You declined in your wallet.").waitFor();
    await page.getByRole("button", { name: /^Send from 0x/ }).click();
    await page.getByText("Switch back to").waitFor();

    await page.reload();
    await page.getByText("Switch back to").waitFor();
    await wallet.choose("Ben");
    wallet.declineNext();
    await page.getByRole("button", { name: /^Give from 0x/ }).click();
    await page.getByText("You declined in your wallet.").waitFor();
    await page.getByRole("button", { name: /^Give from 0x/ }).click();
    await page.getByRole("heading", { name: "Thank you. Your gift is in." }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("allowance and gift are one step where the wallet can (EIP-5792)", async () => {
    const context = await browser.newContext(PHONE);
    const wallet = await addWallet(context, site.chain, "Chen", { batch: true });
    const { page } = await openPage(context, at(site.url, round));
    await connect(page);
    await sealBallot(page, { "Solar for Schools": "16" }, "three grey stones");
    await sendAndGive(page, wallet, { donor: "Chen", other: "Emil" });
    expect(wallet.asked.filter((method) => method === "wallet_sendCalls")).toHaveLength(1);
    expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).toHaveLength(1); // the ballot, by Emil
    await context.close();
  });
});

describe("coming back", () => {
  test("on another device, with the right and with a wrong passphrase, everything looks the same but the seal", async () => {
    const seals: string[] = [];
    const texts: string[] = [];
    for (const passphrase of [PASSPHRASE, "seven herons at dawn", PASSPHRASE]) {
      const context = await browser.newContext(DESKTOP);
      const wallet = await addWallet(context, site.chain, "Aiko");
      const watched = await openPage(context, at(site.url, round, "change"));
      await connect(watched.page);
      seals.push(await changeBallot(watched.page, wallet, { passphrase, gifts: { "Mangrove Watch": "25" }, other: "Emil" }));
      texts.push(await watched.page.locator("main").innerText());
      expect(await traces(context, watched, [passphrase])).toEqual([]);
      expect(await sealedRecords(watched.page)).toBe(0);
      expect(watched.errors).toEqual([]);
      await context.close();
    }
    expect(seals[0]).toBe(seals[2]);
    expect(seals[1]).not.toBe(seals[0]);
    const withoutClock = texts.map((text) => text.replace(/\d+ (hours|minutes)/g, ""));
    expect(withoutClock[1]).toBe(withoutClock[0]);
  });

  test("money can be added", async () => {
    const context = await browser.newContext(DESKTOP);
    await addWallet(context, site.chain, "Ben");
    const { page } = await openPage(context, at(site.url, round, "change"));
    await connect(page);
    const before = (await readProgress(site.chain.read, round)).totalCredits;
    await page.getByRole("radio", { name: "Add money" }).click();
    await page.getByLabel("Amount in TEST").fill("0.005");
    await page.getByText("Use a multiple of 0.01 TEST.").waitFor();
    await page.getByLabel("Amount in TEST").fill("1.5");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Added.").waitFor();
    expect((await readProgress(site.chain.read, round)).totalCredits).toBe(before + 150n);
    await context.close();
  });
});

/** Records in the page's sealed store. */
function sealedRecords(page: import("playwright-core").Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("tacit");
        opening.onerror = () => reject(new Error("the store does not open"));
        opening.onsuccess = () => {
          if (!opening.result.objectStoreNames.contains("sealed")) return resolve(0);
          const counting = opening.result.transaction("sealed").objectStore("sealed").count();
          counting.onsuccess = () => (opening.result.close(), resolve(counting.result));
        };
      }),
  );
}
