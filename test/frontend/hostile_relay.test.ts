import type { Route } from "playwright-core";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { addProjects } from "../../src/chain/projects.ts";
import { publish } from "../../src/chain/publish.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import { BALLOT } from "../../src/params.ts";
import { decodeMessage } from "../../src/protocol/message.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { PHONE, shoot } from "./support/browser.ts";
import { at, fillAmounts, makeKey, pressGive, thanked } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";
import { sealedRecords } from "./support/traces.ts";

// A relay that means harm. It cannot read or change what it is handed; what it drops, exchanges or demands the page sees on the chain or refuses.

const MANY = BALLOT.entries + 1; // projects that take two pages

const stage = openStage({ relayUrl: () => "http://127.0.0.1:9" });
let round: Address;
beforeAll(async () => {
  const { site } = stage;
  round = await site.newRound({
    salt: "hostile relay",
    coordinatorKey: generateCoordinatorKeyPair().publicKey,
  });
  const { registry } = await readConfig(site.chain.read, round, locateContracts(BUILT));
  await addProjects(await site.chain.as("Organiser"), {
    registry,
    projects: Array.from({ length: MANY }, (_, i) => ({
      recipient: devnetAddress(`extra ${i}`),
      metadataURI: `Extra ${i + 1}.`,
    })),
  });
});

type Handed = { readonly messages: readonly (readonly string[])[] };
const json = (route: Route, status: number, body: unknown) =>
  route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) });

describe("a relay", () => {
  test("that loses what it took, asks for work without end, or answers with a page: nothing is believed but the chain", async () => {
    const { page, leave } = await stage.visit("Ben", at(stage.site.url, round), PHONE);
    let stamp: unknown = { epoch: "now", bits: 31 };
    let handed = 0;
    await page.route("**/stamp", (route) => json(route, 200, stamp));
    await page.route("**/messages", (route) => (handed++, json(route, 202, { accepted: 1 })));
    await fillAmounts(page, { "Seed Library": "4" });
    await page.getByRole("button", { name: "Continue" }).click();
    await makeKey(page, "slow grey harbour", { first: true });
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    const send = page.getByRole("button", { name: "Send through the relay" });
    for (const bad of [
      { epoch: "now", bits: 31 },
      { epoch: "x".repeat(5_000), bits: 1 },
      { bits: -1, epoch: "" },
      "<html>",
    ]) {
      stamp = bad;
      await send.click();
      await page.getByRole("button", { name: "Send from another account instead" }).waitFor();
      expect(handed).toBe(0);
    }
    await page.unroute("**/stamp");
    await page.route("**/stamp", (route) =>
      json(route, 500, { error: "<img src=x onerror=alert(1)> pay to 0xdead", fix: 7 }),
    );
    await send.click();
    await page.getByRole("alert").first().waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.locator("main").innerText()).not.toContain("0xdead"); // a stranger's words are not the page's
    await page.unroute("**/stamp");
    await page.route("**/stamp", (route) => json(route, 200, { epoch: "now", bits: 1 }));
    await send.click();
    await page.getByText("The relay has it").waitFor();
    expect(handed).toBe(1);
    await page.waitForTimeout(5_000); // two looks at the chain
    expect(await page.getByRole("button", { name: /^Give from 0x/ }).count()).toBe(0);
    expect(await sealedRecords(page)).toBe(1);
    await page.getByRole("button", { name: "Do not wait, send it another way" }).click();
    await leave();
  });

  test("that exchanges two pages: the gift waits until they are on the chain in their order", async () => {
    const { page, leave } = await stage.visit("Chen", at(stage.site.url, round), PHONE);
    const stranger = await stage.site.chain.as("Emil");
    const handed: Handed[] = [];
    const put = async (words: readonly string[]) =>
      publish(stranger, { round, message: decodeMessage(words), messageFee: 0n });
    await page.route("**/stamp", (route) => json(route, 200, { epoch: "now", bits: 1 }));
    await page.route("**/messages", async (route) => {
      const one = route.request().postDataJSON() as Handed;
      handed.push(one);
      const order = handed.length === 1 ? [...one.messages].reverse() : one.messages;
      for (const words of order) await put(words);
      await json(route, 202, { accepted: one.messages.length });
    });
    for (let i = 1; i <= MANY; i++)
      await page.getByRole("button", { name: `Choose Extra ${i}.`, exact: true }).click();
    await page.getByRole("link", { name: "Give", exact: true }).click();
    await page.getByLabel("Total in TEST").fill("100");
    await page.getByRole("button", { name: "Split evenly" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await makeKey(page, "slow grey harbour", { first: true });
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await page.getByText("This round has no sealed message yet").waitFor();
    await page.getByRole("button", { name: "Send through the relay" }).click();
    await page.getByText("The relay has it").waitFor();
    await page.waitForTimeout(5_000);
    // Both are on the chain, the second before the first: that is not "sent".
    expect(await page.getByRole("button", { name: /^Give from 0x/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Do not wait, send it another way" }).click();
    await page.getByText("This round has 2 sealed messages so far").waitFor();
    await page.getByRole("button", { name: "Send through the relay" }).click();
    await page.getByText("No other sealed message has come since you sealed yours").waitFor();
    await shoot(page, "give-crowd");
    expect(handed.map(({ messages }) => messages.length)).toEqual([2, 1]);
    expect(handed[1]?.messages).toEqual(handed[0]?.messages.slice(1));
    // A stranger's messages since then are what hides it.
    await put((handed[0] as Handed).messages[0]?.with(10, "7") as string[]);
    await page.getByText("1 other sealed message has come since you sealed yours").waitFor();
    await pressGive(page);
    await thanked(page);
    expect(await sealedRecords(page)).toBe(0);
    await leave();
  });
});
