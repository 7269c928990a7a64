import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { isAddressEqual, parseEventLogs, type Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { offerPage } from "../../scripts/page/offer.ts";
import { readRounds } from "../../scripts/page/sandbox/rounds.ts";
import type { PageServer } from "../../scripts/page/server.ts";
import { BUILD } from "../../scripts/pipeline/paths.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress, startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { createDevnet } from "../../src/devnet/devnet.ts";
import { openTallyStore } from "../../src/coordinator/store/tally_store.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { DESKTOP, PHONE, openPage, shoot, startBrowser } from "./support/browser.ts";
import { at, makeKey } from "./support/donor.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

let chain: DevnetChain;
let rpc: RpcServer;
let page: PageServer;
let browser: Browser;
let folder: string;
/** The round to play in: the last that was made. */
let round: Address;

/** The page as `npm start` offers it at its end. */
beforeAll(async () => {
  [chain, browser, folder] = await Promise.all([
    startDevnetChain(),
    startBrowser(),
    mkdtemp(path.join(os.tmpdir(), "tacit-sandbox-")),
  ]);
  rpc = await serveRpc(chain.provider, 19_545);
  const devnet = await createDevnet(chain, {
    projects: ["A project of the story"],
    unit: 1n,
    size: "small",
    rule: quadraticChoice("pay"),
  });
  page = await offerPage({
    devnet,
    artifacts: await openArtifacts(BUILD),
    store: await openTallyStore(folder),
    rpcUrl: rpc.url,
    onError: (error) => console.error(error),
  });
  round = (await readRounds(devnet)).at(-1)?.round as Address;
});
afterAll(async () => {
  await browser?.close();
  await page?.close();
  await rpc?.close();
  await chain?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Counts what a visitor presses. */
async function counting(context: BrowserContext): Promise<(page: Page) => Promise<number>> {
  await context.addInitScript(() => {
    const kept = globalThis as unknown as { presses: number };
    kept.presses = 0;
    addEventListener("click", ({ isTrusted }) => isTrusted && kept.presses++, { capture: true });
  });
  return (opened) => opened.evaluate(() => (globalThis as unknown as { presses: number }).presses);
}

/** What took the place of what was pressed has the focus and can be seen. */
async function arrived(opened: Page, heading: string): Promise<void> {
  await opened.waitForFunction((text) => {
    const { activeElement } = document;
    const { top = -1, bottom = 0 } = activeElement?.getBoundingClientRect() ?? {};
    return (
      activeElement?.textContent?.startsWith(text) === true && top >= 0 && bottom <= innerHeight
    );
  }, heading);
}

const play = (opened: Page, name: string) =>
  opened
    .getByRole("dialog")
    .getByRole("button", { name: new RegExp(`^${name} `) })
    .click();

test("on a phone a new player gives in one flow, with one account, in ten presses", async () => {
  const started = performance.now();
  const context = await browser.newContext(PHONE);
  const presses = await counting(context);
  const { page: phone, errors } = await openPage(context, page.url);
  await phone
    .getByRole("link", { name: /Open for gifts/ })
    .first()
    .click();
  await phone.getByRole("button", { name: "Choose Seed Library" }).click();
  await phone.getByRole("link", { name: "Give", exact: true }).click();
  await phone.getByLabel("Amount for Seed Library").fill("4");
  await phone.getByRole("main").getByRole("button", { name: "Connect wallet" }).click();
  await shoot(phone, "sandbox-phone-accounts", false);
  await play(phone, "Aiko");
  await phone.getByRole("button", { name: "Continue" }).click();
  await arrived(phone, "Your passphrase");
  await makeKey(phone, "a bridge at night", { first: true });
  await phone.getByRole("button", { name: "Seal my ballot" }).click();
  await arrived(phone, "Send the sealed ballot");
  await phone.getByRole("button", { name: "Send through the relay" }).click();
  await arrived(phone, "Give");
  await phone.getByRole("button", { name: /^Give from 0x/ }).click();
  await arrived(phone, "Thank you. Your gift is in.");
  await shoot(phone, "sandbox-phone-done", false);
  expect(await presses(phone)).toBe(10);
  expect((performance.now() - started) / 1000).toBeLessThan(60);
  expect(errors).toEqual([]);
  expect((await readProgress(chain.read, round)).totalCredits).toBe(400n);

  const logs = parseEventLogs({
    abi: iRoundAbi,
    logs: await chain.read.getLogs({ address: round, fromBlock: 0n }),
  });
  const readSenders = async (name: string) =>
    Promise.all(
      logs
        .filter(({ eventName }) => eventName === name)
        .map(
          async ({ transactionHash }) =>
            (await chain.read.getTransaction({ hash: transactionHash })).from,
        ),
    );
  const [authors, givers] = [
    await readSenders("MessagePublished"),
    await readSenders("Contributed"),
  ];
  expect(authors.length).toBeGreaterThan(0);
  expect(authors.every((sender) => isAddressEqual(sender, devnetAddress("relay")))).toBe(true);
  expect(givers).toHaveLength(1);
  expect(isAddressEqual(givers[0] as Address, devnetAddress("Aiko"))).toBe(true);
  await context.close();
});

test("without any wallet a visitor plays a donor, then moves the clock to the round's end", async () => {
  const context = await browser.newContext(DESKTOP);
  const { page: desk, errors } = await openPage(context, at(page.url, round));
  expect(await desk.getByRole("button", { name: /^Account 0x/ }).count()).toBe(0); // nobody is played before it is chosen
  await desk.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
  await shoot(desk, "sandbox-accounts", false);
  await play(desk, "Dalia");
  await desk.getByRole("button", { name: "Choose Legal Aid Desk" }).click();
  await desk.getByRole("button", { name: "Choose Memory Archive" }).click();
  await desk.getByRole("link", { name: "Give", exact: true }).click();
  await desk.getByLabel("Total in TEST").fill("8");
  await desk.getByRole("button", { name: "Split evenly" }).click();
  expect(await desk.getByLabel("Amount for Legal Aid Desk").inputValue()).toBe("4");
  await desk.getByRole("button", { name: "Continue" }).click();
  await makeKey(desk, "paper boats", { first: true });
  await desk.getByRole("button", { name: "Seal my ballot" }).click();
  await desk.getByRole("button", { name: "Send through the relay" }).click();
  await desk.getByRole("button", { name: /^Give from 0x/ }).click();
  await desk.getByRole("heading", { name: "Thank you. Your gift is in." }).waitFor();
  expect((await readProgress(chain.read, round)).totalCredits).toBe(1_200n);

  await desk.goto(at(page.url, round, "organise"));
  await desk.getByRole("button", { name: "Skip to the end" }).click();
  await desk.getByText("Being counted").first().waitFor();
  expect(["tallying", "finalized"]).toContain((await readProgress(chain.read, round)).phase);
  expect(errors).toEqual([]);
  await context.close();
});
