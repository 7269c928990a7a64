import type { Page } from "playwright-core";
import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { readProgress } from "../../src/chain/round.ts";
import { readBallot } from "./support/ballots.ts";
import { breaches, overflow } from "./support/breaches.ts";
import { DESKTOP, openPage, PHONE, shoot } from "./support/browser.ts";
import {
  amountFor,
  at,
  changed,
  makeKey,
  openSealed,
  pressSend,
  sealBallot,
  sealChange,
  sendAndGive,
  thanked,
} from "./support/donor.ts";
import { expectAllReachable, focusedHeading, tabTo } from "./support/keyboard.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";
import { sealedRecords, traces } from "./support/traces.ts";

// One page for the first gift, each change of it and more money. Where a donor is it knows from device and chain, and never from a ballot.
const PASSPHRASE = "nine kites on one string";
const NAMES = ["Rain Gardens", "Village Radio", "Seed Library", "Mangrove Watch"] as const;

const stage = openStage();
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({ salt: "flow" });
});

const here = (page: Page) => page.getByRole("region", { name: "Where you are" });
const isHere = (page: Page, words: string | RegExp) => here(page).getByText(words).waitFor();
const choose = (page: Page, name: string) =>
  page.getByRole("button", { name: `Choose ${name}`, exact: true }).click();
const goOn = (page: Page) => page.getByRole("button", { name: "Continue" }).click();
/** Nothing says what was given for. */
async function expectSilent(page: Page, names: readonly string[] = NAMES): Promise<void> {
  const shown = await page.locator("main").innerText();
  for (const name of names) expect(shown).not.toContain(name);
}

describe("one flow, on a phone in the dark", () => {
  test("first gift, change, more money, second change: from the list each time, without loading the page anew", async () => {
    const visit = await stage.visit("Aiko", at(stage.site.url, round), {
      ...PHONE,
      colorScheme: "dark",
    });
    const { page, wallet, context } = visit;
    const { read } = stage.site.chain;
    await page.evaluate(() => Object.assign(globalThis, { isSame: true }));
    const fits = async (name: string) => {
      await shoot(page, `flow-${name}`);
      expect([name, await breaches(page), await overflow(page)]).toEqual([name, [], 0]);
    };

    await page.getByRole("link", { name: "My gift", exact: true }).click();
    await isHere(page, /^0x\w+…\w+ has not given to this round\.$/);
    await fits("nothing");
    await page.getByRole("link", { name: "Choose projects" }).click();
    await sealBallot(page, { "Rain Gardens": "9" }, PASSPHRASE);
    await isHere(page, "Your ballot is sealed, but not all of it is on the chain yet.");
    await fits("sealed");
    await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
    await expectSilent(page);
    expect(await readBallot(stage.site, round, "Aiko")).toEqual(new Map([[0, 30n]]));

    await page.getByRole("link", { name: "Back to the projects" }).click();
    await choose(page, "Village Radio");
    await page.getByRole("link", { name: "Change my gift" }).click();
    await isHere(page, /has given 9 TEST to this round\.$/);
    // Of the ballot before nothing is there: the plan is what was marked since.
    await expectSilent(page, ["Rain Gardens 9"]);
    expect(await page.getByRole("textbox").count()).toBe(1);
    await amountFor(page, "Village Radio").fill("9");
    await fits("change");
    await goOn(page);
    await fits("change-key");
    await sealChange(page, wallet, { passphrase: PASSPHRASE, other: "Emil" });
    await fits("changed");
    await expectSilent(page);

    await wallet.choose("Aiko");
    await page.getByRole("link", { name: "Back to the projects" }).click();
    await choose(page, "Seed Library");
    await choose(page, "Mangrove Watch");
    await page.getByRole("link", { name: "Change my gift" }).click();
    await amountFor(page, "Seed Library").fill("9");
    await amountFor(page, "Mangrove Watch").fill("4");
    await page.getByText("That takes 4 TEST more than you have given.").waitFor();
    await goOn(page);
    await page.getByRole("heading", { name: "Add money" }).waitFor();
    await page.getByRole("button", { name: /^Add 4 TEST from 0x/ }).waitFor();
    await fits("add");
    // Pressed twice before the page can answer, it is paid once.
    const add = page.getByRole("button", { name: /^Add 4 TEST from 0x/ });
    await add.click({ trial: true }); // the gate has answered
    await add.evaluate((button: HTMLElement) => (button.click(), button.click()));
    await page.getByText("Added.").waitFor();
    await isHere(page, /has given 13 TEST to this round\.$/);
    expect((await readProgress(read, round)).totalCredits).toBe(1_300n);
    await fits("added");
    // Money alone changes no ballot.
    expect((await readBallot(stage.site, round, "Aiko")).size).toBe(1);
    await sealChange(page, wallet, { passphrase: PASSPHRASE, other: "Emil" });
    await expectSilent(page);
    const votes = [...(await readBallot(stage.site, round, "Aiko")).values()];
    expect(votes.map(Number).sort()).toEqual([20, 30]);
    expect((await readProgress(read, round)).contributions).toBe(1);

    expect(await page.evaluate(() => "isSame" in globalThis)).toBe(true);
    expect(await sealedRecords(page)).toBe(0);
    expect(await traces(context, visit, [PASSPHRASE, ...NAMES])).toEqual([]);
    await visit.leave();
  });

  test("whoever comes back with a wrong passphrase sees the same at every step", async () => {
    const texts: string[][] = [];
    for (const passphrase of [PASSPHRASE, "ten kites on one string"]) {
      const { page, wallet, leave } = await stage.visit(
        "Aiko",
        at(stage.site.url, round, "gift"),
        PHONE,
      );
      const seen: string[] = [];
      const look = async () =>
        seen.push(
          (await page.locator("main").innerText())
            .replace(/\d+ (hours?|minutes?)/g, "")
            .replace(/0x\w+…\w+/g, ""),
        );
      await isHere(page, /has given 13 TEST/);
      await look();
      await page.getByLabel("Add a project").selectOption({ label: "Mangrove Watch" });
      await amountFor(page, "Mangrove Watch").fill("4");
      await goOn(page);
      await look();
      await sealChange(page, wallet, { passphrase, other: "Emil" });
      await look();
      texts.push(seen);
      await leave();
    }
    expect(texts[1]).toEqual(texts[0]);
  });
});

describe("each place", () => {
  test("no account: it says that it cannot know, and a plan can be made all the same", async () => {
    const context = await stage.browser.newContext(DESKTOP);
    const { page, errors } = await openPage(context, at(stage.site.url, round, "gift"));
    await isHere(page, "No account is connected yet.");
    await page.getByText("No project chosen yet").waitFor();
    await shoot(page, "flow-stranger");
    await page.getByRole("link", { name: "Choose projects" }).click();
    await choose(page, "Seed Library");
    await page.getByRole("link", { name: "Give", exact: true }).click();
    await amountFor(page, "Seed Library").fill("4");
    await isHere(page, "No account is connected yet.");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("an account that has given, connected to a plan: the plan becomes that of a change", async () => {
    const { page, wallet, leave } = await stage.visit("Ben", at(stage.site.url, round), DESKTOP);
    await choose(page, "Seed Library");
    await page.getByRole("link", { name: "Give", exact: true }).click();
    await isHere(page, /has not given to this round/);
    await amountFor(page, "Seed Library").fill("4");
    await wallet.choose("Aiko");
    await isHere(page, /has given 13 TEST to this round\.$/);
    expect(await amountFor(page, "Seed Library").inputValue()).toBe("4");
    await wallet.choose("Ben");
    await isHere(page, /has not given to this round/);
    expect(await amountFor(page, "Seed Library").inputValue()).toBe("4");
    await leave();
  });

  test("sealed and not sent, then sent and not given, over reloads; then given, and a second gift beside it", async () => {
    const { page, wallet, leave } = await stage.visit("Ben", at(stage.site.url, round), DESKTOP);
    await sealBallot(page, { "Seed Library": "4" }, PASSPHRASE);
    await page.reload();
    await page.getByText("Something is prepared on this device").waitFor();
    // What is sealed opens without the passphrase, so nothing beside the wallet's signature is spoken of.
    await page.getByText("Your wallet signs a fixed text; it costs nothing.").waitFor();
    expect(await page.getByText("With the passphrase").count()).toBe(0);
    await openSealed(page);
    await isHere(page, "Your ballot is sealed, but not all of it is on the chain yet.");
    await isHere(page, "The ballot goes out first. The gift is paid only after it.");
    await wallet.choose("Emil");
    await pressSend(page);
    await isHere(page, "Your sealed ballot is on the chain, and your gift is not.");
    await isHere(page, "Without the gift the ballot has no effect.");
    await shoot(page, "flow-sent");
    await wallet.choose("Ben");
    await page.getByRole("button", { name: /^Give from 0x/ }).click();
    await thanked(page);
    await page.getByRole("button", { name: "Change my gift" }).click();
    await isHere(page, /has given 4 TEST to this round\.$/);
    // A gift of its own is possible where the gate takes it, and called what it is.
    const another = page.getByRole("button", { name: /^Give once more instead/ });
    expect(await another.count()).toBe(0);
    await page.getByLabel("Add a project").selectOption({ label: "Village Radio" });
    await amountFor(page, "Village Radio").fill("1");
    await another.click();
    await isHere(page, "What you plan here is another gift");
    await page.getByText("This account may take part and has enough.").waitFor();
    await page.getByRole("button", { name: "Change the gift that I made instead" }).click();
    await isHere(page, "A new one replaces it as a whole.");
    await leave();
  });

  test("a changed ballot sealed and not sent", async () => {
    const { page, wallet, leave } = await stage.visit(
      "Ben",
      at(stage.site.url, round, "gift"),
      DESKTOP,
    );
    await page.getByLabel("Add a project").selectOption({ label: "Village Radio" });
    // What is typed and too small is no amount that is missing.
    const none = page.getByText("No amount yet");
    await none.waitFor();
    await amountFor(page, "Village Radio").fill("0.001");
    await page.getByText("Too small for a vote: at least 0.01 TEST.").waitFor();
    expect(await none.count()).toBe(0);
    await amountFor(page, "Village Radio").fill("4");
    await goOn(page);
    const made = await makeKey(page, PASSPHRASE, { first: false });
    // A step back to the amounts, and the key is still shown with what can be done with it.
    await page.getByRole("button", { name: "Change the amounts" }).click();
    await goOn(page);
    const picture = page.getByRole("img", { name: "The picture of your key" });
    expect(await picture.innerHTML({ timeout: 5_000 })).toBe(made);
    expect(await page.getByLabel("Passphrase", { exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await isHere(page, "A new ballot is sealed, but not all of it is on the chain yet.");
    await isHere(page, "Until it is, it changes nothing.");
    await expectSilent(page);
    await wallet.choose("Emil");
    await pressSend(page);
    await changed(page);
    await leave();
  });

  test("not open yet, and closed", async () => {
    const { chain, newRound, url } = stage.site;
    const later = await newRound({
      salt: "flow later",
      settings: { start: (await chain.now()) + 7_200n, end: (await chain.now()) + 90_000n },
    });
    const { page, leave } = await stage.visit("Chen", at(url, later, "gift"), DESKTOP);
    await isHere(page, "The round is not open yet");
    const short = await newRound({ salt: "flow short" });
    await page.goto(at(url, short));
    await sealBallot(page, { "Seed Library": "4" }, PASSPHRASE);
    await chain.warpTo((await readRoundConfig(chain, short)).end);
    await page.getByText("This round takes no more gifts").waitFor();
    await page.getByRole("button", { name: "Forget what is prepared" }).click();
    await isHere(page, "This round takes no more gifts");
    await isHere(page, "Ballots cannot be changed any more.");
    expect(await page.locator("main input, main select").count()).toBe(0);
    await shoot(page, "flow-closed");
    await leave();
  });
});

test("a change, from the list to the seal, by keyboard alone", async () => {
  const own = await stage.site.newRound({ salt: "flow keyboard" });
  const { page, wallet, leave } = await stage.visit("Dalia", at(stage.site.url, own), DESKTOP);
  await sealBallot(page, { "Seed Library": "4" }, PASSPHRASE);
  await sendAndGive(page, wallet, { donor: "Dalia", other: "Emil" });
  const { keyboard } = page;
  const press = async (name: RegExp) => (await tabTo(page, name), keyboard.press("Enter"));
  const comesTo = (title: string) =>
    expect.poll(() => focusedHeading(page), { timeout: 20_000 }).toBe(title);
  await press(/^ *Back to the projects/);
  await press(/^ *Choose Village Radio/);
  await press(/^ *Change my gift/);
  await isHere(page, /has given 4 TEST/);
  await tabTo(page, /Amount for Village Radio/);
  await keyboard.type("9");
  await expectAllReachable(page, "the new ballot");
  await press(/^ *Continue *$/);
  await comesTo("Add money");
  await expectAllReachable(page, "adding money");
  await press(/^ *Add 5 TEST from/);
  await comesTo("Your passphrase");
  await tabTo(page, /^ *Passphrase/);
  await keyboard.type(PASSPHRASE);
  await press(/^ *Make my key/);
  await page.getByRole("img", { name: "The picture of your key" }).waitFor();
  await expectAllReachable(page, "the key");
  await press(/^ *Seal my ballot/);
  await comesTo("Send the sealed ballot");
  await leave();
});
