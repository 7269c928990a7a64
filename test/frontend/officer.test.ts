import { getAddress, type Address } from "viem";
import { expect, test } from "vitest";
import { simulatedProver } from "../../scripts/keys/simulated_prover.ts";
import { readGateData } from "../../src/chain/gate.ts";
import { mint } from "../../src/chain/mint.ts";
import { publish } from "../../src/chain/publish.ts";
import { readProgress } from "../../src/chain/round.ts";
import { readBalance } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { giveMoney } from "../../src/donor/contribute.ts";
import { encryptFirstBallot } from "../../src/donor/encrypt_ballot.ts";
import { parseAllowList } from "../../src/donor/allow_list.ts";
import { generateKeyPair } from "../../src/protocol/key.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { at, fillAmounts } from "./support/donor.ts";
import { parseRecords, saved } from "./support/files.ts";
import { fillWizard, onStep } from "./support/officer.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";

const TOKEN = 10n ** 18n;
const stage = openStage({ prover: simulatedProver(2, () => Promise.resolve()) });

const DONORS = ["Aiko", "Ben", "Chen", "Dalia"];
const PROJECTS = Array.from({ length: 20 }, (_, i) => `Project ${i + 1}`);
const recipient = (name: string) => devnetAddress(`recipient ${name}`);
const TABLE = [
  "name;recipient;description;category;sdgs",
  ...PROJECTS.map(
    (name, i) => `${name};${recipient(name)};What ${name} does.;Streets;${(i % 17) + 1}`,
  ),
].join("\n");

test("an officer makes a round with twenty projects and a list of people, looks after it, and pays it out", async () => {
  const { chain, token, url } = stage.site;
  const { page, leave } = await stage.visit("Organiser", `${url}/#/create`, DESKTOP);
  await fillWizard(
    page,
    {
      kind: "Community round",
      name: "Twenty streets",
      people: DONORS.map((name) => devnetAddress(name)).join("\n"),
      projects: TABLE,
      guardian: devnetAddress("Guardian"),
    },
    async (step) => {
      await shoot(page, `wizard-${step}-desktop`);
      if (step !== "projects") return;
      // A look at another choice does not lose the table.
      await page.getByRole("radio", { name: "Later" }).check();
      await page.getByRole("radio", { name: "Now, from a table" }).check();
      await page.getByText("The table: 20 projects, all of them read").waitFor();
    },
  );
  await page.getByText("20 projects are on the list from the first moment").waitFor();
  await page.getByRole("button", { name: "Create the round" }).click();
  await page.getByText("“Twenty streets” is made.").waitFor();
  await page.getByText("If matches are to be paid in two instalments").waitFor();
  await shoot(page, "wizard-made-desktop");
  const list = await saved(page, "Save the list");
  const entries = parseAllowList(list.text, list.name);
  expect(entries).toHaveLength(4);

  // Whoever runs the site puts the list where its configuration says, as the page asked.
  const { lists } = JSON.parse(
    await page.getByLabel("For the site's config.json").inputValue(),
  ) as {
    lists: Readonly<Record<Address, readonly string[]>>;
  };
  const asSiteDoes = async (visitor: typeof page) => {
    await visitor.route("**/config.json", async (route) => {
      const config = (await (await route.fetch()).json()) as { chains: object[] };
      await route.fulfill({
        json: { ...config, chains: config.chains.map((one) => ({ ...one, lists })) },
      });
    });
    await visitor.route(`**/${list.name}`, (route) => route.fulfill({ body: list.text }));
  };
  await page.getByRole("link", { name: "Organise it" }).click();
  await page.getByText("You organise this round.").waitFor();
  await page.getByText("Add to the matching pool: it is empty.").waitFor();
  const round = getAddress(/0x[0-9a-fA-F]{40}/.exec(page.url())?.[0] as string);
  await page.getByLabel("Amount in TEST").fill("100");
  await page.getByRole("button", { name: "Add to the pool" }).click();
  await page.getByText("Added. Thank you.").waitFor();
  await expect
    .poll(() => page.getByLabel("A text to share").inputValue())
    .toMatch(/^“Twenty streets” opens .+ and closes .+ A matching pool of 100 TEST waits/);
  await shoot(page, "officer-before-desktop");

  const config = await readRoundConfig(chain, round);
  expect(Object.keys(lists).map((gate) => getAddress(gate))).toEqual([getAddress(config.gate)]);
  await chain.warpTo(config.start);
  const visitor = await stage.visit("Aiko", url, { ...PHONE });
  await asSiteDoes(visitor.page);
  await visitor.page.goto(at(url, round));
  await visitor.page.reload();
  await fillAmounts(visitor.page, { "Project 7": "4" });
  await visitor.page.getByText("This account may take part and has enough.").waitFor();
  await visitor.leave();

  const minter = await chain.as("organiser");
  for (const [i, name] of DONORS.entries()) {
    const donor = await chain.as(name);
    await mint(minter, { token, to: donor.wallet.account.address, amount: 100n * TOKEN });
    const { key, tag, messages } = encryptFirstBallot({
      round: { chainId: 31337, address: round },
      coordinatorKey: { x: config.coordinatorKeyX, y: config.coordinatorKeyY },
      payer: donor.wallet.account.address,
      lasting: generateKeyPair().publicKey,
      ballot: new Map([
        [6, 20n],
        [i, 10n],
      ]),
      itemsSeen: (await readProgress(chain.read, round)).items,
    });
    for (const message of messages)
      await publish(await chain.as("Emil"), { round, message, messageFee: 0n });
    await giveMoney(
      donor,
      { round, token, gate: config.gate, unit: config.unit, by: "token" },
      {
        key,
        amount: 500n * config.unit,
        gateData: await readGateData(chain.read, config.gate, {
          round,
          payer: donor.wallet.account.address,
          credits: 500n,
          tag,
          lists: [entries],
        }),
      },
    );
  }
  await page.reload();
  await page.getByText("Every gift: 4").click();
  await page.getByText("4 sealed messages for 4 gifts.").waitFor();
  await shoot(page, "officer-during-desktop");

  await chain.warpTo(config.end);
  await expect
    .poll(async () => (await readProgress(chain.read, round)).phase, { timeout: 120_000 })
    .toBe("disputable");
  await page.getByText("so long the guardian may make the result void").waitFor();
  // What is handed on before the guardian's days are over says that it is not final.
  await expect
    .poll(() => page.getByLabel("The result, to share").inputValue(), { timeout: 60_000 })
    .toMatch(/A guardian may still make the result void, until .+\. If it stands/);
  expect(await page.getByLabel("A text for the projects").inputValue()).toMatch(/If it stands/);
  await page.getByRole("link", { name: "Results", exact: true }).click();
  await page.getByText("Picture to share").waitFor();
  expect(await page.locator("svg[role=img][viewBox='0 0 1200 630']").textContent()).toMatch(
    /may still be made void/,
  );
  const [csv, json] = [await saved(page, "Download CSV"), await saved(page, "Download JSON")];
  expect([csv.name, json.name]).toEqual(
    [".csv", ".json"].map((ending) => `tacit-${round}-not-final${ending}`),
  );
  expect(parseRecords(csv.text).map((record) => record["final"])).toEqual(Array(5).fill("false"));
  expect(JSON.parse(json.text)).toMatchObject({ final: false });
  await page.getByRole("link", { name: "Organise", exact: true }).click();
  await chain.warpTo((await readProgress(chain.read, round)).paymentsFrom);
  await page.getByRole("button", { name: "Pay all 5 projects" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Pay", exact: true }).click();
  await page.getByText("The round has paid every project.").waitFor();
  await shoot(page, "officer-after-desktop");
  // 4 × 400 credits of 0.01 and at most a tenth of the pool.
  expect(await readBalance(chain.read, token, recipient("Project 7"))).toBeGreaterThanOrEqual(
    16n * TOKEN,
  );
  const paid = parseRecords((await saved(page, "Recipients as CSV")).text);
  expect(paid.map(({ name }) => name)).toEqual([
    "Project 1",
    "Project 2",
    "Project 3",
    "Project 4",
    "Project 7",
  ]);
  expect(paid.every(({ transaction }) => /^0x[0-9a-f]{64}$/.test(transaction ?? ""))).toBe(true);
  const moved = parseRecords((await saved(page, "Transactions as CSV")).text);
  expect(moved.map(({ event }) => event).sort()).toEqual(
    [...Array(5).fill("Claimed"), ...Array(4).fill("Contributed"), "Funded"].sort(),
  );
  const rules = parseRecords((await saved(page, "Other rules as CSV")).text);
  expect(rules).toHaveLength(5);
  const text = await page.getByLabel("The result, to share").inputValue();
  expect(text).toMatch(/“Twenty streets” is over: 4 gifts, 20 TEST for 5 projects\./);
  expect(text).toMatch(/Most votes went to Project 7/);
  expect(text).not.toMatch(/void/);

  await page.getByRole("button", { name: "Next round from this one" }).click();
  await page.getByRole("button", { name: "Next round from this one" }).last().click();
  await onStep(page, "Name and texts");
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Twenty streets");
  await leave();
});
