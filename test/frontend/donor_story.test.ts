import { readFile } from "node:fs/promises";
import type { BrowserContext } from "playwright-core";
import type { Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import decodeQR from "qr/decode.js";
import { projectHref } from "../../frontend/src/router.ts";
import { publishDocuments } from "../../src/chain/documents.ts";
import { addProjects } from "../../src/chain/projects.ts";
import { readProgress } from "../../src/chain/round.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { encodeProjectDocument, writeProjectDocument } from "../../src/metadata/documents.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";
import { makePng } from "../helpers/pictures.ts";
import { DESKTOP, openPage, PHONE, shoot } from "./support/browser.ts";
import { at, makeKey, planChange, sealChange, sendAndGive } from "./support/donor.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";
import { traces } from "./support/traces.ts";

// What somebody does who has only the page: looks around, gives, changes, adds, and finds the receipt.
const PASSPHRASE = "four wet boots indoors";
const CHOICES = ["Rain Gardens", "Village Radio", "Seed Library"] as const;
const PICTURE = makePng({ width: 320, height: 180 });
const STORY = "Storytellers' Barn";

const stage = openStage();
let round: Address;
/** The index of the project with a long description. */
let told: number;
beforeAll(async () => {
  round = await stage.site.newRound({ salt: "donor story" });
  const { registry } = await readRoundConfig(stage.site.chain, round);
  const organiser = await stage.site.chain.as("Organiser");
  const document = encodeProjectDocument(
    writeProjectDocument({
      name: STORY,
      description: [
        "A barn where **everybody** tells one story a year.",
        "## What we need\n\n- a roof\n- a stove",
        "<script>document.title = 'taken'</script>",
        "Read [our plan](https://barn.example/plan), and [no](javascript:alert(1)) more.",
      ].join("\n\n"),
      category: "Culture",
      image: toReference(digestDocument(PICTURE)),
      alt: "A barn with its doors open",
      contact: "barn@barn.example",
      answers: [{ question: "Who are you?", answer: "Nine neighbours." }],
      sdgs: [4, 11],
      contentURI: "https://barn.example/",
      milestones: [
        { title: "The roof is tight", due: "2027-05-01", shareBps: 6_000 },
        { title: "First evening" },
      ],
    }),
  );
  await publishDocuments(organiser, stage.site.deployment.documents, [document]);
  await addProjects(organiser, {
    registry,
    projects: [
      { recipient: devnetAddress("barn"), metadataURI: toReference(digestDocument(document)) },
    ],
  });
  told = 16;
});

/** The site has a folder of pictures, in which every name leads to these bytes. */
async function serveContent(context: BrowserContext, bytes: Uint8Array): Promise<void> {
  await context.route("**/config.json", async (route) => {
    const config = (await (await route.fetch()).json()) as { readonly chains: object[] };
    const logo = { token: stage.site.token, image: toReference(digestDocument(PICTURE)) };
    await route.fulfill({
      json: {
        ...config,
        content: ["./content"],
        chains: config.chains.map((chain) => ({ ...chain, logos: [logo] })),
      },
    });
  });
  await context.route("**/content/*", (route) =>
    route.fulfill({ contentType: "image/png", body: Buffer.from(bytes) }),
  );
}

describe("the donor's story, on a phone", () => {
  test("looks around: filters, marks and reads, and the browser's history learns no project", async () => {
    const visit = await stage.visit("Aiko", at(stage.site.url, round), PHONE);
    const { page, context } = visit;
    const list = page.url();
    await page.getByText("17 of 17 projects").waitFor();
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("button", { name: "Culture", exact: true }).click();
    await page.getByRole("button", { name: "Nature", exact: true }).click();
    await page.getByText("6 of 17 projects").waitFor();
    await page.getByRole("button", { name: /^11\. / }).click();
    await page.getByText("2 of 17 projects").waitFor();
    await page.getByRole("button", { name: "Filter (3)" }).waitFor();
    await shoot(page, "projects-filtered");
    await page.getByRole("link", { name: STORY }).click();
    await page.getByRole("heading", { level: 2, name: STORY }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "project-title");
    await page.getByRole("heading", { name: "What we need" }).waitFor();
    await page.getByText("due May 1, 2027 · 60 % of what it is paid").waitFor();
    expect(page.url()).toBe(list);
    expect(await page.title()).not.toContain(STORY);
    expect(await page.locator("article script").count()).toBe(0);
    expect(await page.locator("article a[href^='javascript']").count()).toBe(0);
    await page.locator("article").getByText("[no](javascript:alert(1))").waitFor();
    await page.locator("article").getByRole("link", { name: "our plan" }).waitFor();
    await shoot(page, "project");
    await page.getByRole("button", { name: `Mark ${STORY} to come back to it` }).click();
    await page.goBack();
    await page.getByText("2 of 17 projects").waitFor(); // the list as it was
    expect(page.url()).toBe(list);
    await page.waitForFunction((name) => document.activeElement?.textContent === name, STORY);
    await page.getByRole("button", { name: "Take the filters off" }).click();
    await page.getByRole("button", { name: "Only those that I marked (1)" }).click();
    await page.getByText("1 of 17 projects").waitFor();
    expect(await traces(context, visit, [STORY])).toEqual([]);
    await page.reload(); // marks are nowhere but in the page
    await page.getByText("17 of 17 projects").waitFor();
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("button", { name: "Only those that I marked (0)" }).waitFor();
    await visit.leave();
  });

  test("a project's own address shows it to whoever it was sent to, with its title and description", async () => {
    const context = await stage.browser.newContext(DESKTOP);
    await serveContent(context, PICTURE);
    const { page, errors } = await openPage(
      context,
      `${stage.site.url}/${projectHref(31337, round, told)}`,
    );
    await page.getByRole("heading", { level: 2, name: STORY }).waitFor();
    await page.waitForFunction((name) => document.title.startsWith(name), STORY);
    expect(await page.locator('meta[name="description"]').getAttribute("content")).toMatch(
      /^A barn where everybody tells one story a year\./,
    );
    await page.getByText("Nine neighbours.").waitFor();
    await page.getByText(/^Open for gifts · .+ left$/).waitFor(); // whoever was sent here has seen no list with the dates
    await page.getByRole("img", { name: "A barn with its doors open" }).waitFor();
    await shoot(page, "project-desktop");
    await page.getByRole("link", { name: "All projects" }).click();
    await page.getByText("17 of 17 projects").waitFor();
    // The token of pool and gifts has the picture that the site names for it.
    const logos = page.locator("header dd img");
    await logos.nth(1).waitFor();
    expect(await logos.count()).toBe(2);
    expect(await logos.first().getAttribute("src")).toMatch(/^data:image\/png;base64,/);
    await shoot(page, "token-logo", false);
    await page.goto(`${stage.site.url}/${projectHref(31337, round, 99)}`);
    await page.getByText("There is no project 99 in this round").waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  test("of a picture other than the one that the document names nothing is shown", async () => {
    const context = await stage.browser.newContext(DESKTOP);
    await serveContent(context, makePng({ width: 320, height: 180 }, [200, 0, 0]));
    const { page, errors } = await openPage(
      context,
      `${stage.site.url}/${projectHref(31337, round, told)}`,
    );
    await Promise.all([
      page.waitForResponse("**/content/*"),
      page.getByRole("heading", { level: 2, name: STORY }).waitFor(),
    ]);
    await page.waitForTimeout(500);
    expect(await page.locator("main img").count()).toBe(0);
    await page.getByRole("link", { name: "All projects" }).click();
    await page.locator("header dd svg").nth(1).waitFor(); // an emblem in the logo's place
    expect(await page.locator("main img").count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("gives in even parts, changes, adds, and finds the payments, of which none names a project", async () => {
    const visit = await stage.visit("Aiko", at(stage.site.url, round), PHONE);
    const { page, wallet, context } = visit;
    for (const name of CHOICES)
      await page.getByRole("button", { name: `Choose ${name}`, exact: true }).click();
    await page.getByRole("link", { name: "Give", exact: true }).click();
    await page.getByLabel("Total in TEST").fill("10");
    await page.getByRole("button", { name: "Split evenly" }).click();
    await page.getByText("3 × 3.24 TEST = 9.72 TEST").waitFor();
    expect(await page.getByText("3.24 TEST for this project").count()).toBe(3);
    await page.getByText("This account may take part and has enough.").waitFor();
    await shoot(page, "give-even");
    await page.getByRole("button", { name: "Continue" }).click();
    await makeKey(page, PASSPHRASE, { first: true });
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await page.getByText("Switch away from").waitFor();
    await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
    expect((await readProgress(stage.site.chain.read, round)).totalCredits).toBe(972n);

    await page.getByRole("button", { name: "Change my gift" }).click();
    await planChange(page, { "Mangrove Watch": "11.56" });
    await page.getByRole("button", { name: /^Add 1\.84 TEST from 0x/ }).click();
    await page.getByText("Added.").waitFor();
    await sealChange(page, wallet, { passphrase: PASSPHRASE, other: "Emil" });
    await wallet.choose("Aiko");

    await page.getByRole("link", { name: "My rounds" }).click();
    const table = page.getByRole("table");
    await table.waitFor();
    expect(
      (await table.locator("tbody tr").allInnerTexts()).map((row) => row.split("\t").at(-1)),
    ).toEqual(["9.72 TEST", "1.84 TEST"]);
    await table.getByText("11.56 TEST").waitFor();
    await shoot(page, "gifts");
    await page.getByRole("button", { name: "Payment receipt" }).click();
    await page.getByLabel("Name on the receipt").fill("Aiko Example");
    await page.emulateMedia({ media: "print" });
    const paper = await page.locator("main").innerText();
    for (const words of [
      "Aiko Example",
      "Neighbourhood Round",
      "11.56 TEST",
      devnetAddress("Aiko"),
    ])
      expect(paper).toContain(words);
    for (const transaction of await page.locator("section p.font-mono").allInnerTexts())
      expect(transaction).toMatch(/^0x[0-9a-f]{64}$/);
    for (const name of [...CHOICES, "Mangrove Watch", STORY]) expect(paper).not.toContain(name);
    expect(await page.getByRole("banner").isVisible()).toBe(false);
    await shoot(page, "receipt-printed");
    await page.emulateMedia({ media: "screen" });
    expect(
      await traces(context, visit, [PASSPHRASE, "3.24", "Mangrove Watch", "Aiko Example"]),
    ).toEqual([]);
    await visit.leave();
  });

  test("takes the dates along, and goes on with a phone's camera or in a wallet's browser", async () => {
    const context = await stage.browser.newContext(DESKTOP);
    const { page, errors } = await openPage(context, at(stage.site.url, round));
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Add the dates to a calendar" }).click(),
    ]);
    const calendar = await readFile(await file.path(), "utf8");
    expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(2); // it is open already
    expect(calendar).toContain("Neighbourhood Round closes");

    await page.goto(at(stage.site.url, round, "gift"));
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("button", { name: "Go on in another wallet or on a phone" }).click();
    const code = page.getByRole("img", { name: "This page's address as a picture" });
    await code.waitFor();
    const image = await code.evaluate(async (svg) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [500, 500];
      const context = canvas.getContext("2d") as CanvasRenderingContext2D;
      const scale = 500 / (svg as SVGSVGElement).viewBox.baseVal.width;
      context.fillStyle = "#fff";
      context.fillRect(0, 0, 500, 500);
      context.scale(scale, scale);
      context.fillStyle = "#000";
      context.fill(new Path2D(svg.querySelector("path")?.getAttribute("d") ?? ""));
      return [...context.getImageData(0, 0, 500, 500).data];
    });
    expect(decodeQR({ width: 500, height: 500, data: Uint8Array.from(image) })).toBe(page.url());
    expect(await page.getByRole("link", { name: "Trust Wallet" }).getAttribute("href")).toBe(
      `https://link.trustwallet.com/open_url?coin_id=60&url=${encodeURIComponent(page.url())}`,
    );
    await shoot(page, "elsewhere", false);
    expect(errors).toEqual([]);
    await context.close();
  });
});
