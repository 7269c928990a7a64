import { getAddress, parseEventLogs, zeroAddress, type Address } from "viem";
import { describe, expect, test } from "vitest";
import { deployAttestations } from "../../scripts/snapshots/attestations.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { readMadeBy } from "../../src/chain/made_by.ts";
import { readParts } from "../../src/chain/parts.ts";
import { isPinned } from "../../src/chain/pin_balances.ts";
import { parseAllowList } from "../../src/donor/allow_list.ts";
import { parseGroup } from "../../src/donor/group_list.ts";
import { allowListRoot } from "../../src/gates/merkle.ts";
import { payoutKind } from "../../src/payouts/index.ts";
import { PRESETS, type Preset } from "../../src/presets.ts";
import { groupRoot } from "../../src/protocol/group.ts";
import { iDocumentsAbi, iRoundFactoryAbi } from "../../src/chain/generated/abis.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { breaches, overflow } from "./support/breaches.ts";
import { connect, DESKTOP, openPage, PHONE } from "./support/browser.ts";
import { saved } from "./support/files.ts";
import { fillWizard, next, onStep, paste, type Wishes } from "./support/officer.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";
import { testMember } from "../helpers/membership.ts";

const stage = openStage();
const PEOPLE = ["Aiko", "Ben", "Chen"].map((name) => devnetAddress(name)).join("\n");
const guardian = devnetAddress("Guardian");
/** The same people as the tree has them: with everybody's credits, or without a limit. */
const listOf = (credits: bigint | undefined): string =>
  `account,credits\n${PEOPLE.split("\n")
    .map((account) => `${account},${credits ?? ""}`)
    .join("\n")}`;

/** Each kind of round with what its organiser has to say, and sentences that its review must hold. */
const KINDS: readonly (Wishes & { readonly id: string; readonly says: readonly RegExp[] })[] = [
  {
    id: "experiment",
    kind: "First small experiment",
    name: "A trial",
    says: [
      /Everybody can take part/,
      /the smallest gift is 1 TEST/,
      /many small gifts count for more/,
      /due 3 days after that/,
      /Nobody can stop a proved result/,
    ],
  },
  {
    id: "community",
    kind: "Community round",
    name: "Shore and Sea",
    people: PEOPLE,
    guardian,
    says: [
      /The 3 accounts on your list can take part, once each/,
      /A match is at most 10 % of the pool/,
      /may make the result void within 3 days/,
    ],
  },
  {
    id: "city",
    kind: "City round with prizes",
    name: "Five streets",
    people: PEOPLE,
    guardian,
    prizes: "1,500; 20; 20",
    remainderTo: devnetAddress("Town"),
    says: [
      /get prizes fixed before the round/,
      /A single supporter counts 0, and wins nothing/,
      /1 × 1,500 TEST, 2 × 20 TEST: 3 prizes, 1,540 TEST in all/,
      new RegExp(`taken off the list, goes to ${devnetAddress("Town")}`),
      new RegExp(`${devnetAddress("Guardian")} may make the result void`),
      /within 7 days/,
    ],
  },
  {
    id: "members-vote",
    kind: "Members' vote",
    name: "What shall we read?",
    people: PEOPLE,
    says: [
      /Nobody pays. Everybody has exactly 100 credits: 10 votes for one project/,
      /vote for and against/,
      /nothing is paid out/,
    ],
  },
  {
    id: "number-vote",
    kind: "Number vote",
    name: "How warm?",
    people: PEOPLE,
    number: "Reading room",
    says: [
      /Nobody pays/,
      /“Reading room” starts at 18; each vote moves it by 0.5, never below 15 or above 25 °C/,
      /nothing is paid out/,
    ],
  },
  {
    id: "democracy-dollars",
    kind: "Democracy dollars",
    name: "A hundred each",
    people: PEOPLE,
    says: [/Nobody pays/, /not against them/, /The pool is in TEST/, /the whole pool is paid out/i],
  },
];

describe("every kind of round", () => {
  test("the table has all of them", () => {
    expect(KINDS.map(({ id }) => id).sort()).toEqual(PRESETS.map(({ id }) => id).sort());
  });

  test.each(KINDS)(
    "$id: comes to a review that says what it is, and what is made has the preset's settings",
    async ({ id, says, ...wishes }) => {
      const { chain, url, token, deployment } = stage.site;
      const { page, leave } = await stage.visit("Organiser", `${url}/#/create`, DESKTOP);
      // Every step is looked at once, in the kind of round that asks for most.
      await fillWizard(page, wishes, async (step) => {
        if (id === "city")
          expect({ step, breaches: await breaches(page) }).toEqual({ step, breaches: [] });
      });
      const main = page.getByRole("main");
      for (const sentence of says)
        expect(await main.innerText(), `${id}: ${sentence}`).toMatch(sentence);
      // Two numbers of 77 digits are nowhere.
      expect(await main.innerText()).not.toMatch(/\d{60}/);
      await page.getByRole("button", { name: "Create the round" }).click();
      await page.getByText(`“${wishes.name}” is made.`).waitFor();
      await leave();

      const { rounds } = await readMadeBy(
        chain.read,
        deployment.factory,
        devnetAddress("Organiser"),
      );
      const config = await readRoundConfig(chain, rounds.at(-1)?.round as Address);
      const parts = await readParts(chain.read, config, locateContracts(BUILT));
      const { settings, without } = PRESETS.find((one) => one.id === id) as Preset;
      const { disputeWindow = 0, exactCredits, rule = "quadratic" } = settings;
      expect(config).toMatchObject({
        tallyBase: settings.tallyBase,
        tallyMost: settings.tallyMost,
        cancelNotice: settings.cancelNotice ?? 86_400,
        disputeWindow,
        guardian: disputeWindow === 0 ? zeroAddress : guardian,
        allowSigns: settings.allowSigns === true,
        shareLeftovers: settings.leftovers !== "remainder",
        remainderTo: wishes.remainderTo ?? devnetAddress("Organiser"),
        token: without.includes("token") ? zeroAddress : getAddress(token),
        poolToken: without.includes("poolToken") ? zeroAddress : getAddress(token),
      });
      if (wishes.people === undefined) expect(parts.gate.kind).toBe("open");
      else
        expect(parts.gate).toMatchObject({
          kind: "clauses",
          exactCredits: exactCredits ?? 0n,
          clauses: [
            [
              {
                id: "merkle",
                settings: [allowListRoot(parseAllowList(listOf(exactCredits), "people"))],
              },
            ],
          ],
        });
      if (without.includes("poolToken")) expect(config.payoutRule).toBe(zeroAddress);
      else {
        const kind = payoutKind(rule);
        const texts = Object.fromEntries(kind.settings.map(({ name, initial }) => [name, initial]));
        const args = kind.argsFrom(
          {
            ...texts,
            ...(settings.cap === undefined ? {} : { cap: settings.cap }),
            ...(settings.surplus === undefined ? {} : { surplus: settings.surplus }),
            ...(wishes.prizes === undefined ? {} : { tiers: "1x1500,2x20" }),
          },
          (text) => BigInt(text) * 10n ** 18n,
        );
        expect(parts.payoutRule).toMatchObject({ kind: "known", id: rule, args });
      }
    },
  );
});

test("what is wrong is named beside its field, by line for lists, and no step is passed before it is right", async () => {
  const { page, leave } = await stage.visit("Organiser", `${stage.site.url}/#/create`, PHONE);
  await next(page);
  await page.getByText("Choose one.").waitFor();
  await page.getByRole("radio", { name: "Community round" }).check();
  await next(page);
  await onStep(page, "Name and texts");
  await next(page);
  await page.getByText("Give the round a name").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Shore and Sea");
  await next(page);
  await page.getByLabel("Closes").fill("2020-01-01T10:00");
  await page.getByLabel("Days for the count", { exact: true }).fill("0.001");
  await next(page);
  await page.getByText("The end must lie ahead.").waitFor();
  await page.getByText("Give the count an hour at least").waitFor();
  await page.getByLabel("Closes").fill("2099-01-01T10:00");
  await page.getByLabel("Days for the count", { exact: true }).fill("2");
  await next(page);
  await onStep(page, "Money");
  await page.getByLabel("Smallest gift", { exact: true }).fill("nothing");
  await next(page);
  await page.getByText("Write a plain number, for example").waitFor();
  await page.getByLabel("Smallest gift", { exact: true }).fill("2");
  await page.getByText("A credit costs 0.02 TEST. The smallest gift, 2 TEST, buys 100").waitFor();
  await next(page);
  await onStep(page, "Who takes part");
  await next(page);
  await page.getByText("Give the list.").waitFor();
  await page
    .getByLabel("The list", { exact: true })
    .and(page.locator("textarea"))
    .fill(`${PEOPLE}\nnobody\n${devnetAddress("Aiko")}`);
  await page.getByText("Line 4: “nobody” is not an address.").waitFor();
  await page.getByText(/Line 5: “0x\w+” is there twice\./).waitFor();
  await paste(page, "The list", { text: PEOPLE, read: /^3 accounts, all of them read/ });
  await next(page);
  await next(page);
  await onStep(page, "How the pool is divided");
  await page.getByLabel("Most that one project gets").fill("eleven");
  await next(page);
  await page.getByText("Write a percentage").waitFor();
  await page.getByLabel("Most that one project gets").fill("11%");
  await next(page);
  await onStep(page, "Who counts");
  await next(page);
  // A guardian may be left out, and then the review says what that means.
  await onStep(page, "Review and create");
  await page.getByText("Nobody can stop a proved result").waitFor();
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await onStep(page, "Who counts");
  await page.getByLabel("Guardian (optional)").fill(devnetAddress("coordinator"));
  await page.getByText("The coordinator cannot judge its own count.").waitFor();
  await page.getByLabel("Guardian (optional)").fill(guardian);
  await page.getByRole("radio", { name: "Another coordinator" }).check();
  await page.getByLabel("Coordinator's account").fill(devnetAddress("coordinator"));
  await page.getByLabel("Coordinator's public key").fill("1, 2");
  await next(page);
  await page.getByText("This is not a usable key.").waitFor();
  const { x, y } = stage.site.coordinator.publicKey;
  await page.getByLabel("Coordinator's public key").fill(`x = ${x}\ny = ${y}`);
  await page.getByText("The key is a usable one.").waitFor();
  await next(page);
  await onStep(page, "Review and create");
  await page.getByText("a match is at most 11 % of the pool").waitFor();
  expect({ breaches: await breaches(page), overflow: await overflow(page) }).toEqual({
    breaches: [],
    overflow: 0,
  });
  await leave();
});

test("GATE-12 GATE-13 GATE-14 PAYOUT-4 REG-3 members, attested accounts and holders come in, a panel decides about matches, projects leave bonds: what was filled in is what the round has", async () => {
  const { chain, token, url } = stage.site;
  const deployer = await chain.as("organiser");
  const service = await deployAttestations({
    getWalletClients: () => Promise.resolve([deployer.wallet]),
    getPublicClient: () => Promise.resolve(chain.read),
  } as never);
  const schema = await service.register("bytes32 person, bool isMember");
  const members = ["ana", "ben", "cleo"].map((name) => testMember(name).commitment);
  const holder = devnetAddress("Aiko");
  const attester = devnetAddress("Attester");
  const { page, wallet, leave } = await stage.visit("Organiser", `${url}/#/create`, DESKTOP);
  const way = (number: number) => page.getByRole("group", { name: `Way ${number}`, exact: true });
  const choose = async (number: number, kind: string) =>
    way(number).getByLabel("How people are known").selectOption({ label: kind });
  const wrong = async (text: string) => {
    await next(page);
    await page.getByText(text).first().waitFor();
  };
  const see: Readonly<Record<string, () => Promise<unknown>>> = {
    async people() {
      await page.getByRole("radio", { name: "People whom I choose" }).check();
      await page.getByRole("button", { name: "Add another way in" }).click();
      await page.getByRole("button", { name: "Add another way in" }).click();
      await choose(1, "They are members, and nobody sees which");
      await wrong("Give the members' commitments.");
      const list = way(1).getByLabel("The members", { exact: true }).and(page.locator("textarea"));
      await list.fill(`commitment\n${members.join("\n")}\n12x`);
      await page.getByText("Line 5: “12x” is not a member's commitment.").waitFor();
      await list.fill(`commitment\n${members.join("\n")}`);
      await page.getByText("3 members, all of them read").waitFor();
      await way(1).getByLabel("Most credits for each").fill("2500");
      await choose(2, "Somebody attested it of them");
      await way(2).getByLabel("Attestation service").fill(token);
      await way(2).getByLabel("What is attested (schema)").fill(schema);
      await wrong("There is no Ethereum Attestation Service at this address.");
      await way(2).getByLabel("Attestation service").fill(service.address);
      await page.getByText("These attestations hold: bytes32 person, bool isMember").waitFor();
      await way(2).getByLabel("Account of the attester").fill(attester);
      await way(2).getByLabel("The attestation's first field says").check();
      await way(2).getByLabel("Most credits for each").fill("4000");
      await choose(3, "They held a token at a block");
      await way(3).getByLabel("Address of the token").fill(token);
      await way(3).getByLabel("An account that holds some").fill(devnetAddress("Nobody"));
      await wrong("By this account it cannot be told where the token keeps its balances");
      await way(3).getByLabel("An account that holds some").fill(holder);
      await page.getByText("This page found where TEST keeps its balances").waitFor();
      await way(3).getByRole("button", { name: "Take the newest block" }).click();
      await way(3).getByLabel("Tokens for one credit").fill("2.5");
    },
    async projects() {
      await page.getByRole("radio", { name: "They come in by themselves, with a bond" }).check();
      await wrong("Write an amount above 0.");
      await page.getByLabel("Bond, in the chain's coin").fill("0.05");
      await page.getByLabel("The list is final").selectOption({ label: "When the round opens" });
      await wrong("Nobody could apply");
      await page.getByLabel("The list is final").selectOption({ label: "When the round closes" });
      await page.getByText(/Projects can apply until .+; the list is final/).waitFor();
      await page.getByLabel("Arbiter (optional)").fill(guardian);
      await page.getByRole("checkbox", { name: /I may have matches paid elsewhere/ }).check();
    },
    async rule() {
      await page.getByRole("checkbox", { name: /a panel of reviewers finds good/ }).check();
      await wrong("Name the reviewers.");
      await paste(page, "The reviewers", { text: PEOPLE, read: /3 accounts, all of them read/ });
      await page.getByLabel("Reviews that a project needs").fill("4");
      await wrong("Write a number from 1 to the number of reviewers.");
      await page.getByLabel("Reviews that a project needs").fill("2");
    },
  };
  const kind = "First small experiment";
  await fillWizard(page, { kind, name: "Everything else" }, async (step) => {
    if (see[step] === undefined) return;
    await see[step]();
    expect({ step, breaches: await breaches(page) }).toEqual({ step, breaches: [] });
  });
  const main = page.getByRole("main");
  for (const sentence of [
    /The 3 members of your group can take part, once each, with at most 2500 credits/,
    /attested “bytes32 person, bool isMember” can take part, with at most 4000 credits\. Once a person/,
    /Whoever held TEST at the end of block \d+ can take part, with a credit for every 2\.5 TEST/,
    /Whoever fits several ways can come in once by each/,
    /Whoever leaves a bond of 0\.05 ETH can apply/,
    /You can neither add projects nor take any off, and the arbiter could take every bond/,
    /You can have matches paid elsewhere until then/,
    /2 of 3 reviewers must speak of a project until .+, and more than half/,
    /About projects nobody decides but those who challenge, and the arbiter/,
  ])
    expect(await main.innerText()).toMatch(sentence);
  const organiser = devnetAddress("Organiser");
  const sent = async () => chain.read.getTransactionCount({ address: organiser });
  const before = await sent();
  wallet.afterNext(() => wallet.declineNext(/eth_sendTransaction/));
  await page.getByRole("button", { name: "Create the round" }).click();
  await page.getByText("You declined").first().waitFor();
  expect(await sent()).toBe(before + 1);
  await page.getByRole("button", { name: "Create the round" }).click();
  await page.getByText("“Everything else” is made.").waitFor();
  // Three checkers and the gate, what was held, panel, rule, texts, registry and round: each once.
  expect(await sent()).toBe(before + 10);
  await page
    .getByText(/Tell projects to apply on the round's page, until .+, with a bond of 0\.05 ETH/)
    .waitFor();
  await page.getByText("Ask the reviewers to speak until").waitFor();
  const list = await saved(page, "Save the list");
  expect(parseGroup(list.text, list.name)).toEqual(members);

  const made = await readMadeBy(chain.read, stage.site.deployment.factory, organiser);
  const round = made.rounds.at(-1)?.round as Address;
  const config = await readRoundConfig(chain, round);
  const { gate, registry, payoutRule } = await readParts(
    chain.read,
    config,
    locateContracts(BUILT),
  );
  if (gate.kind !== "clauses") throw new Error("the gate is foreign");
  const [group, attested, held] = gate.clauses.map(([one]) => one);
  expect([group, attested, held].map((one) => one?.id)).toEqual([
    "semaphore",
    "eas",
    "erc20-at-block",
  ]);
  expect(group?.settings).toEqual([groupRoot(members), 2500n]);
  expect(attested?.settings).toEqual([getAddress(service.address), schema, attester, true, 4000n]);
  expect(held?.settings.filter((_, i) => i !== 2)).toEqual([
    getAddress(token),
    0n,
    25n * 10n ** 17n,
  ]);
  expect(await isPinned(chain.read, held?.checker as Address)).toBe(true);
  expect(registry).toMatchObject({
    kind: "optimistic",
    arbiter: guardian,
    bond: 5n * 10n ** 16n,
    payeeSetter: organiser,
    freezeTime: config.end,
  });
  expect(payoutRule).toMatchObject({
    kind: "known",
    id: "quadratic",
    condition: { kind: "reviews", quorum: 2n, freezeTime: config.end },
  });
  await page.getByRole("link", { name: "Organise it" }).click();
  await page.getByText("They are fixed: the chain knows who held how much.").waitFor();
  await page.getByText("Tell projects to apply: the list is still empty.").waitFor();
  expect({ breaches: await breaches(page), overflow: await overflow(page) }).toEqual({
    breaches: [],
    overflow: 0,
  });
  await leave();
});

test("a half-made round goes on where it stopped, after a crash and a refusal, in another tab; nothing is made twice", async () => {
  const { chain, url } = stage.site;
  const { page, wallet, context } = await stage.visit("Organiser", `${url}/#/create`, DESKTOP);
  await fillWizard(page, { kind: "First small experiment", name: "Twice begun" });
  const before = await chain.read.getBlockNumber({ cacheTime: 0 });
  const count = async () => {
    const logs = await chain.read.getLogs({ fromBlock: before + 1n });
    const made = parseEventLogs({ abi: [...iRoundFactoryAbi, ...iDocumentsAbi], logs });
    const named = (name: string) => made.filter(({ eventName }) => eventName === name).length;
    return [named("Published"), named("RegistryCreated"), named("RoundCreated")];
  };
  expect(await count()).toEqual([0, 0, 0]);
  const begin = async (name: RegExp) => {
    const { page: again } = await openPage(context, `${url}/#/create`);
    await connect(again);
    await onStep(again, "Review and create");
    await again.getByText("What your wallet will be asked for").waitFor();
    return { again, press: again.getByRole("button", { name }) };
  };
  // The tab goes away once the first transaction is on its way.
  const closed = new Promise<void>((resolve) => {
    wallet.afterNext(() => void page.close().then(resolve));
  });
  await page.getByRole("button", { name: "Create the round" }).click();
  await closed;
  expect(await count()).toEqual([1, 0, 0]);

  const second = await begin(/Go on creating the round/);
  await second.again.getByText("The texts of round and projects done").waitFor();
  wallet.declineNext(/eth_sendTransaction/);
  await second.press.click();
  await second.again.getByText("What is done stays done.").waitFor();
  const gone = new Promise<void>((resolve) => {
    wallet.afterNext(() => void second.again.close().then(resolve));
  });
  await second.press.click();
  await gone;
  expect(await count()).toEqual([1, 1, 0]);

  const third = await begin(/Go on creating the round/);
  await third.again.getByText("The list of projects done").waitFor();
  await third.press.click();
  await third.again.getByText("“Twice begun” is made.").waitFor();
  expect(await count()).toEqual([1, 1, 1]);
  // It is said again by whoever comes back, and another one begins empty.
  await third.again.reload();
  await third.again.getByText("“Twice begun” is made.").waitFor();
  await third.again.getByRole("button", { name: "Begin another round" }).click();
  await onStep(third.again, "Kind of round");
  await context.close();
});
