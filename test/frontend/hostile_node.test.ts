import type { BrowserContext } from "playwright-core";
import { numberToHex, type Address, type Hex } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { readEvents } from "../../src/chain/logs.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { DESKTOP, PHONE, openPage } from "./support/browser.ts";
import { at, sealBallot, pressGive, pressSend, sentOut, thanked } from "./support/donor.ts";
import { expectRefused } from "./support/refused.ts";
import { openStage } from "./support/stage.ts";

// A node that the page asks, and that means harm: it can hold back, but neither change what a round's address commits to, nor learn who is about to give.

const stage = openStage();
let round: Address;
let code: Hex;
beforeAll(async () => {
  round = await stage.site.newRound({
    salt: "hostile node",
    coordinatorKey: generateCoordinatorKeyPair().publicKey,
  });
  code = (await stage.site.chain.read.getCode({ address: round })) as Hex;
});

/** From now on the page hears of the node what `lie` makes of its answers. */
async function lying(context: BrowserContext, lie: (answer: string) => string): Promise<void> {
  await context.route("**/rpc", async (route) => {
    const answer = await fetch(`${stage.site.url}/rpc`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: route.request().postData() ?? "",
    });
    await route.fulfill({
      status: 200,
      contentType: "application/json",
      body: lie(await answer.text()),
    });
  });
}

describe("what a node says", () => {
  test("another coordinator's key reads no ballot: there is no form for one", async () => {
    const forged = `${code.slice(0, 2 + 2 * (45 + 64))}${"07".padStart(64, "0")}${code.slice(2 + 2 * (45 + 96))}`;
    const context = await stage.browser.newContext(PHONE);
    await lying(context, (answer) => answer.replaceAll(code, forged));
    await expectRefused(
      await openPage(context, at(stage.site.url, round, "gift")),
      "whoever did may have prepared it",
    );
    await context.close();
  });

  test("rounds that nobody made are not shown as rounds, and hide none", async () => {
    const invented = "00000000000000000000000000000000deadbeef";
    const context = await stage.browser.newContext(DESKTOP);
    let told = 0;
    await lying(context, (answer) => {
      const data = JSON.parse(answer) as unknown;
      for (const one of Array.isArray(data) ? data : [data]) {
        const { result } = one as { result?: { topics?: string[]; logIndex?: Hex }[] };
        const made = Array.isArray(result)
          ? result.find((log) =>
              log.topics?.some((topic) => topic.includes(round.slice(2).toLowerCase())),
            )
          : undefined;
        if (made === undefined) continue;
        told++;
        result?.unshift({
          ...made,
          topics: made.topics?.map((topic) =>
            topic.replace(round.slice(2).toLowerCase(), invented),
          ) as string[],
        });
      }
      return JSON.stringify(data);
    });
    const { page, errors } = await openPage(context, `${stage.site.url}/`);
    await page.locator(`a[href*="${round}"]`).waitFor();
    await page.waitForTimeout(1_000);
    expect(told).toBeGreaterThan(0);
    expect(await page.locator(`a[href*="${invented}" i]`).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });
});

test("what a node is asked before the gift names neither its tag nor its key", async () => {
  const visit = await stage.visit("Aiko", at(stage.site.url, round), PHONE);
  const { page, wallet, requests } = visit;
  await sealBallot(page, { "Seed Library": "4" }, "four quiet lamps");
  await wallet.choose("Emil");
  await pressSend(page);
  await sentOut(page);
  await wallet.choose("Aiko");
  await page.waitForTimeout(3_000); // a look at the chain, and another
  const before = requests.length;
  await pressGive(page);
  await thanked(page);
  const { read } = stage.site.chain;
  const events = await readEvents(read, round, { from: 0n, to: await read.getBlockNumber() });
  const given = events.find((event) => event.eventName === "Contributed");
  if (given?.eventName !== "Contributed") throw new Error("nothing was given");
  const { tag, keyX, keyY } = given.args;
  const names = [tag, keyX, keyY].map((name) => numberToHex(name).slice(2));
  const namedIn = (some: typeof requests) =>
    some.filter(({ url, body }) => names.some((name) => `${url} ${body}`.includes(name))).length;
  expect(before).toBeGreaterThan(20);
  expect(namedIn(requests.slice(0, before))).toBe(0);
  expect(namedIn(requests)).toBeGreaterThan(0); // the gift itself
  await visit.leave();
});
