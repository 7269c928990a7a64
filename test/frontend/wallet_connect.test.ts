import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import type { Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAGE_FOLDER } from "../../scripts/page/build_page.ts";
import { servePage, type PageServer } from "../../scripts/page/server.ts";
import { readProgress } from "../../src/chain/round.ts";
import { openPage, PHONE, shoot, startBrowser } from "./support/browser.ts";
import { breaches, overflow } from "./support/breaches.ts";
import {
  at,
  openSealed,
  pressGive,
  pressSend,
  sealBallot,
  sentOut,
  thanked,
} from "./support/donor.ts";
import { openFarWallet, type FarWallet } from "./support/far_wallet.ts";
import { startSite, type TestSite } from "./support/site.ts";
import { traces } from "./support/traces.ts";
import { startWalletRelay, type WalletRelay } from "./support/wallet_relay.ts";

// A wallet on another device, by the library that such wallets are made with, over a relay by the relays' protocol.

const PROJECT_ID = "0123456789abcdef0123456789abcdef";
const PASSPHRASE = "nine kites over water";
const GIFTS = { "Rain Gardens": "37.21", "Village Radio": "4.84" };
const SECRETS = [PASSPHRASE, "37.21", "4.84", "Rain Gardens", "Village Radio"];
const START = /^WalletConnect/;

/** What the page may tell the relay beside ciphertext: topics, kinds and times to live; nothing of methods, contracts or transactions. */
const TOLD: ReadonlySet<string> = new Set([
  "attestation",
  "id",
  "message",
  "pairingTopic",
  "prompt",
  "sessionProposal",
  "tag",
  "topic",
  "topics",
  "ttl",
]);

let relay: WalletRelay;
let site: TestSite;
/** The same site without the option. */
let plain: PageServer;
let far: FarWallet;
let round: Address;
let browser: Awaited<ReturnType<typeof startBrowser>>;
/** The built files that the library is in. */
let library: string[];

beforeAll(async () => {
  relay = await startWalletRelay();
  [site, browser] = await Promise.all([
    startSite({ walletConnect: { projectId: PROJECT_ID, relay: relay.url } }),
    startBrowser(),
  ]);
  const { walletConnect: _, ...config } = (await (
    await fetch(`${site.url}/config.json`)
  ).json()) as {
    walletConnect: object;
  };
  plain = await servePage(
    {
      "GET /config.json": async () => JSON.stringify(config),
      "POST /rpc": async (body) =>
        (await fetch(`${site.url}/rpc`, { method: "POST", body })).text(),
    },
    0,
  );
  round = await site.newRound({ salt: "far wallet" });
  far = await openFarWallet(relay.url, site.chain, ["Aiko", "Emil"]);
  const assets = path.join(PAGE_FOLDER, "assets");
  const files = (await readdir(assets)).filter((name) => name.endsWith(".js"));
  library = [];
  for (const name of files)
    if (
      /irn_publish|startPairing|sign_client-/.test(await readFile(path.join(assets, name), "utf8"))
    )
      library.push(name);
});
afterAll(async () => {
  await far?.close();
  await browser?.close();
  await plain?.close();
  await site?.close();
  await relay?.close();
});

const isLibrary = (url: string) => library.some((name) => url.endsWith(`/${name}`));
const openDialog = (page: Page) =>
  page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
const connection = async (page: Page) =>
  (await page
    .getByRole("link", { name: "Open a wallet on this device" })
    .getAttribute("href")) as string;

async function connectFar(page: Page): Promise<void> {
  await openDialog(page);
  await page.getByRole("button", { name: START }).click();
  await far.scan(await connection(page));
  await page.getByRole("button", { name: /^Account 0x/ }).waitFor();
}

describe("a wallet on another device", () => {
  test("without the option nothing of it is shown or asked for, and the policy is closed", async () => {
    expect(library.length).toBeGreaterThan(0);
    const context = await browser.newContext(PHONE);
    const { page, requests, errors } = await openPage(context, at(plain.url, round));
    await openDialog(page);
    await page.getByRole("button", { name: "Go on in another wallet or on a phone" }).waitFor();
    await page.getByText("No other service is asked.").waitFor();
    expect(await page.getByRole("button", { name: START }).count()).toBe(0);
    expect(requests.filter(({ url }) => isLibrary(url))).toEqual([]);
    const policy = (await fetch(`${plain.url}/`)).headers.get("content-security-policy") ?? "";
    expect(/connect-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
    expect(errors).toEqual([]);
    await context.close();
  });

  test("gives: by its link, declining once, gone in the middle twice, loaded anew; relay and wallet learn no choice", async () => {
    const context = await browser.newContext(PHONE);
    // A machine with no network but its own calls itself offline, and the library then asks nobody.
    await context.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, "onLine", { get: () => true }),
    );
    const visit = await openPage(context, at(site.url, round));
    const { page, requests, errors } = visit;
    const sockets: string[] = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));

    await openDialog(page);
    await page.getByText("unless you press WalletConnect").waitFor();
    expect(requests.filter(({ url }) => isLibrary(url))).toEqual([]); // not before it is pressed
    await page.getByRole("button", { name: START }).click();
    const first = await connection(page);
    await shoot(page, "wallet-connect", false);
    expect(await breaches(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await far.scan(first, { decline: true });
    await page.getByText("Your wallet declined.").waitFor();
    await page.getByRole("button", { name: "New picture" }).click();
    const second = await connection(page);
    expect(second).not.toBe(first);
    await far.scan(second);
    await page.getByRole("button", { name: /^Account 0x/ }).waitFor();

    // Of what is looked at, which the document's title and description tell, the wallet hears nothing.
    expect(far.peer()).toMatchObject({
      name: "Tacit",
      description: "Quadratic funding with secret ballots",
      url: site.url,
    });

    await sealBallot(page, GIFTS, PASSPHRASE);
    expect(await traces(context, visit, SECRETS)).toEqual([]);
    await far.choose("Emil");
    far.declineNext();
    await pressSend(page);
    await page.getByText("You declined in your wallet.").waitFor();
    await page.getByText("Nothing was sent.").waitFor();
    far.vanishAtNext({ sending: false });
    await pressSend(page);
    await page.getByText("This may have been sent.").waitFor();
    await shoot(page, "wallet-connect-gone");

    await page.reload();
    await connectFar(page);
    await openSealed(page);
    await page.getByText("Switch away from").waitFor();
    await page.getByText("the relay can learn that both accounts are yours").waitFor();
    await far.choose("Emil");
    await pressSend(page);
    await sentOut(page);
    await far.choose("Aiko");
    relay.hangUp(); // the phone slept while its owner was in the wallet
    far.vanishAtNext({ sending: true }); // the allowance
    await pressGive(page);
    await page.getByText("This may have been sent.").waitFor();

    await page.reload();
    await connectFar(page);
    await openSealed(page);
    await pressGive(page);
    await thanked(page);
    const { items, contributions, totalCredits } = await readProgress(site.chain.read, round);
    expect([items, contributions, totalCredits]).toEqual([2, 1, 4205n]);

    // The wallet was asked for signatures and transactions alone, and none says what was chosen.
    expect(new Set(far.asked.map(({ method }) => method))).toEqual(
      new Set(["personal_sign", "eth_sendTransaction"]),
    );
    const asked = far.asked.map(({ params }) =>
      params.map((param) => (typeof param === "string" ? decode(param) : JSON.stringify(param))),
    );
    expect(findIn(JSON.stringify(asked))).toEqual([]);
    const byPage = relay.said.filter(({ by }) => by !== far.name);
    expect(byPage.length).toBeGreaterThan(10);
    expect(
      byPage.flatMap(({ params }) => Object.keys(params)).filter((key) => !TOLD.has(key)),
    ).toEqual([]);
    expect(findIn(JSON.stringify(byPage))).toEqual([]);
    expect([...relay.origins]).toEqual([site.url]);

    // Nobody else was asked, and nothing lies on the device.
    expect(new Set(sockets.map((url) => new URL(url).origin))).toEqual(new Set([relay.url]));
    expect(
      requests
        .map(({ url }) => url)
        .filter((url) => !url.startsWith(site.url) && !url.startsWith("data:")),
    ).toEqual([]);
    const left = await page.evaluate(async () => ({
      local: { ...localStorage },
      session: Object.keys(sessionStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
    }));
    expect(left).toEqual({
      local: {},
      session: ["wagmi.recentConnectorId"],
      databases: ["tacit"],
    });
    expect(errors).toEqual([]);
    await context.close();
  });
});

const decode = (hex: string): string =>
  /^0x([0-9a-f]{2})*$/i.test(hex) ? Buffer.from(hex.slice(2), "hex").toString("latin1") : hex;
const findIn = (text: string): string[] => SECRETS.filter((secret) => text.includes(secret));
