import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { claimProjects } from "../../src/donor/claim_project.ts";
import { readEscrowed, type EscrowedProject } from "../../src/chain/instalments.ts";
import { addProjects } from "../../src/chain/projects.ts";
import { readHistory } from "../../src/chain/read_history.ts";
import { readResults } from "../../src/chain/results.ts";
import { readProgress } from "../../src/chain/round.ts";
import { readBalance } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { deployPayoutRule } from "../../src/chain/deploy.ts";
import { simulatedProver } from "../../scripts/keys/simulated_prover.ts";
import { giveBeside } from "./support/beside.ts";
import { breaches, overflow } from "./support/breaches.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { paste } from "./support/officer.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";

// An organiser has matches paid in two instalments, reviewers find one project's work good, and everybody sees what was paid and what is
// still held (ESCROW-1).

const stage = openStage({
  prover: simulatedProver(2, () => Promise.resolve()),
  withNames: true,
});
const DAY = 86_400;
const TOKEN = 10n ** 18n;
const back = devnetAddress("Town");
let round: Address;

beforeAll(async () => {
  const { chain, newRound, names } = stage.site;
  await names?.setAddress("ben.eth", devnetAddress("Ben"));
  await names?.setAddress("town.eth", back);
  const payoutRule = await deployPayoutRule(await chain.as("Organiser"), {
    ...{ id: "quadratic", args: [true] },
  });
  round = await newRound({ salt: "instalments", settings: { payoutRule } });
});

async function escrowed(count: number): Promise<readonly EscrowedProject[]> {
  const { read } = stage.site.chain;
  const { registry, poolToken: token } = await readRoundConfig(stage.site.chain, round);
  return readEscrowed(read, {
    ...{ registry, token, factory: locateContracts(BUILT).escrowFactory },
    projects: Array.from({ length: count }, (_, i) => i),
  });
}

/** As the page's field has it, in the browser's zone, which is the machine's. */
const local = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

describe("ESCROW-1 REG-2 instalments on the page", () => {
  test("the owner sets them up, goes on after a refusal and a reload, and for who comes later", async () => {
    const { chain, url } = stage.site;
    const { end, registry } = await readRoundConfig(chain, round);
    const { page, wallet, leave } = await stage.visit(
      "Organiser",
      at(url, round, "organise"),
      DESKTOP,
    );
    // What to do next leads to the form.
    await page.getByRole("button", { name: "Set up instalments" }).click();
    await page.getByRole("button", { name: "Set it up for 16 projects" }).click();
    for (const problem of ["Write a percentage from 0 to 100", "Name the reviewers."])
      await page.getByText(problem).waitFor();
    // What is wrong may be far above of the button.
    const first = page.getByLabel("First instalment, in per cent");
    await expect.poll(() => first.evaluate((one) => one === document.activeElement)).toBe(true);
    const set = (count: string) => page.getByRole("button", { name: `Set it up for ${count}` });
    await page.getByRole("radio", { name: "Only those that I tick" }).check();
    await page.getByText("Tick at least one project.").waitFor();
    for (const name of ["Rain Gardens", "Village Radio"])
      await page.getByRole("checkbox", { name }).check();
    await page.getByLabel("First instalment, in per cent").fill("140");
    await page.getByText("Write a percentage from 0 to 100").waitFor();
    await page.getByLabel("First instalment, in per cent").fill("40,0 %");
    await paste(page, "Who finds the work good", {
      text: `${devnetAddress("Aiko")}\nben.eth`,
      read: /^2 accounts/,
    });
    await page.getByLabel("Reviews that a project needs").fill("3");
    await page.getByText("Write a number from 1 to the number of reviewers.").waitFor();
    await page.getByLabel("Reviews that a project needs").fill("1");
    await page.getByLabel("Reviewers can speak until").fill(local(Number(end) + 30 * DAY));
    await page.getByLabel("The rest goes back after").fill(local(Number(end) + 20 * DAY));
    await page.getByText("This must not be before the reviewers' last word.").waitFor();
    await page.getByLabel("The rest goes back after").fill(local(Number(end) + 40 * DAY));
    await page.getByLabel("Where the rest goes back to").fill("town.eth");
    await page.getByText(back).waitFor();
    expect({ breaches: await breaches(page), overflow: await overflow(page) }).toEqual({
      breaches: [],
      overflow: 0,
    });
    await set("2 projects").click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.innerText()).toMatch(
      /The matches of 2 projects are paid in two instalments: 40 % at once/,
    );
    expect(await dialog.innerText()).toContain("Rain Gardens, Village Radio");
    expect(await dialog.innerText()).toContain(devnetAddress("Ben")); // whom the name stands for
    expect(await dialog.innerText()).toContain(back);
    await shoot(page, "instalments-sure", false);
    // The panel is made; the second transaction is declined, and the tab loaded anew.
    wallet.afterNext(() => wallet.declineNext(/eth_sendTransaction/));
    await dialog.getByRole("button", { name: /^Set it up/ }).click();
    await page.getByText("What is done stays done.").waitFor();
    await page.reload();
    await page.getByText("Pay matches in two instalments").click();
    await page.getByText(back).waitFor();
    const organiser = devnetAddress("Organiser");
    const sent = () => chain.read.getTransactionCount({ address: organiser });
    const before = await sent();
    await set("2 projects").click();
    await dialog.getByRole("button", { name: /^Set it up/ }).click();
    await page.getByText("Nothing is due now.").waitFor();
    expect((await sent()) - before).toBe(3); // factory, escrows, payees: the panel was there
    expect((await escrowed(16)).map(({ project }) => project)).toEqual([0, 5]);
    expect(await page.getByRole("button", { name: "Set up instalments" }).count()).toBe(0);
    // The others cannot be set by mistake: nobody can change it afterwards.
    await page.getByText("14 projects are not included").waitFor();
    await page.getByRole("button", { name: "The same for these 14" }).click();
    expect(await dialog.innerText()).toMatch(/As for the others: 40 % of the match at once/);
    await shoot(page, "instalments-others-sure", false);
    await dialog.getByRole("button", { name: "Set it up for 14 projects" }).click();
    await expect.poll(async () => (await escrowed(16)).length).toBe(16);
    const all = await escrowed(16);
    expect(all[0]?.escrow.terms).toMatchObject({
      payee: devnetAddress("project Rain Gardens"),
      firstBps: 4_000n,
      fallbackTo: back,
    });
    await addProjects(await chain.as("Organiser"), {
      registry,
      projects: [{ recipient: devnetAddress("late"), metadataURI: "Latecomer" }],
    });
    await page.reload();
    await page.getByRole("button", { name: "The same for it" }).click();
    await dialog.getByRole("button", { name: "Set it up for one project" }).click();
    await expect.poll(async () => (await escrowed(17)).length).toBe(17);
    expect((await escrowed(17)).at(-1)?.escrow.terms.milestones).toBe(
      all[0]?.escrow.terms.milestones,
    );
    await shoot(page, "instalments-set");
    await leave();
  });

  test("who does not own the registry is offered nothing, and sees what is set", async () => {
    const { page, leave } = await stage.visit("Emil", at(stage.site.url, round, "organise"), PHONE);
    await page.getByText("Nothing is due now.").waitFor();
    expect(await page.getByText("Pay matches in two instalments").count()).toBe(0);
    expect({ breaches: await breaches(page), overflow: await overflow(page) }).toEqual({
      breaches: [],
      overflow: 0,
    });
    await leave();
  });

  test("a reviewer of the milestones speaks at the round's address", async () => {
    const { page, leave } = await stage.visit("Aiko", at(stage.site.url, round, "review"), DESKTOP);
    await page.getByText("gets the rest of its match if").waitFor();
    await page.getByLabel("What Rain Gardens gives back for each 1 that it costs").fill("1.5");
    await page.getByRole("button", { name: "Send one review" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send one review" }).click();
    await page
      .getByText("Reviews: 1 of 2, median 1.50. As things stand it gets the rest of its match.")
      .waitFor();
    await leave();
  });

  test("anybody has paid what is due; a project's page shows what is paid and what is held", {
    timeout: 200_000,
  }, async () => {
    const { chain, url, token } = stage.site;
    // Weights 18 and 2: matches of 900 and 100.
    for (const by of ["Ben", "Chen"])
      await giveBeside(chain, {
        ...{ round, by },
        votes: new Map([
          [0, 3n],
          [5, 1n],
        ]),
      });
    const config = await readRoundConfig(chain, round);
    const { end } = config;
    await chain.warpTo(end);
    await expect
      .poll(async () => (await readProgress(chain.read, round)).phase, {
        ...{ timeout: 100_000, interval: 500 },
      })
      .toBe("finalized");
    const { history } = await readHistory(chain.read, round, { from: 0n });
    const { list } = await readResults(chain.read, { round, config, history });
    const emil = await chain.as("Emil");
    await claimProjects(emil, { round, results: list, places: [0, 1] });
    const held = (who: Address) => readBalance(chain.read, token, who);
    const payee = devnetAddress("project Rain Gardens");
    const given = await held(payee);
    const { page, leave } = await stage.visit("Emil", at(url, round, "organise"), DESKTOP);
    const pay = async (count: string) => {
      await page.getByRole("button", { name: `Pay what is due: ${count}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Pay", exact: true }).click();
      await page.getByText("Nothing is due now.").waitFor();
    };
    await page.getByRole("button", { name: "Pay what is due: 2 payments" }).waitFor();
    expect(await page.getByLabel("A text for the projects").inputValue()).toMatch(
      /\n\nMatches are paid in two instalments: a part at once, the rest to the same address/,
    );
    await pay("2 payments");
    expect((await held(payee)) - given).toBe(360n * TOKEN);
    await page.goto(`${at(url, round, "projects")}/0`);
    const facts = page.getByRole("article");
    await facts.getByText("40 % of the match at once; the rest after the reviews close").waitFor();
    await expect
      .poll(() => facts.innerText())
      .toMatch(/Paid so far\s+360 TEST\s+Still held\s+540 TEST/);
    await shoot(page, "instalments-project");

    // The reviewers' time comes: one is found good, of the other nobody has spoken.
    await chain.warpTo(end + BigInt(31 * DAY));
    await page.goto(at(url, round, "organise"));
    await pay("one payment");
    expect((await held(payee)) - given).toBe(900n * TOKEN);
    expect(await held(back)).toBe(0n);
    await chain.warpTo(end + BigInt(41 * DAY));
    await page.reload();
    await page.getByText("Back from Village Radio").waitFor({ state: "detached" });
    await pay("one payment");
    expect(await held(back)).toBe(60n * TOKEN);
    await shoot(page, "instalments-over");
    await page.goto(`${at(url, round, "projects")}/5`);
    await facts.getByText("The rest was not earned by").waitFor();
    await expect.poll(() => facts.innerText()).toMatch(/Given back\s+60 TEST/);
    await leave();
  });
});
