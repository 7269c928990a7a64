import type { Address } from "viem";
import { beforeAll, expect, test } from "vitest";
import { contribute } from "../../src/chain/contribute.ts";
import { readProgress } from "../../src/chain/round.ts";
import { readRoundConfig } from "./support/site.ts";
import { approve, readBalance } from "../../src/chain/token.ts";
import { topUp } from "../../src/chain/top_up.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { generateKeyPair } from "../../src/protocol/key.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { parseRecords, saved } from "./support/files.ts";
import { openStage } from "./support/stage.ts";
import { sealedRecords } from "./support/traces.ts";

const TOKEN = 10n ** 18n;

const stage = openStage();
let round: Address;
/** Aiko's, with 3 tokens and 2 more, and Ben's, with 7. */
const tags: bigint[] = [];

beforeAll(async () => {
  const { chain, token, newRound } = stage.site;
  round = await newRound({ salt: "notice" });
  for (const [name, gift] of [
    ["Aiko", 3n],
    ["Ben", 7n],
  ] as const) {
    const client = await chain.as(name);
    await approve(client, { token, spender: round, amount: 10n * TOKEN });
    const { tag } = await contribute(client, {
      round,
      key: generateKeyPair().publicKey,
      amount: gift * TOKEN,
    });
    tags.push(tag);
  }
  await topUp(await chain.as("Aiko"), { round, tag: tags[0] as bigint, amount: 2n * TOKEN });
});

test("the organiser keeps what the chain shows as files", async () => {
  const { page, leave } = await stage.visit(
    "Organiser",
    at(stage.site.url, round, "organise"),
    DESKTOP,
  );
  const [csv, json] = [
    await saved(page, "Download gifts as CSV"),
    await saved(page, "Download all as JSON"),
  ];
  expect([csv.name, json.name]).toEqual([`tacit-${round}-gifts.csv`, `tacit-${round}-round.json`]);
  const gifts = parseRecords(csv.text);
  expect(gifts.map(({ block: _, ...gift }) => gift)).toEqual([
    { tag: String(tags[0]), account: devnetAddress("Aiko"), credits: "500", amount: "5" },
    { tag: String(tags[1]), account: devnetAddress("Ben"), credits: "700", amount: "7" },
  ]);
  expect(BigInt(gifts[1]?.["block"] ?? 0)).toBeGreaterThan(BigInt(gifts[0]?.["block"] ?? 0));
  const content = JSON.parse(json.text) as { gifts: object[]; projects: object[] } & Record<
    string,
    unknown
  >;
  expect(content).toMatchObject({
    chainId: 31337,
    round,
    phase: "contributing",
    pool: String(1_000n * TOKEN),
    contributions: 2,
    totalCredits: "1200",
    messages: 0,
  });
  expect(content.gifts[0]).toMatchObject({
    tag: String(tags[0]),
    account: devnetAddress("Aiko"),
    credits: "500",
  });
  expect(content.projects).toHaveLength(16);
  expect(content.projects[0]).toEqual({
    index: 0,
    name: "Rain Gardens",
    recipient: devnetAddress("project Rain Gardens"),
    eligible: true,
  });
  await leave();
});

test("a cancellation is announced, told to everyone, and possible only after the notice; donors and sponsor get their money back", async () => {
  const { chain, token, url } = stage.site;
  const organiser = await stage.visit("Organiser", at(url, round, "organise"), DESKTOP);
  const cancel = organiser.page.getByRole("button", { name: "Cancel the round" });
  await organiser.page.getByRole("button", { name: "Announce a cancellation" }).click();
  await organiser.page.getByText("This cannot be taken back.").waitFor();
  await organiser.page.getByRole("button", { name: "Announce a cancellation" }).click();
  await organiser.page.getByText("A cancellation is announced").waitFor();
  expect(await cancel.count()).toBe(0);

  const donor = await stage.visit("Aiko", at(url, round), PHONE);
  await donor.page.getByText("The organiser has announced a cancellation").waitFor();
  await shoot(donor.page, "cancelling");
  await donor.page.getByRole("button", { name: "Choose Seed Library" }).click();
  // Who has given comes to change that gift, not to a first one; both sums are hers, the top-up included.
  await donor.page.getByRole("link", { name: "Give", exact: true }).click();
  await donor.page.getByText(/has given 5 TEST to this round\.$/).waitFor();
  expect(await donor.page.getByLabel("Amount for Seed Library").count()).toBe(1);
  await shoot(donor.page, "give-again");
  expect(await sealedRecords(donor.page)).toBe(0); // a plan is kept in the open page only
  const { cancelNotice } = await readRoundConfig(chain, round);
  await chain.warpTo((await chain.now()) + BigInt(cancelNotice));
  await cancel.click();
  await organiser.page.getByText("This cannot be taken back.").waitFor();
  await cancel.click();
  await organiser.page
    .getByText("The round was cancelled. Donors and sponsors get everything back.")
    .waitFor();
  expect((await readProgress(chain.read, round)).phase).toBe("cancelled");
  await organiser.leave();

  const before = await readBalance(chain.read, token, devnetAddress("Aiko"));
  await donor.page.goto(at(url, round, "gift"));
  await donor.page.getByText("5 TEST", { exact: true }).waitFor();
  donor.wallet.declineNext();
  await donor.page.getByRole("button", { name: "Get it back" }).click();
  await donor.page.getByText("You declined in your wallet.").waitFor();
  await donor.page.getByRole("button", { name: "Get it back" }).click();
  await donor.page.getByText("Paid back").waitFor();
  expect((await readBalance(chain.read, token, devnetAddress("Aiko"))) - before).toBe(5n * TOKEN);
  await donor.leave();

  const sponsor = await stage.visit("Sponsor", at(url, round, "organise"), PHONE);
  const back = sponsor.page.getByRole("button", { name: "Get my share of the pool back" });
  await back.click();
  await back.waitFor({ state: "detached" });
  expect(await readBalance(chain.read, token, round)).toBe(7n * TOKEN); // Ben has not asked yet
  await sponsor.leave();
});
