import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { decodeFunctionData, isAddressEqual, type Address, type Hex } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { SANDBOX_PROJECTS } from "../../scripts/page/sandbox/projects.ts";
import { readPendingApplications } from "../../src/chain/projects.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { breaches } from "./support/breaches.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { fillWizard, next } from "./support/officer.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";
import type { TestNames } from "../helpers/name_service.ts";

const stage = openStage({ withNames: true });
let names: TestNames;
const [ana, ben, eve, guard] = ["Ana", "Ben", "Eve", "Guard"].map(devnetAddress) as [
  Address,
  Address,
  Address,
  Address,
];

beforeAll(async () => {
  names = stage.site.names as TestNames;
  await names.setAddress("ana.eth", ana);
  await names.setAddress("ben.eth", ben);
  await names.setAddress("guard.eth", guard);
});

describe("a round whose organiser types names", () => {
  test("is made with the addresses that they stand for, which are shown; what is no name says why; a name that moved is told", async () => {
    const { page, leave } = await stage.visit("Organiser", `${stage.site.url}/#/create`, PHONE);
    await fillWizard(
      page,
      {
        kind: "Community round",
        name: "By name",
        people: `ana.eth\n${eve}\nBen.ETH\n`,
        projects: `name,recipient\nBees,ana.eth\nOwls,${eve}\n`,
        guardian: "Guard.eth",
      },
      async (step) => {
        if (step === "people")
          await page.getByText("3 accounts, all of them read; 2 of them by name").waitFor();
        if (step === "projects")
          await page.getByText("2 projects, all of them read; 1 of them by name").waitFor();
        if (step !== "coordinator") return;
        const field = page.getByLabel("Guardian (optional)");
        for (const [typed, says] of [
          ["carl.eth", "stands for no account"],
          ["gu\u0430rd.eth", "a name that nobody can have"],
          ["0x12", "Write a full address"],
        ] as const) {
          await field.fill(typed);
          await next(page);
          await page.getByText(says).waitFor();
        }
        await field.fill("Guard.eth");
        await page.getByText("Guard.eth now stands for this account").waitFor();
        await page.getByText(guard, { exact: true }).waitFor();
        expect(await breaches(page)).toEqual([]);
        await shoot(page, "name-typed");
      },
    );
    const main = page.getByRole("main");
    await main.getByText(`Guard.eth: ${guard}`).waitFor();
    await main.getByText(`ana.eth: ${ana}`).first().waitFor();
    expect(await main.getByText("A name stands for another account now").count()).toBe(0);
    // Both move on while the draft lies there.
    await names.setAddress("guard.eth", eve);
    await names.setAddress("ben.eth", guard);
    await page.reload();
    await main.getByText("A name stands for another account now").waitFor();
    await main
      .getByText(`Guard.eth was ${guard} when it was looked up, and is ${eve} now.`)
      .waitFor();
    await main
      .getByText(`Ben.ETH was ${ben} when it was looked up, and is ${guard} now.`)
      .waitFor();
    expect(await breaches(page)).toEqual([]);
    await shoot(page, "name-moved");
    expect(await main.getByText(`${guard} may make the result void`).count()).toBe(1);
    await main.getByRole("button", { name: "Take the new address of Guard.eth" }).click();
    await main.getByText(`${eve} may make the result void`).waitFor();
    expect(await main.getByRole("button", { name: /Take the new address/ }).count()).toBe(0);
    await leave();
    await names.setAddress("guard.eth", guard);
    await names.setAddress("ben.eth", ben);
  });
});

/** What the page asks the name service, in order of the accounts. */
function hearQuestions(page: Page): () => readonly string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/rpc")) return;
    type Call = { method: string; params: readonly [{ to?: Address; data: Hex }] };
    const body = request.postDataJSON() as Call | readonly Call[];
    for (const { method, params } of [body].flat() as readonly Call[])
      if (
        method === "eth_call" &&
        params[0].to !== undefined &&
        isAddressEqual(params[0].to, names.universalResolver)
      )
        asked.push(accountIn(params[0].data));
  });
  return () => [...asked].sort();
}

const accountIn = (data: Hex): string =>
  decodeFunctionData({
    abi: [
      {
        type: "function",
        name: "reverseWithGateways",
        stateMutability: "view",
        inputs: [{ type: "bytes" }, { type: "uint256" }, { type: "string[]" }],
        outputs: [],
      },
    ],
    data,
  }).args[0];

describe("a field for an account", () => {
  test("a project applies by name, and is paid at the address", async () => {
    const round = await stage.site.newRound({ salt: "by name" });
    const { page, leave } = await stage.visit(
      "Donor",
      `${stage.site.url}/#/31337/${round}/apply`,
      DESKTOP,
    );
    await page.getByLabel("Name", { exact: true }).fill("Bees");
    await page.getByLabel("Address that is paid").fill("ana.eth");
    await page.getByText(ana, { exact: true }).waitFor();
    expect(await breaches(page)).toEqual([]);
    await shoot(page, "name-apply");
    await page.getByRole("button", { name: "Send application" }).click();
    await page.getByText("Sent. It stands in the list below.").waitFor();
    const { registry } = await readRoundConfig(stage.site.chain, round);
    const { documents } = stage.site.deployment;
    const [application] = await readPendingApplications(stage.site.chain.read, {
      ...{ registry, documents, owner: devnetAddress("Organiser"), fromBlock: 0n },
    });
    expect(application?.recipient).toBe(ana);
    await leave();
  });

  test("a name's owner makes no visitor ask a server, and where there is no name service the field says so", async () => {
    let visits = 0;
    const outside = createServer((_, response) => {
      visits++;
      response.setHeader("access-control-allow-origin", "*");
      response.end("{}");
    });
    await new Promise<void>((done) => void outside.listen(0, "127.0.0.1", done));
    const { port } = outside.address() as AddressInfo;
    await names.setResolver(
      "far.eth",
      await names.deployOffchain(`http://127.0.0.1:${port}/{sender}/{data}`),
    );
    const round = await stage.site.newRound({ salt: "outside" });
    const address = `${stage.site.url}/#/31337/${round}/apply`;
    const served = await stage.visit("Donor", address, PHONE);
    await served.page.getByLabel("Address that is paid").fill("far.eth");
    await served.page.getByText("lies on a server outside of the chain").waitFor();
    await served.leave();
    expect(visits).toBe(0);
    outside.close();
    const without = await stage.visit("Donor", address, {
      ...PHONE,
      prepare: (context) =>
        context.route("**/config.json", async (route) => {
          const response = await route.fetch();
          const { chains, ...rest } = (await response.json()) as { chains: object[] };
          const bare = chains.map((chain) => ({ ...chain, universalResolver: undefined }));
          await route.fulfill({ response, json: { ...rest, chains: bare } });
        }),
    });
    const asked = hearQuestions(without.page);
    const files: string[] = [];
    without.page.on("request", (request) => files.push(new URL(request.url()).pathname));
    await without.page.getByLabel("Address that is paid").fill("ana.eth");
    await without.page.getByText("Names are not looked up on this chain").waitFor();
    expect(asked()).toEqual([]);
    // What names are looked up and spelt with is in files that come with the first of them.
    expect(files.filter((file) => /\/(name_service|ens)-[^/]*\.js$/.test(file))).toEqual([]);
    await without.leave();
  });
});

describe("the names that accounts go by", () => {
  const payee = (name: string) => devnetAddress(`project ${name}`);
  const call = async (project: string, name: string) => {
    await names.setPrimary(await stage.site.chain.as(`project ${project}`), name);
  };
  let round: Address;
  let list: string;
  const [first, second, third, fourth] = SANDBOX_PROJECTS.map(([name]) => name) as [
    string,
    string,
    string,
    string,
  ];

  beforeAll(async () => {
    round = await stage.site.newRound({ salt: "names" });
    list = `${stage.site.url}/#/31337/${round}/projects`;
    await names.setAddress("bees.eth", payee(first));
    await call(first, "bees.eth");
    await call(second, "bees.eth"); // somebody else's
    await names.setAddress("b\u0435es.eth", payee(third)); // a Cyrillic letter
    await call(third, "b\u0435es.eth");
    await names.setAddress(`${"o".repeat(240)}.eth`, payee(fourth));
    await call(fourth, `${"o".repeat(240)}.eth`);
    await names.setAddress("org.eth", devnetAddress("Organiser"));
    await names.setPrimary(await stage.site.chain.as("Organiser"), "org.eth");
  });

  const openProject = async (page: Page, name: string) => {
    await page.goto(list);
    await page.getByRole("link", { name, exact: true }).click();
    await page.locator("#project-title").waitFor();
  };

  test("stand beside the address where they stand for it; what imitates another does not, and what is long is cut", async () => {
    const { page, leave } = await stage.visit("Organiser", list, PHONE);
    const main = page.getByRole("main");
    await openProject(page, first);
    await main.getByText("bees.eth").waitFor();
    expect(await breaches(page)).toEqual([]);
    await shoot(page, "name-told");
    await openProject(page, second);
    await main.getByText(short(payee(second))).waitFor();
    expect(await main.getByText(/bees\.eth/).count()).toBe(0);
    await openProject(page, third);
    await main.getByText(short(payee(third))).waitFor();
    expect(await main.getByText(/es\.eth/).count()).toBe(0);
    await openProject(page, fourth);
    await main.getByText(`${"o".repeat(59)}…`).waitFor();
    await page.goto(list.replace("/projects", "/organise"));
    await main
      .getByText(`org.eth (${devnetAddress("Organiser")})`)
      .first()
      .waitFor();
    await shoot(page, "name-organise");
    await leave();
  });

  test("are asked for once, of all accounts together: what the node hears does not tell what somebody reads and marks", async () => {
    const visit = async (look: (page: Page) => Promise<void>) => {
      const context = await stage.browser.newContext(DESKTOP);
      const page = await context.newPage();
      const questions = hearQuestions(page);
      await page.goto(list);
      await page.getByText("Organiser's account: org.eth").waitFor();
      await look(page);
      await page.waitForTimeout(1_500);
      const asked = questions();
      await context.close();
      return asked;
    };
    const sorted = (accounts: readonly string[]) => accounts.map((one) => one.toLowerCase()).sort();
    const running = ["Organiser", "coordinator"].map(devnetAddress);
    expect(await visit(async () => undefined)).toEqual(sorted(running));
    // Whoever opens a project asks for all payees, whichever it is.
    const without = await visit(async (page) => {
      await page.getByRole("link", { name: second, exact: true }).click();
      await page.locator("#project-title").waitFor();
    });
    expect(without).toEqual(sorted([...running, ...SANDBOX_PROJECTS.map(([name]) => payee(name))]));
    const marking = await visit(async (page) => {
      await page.getByRole("button", { name: new RegExp(`^Mark.*${second}`) }).click();
      await page.getByRole("link", { name: first, exact: true }).click();
      await page.getByRole("main").getByText("bees.eth").waitFor();
      await page.goBack();
      await page.getByRole("link", { name: third, exact: true }).click();
      await page.locator("#project-title").waitFor();
    });
    expect(marking).toEqual(without);
  });

  test("are no reason to wait: with a node that does not answer for them, the page is whole", async () => {
    const context = await stage.browser.newContext(PHONE);
    const page = await context.newPage();
    let held = 0;
    await page.route("**/rpc", async (route) => {
      const isName = (route.request().postData() ?? "")
        .toLowerCase()
        .includes(names.universalResolver.slice(2).toLowerCase());
      if (!isName) return route.continue();
      held++;
      return undefined; // never
    });
    await page.goto(list);
    await page.getByRole("link", { name: first, exact: true }).click();
    await page
      .getByRole("main")
      .getByText(short(payee(first)))
      .waitFor();
    expect(held).toBeGreaterThan(0);
    await context.close();
  });
});

const short = (address: Address) => `${address.slice(0, 6)}…${address.slice(-4)}`;
