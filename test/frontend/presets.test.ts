import type { Page } from "playwright-core";
import { formatUnits, zeroAddress, type Address } from "viem";
import { beforeAll, describe, expect, test } from "vitest";
import { contribute } from "../../src/chain/contribute.ts";
import type { RoundSettings } from "../../src/chain/create_round.ts";
import { deployOutcome, deployPayoutRule } from "../../src/chain/deploy.ts";
import { readRoundDocument } from "../../src/chain/documents.ts";
import { readGateData } from "../../src/chain/gate.ts";
import { readHistory } from "../../src/chain/read_history.ts";
import { readOutcome } from "../../src/chain/outcome.ts";
import { publishBatch } from "../../src/chain/publish.ts";
import { roundForReading, type ReadableLine } from "../../src/chain/readable_results.ts";
import { readResults } from "../../src/chain/results.ts";
import { readProgress } from "../../src/chain/round.ts";
import { approve, readBalance, readToken, type TokenFacts } from "../../src/chain/token.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { parseAllowList } from "../../src/donor/allow_list.ts";
import { payoutKind } from "../../src/payouts/index.ts";
import { PRESETS, type Preset } from "../../src/presets.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { generateKeyPair } from "../../src/protocol/key.ts";
import { createMessages } from "../../src/protocol/message.ts";
import { encodeResult } from "../../src/transcript/results.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import {
  decideVote,
  listQuestions,
  type VoteAnswer,
  type VoteQuestion,
} from "../../src/votes/outcome.ts";
import { simulatedProver } from "../../scripts/keys/simulated_prover.ts";
import { DESKTOP, PHONE, shoot } from "./support/browser.ts";
import { amountFor, at, fillAmounts, makeKey, sendAndGive } from "./support/donor.ts";
import { parseRecords, saved } from "./support/files.ts";
import { expectVoteWords, LANGUAGES } from "./support/money_words.ts";
import { readRoundConfig } from "./support/site.ts";
import { openStage } from "./support/stage.ts";

// Each kind of round in a browser: somebody gives or votes on the page, another one beside it, a coordinator counts, and the page shows what
// came of it, the same as the library reads, and pays. A vote speaks of no money, on none of its pages.
// Proofs come from the development keys' simulator.

const TOKEN = 10n ** 18n;
const LIST = `account,credits\n${["Aiko", "Ben"].map((name) => `${devnetAddress(name)},100\n`).join("")}`;
const stage = openStage({
  listed: LIST,
  exactCredits: 100n,
  prover: simulatedProver(2, () => Promise.resolve()),
});

type Case = {
  readonly settings: (token: Address) => Partial<RoundSettings>;
  /** What Aiko types for Rain Gardens and Village Radio, and Ben's votes for these, projects 0 and 5. */
  readonly types: readonly [string, string];
  readonly isAgainst?: boolean;
  readonly votes: readonly [bigint, bigint];
  readonly about?: object;
  /** Whether all projects are paid at once. */
  readonly all?: boolean;
  readonly shows: readonly RegExp[];
};

/** One of them on a phone in the dark. */
const deviceOf = (id: string) =>
  id === "number-vote" ? ({ ...PHONE, colorScheme: "dark" } as const) : DESKTOP;

// In rounds with money a token is ten votes; in those without, the square root of credits.
const MONEY = { types: ["1", "0.25"], votes: [10n, 0n] } as const;
const VOTE = { token: zeroAddress, poolToken: zeroAddress, payoutRule: zeroAddress, unit: 1n };
/** What a vote says of itself, which says nothing of money either. */
const ABOUT = {
  name: "Our street's vote",
  description: "What the street shall be like.",
  translations: {
    ja: { name: "通りの投票", description: "通りをどうするか。" },
    "zh-Hant": { name: "街道投票", description: "街道應該如何。" },
  },
};
const CASES: Readonly<Record<string, Case>> = {
  // T = 20, S = 200: w = 200, two tokens of match.
  experiment: {
    ...MONEY,
    settings: () => ({}),
    all: true,
    shows: [/Rain Gardens[^]*Match 2(\.0+)? TEST/],
  },
  // A tenth of the pool of 1,000; one project has a weight.
  community: { ...MONEY, settings: () => ({}), shows: [/Rain Gardens[^]*Match 100(\.0+)? TEST/] },
  city: { ...MONEY, settings: () => ({}), shows: [/Rain Gardens[^]*Match 50(\.0+)? TEST/] },
  "members-vote": {
    settings: () => VOTE,
    ...{ types: ["36", "64"], isAgainst: true, votes: [3n, 4n] },
    about: ABOUT,
    shows: [/The outcome\s+Rain Gardens/, /Village Radio\s+-4\s+80\s+0\.2/, /Only 2 people/],
  },
  "number-vote": {
    settings: () => VOTE,
    ...{ types: ["36", "64"], isAgainst: true, votes: [3n, 4n] },
    about: {
      ...ABOUT,
      vote: [
        {
          ...{ kind: "number", title: "How warm?", option: 0, unit: "°C" },
          ...{ start: 20.5, step: 0.1, min: 18, max: 23, decimals: 1 },
        },
      ],
    },
    shows: [/How warm\?\s+21\.4 °C/, /Votes 9, strength 45, agreement 1\.8\./],
  },
  "democracy-dollars": {
    settings: (token) => ({ token: zeroAddress, poolToken: token, unit: 1n }),
    ...{ types: ["36", "64"], votes: [6n, 8n] },
    // Both doubled: w = 72 and 128 of 200.
    shows: [/Rain Gardens[^]*Match 360(\.0+)? TEST/, /Village Radio[^]*Match 640(\.0+)? TEST/],
  },
};

/** The settings that the preset gives. */
async function settingsOf({ settings }: Preset): Promise<Partial<RoundSettings>> {
  const { tallyBase, tallyMost, cancelNotice, disputeWindow, allowSigns, rule, cap, surplus } =
    settings;
  const id = rule ?? "quadratic";
  const kind = payoutKind(id);
  const texts = Object.fromEntries(kind.settings.map(({ name, initial }) => [name, initial]));
  const args = kind.argsFrom(
    {
      ...texts,
      ...(cap === undefined ? {} : { cap }),
      ...(surplus === undefined ? {} : { surplus }),
      ...(id === "tiers" ? { tiers: "1x50,2x20" } : {}),
    },
    (text) => BigInt(text) * TOKEN,
  );
  return {
    ...(tallyBase === undefined ? {} : { tallyBase }),
    ...(tallyMost === undefined ? {} : { tallyMost }),
    ...(cancelNotice === undefined ? {} : { cancelNotice }),
    ...(disputeWindow === undefined ? {} : { disputeWindow, guardian: devnetAddress("Sponsor") }),
    allowSigns: allowSigns === true,
    payoutRule: await deployPayoutRule(await stage.site.chain.as("Organiser"), { id, args }),
  };
}

/** Ben, without the page. */
async function voteBeside(round: Address, votes: readonly [bigint, bigint]): Promise<void> {
  const { chain } = stage.site;
  const config = await readRoundConfig(chain, round);
  const ben = await chain.as("Ben");
  const payer = devnetAddress("Ben");
  const signer = generateKeyPair();
  const tag = deriveTag(payer, signer.publicKey);
  const ballot = new Map([0, 5].map((project, i) => [project, votes[i] as bigint] as const));
  const { items } = await readProgress(chain.read, round);
  const messages = createMessages({
    ctx: config.context,
    coordinatorKey: { x: config.coordinatorKeyX, y: config.coordinatorKeyY },
    tag,
    signer,
    newKey: generateKeyPair().publicKey,
    ballot: new Map([...ballot].filter(([, v]) => v !== 0n)),
    itemsSeen: items,
  });
  await publishBatch(await chain.as("Emil"), { round, messages: [...messages], messageFee: 0n });
  const credits = 100n;
  const amount = credits * config.unit;
  if (config.token !== zeroAddress)
    await approve(ben, { token: config.token, spender: round, amount });
  const gateData = await readGateData(chain.read, config.gate, {
    ...{ round, payer, tag, credits, given: {} },
    lists: [parseAllowList(LIST, "list")],
  });
  await contribute(ben, { round, key: signer.publicKey, amount, gateData });
}

let rounds: Readonly<Record<string, Address>>;
beforeAll(async () => {
  const made: [string, Address][] = [];
  for (const preset of PRESETS) {
    const one = CASES[preset.id] as Case;
    const isOpen = preset.id === "experiment" || preset.settings.exactCredits === undefined;
    const round = await stage.site.newRound({
      salt: preset.id,
      ...(isOpen ? { gate: stage.site.deployment.openGate } : {}),
      ...(one.about === undefined ? {} : { about: one.about }),
      settings: { ...(await settingsOf(preset)), ...one.settings(stage.site.token) },
    });
    made.push([preset.id, round]);
  }
  rounds = Object.fromEntries(made);
});

/** What a round's page says of its main settings. */
const TERMS: Readonly<Record<string, readonly RegExp[]>> = {
  experiment: [
    /^Everybody can take part\./,
    /A credit costs 0\.01 TEST, and the smallest gift is /,
    /The matching pool is 1,000(\.00)? TEST\./,
    /many small gifts count for more than one large one/,
  ],
  community: [/a match is at most 10 % of the pool\./],
  city: [/prizes: /, /A guardian may make the result void within 7 days/],
  "members-vote": [
    /Everybody has 100 credits, which cost nothing\./,
    /There are votes for and votes against\./,
    /If there is none by then, nothing is decided\./,
  ],
  "number-vote": [/on the organiser’s list, once each/],
  "democracy-dollars": [/Everybody has 100 credits, which cost nothing\./, /The matching pool is /],
};

describe("each kind of round in a browser", () => {
  test("has a test here", () => {
    expect(Object.keys(CASES)).toEqual(PRESETS.map(({ id }) => id));
  });

  test.each(Object.entries(CASES))("%s: somebody gives or votes", async (id, one) => {
    const round = rounds[id] as Address;
    const isVote = id.endsWith("-vote");
    const { page, wallet, leave } = await stage.visit(
      "Aiko",
      at(stage.site.url, round),
      deviceOf(id),
    );
    const read = async (all = false) => {
      if (isVote) await expectVoteWords(page, all ? { languages: LANGUAGES } : {});
    };
    await page.getByRole("button", { name: "Choose Rain Gardens", exact: true }).waitFor();
    if (!(await page.locator("summary", { hasText: "The main rules" }).isVisible()))
      await page.getByText("About this round").click();
    await page.getByText("The main rules, in plain sentences").click();
    const terms = page.locator("details details ul").first();
    await terms.waitFor();
    for (const words of TERMS[id] ?? []) expect(await terms.innerText(), id).toMatch(words);
    expect(await terms.innerText()).toMatch(/It opens .+ and closes .+ \(.+\)\./);
    await shoot(page, `terms-${id}`, false);
    await read(true);
    if (isVote) await shoot(page, `round-${id}`);
    await fillAmounts(page, { "Rain Gardens": one.types[0], "Village Radio": one.types[1] });
    const sides = page.getByLabel(/^For or against/);
    expect(await sides.count()).toBe(one.isAgainst === true ? 2 : 0);
    if (one.isAgainst === true)
      await page
        .getByLabel("For or against Village Radio")
        .getByRole("radio", { name: "Against" })
        .click();
    await page.getByText("This account may take part and has enough.").waitFor();
    if (one.isAgainst === true) {
      await page.getByText("64 credits against it").waitFor();
      await shoot(page, `vote-${id}`);
    }
    await read(true);
    await page.getByRole("button", { name: "Continue" }).click();
    await makeKey(page, "aiko's words", { first: true });
    await read();
    await page.getByRole("button", { name: "Seal my ballot" }).click();
    await page.getByText("Switch away from").waitFor();
    await read();
    await sendAndGive(page, wallet, { donor: "Aiko", other: "Emil" });
    await read(true);
    if (isVote) {
      await page.getByRole("button", { name: "Change my vote" }).click();
      await page.getByText("A new one replaces it as a whole.").waitFor();
      // The gate was asked: it would refuse a single credit more, so none is offered.
      const exact =
        "Everybody in this round has the same number of credits, so nothing can be added.";
      await page.getByText(exact).waitFor();
      await page.getByRole("combobox", { name: /^Add / }).selectOption({ label: "Rain Gardens" });
      await amountFor(page, "Rain Gardens").fill("121");
      const over = page
        .getByRole("alert")
        .filter({ hasText: "Together more than your 100 credits." });
      await over.getByText(exact).waitFor();
      expect(await page.getByRole("button", { name: "Continue" }).isDisabled()).toBe(true);
      expect(await page.getByRole("heading", { name: /^Add (money|credits)$/ }).count()).toBe(0);
      await page.getByRole("button", { name: "Remove Rain Gardens" }).click();
      await read(true);
      await shoot(page, `change-${id}`);
      await page.goto(at(stage.site.url, round, "results"));
      await page.getByText("Sealed until the end").waitFor();
      await read(true);
      await page.goto(at(stage.site.url, round, "organise"));
      await page.getByText("Announce", { exact: true }).waitFor();
      await read(true);
      await shoot(page, `organise-${id}`);
      await page.goto(`${stage.site.url}/#/gifts`);
      const own = `li:has(a[href*="${round}"])`;
      await page.locator(own).getByText("Credits in all").waitFor();
      await expectVoteWords(page, { within: own, languages: LANGUAGES });
    }
    await leave();
    await voteBeside(round, one.votes);
  });

  test("the coordinator counts each", { timeout: 180_000 }, async () => {
    const { chain } = stage.site;
    await chain.warpTo((await readRoundConfig(chain, rounds["city"] as Address)).end);
    for (const round of Object.values(rounds))
      await expect
        .poll(async () => (await readProgress(chain.read, round)).phase, {
          timeout: 120_000,
          interval: 500,
        })
        .toMatch(/finalized|disputable/);
    await chain.warpTo((await readProgress(chain.read, rounds["city"] as Address)).paymentsFrom);
  });

  test.each(Object.entries(CASES))(
    "%s: the page shows what came of it, and pays",
    async (id, one) => {
      const { chain, url, token } = stage.site;
      const round = rounds[id] as Address;
      const config = await readRoundConfig(chain, round);
      const { history } = await readHistory(chain.read, round, { from: 0n });
      const results = await readResults(chain.read, { round, config, history });
      const { page, leave } = await stage.visit("Emil", at(url, round, "results"), deviceOf(id));
      await page.getByRole("button", { name: "Download CSV" }).waitFor();
      const text = await page.locator("main").innerText();
      for (const words of one.shows) expect(text, id).toMatch(words);
      await shoot(page, `results-${id}`);
      if (id.endsWith("-vote")) {
        await showsDecision(page, round, results.list);
        // Every option stands on the list, which the round itself does not note where nothing is paid.
        const records = parseRecords((await saved(page, "Download CSV")).text);
        expect(records.map(({ eligible }) => eligible)).toEqual(results.list.map(() => "true"));
        await expectVoteWords(page, { languages: LANGUAGES });
        await page.goto(at(url, round, "organise"));
        await page.getByText("The result, to share").waitFor();
        await expectVoteWords(page, { languages: LANGUAGES });
        const embedded = await page.context().newPage();
        await embedded.goto(`${url}/embed.html#/31337/${round}/en`);
        await embedded.getByText("has the most votes").waitFor();
        await expectVoteWords(embedded);
        await leave();
        return;
      }
      // Every amount as the library reads it, rounded for reading as a whole.
      const names = new Map([
        [0, "Rain Gardens"],
        [5, "Village Radio"],
      ]);
      const [gifts, pool] = [
        await readToken(chain.read, config.token),
        await readToken(chain.read, config.poolToken),
      ];
      const { lines, accounts } = roundForReading(results.lines, results.accounts, {
        token: gifts,
        poolToken: pool,
      });
      const shown = (units: bigint, { decimals, symbol }: TokenFacts, places: number) =>
        `${new Intl.NumberFormat("en", { minimumFractionDigits: places, maximumFractionDigits: places }).format(formatUnits(units, decimals) as `${number}`)} ${symbol}`;
      expect(results.lines.map(({ project }) => project).sort()).toEqual([...names.keys()]);
      for (const [i, { project }] of results.lines.entries()) {
        const row = await page
          .locator("main li", {
            has: page.getByRole("button", { name: `Pay out to ${names.get(project)}` }),
          })
          .innerText();
        const line = lines[i] as ReadableLine;
        expect(row).toContain(`Match ${shown(line.matched, pool, accounts.places.poolToken)}`);
        if (config.token !== zeroAddress)
          expect(row).toContain(`Given ${shown(line.contributed, gifts, accounts.places.token)}`);
        else expect(row).not.toContain("Given");
      }
      const owed = results.lines.filter(({ project }) => one.all === true || project === 0);
      const recipients = owed.map(({ project }) => devnetAddress(`project ${names.get(project)}`));
      const balances = () =>
        Promise.all(recipients.map((who) => readBalance(chain.read, token, who)));
      const before = await balances();
      await page
        .getByRole("button", {
          name:
            one.all === true ? `Pay out to all ${owed.length} projects` : "Pay out to Rain Gardens",
        })
        .click();
      await page.getByRole("dialog").getByRole("button", { name: "Pay out", exact: true }).click();
      await expect.poll(() => page.getByText("✓ Paid out").count()).toBe(owed.length);
      const after = await balances();
      expect(after.map((balance, i) => balance - (before[i] as bigint))).toEqual(
        owed.map(({ contributed, shared, matched }) => contributed + shared + matched),
      );
      await leave();
    },
  );

  /** What a vote decides, by the library and by the contract that anybody may make for it. */
  async function showsDecision(
    page: Page,
    round: Address,
    list: readonly ProjectResult[],
  ): Promise<void> {
    const { chain } = stage.site;
    const config = await readRoundConfig(chain, round);
    const document = await readRoundDocument(chain.read, stage.site.deployment.documents, {
      salt: config.salt,
      fromBlock: 0n,
    });
    const questions = listQuestions(document, config);
    const answers = decideVote(questions, list, () => true);
    const contract = await deployOutcome(await chain.as("Emil"), questions);
    expect(
      await readOutcome(chain.read, { contract, round, entries: list.map(encodeResult) }),
    ).toEqual(answers);
    const [question, answer] = [questions[0] as VoteQuestion, answers[0] as VoteAnswer];
    if (question.kind === "number")
      return page
        .getByText(`${formatUnits(answer.value, question.decimals)} ${question.unit}`, {
          exact: true,
        })
        .waitFor();
    expect(answer).toMatchObject({ isDecided: true, option: 0 });
    for (const { project, votes, credits } of list) {
      const cells = page
        .getByRole("row", { name: project === 0 ? "Rain Gardens" : "Village Radio" })
        .getByRole("cell");
      expect((await cells.allInnerTexts()).slice(0, 2)).toEqual([votes, credits].map(String));
    }
  }
});
