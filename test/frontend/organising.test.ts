import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { getAddress, type Address } from "viem";
import { describe, expect, test } from "vitest";
import { listProjects } from "../../src/chain/projects.ts";
import { readProgress } from "../../src/chain/round.ts";
import { readRoundConfig } from "./support/site.ts";
import { readBalance } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { DESKTOP, PHONE } from "./support/browser.ts";
import { at, sealBallot, sendAndGive } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

const TOKEN = 10n ** 18n;

const stage = openStage();
let round: Address;

describe("an organiser's whole path", () => {
  test("creates a round; bad settings are named beside their fields", async () => {
    const { page, leave } = await stage.visit("Organiser", `${stage.site.url}/#/create`, DESKTOP);
    await page.getByLabel("Price of a credit").fill("nothing");
    await page.getByLabel("Its key, x").fill("1");
    await page.getByRole("button", { name: "Review the round" }).click();
    await page.getByText("Write a plain number.").waitFor();
    await page.getByText("This is not a usable key.").waitFor();
    expect(
      await stage.site.chain.read.getLogs({
        address: stage.site.deployment.factory,
        fromBlock: 0n,
      }),
    ).toHaveLength(0);

    await page.getByLabel("Name", { exact: true }).fill("Shore and Sea");
    await page.getByLabel("Price of a credit").fill("0.01");
    await page.getByLabel("Its key, x").fill(String(stage.site.coordinator.publicKey.x));
    await page.getByLabel("Days for the count", { exact: true }).fill("2");
    await page.getByLabel("Days for the count at most").fill("1.5");
    await page
      .getByLabel("Guardian (may be left out)")
      .fill(await page.getByLabel("Coordinator's account").inputValue());
    await page.getByRole("button", { name: "Review the round" }).click();
    await page.getByText("This is less than the days for the count.").waitFor();
    await page.getByText("The coordinator cannot judge its own count.").waitFor();
    await page.getByLabel("Days for the count at most").fill("30");
    await page.getByLabel("Guardian (may be left out)").fill(devnetAddress("Guardian"));
    await page.getByText("Give a guardian and the hours for an objection, or neither.").waitFor();
    await page.getByLabel("Hours for an objection").fill("48");
    // What was typed is there after a reload, and what will be fixed is shown before it is.
    await page.reload();
    expect(await page.getByLabel("Hours for an objection").inputValue()).toBe("48");
    await page.getByRole("button", { name: "Review the round" }).click();
    await page.getByText("none of this can be changed by anybody").waitFor();
    await page.getByRole("button", { name: "Create the round" }).click();
    await page.getByText("You organise this round.").waitFor();
    await page.getByRole("heading", { name: "Shore and Sea", level: 1 }).waitFor();
    round = getAddress(/0x[0-9a-fA-F]{40}/.exec(page.url())?.[0] as string);
    const settings = await readRoundConfig(stage.site.chain, round);
    expect(settings.organiser).toBe(getAddress(devnetAddress("Organiser")));
    expect([settings.unit, settings.tallyBase, settings.allowSigns]).toEqual([
      TOKEN / 100n,
      2 * 86_400,
      false,
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
    await applicant.page.getByText("Sent. The organiser decides.").waitFor();
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
    await page.getByText("On the list.").waitFor();
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
    await donor.page.goto(at(stage.site.url, round, "change"));
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
    await page.goto(at(stage.site.url, other, "give"));
    await page.getByText("This round takes no more gifts").waitFor();
    expect((await readProgress(stage.site.chain.read, other)).phase).toBe("cancelled");
    await leave();
  });
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
