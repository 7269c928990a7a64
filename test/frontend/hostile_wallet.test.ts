import type { Page } from "playwright-core";
import { parseSignature, serializeSignature, type Address, type Hex } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { devnetAccount } from "../../src/devnet/chain.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { PHONE } from "./support/browser.ts";
import { at, fillAmounts, makeKey } from "./support/donor.ts";
import { openStage, type Visit } from "./support/stage.ts";

// A wallet that lies or is only made differently: no key may come of it that its owner could not make again.

/** Of the group of secp256k1, in which wallets sign. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const PASSPHRASE = "eleven ferry lamp north";

const stage = openStage();
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({
    salt: "hostile wallet",
    coordinatorKey: generateCoordinatorKeyPair().publicKey,
  });
});

async function toKey(name: string): Promise<Visit> {
  const visit = await stage.visit(name, at(stage.site.url, round), PHONE);
  await fillAmounts(visit.page, { "Seed Library": "4" });
  await visit.page.getByRole("button", { name: "Continue" }).click();
  return visit;
}

async function typePassphrase(page: Page): Promise<void> {
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByLabel("Passphrase once more").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Make my key" }).click();
}

const parts = (signature: Hex) => parseSignature(signature);
/** As valid as the one that it is made from, and another. */
function other(signature: Hex): Hex {
  const { r, s, yParity } = parts(signature);
  const negated = `0x${(ORDER - BigInt(s)).toString(16).padStart(64, "0")}` as const;
  return serializeSignature({ r, s: negated, yParity: 1 - yParity });
}

describe("what a wallet signs", () => {
  test.each<[string, () => (signature: Hex, text: Hex) => Hex | Promise<Hex>]>([
    [
      "differently each time",
      () => {
        let count = 0;
        return (signature) => (count++ % 2 === 0 ? signature : other(signature));
      },
    ],
    [
      "as another account",
      () => (_, text) => devnetAccount("Emil").signMessage({ message: { raw: text } }),
    ],
    [
      "as a contract that is not there yet",
      () => (signature) => `${signature}${"6492".repeat(16)}`,
    ],
    ["not at all", () => () => "0x"],
  ])("%s: no key comes of it, and a backup code is offered", async (_, liar) => {
    const { page, wallet, leave } = await toKey("Aiko");
    wallet.signAs(liar());
    await typePassphrase(page);
    await page.getByText("No key can be made from what this wallet signs").waitFor();
    expect(await page.getByRole("img", { name: "The picture of your key" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Seal my ballot" }).count()).toBe(0);
    await page.getByRole("tab", { name: "Backup code" }).click();
    await page.getByRole("button", { name: "Make a code" }).click();
    await page.getByRole("button", { name: "Make my key" }).click();
    await page.getByRole("button", { name: "Seal my ballot" }).waitFor();
    await leave();
  });

  test("with v as 0 or 1 in place of 27 or 28: the same key", async () => {
    const { page, wallet, leave } = await toKey("Aiko");
    const picture = await makeKey(page, PASSPHRASE, { first: true });
    await page.getByRole("button", { name: "Use another passphrase" }).click();
    wallet.signAs((signature) => `${signature.slice(0, -2)}0${parts(signature).yParity}` as Hex);
    expect(await makeKey(page, PASSPHRASE, { first: true })).toBe(picture);
    await leave();
  });
});

describe("a wallet that goes to another account", () => {
  const sealing = (page: Page) => page.getByRole("button", { name: "Seal my ballot" });

  test("once the key is made: the key goes with the account that made it", async () => {
    const { page, wallet, leave } = await toKey("Aiko");
    await makeKey(page, PASSPHRASE, { first: true });
    await sealing(page).waitFor();
    await wallet.choose("Ben");
    await page.getByText("This account may take part and has enough.").waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("Passphrase once more").waitFor();
    expect(await sealing(page).count()).toBe(0);
    await leave();
  });

  test("while it signs: what comes of it is dropped", async () => {
    const { page, wallet, leave } = await toKey("Chen");
    let answered = 0;
    wallet.signAs(async (signature) => {
      if (answered++ === 0) await wallet.choose("Ben");
      return signature;
    });
    await typePassphrase(page);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("Passphrase once more").waitFor();
    await page.waitForTimeout(3_000); // longer than a key takes
    expect(await sealing(page).count()).toBe(0);
    expect(await page.getByLabel("Passphrase", { exact: true }).inputValue()).toBe("");
    await leave();
  });
});
