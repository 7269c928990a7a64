import type { Address } from "viem";
import { beforeAll, expect, test } from "vitest";
import { SANDBOX_ROUND } from "../../scripts/page/sandbox/projects.ts";
import { readProgress } from "../../src/chain/round.ts";
import { PHONE, shoot } from "./support/browser.ts";
import {
  at,
  fillAmounts,
  makeKey,
  pressGive,
  pressSend,
  sentOut,
  thanked,
} from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

const stage = openStage();
let round: Address;
beforeAll(async () => {
  round = await stage.site.newRound({ salt: "private" });
});

test("a browser that keeps nothing: said before sealing, with what to do; the gift goes on as long as the page is open", async () => {
  const { page, wallet, leave } = await stage.visit("Aiko", at(stage.site.url, round), {
    ...PHONE,
    prepare: (context) =>
      context.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("The operation is insecure.", "SecurityError");
        };
      }),
  });
  await fillAmounts(page, { "Seed Library": "4" });
  await page.getByRole("button", { name: "Continue" }).click();
  await makeKey(page, "nothing stays", { first: true });
  await page.getByText("This browser keeps nothing for this page").waitFor();
  await shoot(page, "give-unkept");
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  const stay = page.getByText("Keep this page open until it thanks you.");
  await stay.waitFor();

  // Another part of the page and back: what is prepared is still there.
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: "Rounds", exact: true })
    .click();
  await page.getByRole("heading", { name: SANDBOX_ROUND.name }).first().waitFor();
  await page.goBack();
  await stay.waitFor();
  await wallet.choose("Emil");
  await pressSend(page);
  await sentOut(page);
  // Who is about to close the page is asked first.
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await wallet.choose("Aiko");
  await pressGive(page);
  await thanked(page);
  const { items, totalCredits } = await readProgress(stage.site.chain.read, round);
  expect([items, totalCredits]).toEqual([2, 400n]);
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true }); // and now it closes unasked
  await closed;
  await leave();
});
