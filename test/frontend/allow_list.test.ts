import type { Address } from "viem";
import { beforeAll, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { PHONE } from "./support/browser.ts";
import { at, fillAmounts, planChange, sealBallot, sendAndGive } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

const LIST = [
  "account,credits",
  `${devnetAddress("Aiko")},483`,
  `${devnetAddress("Chen")},100`,
  `${devnetAddress("Dalia")},100`,
].join("\n");

const stage = openStage({ listed: LIST });
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({ salt: "list" });
});

test("who may give, and how much, is said before anything is paid; a listed donor gives with a proof made in the browser", async () => {
  const { page, wallet, leave } = await stage.visit("Ben", at(stage.site.url, round), PHONE);
  await fillAmounts(page, { "Seed Library": "4" });
  await page
    .getByText("This account is not on the organiser's list.")
    .or(page.getByText("Use the account that you registered, or ask the organiser."))
    .first()
    .waitFor();
  expect(await page.getByRole("button", { name: "Continue" }).isDisabled()).toBe(true);
  await wallet.choose("Aiko");
  await page.getByText("This account may take part and has enough.").waitFor();
  await page.getByLabel("Amount for Seed Library").fill("4.84"); // 22 votes, and one credit more than its leaf allows
  await page.getByText("More than this account may give.").waitFor();
  await page.getByRole("button", { name: "Remove Seed Library" }).click();
  await page.getByRole("link", { name: "Choose projects" }).click();
  await sealBallot(page, { "Seed Library": "4" }, "listed words");
  await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
  expect((await readProgress(stage.site.chain.read, round)).totalCredits).toBe(400n);

  // More of it up to the limit, of which the gate remembers enough; beyond it a refusal before anything is paid.
  await page.getByRole("button", { name: "Change my gift" }).click();
  await planChange(page, { "Rain Gardens": "4.84" });
  await page.getByText("More than this account may give.").waitFor();
  const add = page.getByRole("button", { name: /^Add 0\.84 TEST from 0x/ });
  expect(await add.isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Change the amounts" }).click();
  await page.getByRole("button", { name: "Remove Rain Gardens" }).click();
  await planChange(page, {
    "Rain Gardens": "4.41",
    "Village Radio": "0.36",
    "Seed Library": "0.04",
    "Mangrove Watch": "0.02",
  });
  await page.getByRole("button", { name: /^Add 0\.82 TEST from 0x/ }).click();
  await page.getByText("Added.").waitFor();
  expect((await readProgress(stage.site.chain.read, round)).totalCredits).toBe(482n);
  await leave();
});

test("where the site does not have the list, a donor drops, pastes or chooses the file, and is told what was read of it", async () => {
  const { page, leave } = await stage.visit("Dalia", at(stage.site.url, round), PHONE);
  await page.route("**/config.json", async (route) => {
    const response = await route.fetch();
    const { chains, ...site } = (await response.json()) as { chains: { lists?: object }[] };
    const json = { ...site, chains: chains.map(({ lists: _, ...chain }) => chain) };
    await route.fulfill({ response, json });
  });
  await page.reload();
  await fillAmounts(page, { "Seed Library": "1" });
  await page.getByText("Whether this account may take part cannot be told yet.").waitFor();
  const field = page.getByLabel("The list of accounts");
  await field.fill("account,credits\n0x12,5\n");
  await page.getByText("Line 2: “0x12” is not an address.").waitFor();
  await page.getByLabel("Choose a file").setInputFiles({
    name: "list.xlsx",
    mimeType: "application/octet-stream",
    buffer: Buffer.from("PK\u0003\u0004"),
  });
  await page.getByText("list.xlsx is a spreadsheet program’s own file").waitFor();
  const dropped = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "list.csv"));
    return data;
  }, `\ufeff${LIST}\n,\n`);
  await field.dispatchEvent("drop", { dataTransfer: dropped });
  await page
    .getByText(
      "Read: 3 accounts. Left out: 1 empty line. This account is among them, with at most 100 credits.",
    )
    .waitFor();
  await page.getByText("This account may take part and has enough.").waitFor();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("Whether this account may take part cannot be told yet.").waitFor();
  await leave();
});
