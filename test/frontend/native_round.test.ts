import type { BrowserContextOptions, Page } from "playwright-core";
import { getAddress, parseEther, type Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { addProjects } from "../../src/chain/projects.ts";
import { readProgress } from "../../src/chain/round.ts";
import { readRoundConfig } from "./support/site.ts";
import { readBalance } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { SANDBOX_PROJECTS } from "../../scripts/page/sandbox/projects.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { newBackupCode } from "../../src/protocol/backup_code.ts";
import {
  at,
  fillAmounts,
  makeKey,
  planChange,
  sealBallot,
  sealChange,
  sendAndGive,
  type Gifts,
} from "./support/donor.ts";
import { parseRecords, saved } from "./support/files.ts";
import { configureWrapper, deployWrapper } from "./support/native.ts";
import { openStage } from "./support/stage.ts";
import { traces } from "./support/traces.ts";

// One round in the chain's own coin with more projects than a message's page holds (24), counted by the real coordinator.
const COIN = 10n ** 18n;
/** Names that a file must carry as they are, and a spreadsheet must not compute. */
const MORE = [
  '=1+1, "quoted"',
  "海辺の学校",
  ...Array.from({ length: 8 }, (_, i) => `Project ${i + 19}`),
];
const NAMES = [...SANDBOX_PROJECTS.map(([name]) => name), ...MORE];
const PASSPHRASE = "salt and paper";

const stage = openStage();
let wrapper: Address;
let round: Address;
let code: string;

beforeAll(async () => {
  const { chain, newRound } = stage.site;
  wrapper = await deployWrapper(stage.site);
  round = await newRound({ salt: "native", token: wrapper });
  const { registry } = await readRoundConfig(chain, round);
  await addProjects(await chain.as("Organiser"), {
    registry,
    projects: MORE.map((name) => ({
      recipient: devnetAddress(name),
      metadataURI: name,
    })),
  });
});

const visit = (name: string, view: Parameters<typeof at>[2], device: BrowserContextOptions) =>
  stage.visit(name, at(stage.site.url, round, view), {
    ...device,
    prepare: (context) => configureWrapper(context, wrapper),
  });
const codeField = (page: Page) => page.getByRole("textbox", { name: "Backup code" });
const useCode = async (page: Page, text?: string): Promise<void> => {
  await page.getByRole("tab", { name: "Backup code" }).click();
  if (text === undefined) await page.getByRole("button", { name: "Make a code" }).click();
  else await codeField(page).fill(text);
};

describe("giving the chain's own coin", () => {
  test("to more projects than one message holds: two pages go out at once, and the coin follows without an allowance", async () => {
    const { page, wallet, leave } = await visit("Aiko", "projects", PHONE);
    await sealBallot(
      page,
      Object.fromEntries(NAMES.map((name) => [name, "4"])) satisfies Gifts,
      "everyone a little",
    );
    await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
    const { items, totalCredits } = await readProgress(stage.site.chain.read, round);
    expect([items, totalCredits]).toEqual([2 + 1, 26n * 400n]);
    expect(await readBalance(stage.site.chain.read, wrapper, round)).toBe((1_000n + 104n) * COIN);
    expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).toHaveLength(2); // both messages, and the gift
    await leave();
  });

  test("under a backup code: gas is kept back, no signature is asked for, and the code works as typed on another device", async () => {
    const first = await visit("Chen", "projects", PHONE);
    await stage.site.chain.provider.request({
      method: "hardhat_setBalance",
      params: [devnetAddress("Chen"), `0x${parseEther("9").toString(16)}`],
    } as never);
    await fillAmounts(first.page, { "Rain Gardens": "9" });
    await first.page.getByText(/^Your account holds only 8\.99\d* ETH\.$/).waitFor();
    await stage.site.chain.as("Chen"); // which mints for it
    await first.page.getByLabel("Amount for Rain Gardens").fill("10");
    await first.page.getByText("This account may take part and has enough.").waitFor();
    await first.page.getByText("You can give ETH as it is. The round holds it as WTEST").waitFor();
    await first.page.getByLabel("Amount for Rain Gardens").fill("9");
    await first.page.getByRole("button", { name: "Continue" }).click();
    await useCode(first.page);
    code = await codeField(first.page).inputValue();
    expect(await first.page.getByRole("status").getByText(code).innerText()).toBe(code); // all of it, to be written down
    await shoot(first.page, "give-backup-code");
    const seal = await makeKey(first.page, PASSPHRASE, { first: true });
    await first.page.getByRole("button", { name: "Seal my ballot" }).click();
    await first.page.getByText("Switch away from").waitFor();
    expect(
      await traces(first.context, first, [PASSPHRASE, code, code.replaceAll(" ", "")]),
    ).toEqual([]);
    await sendAndGive(first.page, first.wallet, { donor: "Chen", other: "Emil" });
    expect(first.wallet.asked).not.toContain("personal_sign");
    await first.leave();

    const second = await visit("Chen", "gift", DESKTOP);
    await planChange(second.page, { "Village Radio": "9" });
    await useCode(second.page, newBackupCode()); // a code of another round: nothing says so but the picture
    expect(await makeKey(second.page, PASSPHRASE, { first: false })).not.toBe(seal);
    await second.page.getByRole("button", { name: "Use another passphrase" }).click();
    await useCode(second.page, code.split(" ").slice(1).join(" "));
    await second.page.getByText("A code is twelve English words.").waitFor();
    await useCode(
      second.page,
      code
        .split(" ")
        .map((word, i) => `${i + 1}. ${word.toUpperCase()}`)
        .join("\u00a0"),
    );
    expect(
      await sealChange(second.page, second.wallet, { passphrase: PASSPHRASE, other: "Emil" }),
    ).toBe(seal);
    expect(second.wallet.asked).not.toContain("personal_sign");
    await second.leave();
  });
});

test("both ballots are counted, and the files say what the round's result is", async () => {
  const { chain, url } = stage.site;
  await chain.warpTo((await readRoundConfig(chain, round)).end);
  await expect
    .poll(async () => (await readProgress(chain.read, round)).phase, {
      timeout: 150_000,
      interval: 1_000,
    })
    .toBe("finalized");
  const { page, leave } = await stage.visit("Briber", at(url, round, "results"), DESKTOP);
  await page.getByText("Projects supported").waitFor();
  const [csv, json] = [await saved(page, "Download CSV"), await saved(page, "Download JSON")];
  expect([csv.name, json.name]).toEqual([`tacit-${round}.csv`, `tacit-${round}.json`]);

  // Aiko has 20 votes for each; Chen's 30 make T = 50 and S = 1,300 for Village Radio: w = 50² - 1,300 = 1,200 credits.
  const records = parseRecords(csv.text);
  expect(records.map(({ project }) => Number(project)).sort((a, b) => a - b)).toEqual(
    NAMES.map((_, i) => i),
  );
  expect(records[0]).toEqual({
    project: "5",
    name: "Village Radio",
    votes: "50",
    credits: "1300",
    contributed: "13",
    matched: "12",
    shared: "0",
    total: "25",
    claimed: "false",
    eligible: "true",
    final: "true",
  });
  for (const record of records.slice(1))
    expect(record).toMatchObject({
      votes: "20",
      credits: "400",
      contributed: "4",
      matched: "0",
      total: "4",
      claimed: "false",
    });
  const nameProject = (project: number) =>
    records.find((record) => Number(record["project"]) === project)?.["name"];
  expect([nameProject(16), nameProject(17)]).toEqual([`'${MORE[0]}`, MORE[1]]);

  const content = JSON.parse(json.text) as { projects: Record<string, unknown>[] } & Record<
    string,
    unknown
  >;
  expect(content).toMatchObject({
    chainId: 31337,
    round,
    unit: String(COIN / 100n),
    available: String(1_000n * COIN),
    budget: String(12n * COIN),
    fee: "0",
    token: { address: getAddress(wrapper), symbol: "WTEST", decimals: 18 },
  });
  expect(content.projects).toHaveLength(26);
  // Every name in either file is explained, and nothing else is.
  expect(Object.keys(content["dictionary"] as object).sort()).toEqual(
    [
      ...new Set([
        ...Object.keys(records[0] as object),
        ...Object.keys(content.projects[0] as object),
        ...Object.keys(content),
      ]),
    ]
      .filter((name) => name !== "projects" && name !== "dictionary")
      .sort(),
  );
  expect(content.projects[0]).toMatchObject({
    project: 5,
    name: "Village Radio",
    votes: "50",
    credits: "1300",
    eligible: true,
    contributed: String(13n * COIN),
    matched: String(12n * COIN),
    claimed: false,
  });
  expect(content.projects.map(({ name }) => name)).toContain(MORE[0]);
  await leave();
});
