import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { getAddress, type Address } from "viem";
import { describe, expect, test } from "vitest";
import { deployGate } from "../../src/chain/deploy.ts";
import { readClauses } from "../../src/chain/gate.ts";
import { sortitionCheckerAbi } from "../../src/chain/generated/abis.ts";
import { listProjects } from "../../src/chain/projects.ts";
import { readProgress } from "../../src/chain/round.ts";
import { readRoundConfig } from "./support/site.ts";
import { readBalance } from "../../src/chain/token.ts";
import { sortitionRoot } from "../../src/gates/sortition.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { DESKTOP, PHONE } from "./support/browser.ts";
import { at, sealBallot, sendAndGive } from "./support/donor.ts";
import { fillWizard, next } from "./support/officer.ts";
import { openStage } from "./support/stage.ts";

const TOKEN = 10n ** 18n;

const stage = openStage();
let round: Address;

describe("an organiser's whole path", () => {
  test("creates a round in the wizard, which keeps what was typed", async () => {
    const { page, leave } = await stage.visit("Organiser", `${stage.site.url}/#/create`, DESKTOP);
    await fillWizard(page, { kind: "First small experiment", name: "Shore and Sea" });
    await page.getByRole("button", { name: "Change: Dates" }).click();
    await page.getByLabel("Days for the count", { exact: true }).fill("2");
    await page.getByText("Latest end of the count, notice before cancelling").click();
    await page.getByLabel("Days for the count at most").fill("1.5");
    await next(page);
    await page.getByText("This is less than the days for the count.").waitFor();
    await page.getByLabel("Days for the count at most").fill("30");
    await page.getByRole("button", { name: "Who counts" }).click();
    await page.getByLabel("Guardian (optional)").fill(devnetAddress("Guardian"));
    await page.getByLabel("Days for the guardian").fill("2");
    // What was typed is there after a reload, on the same step.
    await page.reload();
    expect(await page.getByLabel("Days for the guardian").inputValue()).toBe("2");
    await next(page);
    await page.getByText("nobody, you included, can change its dates, its rules").waitFor();
    await page.getByRole("button", { name: "Create the round" }).click();
    await page.getByText("“Shore and Sea” is made.").waitFor();
    await page.getByRole("link", { name: "Organise it" }).click();
    await page.getByText("You organise this round.").waitFor();
    await page.getByRole("heading", { name: "Shore and Sea", level: 1 }).waitFor();
    round = getAddress(/0x[0-9a-fA-F]{40}/.exec(page.url())?.[0] as string);
    const settings = await readRoundConfig(stage.site.chain, round);
    expect(settings.organiser).toBe(getAddress(devnetAddress("Organiser")));
    expect([settings.unit, settings.minContribution, settings.tallyBase]).toEqual([
      TOKEN / 100n,
      100n,
      2 * 86_400,
    ]);
    expect([settings.guardian, settings.disputeWindow, settings.tallyMost]).toEqual([
      getAddress(devnetAddress("Guardian")),
      48 * 3_600,
      30 * 86_400,
    ]);
    await page
      .getByText(
        `${getAddress(devnetAddress("Guardian"))} may make the result void within 2 days after the count`,
      )
      .waitFor();
    await page.getByText("The guardian has seen the result when it decides.").waitFor();
    expect(settings.end - settings.start).toBe(14n * 86_400n);
    await leave();
  });

  test("somebody applies, the organiser approves, adds another and takes one off; a sponsor fills the pool", async () => {
    const applicant = await stage.visit("Emil", at(stage.site.url, round, "organise"), PHONE);
    await applicant.page.getByLabel("Name").fill("Tide Pool School");
    await applicant.page.getByLabel("What it does").fill("Children learn the shore by heart.");
    await applicant.page.getByLabel("Sustainable Development Goals").selectOption("14");
    await applicant.page
      .getByLabel("Address that is paid")
      .fill(devnetAddress("project Tide Pool School"));
    await applicant.page.getByRole("button", { name: "Send application" }).click();
    await applicant.page.getByText("Sent. The round’s organisers decide.").waitFor();
    await applicant.leave();

    const { page, leave } = await stage.visit(
      "Organiser",
      at(stage.site.url, round, "organise"),
      DESKTOP,
    );
    await page.getByRole("button", { name: "Approve Tide Pool School" }).click();
    await page
      .getByRole("button", { name: "Approve Tide Pool School" })
      .waitFor({ state: "detached" });
    await page.getByLabel("Name").fill("Mistake");
    await page.getByLabel("Address that is paid").fill(devnetAddress("project Mistake"));
    await page.getByRole("button", { name: "Add to the list" }).click();
    await page.getByText("On the list.", { exact: true }).waitFor();
    await page.getByText("All 2 projects").click();
    await page.getByRole("button", { name: "Take Mistake off the list" }).click();
    await page.getByText("cannot be put back").waitFor();
    await page.getByRole("button", { name: "Take off the list", exact: true }).click();
    await page.getByText("Taken off the list").waitFor();
    await page.getByLabel("Amount in TEST").fill("250");
    await page.getByRole("button", { name: "Add to the pool" }).click();
    await page.getByText("Added. Thank you.").waitFor();
    await leave();

    const { registry } = await readRoundConfig(stage.site.chain, round);
    expect(
      (
        await listProjects(stage.site.chain.read, {
          registry,
          documents: locateContracts(BUILT).documents,
          fromBlock: 0n,
        })
      ).map(({ eligible }) => eligible),
    ).toEqual([true, false]);
    expect((await readProgress(stage.site.chain.read, round)).pool).toBe(250n * TOKEN);
  });

  test("nobody counts in time: anyone ends the round, the donor gets everything back, and so does the sponsor", async () => {
    const { start } = await readRoundConfig(stage.site.chain, round);
    await stage.site.chain.warpTo(start);
    const donor = await stage.visit("Aiko", at(stage.site.url, round), PHONE);
    const held = (): Promise<bigint> =>
      readBalance(stage.site.chain.read, stage.site.token, devnetAddress("Aiko"));
    const before = await held();
    await sealBallot(donor.page, { "Tide Pool School": "12" }, "the tide comes in");
    await sendAndGive(donor.page, donor.wallet, { donor: "Aiko", other: "Emil" });
    // 1,200 credits buy 34 votes, and the donor pays no more than those cost.
    expect(before - (await held())).toBe((34n ** 2n * TOKEN) / 100n);

    // Past the count's deadline at one stroke: the coordinator never had a chance.
    await stage.site.chain.warpTo((await readProgress(stage.site.chain.read, round)).deadline);
    await donor.page.goto(at(stage.site.url, round, "organise"));
    await donor.page.getByRole("button", { name: "End the round" }).click();
    await donor.page.getByText("This cannot be taken back.").waitFor();
    await donor.page.getByRole("button", { name: "End the round" }).click();
    await donor.page
      .getByText("The round ended without a result. Donors and sponsors get everything back.")
      .waitFor();
    await donor.page.goto(at(stage.site.url, round, "gift"));
    await donor.page.getByRole("button", { name: "Get it back" }).click();
    await donor.page.getByText("Paid back").waitFor();
    expect(await held()).toBe(before);
    await donor.leave();

    const sponsor = await stage.visit("Organiser", at(stage.site.url, round, "organise"), DESKTOP);
    await sponsor.page.getByRole("button", { name: "Get my share of the pool back" }).click();
    await sponsor.page
      .getByRole("button", { name: "Get my share of the pool back" })
      .waitFor({ state: "detached" });
    expect(await readBalance(stage.site.chain.read, stage.site.token, round)).toBe(0n);
    await sponsor.leave();
  });

  test("a round without gifts is cancelled at once, and one that is over says so to whoever comes to give", async () => {
    const other = await stage.site.newRound({ salt: "cancelled" });
    const { page, leave } = await stage.visit(
      "Organiser",
      at(stage.site.url, other, "organise"),
      DESKTOP,
    );
    await page.getByRole("button", { name: "Cancel the round" }).click();
    // Shown first, and called what it is.
    await page.getByText("This cannot be taken back.").waitFor();
    expect((await readProgress(stage.site.chain.read, other)).phase).not.toBe("cancelled");
    await page.getByRole("button", { name: "Cancel the round" }).click();
    await page
      .getByText("The round was cancelled. Donors and sponsors get everything back.")
      .waitFor();
    await page.goto(at(stage.site.url, other, "gift"));
    await page.getByText("This round takes no more gifts").waitFor();
    expect((await readProgress(stage.site.chain.read, other)).phase).toBe("cancelled");
    await leave();
  });
});

test("a jury is drawn by whoever comes after its time, and no sooner", async () => {
  const { chain, newRound } = stage.site;
  const list = ["Aiko", "Ben", "Chen"].map((name) => ({
    account: devnetAddress(name),
    credits: 100n,
  }));
  const drawTime = (await chain.now()) + 3_600n;
  const settings = [sortitionRoot(list), 3n, 1n, drawTime];
  const plan = { clauses: [[{ id: "sortition", settings }]] };
  const gate = await deployGate(await chain.as("organiser"), plan);
  const other = await newRound({ salt: "jury", gate });
  const { page, leave } = await stage.visit("Emil", at(stage.site.url, other, "organise"), DESKTOP);
  await page.getByText("About 1 of 3 accounts are drawn by lot after").waitFor();
  await page.getByText("It cannot be drawn before that.").waitFor();
  await chain.warpTo(drawTime + 1n);
  await chain.warpTo(drawTime + 2n); // the draw's block needs one behind it
  await page.getByRole("button", { name: "Draw the jury" }).click();
  await page.getByText("It is drawn.").waitFor();
  const clauses = await readClauses(chain.read, gate);
  const seed = await chain.read.readContract({
    address: clauses?.[0]?.[0]?.checker as Address,
    abi: sortitionCheckerAbi,
    functionName: "seed",
  });
  expect(seed).not.toBe(0n);
  await leave();
});

describe("when something is wrong", () => {
  test("a node that does not answer, an account without coin, and an address that leads nowhere each have a way on", async () => {
    const other = await stage.site.newRound({ salt: "troubles" });
    const { page, leave } = await stage.visit(
      "Emil",
      at(stage.site.url, other, "organise"),
      DESKTOP,
    );
    await stage.site.chain.provider.request({
      method: "hardhat_setBalance",
      params: [devnetAddress("Emil"), "0x0"],
    } as never);
    await page.getByLabel("Amount in TEST").fill("1");
    await page.getByRole("button", { name: "Add to the pool" }).click();
    await page.getByText("Not enough coin for gas.").waitFor();
    await page.route("**/rpc", (route) => route.abort());
    await page.reload();
    await page.getByText("The chain cannot be reached.").waitFor({ timeout: 40_000 });
    await page.unroute("**/rpc");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Taking part" }).waitFor({ timeout: 40_000 });
    await page.goto(`${stage.site.url}/#/31337/0x1234`);
    await page.getByRole("heading", { name: "Nothing here" }).waitFor();
    await leave();
  });
});
