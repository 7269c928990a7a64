import { erc20Abi, type Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { readRoundConfig } from "./support/site.ts";
import { send } from "../../src/chain/send.ts";
import { readBalance } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { DESKTOP, PHONE, openPage } from "./support/browser.ts";
import {
  at,
  fillAmounts,
  makeKey,
  openSealed,
  pressGive,
  pressSend,
  sealBallot,
  sentOut,
  thanked,
} from "./support/donor.ts";
import { openStage } from "./support/stage.ts";
import { sealedRecords } from "./support/traces.ts";
import { addWallet } from "./support/wallet.ts";

const TOKEN = 10n ** 18n;

const stage = openStage();
let round: Address;
beforeAll(async () => {
  // Counted by nobody here: no proof is made while the tests run.
  round = await stage.site.newRound({
    salt: "troubles",
    coordinatorKey: generateCoordinatorKeyPair().publicKey,
  });
});
/** Voice credits of all gifts; every gift of these tests is 400. */
const credits = async () => (await readProgress(stage.site.chain.read, round)).totalCredits;
const setCoin = (name: string, wei: bigint) =>
  stage.site.chain.provider.request({
    method: "hardhat_setBalance",
    params: [devnetAddress(name), `0x${wei.toString(16)}`],
  } as never);
const sentBy = (asked: readonly string[]) =>
  asked.filter((method) => method === "eth_sendTransaction").length;

describe("declined in the wallet", () => {
  test("connecting, and the gift after its allowance was given: the next press goes on where the last one stopped", async () => {
    const context = await stage.browser.newContext(PHONE);
    const wallet = await addWallet(context, stage.site.chain, "Aiko");
    const { page, errors } = await openPage(context, at(stage.site.url, round));
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    wallet.declineNext(/^wallet_requestPermissions$/);
    await page.getByRole("button", { name: "Test wallet" }).click();
    await page.getByText("You declined in your wallet.").waitFor();
    await page.getByRole("button", { name: "Test wallet" }).click();
    await page.getByRole("button", { name: /^Account 0x/ }).waitFor();
    await sealBallot(page, { "Seed Library": "4" }, "first no, then yes");
    await wallet.choose("Emil");
    await pressSend(page);
    await sentOut(page);
    await wallet.choose("Aiko");
    const before = await credits();
    wallet.afterNext(() => wallet.declineNext()); // the allowance passes
    await pressGive(page);
    await page.getByText("You declined in your wallet.").waitFor();
    expect(await credits()).toBe(before);
    await page.reload();
    await openSealed(page);
    await pressGive(page);
    await thanked(page);
    expect(await credits()).toBe(before + 400n);
    expect(sentBy(wallet.asked)).toBe(1 + 1 + 2); // message, allowance, gift declined and gift
    expect(errors).toEqual([]);
    await context.close();
  });

  test("both calls together: asked again together after a refusal, one by one where the owner keeps a plain account", async () => {
    const { page, wallet, leave } = await stage.visit("Ben", at(stage.site.url, round), {
      ...PHONE,
      batch: true,
    });
    await sealBallot(page, { "Seed Library": "4" }, "one by one");
    await wallet.choose("Emil");
    await pressSend(page);
    await sentOut(page);
    await wallet.choose("Ben");
    const before = await credits();
    wallet.declineNext(/^wallet_sendCalls$/);
    await pressGive(page);
    await page.getByText("You declined in your wallet.").waitFor();
    wallet.declineNext(/^wallet_sendCalls$/, 5750);
    await pressGive(page);
    await thanked(page);
    expect(wallet.asked.filter((method) => method === "wallet_sendCalls")).toHaveLength(2);
    expect(await credits()).toBe(before + 400n);
    await leave();
  });
});

test("too few tokens, before and after sealing, and too little gas at either account: each is said before anything is lost", async () => {
  const { chain, token, url } = stage.site;
  const { page, wallet, leave } = await stage.visit("Chen", at(url, round), PHONE);
  await fillAmounts(page, { "Seed Library": "5012.64" }); // 708 votes; 707 it could pay
  await page.getByText("Your account holds only 5,000 TEST.").waitFor();
  expect(await page.getByRole("button", { name: "Continue" }).isDisabled()).toBe(true);
  await page.getByLabel("Amount for Seed Library").fill("4");
  await page.getByRole("button", { name: "Continue" }).click();
  await makeKey(page, "empty pockets", { first: true });
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByText("Switch away from").waitFor();
  await wallet.choose("Emil");
  await setCoin("Emil", 0n);
  await pressSend(page);
  await page.getByText("Not enough coin for gas.").waitFor();
  await wallet.choose("Briber");
  await pressSend(page);
  await sentOut(page);

  const move = async (from: string, to: string, amount: bigint) =>
    send(await chain.as(from), {
      address: token,
      abi: erc20Abi,
      functionName: "transfer",
      args: [devnetAddress(to), amount],
    });
  await wallet.choose("Chen");
  await move("Chen", "Sponsor", 4_997n * TOKEN);
  const [before, sent] = [await credits(), sentBy(wallet.asked)];
  await pressGive(page);
  await page.getByText("Not enough in your account.").waitFor();
  expect(sentBy(wallet.asked)).toBe(sent); // no allowance is asked for, and paid for, in vain
  await move("Sponsor", "Chen", 4_997n * TOKEN);
  await setCoin("Chen", 0n);
  await pressGive(page);
  await page.getByText("Not enough coin for gas.").waitFor();
  await setCoin("Chen", TOKEN);
  await pressGive(page);
  await thanked(page);
  expect(await credits()).toBe(before + 400n);
  await leave();
});

test("a node that stops answering, at each step: the same press works when it is back, and a gift under way is found again", async () => {
  const { page, wallet, leave } = await stage.visit("Dalia", at(stage.site.url, round), DESKTOP);
  let down = false;
  await page.route("**/rpc", (route) => (down ? route.abort() : route.continue()));
  const inStep = page.locator("[aria-current=step]").getByText("The chain cannot be reached.");
  const whileDown = async (press: () => Promise<void>) => {
    down = true;
    await press();
    await inStep.waitFor();
    down = false;
  };
  const pressSeal = () => page.getByRole("button", { name: "Seal my ballot" }).click();
  await fillAmounts(page, { "Seed Library": "3" });
  await whileDown(() => page.getByLabel("Amount for Seed Library").fill("4"));
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("This account may take part and has enough.").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await makeKey(page, "on and off", { first: true });
  await whileDown(pressSeal);
  await pressSeal();
  await page.getByText("Switch away from").waitFor();
  await wallet.choose("Emil");
  await whileDown(() => pressSend(page));
  wallet.afterNext(() => {
    throw new Error("the wallet lost its node's answer");
  });
  await pressSend(page);
  await sentOut(page); // found on the chain, and not sent twice
  await wallet.choose("Dalia");
  await whileDown(() => pressGive(page));
  // Now it is gone in the moment in which the gift is sent, and the page is closed on it.
  const before = await credits();
  wallet.afterNext(() => wallet.afterNext(() => (down = true)));
  await pressGive(page);
  await expect.poll(credits, { timeout: 20_000 }).toBe(before + 400n);
  await page.reload();
  await page.getByText("The chain cannot be reached.").waitFor();
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await openSealed(page);
  await thanked(page);
  expect(await sealedRecords(page)).toBe(0);
  await leave();
});

test("the round ends between ballot and gift: nothing is taken, and what was prepared is forgotten", async () => {
  const { chain, token, url } = stage.site;
  const { page, wallet, leave } = await stage.visit("Sponsor", at(url, round), PHONE);
  await sealBallot(page, { "Seed Library": "4" }, "too late");
  await wallet.choose("Briber");
  await pressSend(page);
  await sentOut(page);
  await wallet.choose("Sponsor");
  const before = await readBalance(chain.read, token, devnetAddress("Sponsor"));
  await chain.warpTo((await readRoundConfig(chain, round)).end);
  // The page may or may not have seen it by now.
  await page
    .getByRole("button", { name: /^Give from 0x/ })
    .click({ timeout: 2_000 })
    .catch(() => undefined);
  await page.getByText("This round takes no more gifts").waitFor();
  expect(await readBalance(chain.read, token, devnetAddress("Sponsor"))).toBe(before);
  expect(await sealedRecords(page)).toBe(1);
  await page.getByRole("button", { name: "Forget what is prepared" }).click();
  await page.getByText("Forget what is prepared").waitFor({ state: "detached" });
  expect(await sealedRecords(page)).toBe(0);
  await leave();
});
