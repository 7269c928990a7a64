import { toHex, type Address, type Hex } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { projectHref } from "../../frontend/src/router.ts";
import { createRegistry, createRound } from "../../src/chain/create_round.ts";
import { defaultSettings } from "../../src/chain/default_settings.ts";
import { publishDocuments } from "../../src/chain/documents.ts";
import { addProjects } from "../../src/chain/projects.ts";
import { deployAt } from "../../src/chain/deploy.ts";
import { reentrantGateBytecode } from "../../src/chain/generated/bytecode.ts";
import { encodeDocument } from "../../src/metadata/canonical.ts";
import { encodeProjectDocument, writeProjectDocument } from "../../src/metadata/documents.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";
import { plainText } from "../../src/readers/text.ts";
import { preseeding } from "../attacks/support/preseeded.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { DESKTOP, PHONE, openPage, shoot } from "./support/browser.ts";
import { at, fillAmounts } from "./support/donor.ts";
import { expectRefused } from "./support/refused.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";

// Links to contracts that only look like a round: the page says what is missing, and shows nothing that can be pressed. And a round that the
// factory did make, whose organiser means harm with words.

const stage = openStage();
let round: Address;
let code: Hex;
beforeAll(async () => {
  round = await stage.site.newRound({
    salt: "genuine",
    coordinatorKey: generateCoordinatorKeyPair().publicKey,
  });
  code = (await stage.site.chain.read.getCode({ address: round })) as Hex;
});

/** A contract with the round's code that its factory did not make. */
async function counterfeit(): Promise<Address> {
  const { wallet, read } = await stage.site.chain.as("organiser");
  const hash = await wallet.sendTransaction({
    data: preseeding(code, {}),
    account: wallet.account,
    chain: null,
  });
  return (await read.waitForTransactionReceipt({ hash })).contractAddress as Address;
}

describe("PROV-2 what the factory did not make", () => {
  test.each(["projects", "gift", "results", "organise"] as const)(
    "a counterfeit is not shown: %s",
    async (view) => {
      const context = await stage.browser.newContext(view === "gift" ? PHONE : DESKTOP);
      const watched = await openPage(context, at(stage.site.url, await counterfeit(), view));
      await expectRefused(watched, "whoever did may have prepared it");
      if (view === "gift") await shoot(watched.page, "foreign-round");
      await context.close();
    },
  );

  test("nor confirmed by the verifier, which is a page of its own", async () => {
    const context = await stage.browser.newContext(DESKTOP);
    const address = `${stage.site.url}/verify.html#/31337/${await counterfeit()}`;
    const { page, errors } = await openPage(context, address);
    await page.getByRole("button", { name: "Check this round" }).click();
    await page.getByRole("heading", { name: "The result could not be confirmed." }).waitFor();
    expect(await page.locator("main li", { hasText: "✗" }).allInnerTexts()).toEqual([
      expect.stringContaining("whoever did may have prepared it"),
    ]);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("nor a contract of another kind, nor an address without one", async () => {
    for (const [address, why] of [
      [stage.site.token, "not a round of this version"],
      ["0x000000000000000000000000000000000000dEaD", "There is no contract"],
    ] as const) {
      const context = await stage.browser.newContext(DESKTOP);
      await expectRefused(await openPage(context, at(stage.site.url, address as Address)), why);
      await context.close();
    }
  });

  test("the genuine one is shown", async () => {
    const context = await stage.browser.newContext(PHONE);
    const { page, errors } = await openPage(context, at(stage.site.url, round));
    await page.getByRole("button", { name: "Choose Seed Library", exact: true }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("PROV-6 what is not this version's", () => {
  test("is named where donors decide what to give", async () => {
    const { chain } = stage.site;
    const gate = await deployAt(
      await chain.as("Organiser"),
      "ReentrantGate",
      reentrantGateBytecode,
    );
    const other = await stage.site.newRound({
      salt: "foreign gate",
      gate,
      coordinatorKey: generateCoordinatorKeyPair().publicKey,
    });
    for (const [address, shown] of [
      [other, 1],
      [round, 0],
    ] as const) {
      const context = await stage.browser.newContext(PHONE);
      const { page, errors } = await openPage(context, at(stage.site.url, address));
      await fillAmounts(page, { "Seed Library": "4" });
      await page.getByText("Amount", { exact: false }).first().waitFor();
      expect(await page.getByText("a gate that this version does not know").count()).toBe(shown);
      expect(errors).toEqual([]);
      await context.close();
    }
  });
});

describe("what a round's organiser chose to do harm with", () => {
  /** A contract with this code. */
  async function deployCode(code: Hex): Promise<Address> {
    const { wallet, read } = await stage.site.chain.as("organiser");
    const data = preseeding(code, {});
    const hash = await wallet.sendTransaction({ data, account: wallet.account, chain: null });
    return (await read.waitForTransactionReceipt({ hash })).contractAddress as Address;
  }

  async function makeRound(
    salt: string,
    parts: {
      readonly token?: Address;
      readonly registry: Address;
      readonly start?: bigint;
      readonly end?: bigint;
    },
  ): Promise<Address> {
    const { chain, deployment, token } = stage.site;
    const organiser = await chain.as("Organiser");
    const owner = organiser.wallet.account.address;
    const start = (await chain.now()) + 100n;
    const key = generateCoordinatorKeyPair().publicKey;
    const made = await createRound(organiser, {
      factory: deployment.factory,
      salt: toHex(salt, { size: 32 }),
      settings: defaultSettings({
        organiser: owner,
        coordinator: owner,
        coordinatorKeyX: key.x,
        coordinatorKeyY: key.y,
        token,
        shareLeftovers: false,
        unit: 10n ** 16n,
        start,
        end: start + 90_000n, // after any registry here freezes
        gate: deployment.openGate,
        payoutRule: deployment.payoutRules.return,
        tallyBase: 3600,
        cancelNotice: 0,
        ...parts,
      }),
    });
    return made.round;
  }

  test("more rounds than fit, of tokens that never end: each spoils its own card, and the honest one is reached", async () => {
    // A loop, whatever is asked: it reads one empty slot after another, which takes all gas in a hundredth of the steps of a bare jump.
    const endless = await deployCode("0x60005b600101805450600256");
    const { registry } = await readRoundConfig(stage.site.chain, round);
    for (let i = 0; i < 13; i++) await makeRound(`endless ${i}`, { token: endless, registry });
    const context = await stage.browser.newContext(DESKTOP);
    const { page, errors } = await openPage(context, `${stage.site.url}/`);
    await page.getByRole("button", { name: "Show older rounds" }).click();
    await page.locator(`a[href*="${round}"]`).waitFor();
    await page.getByText("cannot be shown").nth(12).waitFor();
    await shoot(page, "hostile-rounds");
    // The cards tell what is wrong; nothing went wrong that nobody awaited.
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a round of a time that no calendar has spoils neither the list nor its own page", async () => {
    const { registry } = await readRoundConfig(stage.site.chain, round);
    const late = { start: (1n << 64n) - 2n, end: (1n << 64n) - 1n };
    const far = await makeRound("far", { registry, ...late });
    const context = await stage.browser.newContext(PHONE);
    const { page, errors } = await openPage(context, `${stage.site.url}/`);
    await page.locator(`a[href*="${far}"]`).waitFor();
    await openPage(context, at(stage.site.url, far)).then(async (own) => {
      await own.page.getByText("275760").first().waitFor();
      expect(own.errors).toEqual([]);
    });
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a defect of the page's own in one card takes no other card with it", async () => {
    const context = await stage.browser.newContext(DESKTOP);
    // As if the page could not write the time of the round above.
    await context.addInitScript(() => {
      const { prototype } = Intl.DateTimeFormat;
      const { get } = Object.getOwnPropertyDescriptor(prototype, "format") as {
        get: () => (date: Date) => string;
      };
      Object.defineProperty(prototype, "format", {
        get() {
          const format = get.call(this);
          return (date: Date) => {
            if (Number(date) > 8e15) throw new RangeError("a defect");
            return format(date);
          };
        },
      });
    });
    const { page } = await openPage(context, `${stage.site.url}/`);
    await page
      .locator(`a[href*="${round}"], button:has-text("Show older rounds")`)
      .first()
      .waitFor();
    await page.getByText("cannot be shown").first().waitFor();
    await context.close();
  });

  test("a registry of more projects than a round can have: said, and nothing is asked without end", async () => {
    const many = await deployCode("0x6201000160005260206000f3"); // 65,537, whatever is asked
    const context = await stage.browser.newContext(DESKTOP);
    const { page, requests, errors } = await openPage(
      context,
      at(stage.site.url, await makeRound("many projects", { registry: many })),
    );
    await page.getByText("list of projects cannot be right").waitFor();
    expect(await page.locator("main").getByRole("textbox").count()).toBe(0);
    const asked = requests.length;
    await page.waitForTimeout(2_000);
    expect(requests.length - asked).toBeLessThan(10); // the round's progress alone
    expect(errors).toEqual([]);
    await context.close();
  });

  test("marks piled on one letter, a megabyte of them, hold nothing up", () => {
    const piled = `a${"\u0315\u0300".repeat(80_000)}`;
    expect(plainText(piled, 120)).toMatch(/^[a\u00e0]\p{M}{0,3}$/u);
  }, 5_000);

  test("names that are not what they look like: what would turn, hide or pile letters is gone, a link says where it leads", async () => {
    const { chain, deployment } = stage.site;
    const organiser = await chain.as("Organiser");
    const owner = organiser.wallet.account.address;
    const start = (await chain.now()) + 100n;
    const { registry } = await createRegistry(organiser, {
      factory: deployment.factory,
      owner,
      freezeTime: start + 1000n,
    });
    const honest = writeProjectDocument({
      name: "V\u0456llage Radio",
      contentURI: "https://v\u0456llage.example/",
    });
    // What the library refuses to write somebody else's program may have written.
    const hostile = { ...honest, contentURI: "https://tacit.example@evil.example/x" };
    const texts = [encodeProjectDocument(honest), encodeDocument(hostile)];
    await publishDocuments(organiser, deployment.documents, texts);
    await addProjects(organiser, {
      registry,
      projects: [
        "Se\u200bed \u202eyrarbiL\u202c",
        "a\u0300\u0301\u0302\u0303\u0304\u0305 \u3164",
        ...texts.map((text) => toReference(digestDocument(text))),
      ].map((metadataURI) => ({ recipient: owner, metadataURI })),
    });
    const named = await makeRound("names", { registry });

    const context = await stage.browser.newContext(DESKTOP);
    const { page, errors } = await openPage(context, `${stage.site.url}/`);
    await page.goto(at(stage.site.url, named));
    const main = page.locator("main");
    await main.getByRole("heading", { name: "Seed yrarbiL", exact: true }).waitFor();
    expect(await main.innerText()).not.toMatch(/[\u200b\u202a-\u202e\u2066-\u2069\u3164]/);
    expect(await main.innerText()).not.toMatch(/\p{M}{4}/u);
    expect(await main.getByText("letters of alphabets that look alike").count()).toBe(1);
    expect(await main.locator("a[target=_blank]").count()).toBe(0);
    await shoot(page, "hostile-names");
    // Where a link leads stands beside it.
    await page.goto(`${stage.site.url}/${projectHref(31337, named, 2)}`);
    await main.getByRole("link", { name: "Website" }).waitFor();
    await main.getByText("(xn--vllage-pvf.example)", { exact: true }).waitFor();
    await page.goto(`${stage.site.url}/${projectHref(31337, named, 3)}`);
    await main.getByText("Number 3 of the round's list").waitFor();
    expect(await main.innerText()).not.toContain("evil.example");
    expect(await main.locator("a[target=_blank]").count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });
});
