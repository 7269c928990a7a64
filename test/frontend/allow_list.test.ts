import type { Address } from "viem";
import { beforeAll, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { PHONE } from "./support/browser.ts";
import { at, fillAmounts, sealBallot, sendAndGive } from "./support/donor.ts";
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
  await page.getByText("This account may not take part in this round.").waitFor();
  await page.getByRole("button", { name: "Remove Seed Library" }).click();
  await page.getByRole("link", { name: "Choose projects" }).click();
  await sealBallot(page, { "Seed Library": "4" }, "listed words");
  await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
  expect((await readProgress(stage.site.chain.read, round)).totalCredits).toBe(400n);
  await leave();
});
