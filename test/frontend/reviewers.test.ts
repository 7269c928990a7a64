import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { deployPayoutRule, deployReviews } from "../../src/chain/deploy.ts";
import { readReviews, review } from "../../src/chain/reviews.ts";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { simulatedProver } from "../../scripts/keys/simulated_prover.ts";
import { giveBeside } from "./support/beside.ts";
import { breaches, overflow } from "./support/breaches.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";

// Reviewers speak on the page, and everybody sees on projects and results what they have said and what it decides (REVIEW-1).

const stage = openStage({ prover: simulatedProver(2, () => Promise.resolve()) });
const HOUR = 3_600n;
const REVIEWERS = ["Aiko", "Ben", "Chen"].map((name) => devnetAddress(name));
let round: Address;
let plain: Address;
let panel: Address;
let freezeTime: bigint;

beforeAll(async () => {
  const { chain, newRound } = stage.site;
  freezeTime = (await chain.now()) + 12n * HOUR;
  const organiser = await chain.as("Organiser");
  panel = await deployReviews(organiser, {
    ...{ reviewers: REVIEWERS, quorum: 2n, freezeTime },
    salt: `0x${"07".repeat(32)}`,
  });
  const payoutRule = await deployPayoutRule(organiser, {
    ...{ id: "quadratic", args: [false], qualifier: panel },
  });
  round = await newRound({ salt: "reviewed", settings: { payoutRule } });
  plain = await newRound({ salt: "plain" });
});

const figure = "What Rain Gardens gives back for each 1 that it costs";
const said = async () =>
  (await readReviews(stage.site.chain.read, panel, { reviewers: REVIEWERS }, 8)).map(
    ({ ratios }) => ratios,
  );

describe("REVIEW-1 PAYOUT-4 a panel on the page", () => {
  test("a reviewer says figures, loses nothing by a reload or a refusal, and says them anew", async () => {
    const { page, wallet, leave } = await stage.visit(
      "Aiko",
      at(stage.site.url, round, "review"),
      DESKTOP,
    );
    await page.getByText("You are one of the reviewers.").waitFor();
    const field = page.getByLabel(figure);
    const send = page.getByRole("button", { name: /^Send / });
    for (const [typed, told] of [
      ["much", "Write a number of at least 0"],
      ["-1", "Write a number of at least 0"],
      ["1.2345", "At most three decimals"],
      ["4294967.296", "At most 4294967.295."],
    ] as const) {
      await field.fill(typed);
      await page.getByText(told).waitFor();
      expect(await send.isEnabled(), typed).toBe(false);
    }
    await field.fill("1,5");
    await page.getByText("Read as 1.50.").waitFor();
    await page.getByLabel("What Village Radio gives back for each 1 that it costs").fill("0.9");
    await page.getByLabel("Report on Rain Gardens").setInputFiles({
      ...{ name: "report.txt", mimeType: "text/plain", buffer: Buffer.from("what it did") },
    });
    await page.getByText("report.txt: only its fingerprint is published").waitFor();
    expect({ breaches: await breaches(page), overflow: await overflow(page) }).toEqual({
      breaches: [],
      overflow: 0,
    });
    await page.reload();
    await page.getByText("report.txt: only its fingerprint is published").waitFor();
    expect(await field.inputValue()).toBe("1,5");
    await shoot(page, "review-typed");
    wallet.declineNext(/eth_sendTransaction/);
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Send 2 reviews" });
    await page.getByRole("button", { name: "Send 2 reviews" }).click();
    await shoot(page, "review-sure", false);
    await confirm.click();
    await page.getByText("You declined").first().waitFor();
    await page.getByRole("button", { name: "Send 2 reviews" }).click();
    await confirm.click();
    await page.getByText("Your reviews are on the chain.").waitFor();
    await page.getByText("On the chain you say 1.50.").waitFor();
    expect((await said())[0]).toEqual([1_500n, undefined, undefined]);
    expect((await said())[5]).toEqual([900n, undefined, undefined]);
    // The last word counts; what is as it was is not sent again.
    await page.reload();
    await page.getByText(/2 of \d+ projects have a figure from you/).waitFor();
    await page.getByText("Nothing is new or changed yet.").waitFor();
    await field.fill("2");
    await page.getByRole("button", { name: "Send one review" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send one review" }).click();
    await page.getByText("On the chain you say 2.").waitFor();
    expect((await said())[0]).toEqual([2_000n, undefined, undefined]);
    await leave();
  });

  test("on a phone the bar at the lower edge lies over nothing that has the focus", async () => {
    const { page, leave } = await stage.visit("Chen", at(stage.site.url, round, "review"), PHONE);
    const fields = page.getByLabel(/gives back for each 1 that it costs$/);
    await fields.first().focus();
    await page.getByRole("button", { name: "Send reviews" }).waitFor();
    const covered: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      covered.push(
        ...(await page.evaluate(() => {
          const [focused, bar] = [document.activeElement, document.querySelector(".covers-below")];
          if (focused === null || bar === null || bar.contains(focused)) return [];
          const [own, over] = [focused, bar].map((one) => one.getBoundingClientRect());
          return own !== undefined && over !== undefined && own.bottom > over.top + 1
            ? [focused.outerHTML.slice(0, 80)]
            : [];
        })),
      );
    }
    expect(covered).toEqual([]);
    await leave();
  });

  test("who is not on the panel is told so, and where there is none", async () => {
    const { page, leave } = await stage.visit("Emil", at(stage.site.url, round, "review"), {
      ...PHONE,
      colorScheme: "dark",
    });
    await page.getByText("is not on the panel").waitFor();
    await page.getByText("Reviews: 1 of 3, and 2 needed for a match.").first().waitFor();
    expect(await page.getByLabel(figure).count()).toBe(0);
    expect({ breaches: await breaches(page), overflow: await overflow(page) }).toEqual({
      breaches: [],
      overflow: 0,
    });
    await shoot(page, "review-not-you");
    await page.goto(at(stage.site.url, plain, "review"));
    await page.getByText("This round has no reviewers").waitFor();
    await leave();
  });

  test("everybody sees how many have spoken, the median once they are enough, and what it decides", async () => {
    const { chain, url } = stage.site;
    const by = async (name: string, ...ratios: readonly (readonly [number, number])[]) =>
      review(await chain.as(name), {
        reviews: panel,
        all: ratios.map(([project, sroiMilli]) => ({
          ...{ project, sroiMilli, reportDigest: `0x${"00".repeat(32)}` as const },
        })),
      });
    await by("Ben", [0, 1_250], [5, 800]);
    const { page, leave } = await stage.visit("Emil", at(url, round), PHONE);
    await page.getByText("2 of 3 must have spoken of a project").waitFor();
    const card = (name: string) => page.getByRole("listitem").filter({ hasText: name });
    await card("Rain Gardens")
      .getByText("Reviews: 2 of 3, median 1.25. As things stand it can have a match.")
      .waitFor();
    await card("Village Radio").getByText("median 0.80, below 1. As things stand").waitFor();
    await shoot(page, "review-projects");
    await page.goto(`${at(url, round, "projects")}/0`);
    await page.getByText("median 1.25. As things stand it can have a match.").waitFor();
    await leave();
  });

  test("once the time has come the panel is closed, whatever the page showed before", async () => {
    const { chain, url } = stage.site;
    const { page, leave } = await stage.visit("Chen", at(url, round, "review"), DESKTOP);
    await page.getByLabel(figure).fill("3");
    await page.getByRole("button", { name: "Send one review" }).click();
    await chain.warpTo(freezeTime);
    await page.getByRole("dialog").getByRole("button", { name: "Send one review" }).click();
    await page.getByText("The reviews are closed").waitFor();
    await page.getByText("Reviews closed on").waitFor();
    expect(await page.getByLabel(figure).count()).toBe(0);
    await page.getByText("Reviews: 2 of 3, median 1.25. It qualifies for a match.").waitFor();
    await shoot(page, "review-over");
    await leave();
  });

  test("results say it beside each project", { timeout: 120_000 }, async () => {
    const { chain, url } = stage.site;
    const config = await readRoundConfig(chain, round);
    const votes = new Map([
      [0, 2n],
      [5, 2n],
    ]);
    await giveBeside(chain, { round, by: "Emil", votes });
    await chain.warpTo(config.end);
    await expect
      .poll(async () => (await readProgress(chain.read, round)).phase, {
        ...{ timeout: 100_000, interval: 500 },
      })
      .toMatch(/finalized|disputable/);
    const { page, leave } = await stage.visit("Emil", at(url, round, "results"), DESKTOP);
    const row = (name: string) =>
      page.locator("main li", {
        has: page.getByRole("button", { name: `Pay out to ${name}` }),
      });
    await row("Rain Gardens").getByText("median 1.25. It qualifies for a match.").waitFor();
    await row("Village Radio").getByText("below 1. It has no match.").waitFor();
    await shoot(page, "review-results");
    await leave();
  });
});
