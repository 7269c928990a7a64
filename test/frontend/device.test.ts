import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import type { Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noWindow, openProfile, startDisplay } from "../../scripts/pipeline/chromium.ts";
import { readProgress } from "../../src/chain/round.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { describeUnless } from "../helpers/unless.ts";
import { connect, openPage, shoot } from "./support/browser.ts";
import { openedWithKeysBeside, readableIn, textsOf } from "./support/device.ts";
import {
  at,
  changed,
  fillAmounts,
  openSealed,
  pressGive,
  pressSend,
  sentOut,
  thanked,
} from "./support/donor.ts";
import { startSite, type TestSite } from "./support/site.ts";
import { addWallet, type TestWallet } from "./support/wallet.ts";

// A whole gift in a browser as people have it, with a window and a profile on the disk, that is reloaded and killed at every step. Then the bytes
// of the profile are searched, and every ciphertext in it is tried with everything that could be its key.

/** Chance words, so that no dictionary or cache of the browser has them. */
const PASSPHRASE = "quvexil brontagu mizzaplen";
const OTHER = "jorvenda hupplix waskelo";
const GIFTS = { "Rain Gardens": "1837.21", "Village Radio": "904.64" };
const SECRETS = [PASSPHRASE, OTHER, ...Object.keys(GIFTS), ...Object.values(GIFTS), "1711.69"];

describeUnless(noWindow(), "the profile of a browser with a window", () => {
  let site: TestSite;
  let display: Awaited<ReturnType<typeof startDisplay>>;
  let folder: string;
  let round: Address;
  beforeAll(async () => {
    [site, display] = await Promise.all([startSite(), startDisplay()]);
    round = await site.newRound({
      salt: "device",
      coordinatorKey: generateCoordinatorKeyPair().publicKey,
    });
    folder = await mkdtemp(path.join(os.tmpdir(), "tacit-profile-"));
  });
  afterAll(async () => {
    display?.stop();
    await site?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  let context: BrowserContext;
  let kill: () => void;
  let page: Page;
  let wallet: TestWallet;

  /** The browser on the profile, as it was left, with the page in a tab and a wallet on an account. */
  async function begin(account: string, view: "projects" | "gift" = "gift") {
    ({ context, kill } = await openProfile(folder, display.name));
    wallet = await addWallet(context, site.chain, account);
    ({ page } = await openPage(context, at(site.url, round, view)));
    await connect(page);
  }
  /** The browser dies without a chance to tidy up. */
  async function crash() {
    await page.waitForTimeout(1_500); // until it has written what it writes after a pause
    const closed = context.waitForEvent("close");
    kill();
    await closed;
  }
  /** `tried`: what cannot be read is tried with whatever lies beside it, too. */
  async function expectNothing(when: string, tried = false) {
    const texts = await textsOf(folder);
    expect(
      texts.some(({ file }) => /IndexedDB/.test(file)),
      "the profile was found",
    ).toBe(true);
    expect.soft([when, readableIn(texts, SECRETS)]).toEqual([when, []]);
    if (tried) expect.soft([when, openedWithKeysBeside(texts)]).toEqual([when, []]);
  }
  /** With keys, as a hand does it. */
  async function type(label: string, text: string) {
    await page.getByLabel(label, { exact: true }).click();
    await page.keyboard.type(text);
  }
  async function plan() {
    await fillAmounts(page, GIFTS);
    await page.getByRole("button", { name: "Continue" }).click();
  }
  async function typePassphrase(passphrase: string) {
    await type("Passphrase", passphrase);
    await type("Passphrase once more", passphrase);
  }

  test("a whole gift and a changed ballot, reloaded and killed at every step: no choice, passphrase or code can be read, nor opened", async () => {
    await begin("Aiko", "projects");
    const internals = await context.newPage();
    await internals.goto("chrome://password-manager-internals/");
    await page.bringToFront();

    // The plan and the passphrase, each left in the middle.
    await plan();
    await page.reload();
    await page.goto(at(site.url, round));
    await plan();
    await typePassphrase(PASSPHRASE);
    const log = await internals.locator("body").innerText();
    expect(log).toContain("SendPasswordForms"); // it watches, and sees nothing to save
    expect.soft(log.match(/PENDING_PASSWORD_STATE|ProvisionallySaveForm|type=password/)).toBeNull();
    await crash();
    await expectNothing("killed while the passphrase stood there");

    await begin("Aiko", "projects");
    await plan();
    await page.getByRole("tab", { name: "Backup code" }).click();
    await page.getByRole("button", { name: "Make a code" }).click();
    const code = await page.getByRole("textbox", { name: "Backup code" }).inputValue();
    SECRETS.push(code, code.split(" ").slice(0, 3).join(" "));
    await page.getByRole("tab", { name: "Wallet signature" }).click();
    await typePassphrase(PASSPHRASE);
    await page.getByRole("button", { name: "Show what is typed" }).first().click();
    await shoot(page, "device-passphrase");
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByRole("img", { name: "The picture of your key" }).waitFor();
    await crash();
    await expectNothing("killed when the key was made");

    await begin("Aiko", "projects");
    await plan();
    await typePassphrase(PASSPHRASE);
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await page.getByText("Switch away from").waitFor();
    await crash();
    await expectNothing("killed when the ballot was sealed", true);

    await begin("Aiko");
    await openSealed(page);
    await page.getByText("Switch away from").waitFor();
    await wallet.choose("Emil");
    await pressSend(page);
    await sentOut(page);
    await crash();
    await expectNothing("killed when the ballot was sent");

    await begin("Aiko");
    await openSealed(page);
    await pressGive(page);
    await expect
      .poll(async () => (await readProgress(site.chain.read, round)).contributions)
      .toBe(1);
    await crash();
    await expectNothing("killed when the gift was made");

    await begin("Aiko");
    await openSealed(page);
    await thanked(page);

    // A changed ballot, closed as usual; then the browser is opened twice more, which lets it tidy its files up.
    await page.getByRole("link", { name: "My gift", exact: true }).click();
    await page.getByLabel("Add a project").selectOption({ label: "Mangrove Watch" });
    await page.getByLabel("Amount for Mangrove Watch").fill("1711.69");
    await page.getByRole("button", { name: "Continue" }).click();
    await type("Passphrase", PASSPHRASE);
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await page.getByText("Any account may send it").waitFor();
    await wallet.choose("Emil");
    await pressSend(page);
    await changed(page);
    await context.close();
    await expectNothing("closed", true);
    for (const when of ["opened again", "and once more"]) {
      await begin("Aiko");
      await context.close();
      await expectNothing(when, when === "and once more");
    }
  });
});
