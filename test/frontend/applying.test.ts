import { zeroAddress, type Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRelay, type SandboxRelay } from "../../scripts/page/sandbox/relay.ts";
import { createRound } from "../../src/chain/create_round.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { defaultSettings } from "../../src/chain/default_settings.ts";
import { deployOptimisticRegistry } from "../../src/chain/deploy.ts";
import { publishDocuments } from "../../src/chain/documents.ts";
import { listProjects } from "../../src/chain/projects.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { encodeRoundDocument, writeRoundDocument } from "../../src/metadata/documents.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";
import { makePng } from "../helpers/pictures.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { at } from "./support/donor.ts";
import { openStage } from "./support/stage.ts";

const stage = openStage({ relayUrl: () => (relay as SandboxRelay).url });
let relay: SandboxRelay | undefined;
let round: Address;
let registry: Address;
const DAY = 86_400n;
const BOND = 10n ** 16n;

beforeAll(async () => {
  const { chain, deployment, token, coordinator } = stage.site;
  const organiser = await chain.as("Organiser");
  const now = await chain.now();
  registry = await deployOptimisticRegistry(organiser, {
    arbiter: devnetAddress("Organiser"),
    bond: BOND,
    freezeTime: now + 10n * DAY,
    challengePeriod: DAY,
    rulingPeriod: DAY,
    acceptPeriod: DAY,
    mostOpen: 10n,
    payeeSetter: zeroAddress,
    nonce: `0x${"01".repeat(32)}`,
  });
  const about = encodeRoundDocument(
    writeRoundDocument(
      {
        name: "Shore and Sea",
        categories: ["Nature", "Harbour"],
        questions: ["Who keeps it?"],
        translations: { ja: { name: "岸と海", questions: ["誰が世話をしますか？"] } },
      },
      "0".repeat(32),
    ),
  );
  await publishDocuments(organiser, deployment.documents, [about]);
  ({ round } = await createRound(organiser, {
    factory: deployment.factory,
    salt: digestDocument(about),
    settings: defaultSettings({
      organiser: devnetAddress("Organiser"),
      coordinator: devnetAddress("coordinator"),
      coordinatorKeyX: coordinator.publicKey.x,
      coordinatorKeyY: coordinator.publicKey.y,
      token,
      unit: 10n ** 16n,
      start: now + 10n * DAY,
      end: now + 20n * DAY,
      registry,
      gate: deployment.openGate,
      payoutRule: deployment.payoutRules.return,
    }),
  }));
  relay = await startRelay({
    chain,
    deployment,
    onError: (error) => console.error(error),
  });
});
afterAll(async () => {
  await relay?.close();
});

test("REG-3 META-5 a project applies with a picture, milestones and answers; somebody challenges it, the arbiter decides, and its bonds are paid", async () => {
  const { site } = stage;
  const picture = Buffer.from(makePng({ width: 320, height: 180 }));
  const applicant = await stage.visit("Emil", at(site.url, round, "apply"), PHONE);
  const { page } = applicant;
  const send = page.getByRole("button", { name: "Apply, and leave 0.01 ETH" });
  await page.getByText("an answer to each question of the organiser are needed").waitFor();
  await send.click();
  await page.getByText("The project needs a name").waitFor();
  // The form is long: what is wrong may be far above of the button.
  const name = page.getByLabel("Name", { exact: true });
  await expect.poll(() => name.evaluate((one) => one === document.activeElement)).toBe(true);
  await name.fill("Tide Pool School");
  await page.getByLabel("What it does").fill("Children learn the **shore** by heart.");
  // A tab that is closed takes nothing of it along.
  await page.reload();
  await expect.poll(() => name.inputValue()).toBe("Tide Pool School");
  expect(await page.getByLabel("What it does").inputValue()).toContain("by heart");
  await page.getByLabel(/^14\. /).check();
  await page.getByLabel(/^4\. /).check();
  await page.getByLabel("Topics").selectOption("Nature");
  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.getByLabel("Picture", { exact: true }).setInputFiles({ name, mimeType, buffer });
  // What it is its bytes say, not its name.
  await choose("a.png", "image/png", Buffer.from("<svg onload='alert(1)'/>"));
  await page.getByText("This is no still picture").waitFor();
  await choose("pool.png", "image/png", picture);
  await page.getByLabel("What the picture shows").fill("A pool between rocks");
  await page.getByRole("button", { name: "Add a milestone" }).click();
  await page.getByLabel("Milestone 1").fill("First class");
  await page.getByLabel("Share in %").fill("120");
  await page
    .getByLabel("Address that is paid")
    .fill(` ${devnetAddress("project Tide Pool School")} `);
  await send.click();
  await page.getByText("100 % together at most").waitFor();
  await page.getByLabel("Share in %").fill("33.5");
  await send.click();
  await page.getByText("The organiser asks for an answer.").waitFor();
  await page.getByLabel("Who keeps it?").fill("Two teachers.");
  await send.click();
  await page.getByText("Sent. It stands in the list below.").waitFor({ timeout: 30_000 });
  await page.getByText("Open to challenges until").waitFor();
  // The form is empty for the next project, and blames nobody for it.
  expect(await page.getByText("The project needs a name").count()).toBe(0);
  expect(await name.inputValue()).toBe("");
  expect(
    await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith("tacit.application")),
    ),
  ).toEqual([]);
  const image = page.getByRole("img", { name: "A pool between rocks" });
  await image.waitFor();
  expect(await image.getAttribute("src")).toBe(
    `data:image/png;base64,${picture.toString("base64")}`,
  );
  expect(await image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(320);
  await shoot(page, "apply-phone");
  await applicant.leave();

  const critic = await stage.visit("Ben", at(site.url, round, "apply"), DESKTOP);
  await critic.page.getByText("Challenge it").click();
  await critic.page.getByLabel("What is wrong with it").fill("there is no such school");
  await critic.page.getByRole("button", { name: "Challenge, and leave 0.01 ETH" }).click();
  await critic.page.getByText("the applicant gets both").waitFor();
  await critic.page
    .getByRole("dialog")
    .getByRole("button", { name: "Challenge, and leave 0.01 ETH" })
    .click();
  await critic.page.getByText("there is no such school").waitFor({ timeout: 30_000 });
  await critic.leave();

  const arbiter = await stage.visit("Organiser", at(site.url, round, "apply"), DESKTOP);
  await arbiter.page.getByRole("button", { name: "Accept it" }).click();
  await arbiter.page.getByRole("dialog").getByRole("button", { name: "Accept it" }).click();
  await arbiter.page.getByText("It is a project.").waitFor({ timeout: 30_000 });
  await shoot(arbiter.page, "apply-desktop");
  await arbiter.leave();
  const [project] = await listProjects(site.chain.read, {
    registry,
    documents: locateContracts(BUILT).documents,
    fromBlock: 0n,
  });
  expect(project?.document).toMatchObject({
    name: "Tide Pool School",
    image: toReference(digestDocument(picture)),
    extensions: {
      "org.tacit": {
        alt: "A pool between rocks",
        sdgs: [4, 14],
        category: "Nature",
        milestones: [{ title: "First class", shareBps: 3_350 }],
        answers: [{ question: "Who keeps it?", answer: "Two teachers." }],
      },
    },
  });

  const winner = await stage.visit("Emil", at(site.url, round, "apply"), PHONE);
  const held = () => site.chain.read.getBalance({ address: devnetAddress("Emil") });
  const before = await held();
  await winner.page.getByText("Bonds of 0.02 ETH are yours.").waitFor();
  await winner.page.getByRole("button", { name: "Take them" }).click();
  await winner.page.getByText("Bonds of 0.02 ETH are yours.").waitFor({ state: "detached" });
  expect((await held()) - before).toBeGreaterThan(BOND);
  await winner.leave();
});

test("META-5 a picture is shown as it is named, or not at all", async () => {
  const { page, context, leave } = await stage.visit(
    "Aiko",
    at(stage.site.url, round, "apply"),
    DESKTOP,
  );
  const image = page.getByRole("img", { name: "A pool between rocks" });
  const near = () => page.getByText("It is a project.").scrollIntoViewIfNeeded();
  await near(); // what is far below is not asked for
  await image.waitFor();
  const other = Buffer.from(makePng({ width: 320, height: 180 }, [200, 0, 0]));
  let asked = 0;
  await context.route("**/content/*", async (route) => {
    asked++;
    await route.fulfill({ status: 200, contentType: "image/png", body: other });
  });
  await page.reload();
  await near();
  await expect.poll(() => asked).toBe(1);
  await page.waitForTimeout(300);
  expect(await image.count()).toBe(0);
  await leave();
});
