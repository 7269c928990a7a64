import type { Address, Hex } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { deployAt } from "../../src/chain/deploy.ts";
import { reentrantGateBytecode } from "../../src/chain/generated/bytecode.ts";
import { preseeding } from "../attacks/support/preseeded.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { DESKTOP, PHONE, openPage, shoot, type Watched } from "./support/browser.ts";
import { at, fillAmounts } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

// Links to contracts that only look like a round, and a node that shows another round than there is: the page says what is missing, and
// shows nothing that can be pressed.

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

async function expectRefused({ page, errors }: Watched, why: string): Promise<void> {
  await page.getByText("This is not a round that this page can vouch for.").waitFor();
  await page.getByText(why).waitFor();
  expect(await page.locator("main").getByRole("button").allInnerTexts()).toEqual(["Try again"]);
  expect(await page.locator("main").getByRole("textbox").count()).toBe(0);
  expect(await page.locator("main").getByRole("link").count()).toBe(0);
  expect(errors).toEqual([]);
}

describe("PROV-2 what the factory did not make", () => {
  test.each(["projects", "give", "change", "results", "verify", "organise"] as const)(
    "a counterfeit is not shown: %s",
    async (view) => {
      const context = await stage.browser.newContext(view === "give" ? PHONE : DESKTOP);
      const watched = await openPage(context, at(stage.site.url, await counterfeit(), view));
      await expectRefused(watched, "whoever did may have prepared it");
      if (view === "give") await shoot(watched.page, "foreign-round");
      await context.close();
    },
  );

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

  test("a node that shows the round with another coordinator's key reads no ballot: there is no form for one", async () => {
    const forged = `${code.slice(0, 2 + 2 * (45 + 64))}${"07".padStart(64, "0")}${code.slice(2 + 2 * (45 + 96))}`;
    const context = await stage.browser.newContext(PHONE);
    await context.route("**/rpc", async (route) => {
      const answer = await (
        await fetch(`${stage.site.url}/rpc`, {
          method: "POST",
          body: route.request().postData() ?? "",
        })
      ).text();
      await route.fulfill({
        status: 200,
        contentType: "application/json",
        body: answer.replaceAll(code, forged),
      });
    });
    await expectRefused(
      await openPage(context, at(stage.site.url, round, "give")),
      "whoever did may have prepared it",
    );
    await context.close();
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
