import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContextOptions } from "playwright-core";
import { numberToHex, toFunctionSelector, type Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { readRoundConfig } from "./support/site.ts";
import { readBalance } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { DESKTOP, PHONE, openPage, shoot } from "./support/browser.ts";
import { at, changeBallot, sealBallot, sendAndGive } from "./support/donor.ts";
import { openStage, type Visit } from "./support/stage.ts";

// One round from the first gift to the last payment, with the real contracts, prover and coordinator. Every donor gives 9 tokens,
// 900 credits, so that votes are whole: 9 for one project are 30 votes.
const TOKEN = 10n ** 18n;

const stage = openStage();
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({ salt: "story" });
});

async function asDonor(
  name: string,
  device: BrowserContextOptions,
  view: Parameters<typeof at>[2],
  act: (visit: Visit) => Promise<void>,
): Promise<void> {
  const visit = await stage.visit(name, at(stage.site.url, round, view), device);
  await act(visit);
  await visit.leave();
}

describe("a round in the browser, from the first gift to the last payment", () => {
  test("Aiko gives, Ben gives; Ben changes his mind on another device", async () => {
    await asDonor("Aiko", PHONE, "projects", async ({ page, wallet }) => {
      await sealBallot(page, { "Rain Gardens": "9" }, "aiko's words");
      await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
    });
    await asDonor("Ben", DESKTOP, "projects", async ({ page, wallet }) => {
      await sealBallot(page, { "Village Radio": "9" }, "ben's words");
      await sendAndGive(page, wallet, { donor: "Ben", other: "Emil" });
    });
    await asDonor("Ben", PHONE, "change", async ({ page, wallet }) => {
      await changeBallot(page, wallet, {
        passphrase: "ben's words",
        gifts: { "Rain Gardens": "9" },
        other: "Emil",
      });
    });
  });

  test("Chen is forced, gives a wrong passphrase, and the votes cast with it are void", async () => {
    await asDonor("Chen", PHONE, "projects", async ({ page, wallet }) => {
      await sealBallot(page, { "Clinic on Wheels": "9" }, "chen's words");
      await sendAndGive(page, wallet, { donor: "Chen", other: "Emil" });
    });
    await asDonor("Chen", DESKTOP, "change", async ({ page, wallet }) => {
      await changeBallot(page, wallet, {
        passphrase: "whatever you want",
        gifts: { "Bridge Tournament": "9" },
        other: "Briber",
      });
    });
  });

  test("Dalia sells her key after she has changed it: the briber's ballot is void", async () => {
    await asDonor("Dalia", PHONE, "projects", async ({ page, wallet }) => {
      await sealBallot(page, { "Clinic on Wheels": "9" }, "dalia's words");
      await sendAndGive(page, wallet, { donor: "Dalia", other: "Emil" });
    });
    await asDonor("Dalia", PHONE, "change", async ({ page, wallet }) => {
      await changeBallot(page, wallet, {
        passphrase: "dalia's words",
        gifts: { "Clinic on Wheels": "9" },
        other: "Emil",
        next: "dalia's new words",
      });
    });
    // The briber sits at her wallet with the words that she sold, and sees them work.
    await asDonor("Dalia", DESKTOP, "change", async ({ page, wallet }) => {
      await changeBallot(page, wallet, {
        passphrase: "dalia's words",
        gifts: { "Bridge Tournament": "9" },
        other: "Briber",
      });
    });
  });

  test("the round ends; the coordinator counts and proves; the page shows the result", async () => {
    const { end } = await readRoundConfig(stage.site.chain, round);
    await stage.site.chain.warpTo(end);
    const context = await stage.browser.newContext(DESKTOP);
    const { page, errors } = await openPage(context, at(stage.site.url, round, "results"));
    await page.getByRole("heading", { name: "The count" }).waitFor();
    await expect
      .poll(async () => (await readProgress(stage.site.chain.read, round)).phase, {
        timeout: 150_000,
        interval: 1_000,
      })
      .toBe("finalized");
    await page.getByText("Projects supported").waitFor();
    const text = await page.locator("main").innerText();
    expect(text).toMatch(/Rain Gardens/);
    expect(text).toMatch(/Clinic on Wheels/);
    expect(text).not.toMatch(/Bridge Tournament|Village Radio/); // changed, void, void
    // Two gifts of 30 votes each: T = 60, S = 1800, w = 60² - 1800 = 1800, and the pool covers both in full.
    await page.getByText("How this was computed").first().click();
    await page.getByText("60² − 1,800 = 1,800").first().waitFor();
    await shoot(page, "results");
    await page.getByRole("radio", { name: "Other rules" }).click();
    await page.getByText("One coin, one vote").waitFor();
    await shoot(page, "results-compared");
    await page.setViewportSize(PHONE.viewport);
    await shoot(page, "results-phone");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("the visitor's own browser rechecks it, and one false answer of a node is noticed by the check that it is for", async () => {
    const context = await stage.browser.newContext(PHONE);
    const { page, errors } = await openPage(context, at(stage.site.url, round, "verify"));
    await page.getByRole("button", { name: "Check this round" }).click();
    await page
      .getByRole("heading", {
        name: "The result follows from the proofs, but the keys are development keys.",
      })
      .waitFor({ timeout: 90_000 });
    expect(await page.locator("main li", { hasText: "✓" }).count()).toBe(9);
    await shoot(page, "verify-right");
    expect(await page.locator("main li", { hasText: "✗" }).count()).toBe(0);

    const liar = await startLiar(`${stage.site.url}/rpc`);
    // The page's policy forbids foreign nodes, so the lie comes by the site's own address.
    await context.route("**/rpc", async (route) => {
      const answer = await fetch(liar.url, {
        method: "POST",
        body: route.request().postData() ?? "",
      });
      await route.fulfill({
        status: 200,
        contentType: "application/json",
        body: await answer.text(),
      });
    });
    await page.getByRole("button", { name: "Check again" }).click();
    await page
      .getByRole("heading", { name: "The result could not be confirmed." })
      .waitFor({ timeout: 90_000 });
    expect(await page.locator("main li", { hasText: "✗" }).allInnerTexts()).toEqual([
      expect.stringContaining("Every gift, message and top-up is there, in order"),
    ]);
    expect(await page.locator("main li", { hasText: "✓" }).count()).toBe(8);
    await shoot(page, "verify-wrong");
    expect(errors).toEqual([]);
    await liar.close();
    await context.close();
  });

  test("anyone pays a project out, and the sponsor gets back what the pool did not need", async () => {
    const recipient = devnetAddress("project Rain Gardens");
    expect(await readBalance(stage.site.chain.read, stage.site.token, recipient)).toBe(0n);
    await asDonor("Briber", DESKTOP, "results", async ({ page }) => {
      await page.getByRole("button", { name: "Pay out to Rain Gardens" }).click();
      await page.getByText("This cannot be taken back.").waitFor();
      await page.getByRole("button", { name: "Pay out", exact: true }).click();
      await page.getByText("✓ Paid out").waitFor();
    });
    // 1,800 credits at 0.01 given, and as much again matched.
    expect(await readBalance(stage.site.chain.read, stage.site.token, recipient)).toBe(36n * TOKEN);
    const before = await readBalance(
      stage.site.chain.read,
      stage.site.token,
      devnetAddress("Sponsor"),
    );
    await asDonor("Sponsor", DESKTOP, "organise", async ({ page }) => {
      await page.getByRole("button", { name: "Get my share of the pool back" }).click();
      await page
        .getByRole("button", { name: "Get my share of the pool back" })
        .waitFor({ state: "detached" });
    });
    expect(
      (await readBalance(stage.site.chain.read, stage.site.token, devnetAddress("Sponsor"))) -
        before,
    ).toBe((1_000n - 36n) * TOKEN);
  });
});

/** A node that tells the truth about everything but the number of links. */
async function startLiar(truth: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on(
      "end",
      () =>
        void (async () => {
          const answer = await (await fetch(truth, { method: "POST", body })).text();
          response
            .writeHead(200, { "content-type": "application/json" })
            .end(falsify(body, answer));
        })(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}

type Asked = { id?: unknown; params?: unknown[] };

function falsify(question: string, answer: string): string {
  const links = toFunctionSelector("links()");
  const asked = [JSON.parse(question) as Asked | Asked[]].flat();
  const change = (one: { id?: unknown; result?: unknown }) => {
    const { params } = asked.find(({ id }) => id === one.id) ?? {};
    return (params?.[0] as { data?: string } | undefined)?.data === links
      ? { ...one, result: numberToHex(BigInt(one.result as string) + 1n, { size: 32 }) }
      : one;
  };
  const parsed = JSON.parse(answer) as object | object[];
  return JSON.stringify(Array.isArray(parsed) ? parsed.map(change) : change(parsed));
}
