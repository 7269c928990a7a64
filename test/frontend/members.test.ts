import { isAddressEqual, zeroAddress, type Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRelay, type SandboxRelay } from "../../scripts/page/sandbox/relay.ts";
import { readEvents } from "../../src/chain/logs.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { commitmentOf } from "../../src/proofs/membership.ts";
import { testMember } from "../helpers/membership.ts";
import { breaches } from "./support/breaches.ts";
import { openPage, PHONE, shoot } from "./support/browser.ts";
import { at, changed, fillAmounts, makeKey, planChange, thanked } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

const MEMBERS = ["ana", "ben", "cleo"].map(testMember);
const LIST = ["commitment", ...MEMBERS.map(({ commitment }) => String(commitment))].join("\n");

const stage = openStage({ group: LIST, relayUrl: () => relay.url });
let round: Address;
let relay: SandboxRelay;
beforeAll(async () => {
  const { chain, deployment, newRound } = stage.site;
  round = await newRound({ salt: "members", token: zeroAddress });
  relay = await startRelay({ chain, deployment, onError: (error) => console.error(error) });
});
afterAll(() => relay?.close());

test("GATE-12 a member gives through the relay: the proof is made in the browser, no account of hers appears, and her identity finds the ballot again", async () => {
  const { url, chain } = stage.site;
  const { page, wallet, leave } = await stage.visit("Aiko", at(url, round), PHONE);
  const secret = (MEMBERS[1] as (typeof MEMBERS)[0]).export();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""}`));
  const circuits = () => asked.filter((one) => /\.(?:zkey|wasm) /.test(one)).length;
  await fillAmounts(page, { "Seed Library": "4" });
  await page.getByText("Whether you are a member is proved in the last step").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await makeKey(page, "a bridge at night", { first: true });
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByRole("button", { name: "Send through the relay" }).click();
  const identity = page.getByLabel("Your member's identity");
  await identity.waitFor();
  expect(circuits()).toBe(0);
  const prove = page.getByRole("button", { name: "Prove it and vote through the relay" });
  await identity.fill(testMember("stranger").export());
  await prove.click();
  await page.getByText("This identity is not in the round's group.").waitFor();
  await identity.fill("what I had for breakfast");
  await prove.click();
  await page.getByText("This is not a member's identity.").waitFor();
  await shoot(page, "give-member");
  await identity.fill(secret);
  await prove.click();
  await thanked(page);
  expect(circuits()).toBeGreaterThan(0);
  expect(asked.some((one) => one.includes(secret))).toBe(false);
  expect(wallet.asked).not.toContain("eth_sendTransaction");
  const events = await readEvents(chain.read, round, {
    from: 0n,
    to: await chain.read.getBlockNumber(),
  });
  const [given] = events.flatMap((one) => (one.eventName === "Contributed" ? [one] : []));
  expect(isAddressEqual(given?.args.payer as Address, devnetAddress("relay"))).toBe(true);
  expect(given?.args.credits).toBe(4n);

  await page.goto(at(url, round, "gift"));
  await page.reload();
  await identity.fill(testMember("cleo").export());
  await page.getByRole("button", { name: "Find my vote" }).click();
  await page.getByText("No vote of this member is on the chain.").waitFor();
  await identity.fill(secret);
  await page.getByRole("button", { name: "Find my vote" }).click();
  await planChange(page, { "Village Radio": "4" });
  await makeKey(page, "a bridge at night", { first: false });
  await page.getByRole("button", { name: "Seal my ballot" }).click();
  await page.getByRole("button", { name: "Send through the relay" }).click();
  await changed(page);
  await leave();
});

test("GATE-12 an identity is made in the browser before there is a round, and one that is there is told its commitment; neither is sent or kept", async () => {
  const { url } = stage.site;
  const context = await stage.browser.newContext(PHONE);
  const { page, requests, errors } = await openPage(context, `${url}/#/member`);
  const identity = page.getByLabel("Your member's identity");
  const told = page.getByRole("region", { name: "The commitment, for the organiser" });
  const commitment = async () => /\d{60,}/.exec(await told.innerText())?.[0];
  await page.getByRole("button", { name: "Make my identity" }).click();
  await page.getByText("Keep this line: it is nowhere else").waitFor();
  const secret = await identity.inputValue();
  expect(await commitment()).toBe(String(commitmentOf(secret)));
  await shoot(page, "become-member");
  expect(await breaches(page)).toEqual([]);

  await identity.fill("what I had for breakfast");
  expect(await told.count()).toBe(0);
  await page.getByRole("button", { name: "Show its commitment" }).click();
  await page.getByText("This is not a member's identity.").waitFor();
  const own = MEMBERS[0] as (typeof MEMBERS)[0];
  await identity.fill(own.export());
  await page.getByRole("button", { name: "Show its commitment" }).click();
  await told.waitFor();
  expect(await commitment()).toBe(String(own.commitment));

  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  for (const one of [secret, own.export()])
    expect(
      [kept, page.url(), ...requests.map(({ url, body }) => `${url} ${body}`)].some((text) =>
        text.includes(one),
      ),
    ).toBe(false);
  await page.reload();
  expect(await identity.inputValue()).toBe("");
  expect(errors).toEqual([]);
  await context.close();
});
