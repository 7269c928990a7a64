import { afterAll, beforeAll, expect, test } from "vitest";
import type { Address } from "viem";
import { readProgress } from "../../src/chain/round.ts";
import { describeUnless } from "../helpers/unless.ts";
import { at } from "./support/donor.ts";
import { firefox, webkit, type OtherBrowser } from "./support/other_browsers.ts";
import { readRoundConfig, startSite, type TestSite } from "./support/site.ts";

// The donor's and the sceptic's path in browsers that are not Chromium, where they are installed: Firefox and WebKit, the engine of Safari. The page's own sandbox accounts stand in for a wallet.

const PATIENCE_MS = 60_000;

for (const kind of [firefox, webkit])
  describeUnless(kind.missing, `in ${kind.name}`, () => {
    let site: TestSite;
    let browser: OtherBrowser;
    let round: Address;
    beforeAll(async () => {
      [site, browser] = await Promise.all([startSite(), kind.start()]);
      round = await site.newRound({ salt: kind.name });
    });
    afterAll(async () => {
      await browser?.close();
      await site?.close();
    });

    /** Waits until an expression in the page is true; else tells what stood there. */
    const until = async (expression: string) => {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
        const found = await browser.ask(expression).catch(() => false); // between two documents
        if (found === true) return;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      throw new Error(
        `never: ${expression}\n${String(await browser.ask("document.body.innerText"))}`,
      );
    };
    const isShown = (text: string) =>
      until(`document.body.innerText.includes(${JSON.stringify(text)})`);
    /** A button or link by its whole name, or by its beginning where that ends in "…". */
    const named = (name: string) => {
      const [text, isWhole] = [JSON.stringify(name.replace(/…$/, "")), !name.endsWith("…")];
      return `[...document.querySelectorAll("button, a")].findLast((one) => { const name = (one.getAttribute("aria-label") ?? one.innerText).trim(); return !one.disabled && (${isWhole} ? name === ${text} : name.startsWith(${text})); })`;
    };
    const press = async (name: string) => {
      await until(`${named(name)} !== undefined`);
      await browser.ask(`(${named(name)}.click(), true)`);
    };
    /** Types into what has this label: React hears of nothing but the event. */
    const fill = async (label: string, value: string) => {
      const field = `[...document.querySelectorAll("input")].find((one) => [one.getAttribute("aria-label"), ...[...one.labels].map((label) => label.textContent)].some((text) => text?.trim() === ${JSON.stringify(label)}))`;
      await until(`${field} !== undefined`);
      await browser.ask(
        `((field) => { Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, ${JSON.stringify(value)}); field.dispatchEvent(new Event("input", { bubbles: true })); return true; })(${field})`,
      );
    };

    test("a donor gives, the round is counted, and a sceptic rechecks it", async () => {
      await browser.open(at(site.url, round));
      await press("Choose Seed Library");
      await press("Connect wallet");
      await press("Aiko…");
      await until(`${named("Account 0x…")} !== undefined`);
      await press("Give");
      await fill("Amount for Seed Library in TEST", "4");
      await isShown("This account may take part and has enough.");
      await press("Continue");
      await fill("Passphrase", "a bridge at night");
      await fill("Passphrase once more", "a bridge at night");
      await press("Make my key");
      await press("Seal my ballot");
      await isShown("Switch away from");
      await press("Account 0x…");
      await press("Emil…");
      await press("Send from 0x…");
      await isShown("Switch back to");
      await press("Account 0x…");
      await press("Aiko…");
      await press("Give from 0x…");
      await isShown("Thank you. Your gift is in.");
      expect((await readProgress(site.chain.read, round)).totalCredits).toBe(400n);
      await site.chain.warpTo((await readRoundConfig(site.chain, round)).end);
      await expect
        .poll(async () => (await readProgress(site.chain.read, round)).phase, {
          timeout: PATIENCE_MS,
          interval: 1_000,
        })
        .toBe("finalized");
      await browser.open(`${site.url}/verify.html#/31337/${round}`);
      await press("Check this round");
      await isShown("The result follows from the proofs, but the keys are development keys.");
      expect(
        await browser.ask(
          `[...document.querySelectorAll("main li")].filter((one) => one.innerText.includes("✓")).length`,
        ),
      ).toBe(9);
    });
  });
