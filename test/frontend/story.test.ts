import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { BrowserContextOptions } from "playwright-core";
import { numberToHex, toFunctionSelector, type Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/pipeline/paths.ts";
import { readHistory } from "../../src/chain/read_history.ts";
import { readProgress } from "../../src/chain/round.ts";
import { quadraticWeight } from "../../src/matching/quadratic.ts";
import { decodeResult } from "../../src/transcript/results.ts";
import { parseRecords, saved } from "./support/files.ts";
import { readRoundConfig } from "./support/site.ts";
import { readBalance } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { breaches, overflow } from "./support/breaches.ts";
import { DESKTOP, keepPicture, openPage, PHONE, shoot } from "./support/browser.ts";
import { expectAllReachable } from "./support/keyboard.ts";
import { at, changeBallot, sealBallot, sendAndGive } from "./support/donor.ts";
import { moved, watchShift } from "./support/shift.ts";
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
    await asDonor("Ben", PHONE, "gift", async ({ page, wallet }) => {
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
    await asDonor("Chen", DESKTOP, "gift", async ({ page, wallet }) => {
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
    await asDonor("Dalia", PHONE, "gift", async ({ page, wallet }) => {
      await changeBallot(page, wallet, {
        passphrase: "dalia's words",
        gifts: { "Clinic on Wheels": "9" },
        other: "Emil",
        next: "dalia's new words",
      });
    });
    // The briber sits at her wallet with the words that she sold, and sees them work.
    await asDonor("Dalia", DESKTOP, "gift", async ({ page, wallet }) => {
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
    // Who still comes to give is sent to the result.
    await page.goto(at(stage.site.url, round, "gift"));
    await page.getByText("The count of this round is finished.").waitFor();
    await page.locator("main").getByRole("link", { name: "Results" }).last().click();
    await page.getByRole("radio", { name: "Other rules" }).click();
    await page.getByText("One coin, one vote").waitFor();
    await shoot(page, "results-compared");
    await page.setViewportSize(PHONE.viewport);
    await shoot(page, "results-phone");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a journalist opens the round, reads three sentences that the chain bears out, and takes picture, data and print", async () => {
    const { read } = stage.site.chain;
    const context = await stage.browser.newContext({ ...DESKTOP, colorScheme: "dark" });
    // The bare address of a finished round opens on its result.
    const { page, errors } = await openPage(
      context,
      at(stage.site.url, round).replace(/\/projects$/, ""),
    );
    await page.getByRole("heading", { name: "In short" }).waitFor();
    const progress = await readProgress(read, round);
    const { unit } = await readRoundConfig(stage.site.chain, round);
    const { history } = await readHistory(read, round);
    const results = (history.tally?.entries ?? []).map(decodeResult);
    const pool = history.funded.reduce((sum, { amount }) => sum + amount, 0n);
    const money = (amount: bigint) => `${Number(amount / TOKEN).toLocaleString("en")} TEST`;
    const gifts = unit * results.reduce((sum, { credits }) => sum + credits, 0n);
    const matches = unit * results.reduce((sum, row) => sum + quadraticWeight(row), 0n);
    const said = await page.locator("main section").first().getByRole("listitem").allInnerTexts();
    expect(said).toEqual([
      `${progress.contributions} gifts brought in ${money(progress.totalCredits * unit)} together.`,
      `${results.length} projects get ${money(gifts)} from gifts and ${money(matches)} from the matching pool of ${money(pool)}.`,
      `Each of the ${results.length} projects gets the same: ${money((gifts + matches) / BigInt(results.length))}.`,
    ]);
    // Where the pool went, as a table beside the picture of it: everything in it.
    const flow = page.getByRole("figure", { name: "Where the pool goes" });
    expect(await flow.getByRole("row").allInnerTexts()).toEqual([
      expect.anything(),
      expect.stringMatching(
        /Rain Gardens\s+18\.00 TEST\s+1\.8%|Clinic on Wheels\s+18\.00 TEST\s+1\.8%/,
      ),
      expect.stringMatching(
        /Rain Gardens\s+18\.00 TEST\s+1\.8%|Clinic on Wheels\s+18\.00 TEST\s+1\.8%/,
      ),
      expect.stringMatching(/Surplus, back to the sponsors\s+964\.00 TEST\s+96\.4%/),
    ]);
    const [picture] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as PNG" }).click(),
    ]);
    const png = await readFile(await picture.path());
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      "PNG",
      1200,
      630,
    ]);
    await keepPicture("share", png);
    const svg = await saved(page, "Save as SVG");
    // It stands alone: no address but its language's, no script, no style.
    expect(svg.text).toMatch(/^<svg/);
    expect(svg.text.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
      /https?:|href|<script|<style|class=/,
    );
    // Each sentence stands in the picture, over as many lines as it takes.
    const drawn = [...svg.text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)]
      .map(([, one]) => one)
      .join(" ");
    for (const sentence of said) expect(drawn).toContain(sentence);
    const records = parseRecords((await saved(page, "Download CSV")).text);
    expect(
      records.map(({ name, contributed, matched }) => [name, contributed, matched]).sort(),
    ).toEqual([
      ["Clinic on Wheels", "18", "18"],
      ["Rain Gardens", "18", "18"],
    ]);
    // On paper every computation stands open, in ink on white, and nothing that can only be pressed.
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    expect(await page.getByText("60² − 1,800 = 1,800").first().isVisible()).toBe(true);
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    await shoot(page, "results-print");
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await page.emulateMedia({ media: "screen" });
    expect(await page.getByText("60² − 1,800 = 1,800").first().isVisible()).toBe(false);
    // The line for other sites: in a page of another origin it shows the same, with nothing to press but links that leave it.
    const line = await page.locator("pre", { hasText: "<iframe" }).innerText();
    const host = await serveHtml(`<!doctype html><title>A newspaper</title>${line}`);
    const paper = await openPage(context, host.url);
    const frame = paper.page.frameLocator("iframe");
    await frame.getByRole("heading", { name: "In short" }).waitFor();
    expect(await frame.getByRole("listitem").allInnerTexts()).toEqual(expect.arrayContaining(said));
    expect(await frame.getByRole("button").count()).toBe(0);
    expect(
      await frame
        .getByRole("link")
        .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).target)),
    ).toEqual(["_blank", "_blank"]);
    await shoot(paper.page, "embedded");
    // The page with the wallet cannot be framed by anybody.
    await paper.page.setContent(`<iframe src="${stage.site.url}/"></iframe>`);
    await expect
      .poll(() => paper.errors.join())
      .toMatch(/frame-ancestors|refused to (frame|connect)/i);
    await host.close();
    expect(errors).toEqual([]);
    await context.close();
  });

  test.each([
    { width: 390, locale: "en-US", scheme: "dark" },
    { width: 1440, locale: "en-US", scheme: "light" },
    { width: 390, locale: "ja-JP", scheme: "light" },
    { width: 1440, locale: "zh-TW", scheme: "dark" },
  ] as const)(
    "result, verifier and embedded result at $width, $locale, $scheme: no breach of WCAG 2.2 AA, no line wider than the screen, nothing that moves",
    async ({ width, locale, scheme }) => {
      const context = await stage.browser.newContext({
        viewport: { width, height: 900 },
        locale,
        colorScheme: scheme,
      });
      await watchShift(context);
      const place = `#/31337/${round}`;
      for (const [name, address] of [
        ["results", place],
        ["verify", `verify.html${place}`],
        ["embedded", `embed.html${place}`],
      ] as const) {
        const { page, errors } = await openPage(context, `${stage.site.url}/${address}`);
        await page.locator("main h2").first().waitFor();
        await page.waitForFunction(() => document.querySelector("main .animate-pulse") === null);
        await page.evaluate(() => document.fonts.ready);
        expect({
          name,
          breaches: await breaches(page),
          overflow: await overflow(page),
          moved: await moved(page),
          errors,
        }).toEqual({ name, breaches: [], overflow: 0, moved: [], errors: [] });
        await shoot(page, `finished-${name}-${width}-${locale}-${scheme}`);
        if (width === 1440 && locale === "en-US") await expectAllReachable(page, name);
        await page.close();
      }
      await context.close();
    },
  );

  test("a sceptic rechecks it by a node of their own, with the command shown, and sees one false answer by the check that it is for", async () => {
    const [node, liar] = await Promise.all([
      startNode(stage.site.rpcUrl, (_, answer) => answer),
      startNode(stage.site.rpcUrl, falsify),
    ]);
    const context = await stage.browser.newContext(PHONE);
    const { page, errors, requests } = await openPage(
      context,
      at(stage.site.url, round, "results"),
    );
    await page.getByRole("navigation").getByRole("link", { name: "Check it yourself" }).click();
    await page.getByRole("button", { name: "Check this round" }).waitFor();
    const field = page.getByLabel("Node to ask (RPC)");
    await field.fill("http://node.example:8545");
    await page.getByText("A page may ask a node only by https").waitFor();
    expect(await page.getByRole("button", { name: "Check this round" }).isDisabled()).toBe(true);
    await field.fill(`${node.url}/`);
    requests.length = 0;
    await page.getByRole("button", { name: "Check this round" }).click();
    await page
      .getByRole("heading", {
        name: "The result follows from the proofs, but the keys are development keys.",
      })
      .waitFor({ timeout: 90_000 });
    await page.getByText(`Node asked: ${node.url}`).waitFor();
    // Of which result: the figures that any other source can be held against.
    const { history } = await readHistory(stage.site.chain.read, round);
    const list = (history.tally?.entries ?? []).map(decodeResult);
    expect(await page.locator("main tbody tr").allInnerTexts()).toEqual(
      list.map(({ project, votes, credits }) =>
        expect.stringMatching(
          new RegExp(`^${project}\\s+${votes}\\s+${credits.toLocaleString("en")}$`),
        ),
      ),
    );
    expect(node.asked()).toBeGreaterThan(10);
    expect(requests.filter(({ url }) => url.startsWith(`${stage.site.url}/rpc`))).toEqual([]);
    expect(await page.locator("main li", { hasText: "✓" }).count()).toBe(9);
    await shoot(page, "verify-right");
    expect(await page.locator("main li", { hasText: "✗" }).count()).toBe(0);

    // The command as it stands there, in a shell: the same verdict, and the same keys and contracts.
    const command = await page.locator("pre").innerText();
    const { stdout } = await promisify(execFile)("bash", ["-c", command], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(stdout).toContain("these are development keys");
    const values = await page.locator("dd.font-mono").allInnerTexts();
    expect(values.length).toBeGreaterThan(8);
    for (const value of values) expect(stdout).toContain(value);

    await field.fill(liar.url);
    await page.getByRole("button", { name: "Check again" }).click();
    await page
      .getByRole("heading", { name: "The result could not be confirmed." })
      .waitFor({ timeout: 90_000 });
    expect(await page.locator("main li", { hasText: "✗" }).allInnerTexts()).toEqual([
      expect.stringContaining("Every gift, message and top-up is there, in order"),
    ]);
    expect(await page.locator("main li", { hasText: "✓" }).count()).toBe(8);
    await shoot(page, "verify-wrong");

    // A node that stops answering leaves no verdict, whatever held before; one of another chain is not taken for a wrong result.
    const tired = await startNode(stage.site.rpcUrl, (question, answer) =>
      question.includes(toFunctionSelector("settlement()").slice(2)) ? "gone" : answer,
    );
    await field.fill(tired.url);
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByText("So there is no verdict.").waitFor({ timeout: 90_000 });
    const unknown = await page.getByText("Not made: nothing is known of it").count();
    expect(unknown).toBeGreaterThan(0);
    expect(await page.locator("main li", { hasText: "✓" }).count()).toBe(9 - unknown);
    expect(await page.locator("main li", { hasText: "✗" }).count()).toBe(0);
    await shoot(page, "verify-partial");
    const elsewhere = await startNode(stage.site.rpcUrl, (question, answer) =>
      question.includes("eth_chainId") ? answer.replace("0x7a69", "0x1") : answer,
    );
    await field.fill(elsewhere.url);
    // What was said of the node before is gone.
    expect(await page.getByText("So there is no verdict.").count()).toBe(0);
    await page.getByRole("button", { name: "Check this round" }).click();
    await page.getByText("This node serves another chain.").waitFor();
    await Promise.all([node, liar, tired, elsewhere].map(({ close }) => close()));
    expect(errors).toEqual([]);
    await context.close();
  });

  test("anyone pays a project out, and the sponsor gets back what the pool did not need", async () => {
    const recipient = devnetAddress("project Rain Gardens");
    expect(await readBalance(stage.site.chain.read, stage.site.token, recipient)).toBe(0n);
    await asDonor("Briber", DESKTOP, "results", async ({ page }) => {
      await page.getByRole("button", { name: "Pay out to Rain Gardens" }).click();
      await page.getByText("This cannot be taken back.").waitFor();
      // Pressed twice before the page can answer, it is done once.
      await page
        .getByRole("button", { name: "Pay out", exact: true })
        .evaluate((button: HTMLElement) => (button.click(), button.click()));
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

/** A node beside the site's own, which pages of any origin may ask; it answers what `tell` makes of a question and the true answer. */
async function startNode(
  truth: string,
  tell: (question: string, answer: string) => string,
): Promise<{ url: string; asked: () => number; close: () => Promise<void> }> {
  let asked = 0;
  const open = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "*",
    "content-type": "application/json",
  };
  const served = await serve((request, response) => {
    if (request.method === "OPTIONS") return void response.writeHead(204, open).end();
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on(
      "end",
      () =>
        void (async () => {
          asked++;
          const answer = await (await fetch(truth, { method: "POST", body })).text();
          response.writeHead(200, open).end(tell(body, answer));
        })(),
    );
  });
  return { ...served, asked: () => asked };
}

const serveHtml = (html: string) =>
  serve((_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(html));

async function serve(
  answer: Parameters<typeof createServer>[1],
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(answer as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}

/** The truth about everything but the number of links. */
type Asked = { id?: unknown; params?: unknown[] };

/** The truth about everything but the number of links. */
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
