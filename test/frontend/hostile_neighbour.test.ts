import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { roundRefText } from "../../src/protocol/round_ref.ts";
import { DESKTOP, connect, openPage, shoot } from "./support/browser.ts";
import { at, fillAmounts, makeKey, sendAndGive, sentOut } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";
import { sealedRecords, traces } from "./support/traces.ts";

// Other tabs: of this page, which must not keep or send what is done with; and of strangers, who hold the page's window, frame it, or link to it.

const stage = openStage();
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({
    salt: "neighbours",
    coordinatorKey: generateCoordinatorKeyPair().publicKey,
  });
});
const given = async () => (await readProgress(stage.site.chain.read, round)).contributions;

async function toSeal(page: Page, gifts: Readonly<Record<string, string>>): Promise<void> {
  await fillAmounts(page, gifts);
  await page.getByRole("button", { name: "Continue" }).click();
  await makeKey(page, "two doors one key", { first: true });
}
const pressSeal = (page: Page) => page.getByRole("button", { name: "Seal my ballot" }).click();

describe("another tab of this page", () => {
  test("drops its plan when a ballot is sealed elsewhere, and cannot bring it back", async () => {
    const visit = await stage.visit("Aiko", at(stage.site.url, round), DESKTOP);
    const { page, wallet, context } = visit;
    const other = await openPage(context, at(stage.site.url, round));
    await connect(other.page);
    await fillAmounts(other.page, { "Mangrove Watch": "31.47" });
    await other.page.getByLabel("Amount for Mangrove Watch").focus();
    await toSeal(page, { "Seed Library": "37.21" });
    await pressSeal(page);
    await page.getByText("Switch away from").waitFor();
    await other.page.getByText("Another tab has sealed a ballot for this round").waitFor();
    await shoot(other.page, "give-other-tab");
    await other.page.keyboard.type("5");
    expect(await other.page.locator("main").innerText()).not.toContain("Mangrove");
    expect(await other.page.locator("input").count()).toBe(0);
    await other.page.goto(at(stage.site.url, round));
    await other.page.getByRole("button", { name: "Choose Mangrove Watch" }).waitFor();
    await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
    expect(await traces(context, other, ["31.47", "37.21", "Mangrove"])).toEqual([]);
    expect(await given()).toBe(1);
    expect(await sealedRecords(page)).toBe(0);
    expect(other.errors).toEqual([]);
    await visit.leave();
  });

  test("that seals at the same moment: one ballot, one gift, and both tabs say how far it is", async () => {
    const before = await given();
    const visit = await stage.visit("Chen", at(stage.site.url, round), DESKTOP);
    const { page, wallet, context } = visit;
    const other = await openPage(context, at(stage.site.url, round));
    await connect(other.page);
    // A tab behind another is not drawn, so that a hand's press would wait for it to come to the front.
    const pressBoth = (name: string | RegExp) =>
      Promise.all(
        [page, other.page].map((tab) =>
          tab.getByRole("button", { name }).evaluate((button: HTMLElement) => button.click()),
        ),
      );
    await page.bringToFront();
    await toSeal(page, { "Seed Library": "4" });
    await other.page.bringToFront();
    await toSeal(other.page, { "Mangrove Watch": "9" });
    await pressBoth("Seal my ballot");
    for (const tab of [page, other.page]) await tab.getByText("Switch away from").waitFor();
    expect(await sealedRecords(page)).toBe(1);
    await wallet.choose("Emil");
    await pressBoth(/^Send from 0x/);
    for (const tab of [page, other.page]) await sentOut(tab);
    await wallet.choose("Chen");
    await pressBoth(/^Give from 0x/);
    for (const tab of [page, other.page])
      await tab.getByRole("heading", { name: "Thank you. Your gift is in." }).waitFor();
    expect(await given()).toBe(before + 1);
    expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).toHaveLength(3); // ballot, allowance, gift
    expect(await sealedRecords(page)).toBe(0);
    expect(other.errors).toEqual([]);
    await visit.leave();
  });

  test("that forges what tabs tell each other makes the page forget, at most", async () => {
    const visit = await stage.visit("Ben", at(stage.site.url, round), DESKTOP);
    const { page, context } = visit;
    await fillAmounts(page, { "Seed Library": "4" });
    const forger = await openPage(context, `${stage.site.url}/seal.svg`);
    const tell = (messages: readonly unknown[]) =>
      forger.page.evaluate((all) => {
        const channel = new BroadcastChannel("tacit");
        for (const message of all) channel.postMessage(message);
      }, messages);
    await tell([null, 7, { toString: "x" }, [], "sealed", "sealed ", "wiped 1", "x".repeat(1e6)]);
    await page.evaluate(() => {
      for (const data of ["sealed", { type: "eth_requestAccounts" }, null]) postMessage(data, "*");
    });
    await page.waitForTimeout(300);
    expect(await page.getByLabel("Amount for Seed Library").inputValue()).toBe("4");
    await tell([
      `sealed 31337 ${round}`,
      `sealed 31337:${round}`,
      `sealed 31337:${round.toLowerCase()}`,
    ]);
    await page.getByText("No project chosen yet").waitFor();
    await visit.leave();
  });
});

describe("another page of the same address", () => {
  test("that holds the round's lock: the page says so after a while, and has done nothing", async () => {
    const visit = await stage.visit("Dalia", at(stage.site.url, round), {
      ...DESKTOP,
      prepare: (context) =>
        context.addInitScript(() => {
          const timeout = AbortSignal.timeout.bind(AbortSignal);
          AbortSignal.timeout = (ms) => timeout(ms / 30);
        }),
    });
    const { page, context } = visit;
    const holder = await openPage(context, `${stage.site.url}/seal.svg`);
    await holder.page.evaluate(
      (name) => {
        void navigator.locks.request(name, () => new Promise(() => undefined));
      },
      `tacit ${roundRefText({ chainId: 31337, address: round })}`,
    );
    await page.bringToFront();
    await toSeal(page, { "Seed Library": "4" });
    await pressSeal(page);
    await page.getByText("Another tab has begun this").waitFor();
    expect(await sealedRecords(page)).toBe(0);
    await holder.page.close();
    await pressSeal(page);
    await page.getByText("Switch away from").waitFor();
    await visit.leave();
  });
});

describe("a stranger's page", () => {
  test("cannot hold, frame or steer it", async () => {
    const server = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<iframe src="${at(stage.site.url, round)}"></iframe><a id=link>x</a>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const context = await stage.browser.newContext(DESKTOP);
    const { page } = await openPage(
      context,
      `http://localhost:${(server.address() as AddressInfo).port}/`,
    );
    const [opened] = await Promise.all([
      context.waitForEvent("page"),
      page.evaluate(
        (url) => {
          (globalThis as { held?: Window | null }).held = open(url);
        },
        at(stage.site.url, round),
      ),
    ]);
    await opened.getByRole("button", { name: "Choose Seed Library", exact: true }).waitFor();
    expect(await opened.evaluate(() => window.opener === null)).toBe(true);
    const steered = await page.evaluate(() => {
      const { held } = globalThis as { held?: Window | null };
      held?.postMessage("x", "*");
      return held?.closed; // cut off, it looks closed
    });
    expect(steered).toBe(true);
    const [, frame] = page.frames();
    expect(
      await frame
        ?.locator("main")
        .count()
        .catch(() => 0),
    ).toBe(0);
    server.close();
    await context.close();
  });

  test("links with forged parameters choose, fill in and press nothing", async () => {
    const { url } = stage.site;
    const context = await stage.browser.newContext(DESKTOP);
    const place = `${url}/?rpc=https://evil.example&relay=https://evil.example&project=3&amount=100`;
    for (const tail of [
      `#/31337/${round}/gift?project=3&amount=100`,
      `#/31337/${round}/gift/3/100`,
      `#/31337/${round}/__proto__`,
      `#/31337/javascript:alert(1)`,
      `#/3e4/${round}`,
    ]) {
      const { page, errors, requests } = await openPage(context, `${place}${tail}`);
      await page.getByRole("link", { name: "Rounds" }).first().waitFor();
      await page.waitForLoadState("networkidle");
      expect([tail, await page.locator("main input").count()]).toEqual([tail, 0]);
      expect(requests.filter((one) => new URL(one.url).origin !== url)).toEqual([]);
      expect(errors).toEqual([]);
      await page.close();
    }
    const { page, requests } = await openPage(context, `${place}#/31337/${round}`);
    await page.getByRole("button", { name: "Choose Seed Library", exact: true }).waitFor();
    expect(await page.getByText("No project chosen yet").count()).toBe(1);
    expect(requests.filter((one) => new URL(one.url).origin !== url)).toEqual([]);
    await context.close();
  });
});
