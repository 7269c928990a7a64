import type { Page } from "playwright-core";
import type { Address } from "viem";
import { beforeAll, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { PHONE, shoot } from "./support/browser.ts";
import { at, pressGive, pressSend, sealBallot, sentOut, thanked } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

const ETHEREUM = 1;
const SWITCH = /^wallet_switchEthereumChain$/;
const ADD = /^wallet_addEthereumChain$/;

const stage = openStage();
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({ salt: "chains" });
});

const notice = (page: Page) => page.getByText("Your wallet is on another chain.");
const declined = (page: Page) => page.getByText("You declined in your wallet.");

test("a wallet on another chain is told so and brought over with one press, also where it does not know the chain", async () => {
  const { page, wallet, leave } = await stage.visit(
    "Emil",
    at(stage.site.url, round, "organise"),
    PHONE,
  );
  const bring = () => page.getByRole("button", { name: "Switch to Sandbox" }).click();
  expect(await notice(page).count()).toBe(0);
  await wallet.moveTo(ETHEREUM);
  await notice(page).waitFor();
  await shoot(page, "wrong-chain", false);
  wallet.declineNext(SWITCH);
  await bring();
  await declined(page).waitFor();
  await bring();
  await notice(page).waitFor({ state: "detached" });

  await wallet.moveTo(ETHEREUM);
  wallet.forgetChain();
  wallet.declineNext(ADD);
  await bring();
  await declined(page).waitFor();
  await bring();
  await notice(page).waitFor({ state: "detached" });
  expect(wallet.asked.filter((method) => ADD.test(method))).toHaveLength(2);

  // A wallet that cannot be asked has to be changed by hand; the page goes on when it is.
  await wallet.moveTo(ETHEREUM);
  wallet.declineNext(SWITCH, 4200);
  await bring();
  await page.getByText("Switch it to this round's chain, then press again.").waitFor();
  await wallet.moveTo(31337);
  await notice(page).waitFor({ state: "detached" });
  await leave();
});

test("in the middle of giving nothing is sent on the wrong chain, and nothing is lost by declining to change it", async () => {
  const { page, wallet, leave } = await stage.visit("Aiko", at(stage.site.url, round), PHONE);
  await sealBallot(page, { "Seed Library": "4" }, "over the river");
  await wallet.choose("Emil");
  await wallet.moveTo(ETHEREUM);
  wallet.forgetChain();
  await notice(page).waitFor();
  wallet.declineNext(ADD);
  await pressSend(page);
  await declined(page).waitFor();
  await pressSend(page);
  await sentOut(page);
  await wallet.choose("Aiko");
  await wallet.moveTo(ETHEREUM, { silently: true }); // some wallets do not tell
  wallet.declineNext(SWITCH);
  await pressGive(page);
  await declined(page).waitFor();
  await pressGive(page);
  await thanked(page);
  const { items, totalCredits } = await readProgress(stage.site.chain.read, round);
  expect([items, totalCredits]).toEqual([2, 400n]);
  await leave();
});
