import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import {
  at,
  changeBallot,
  fillAmounts,
  openSealed,
  pressGive,
  pressSend,
  sealBallot,
  sendAndGive,
  sentOut,
  thanked,
} from "./support/donor.ts";
import { openStage } from "./support/stage.ts";
import { sealedRecords, traces } from "./support/traces.ts";

const PASSPHRASE = "seven herons at dusk";
const GIFTS = { "Rain Gardens": "37.21", "Village Radio": "4.84" };

const stage = openStage();
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({ salt: "giving" });
});
const progress = () => readProgress(stage.site.chain.read, round);

describe("giving, on a phone", () => {
  test("the ballot with its rotation goes out first, from another account, then the gift; nothing of it stays", async () => {
    const visit = await stage.visit("Aiko", at(stage.site.url, round), PHONE);
    const { page, wallet, context } = visit;
    await sealBallot(page, GIFTS, PASSPHRASE);
    // From here on the choice is nowhere, though nothing has been sent yet.
    expect(await traces(context, visit, [PASSPHRASE, "37.21", "4.84", "Rain Gardens"])).toEqual([]);
    expect((await page.locator("main").innerText()).includes("Rain Gardens")).toBe(false);
    await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });

    const { items, contributions, totalCredits } = await progress();
    expect([items, contributions, totalCredits]).toEqual([2, 1, 4205n]);
    const left = await page.evaluate(async () => ({
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases: (await indexedDB.databases()).map(({ name }) => name),
    }));
    expect(left.local).toEqual({});
    expect(Object.keys(left.session)).toEqual(["wagmi.recentConnectorId"]);
    expect(await sealedRecords(page)).toBe(0);
    expect(await traces(context, visit, [PASSPHRASE, "37.21", "4.84", "Rain Gardens"])).toEqual([]);
    // Nobody can show it again: neither going back nor loading the page anew.
    await page.goBack();
    await page.reload();
    expect(await page.getByRole("button", { name: /Press to remove/ }).count()).toBe(0);
    await visit.leave();
  });

  test("a reload at every step loses nothing that was sealed, and every refusal has a way on", async () => {
    const { page, wallet, leave } = await stage.visit("Ben", at(stage.site.url, round), PHONE);
    await fillAmounts(page, { "Seed Library": "9" });
    await page.reload(); // the plan is nowhere but in the page
    await page.getByText("No project chosen yet").waitFor();
    await page.getByRole("link", { name: "Choose projects" }).click();
    await fillAmounts(page, { "Seed Library": "9" });
    await page.getByRole("button", { name: "Continue" }).click();

    wallet.declineNext();
    await page.getByLabel("Passphrase", { exact: true }).fill("x y z and more");
    await page.getByLabel("Passphrase once more").fill("x y z and more");
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByText("You declined in your wallet.").waitFor();
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await page.getByText("Switch away from").waitFor();

    await page.reload();
    await wallet.choose("Emil"); // another account's signature opens nothing, and says so
    await openSealed(page);
    await page.getByText("That does not open it").waitFor();
    await shoot(page, "give-locked");
    await wallet.choose("Ben");
    await openSealed(page);
    await page.getByText("Switch away from").waitFor();
    await wallet.choose("Emil");
    wallet.declineNext();
    await pressSend(page);
    await page.getByText("You declined in your wallet.").waitFor();
    await pressSend(page);
    await sentOut(page);

    await wallet.choose("Ben");
    await page.reload();
    await openSealed(page);
    await page.getByRole("button", { name: /^Give from 0x/ }).waitFor(); // the signature that opens is given
    wallet.declineNext();
    await pressGive(page);
    await page.getByText("You declined in your wallet.").waitFor();
    await pressGive(page);
    await thanked(page);
    await leave();
  });

  test("allowance and gift are one step where the wallet can (EIP-5792)", async () => {
    const { page, wallet, leave } = await stage.visit("Chen", at(stage.site.url, round), {
      ...PHONE,
      batch: true,
    });
    await sealBallot(page, { "Solar for Schools": "16" }, "three grey stones");
    await sendAndGive(page, wallet, { donor: "Chen", other: "Emil" });
    expect(wallet.asked.filter((method) => method === "wallet_sendCalls")).toHaveLength(1);
    expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).toHaveLength(1); // the ballot, by Emil
    await leave();
  });
});

describe("coming back", () => {
  test("on another device, with the right and with a wrong passphrase, everything looks the same but the seal", async () => {
    const seals: string[] = [];
    const texts: string[] = [];
    for (const passphrase of [PASSPHRASE, "seven herons at dawn", PASSPHRASE]) {
      const visit = await stage.visit("Aiko", at(stage.site.url, round, "gift"), DESKTOP);
      seals.push(
        await changeBallot(visit.page, visit.wallet, {
          passphrase,
          gifts: { "Mangrove Watch": "25" },
          other: "Emil",
        }),
      );
      texts.push(await visit.page.locator("main").innerText());
      expect(await traces(visit.context, visit, [passphrase])).toEqual([]);
      expect(await sealedRecords(visit.page)).toBe(0);
      await visit.leave();
    }
    expect(seals[0]).toBe(seals[2]);
    expect(seals[1]).not.toBe(seals[0]);
    const withoutClock = texts.map((text) => text.replace(/\d+ (hours|minutes)/g, ""));
    expect(withoutClock[1]).toBe(withoutClock[0]);
  });

  test("a new ballot that takes more than was given adds just that, after it has said so", async () => {
    const { page, wallet, leave } = await stage.visit(
      "Ben",
      at(stage.site.url, round, "gift"),
      DESKTOP,
    );
    const before = (await progress()).totalCredits;
    await page.getByText("has given 9 TEST to this round.").waitFor();
    await page.getByLabel("Add a project").selectOption({ label: "Seed Library" });
    await page.getByLabel("Amount for Seed Library").fill("10.24");
    await page.getByText("That takes 1.24 TEST more than you have given.").waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Change the amounts" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    wallet.declineNext();
    const add = page.getByRole("button", { name: /^Add 1\.24 TEST from 0x/ });
    await add.click();
    await page.getByText("You declined in your wallet.").waitFor();
    expect((await progress()).totalCredits).toBe(before);
    await add.click();
    await page.getByText("Added.").waitFor();
    expect((await progress()).totalCredits).toBe(before + 124n);
    await page.getByText("has given 10.24 TEST to this round.").waitFor();
    await leave();
  });
});
