import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { getAddress, pad, toHex, zeroAddress, type Address, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WholeChain } from "../../frontend/src/config/site.ts";
import {
  createMissing,
  readMade,
  TransactionUnderWayError,
} from "../../frontend/src/features/organise/wizard/creation.ts";
import {
  applyPreset,
  asksNumbers,
  draftLike,
  firstDraft,
  mayStayEmpty,
  newWay,
  type Draft,
  type Way,
} from "../../frontend/src/features/organise/wizard/draft.ts";
import { listsOf } from "../../frontend/src/features/organise/wizard/people.ts";
import { parsePlan, type PlanFacts } from "../../frontend/src/features/organise/wizard/plan.ts";
import { parseAllowList } from "../../src/donor/allow_list.ts";
import {
  readGroup,
  readOptions,
  readPeople,
  readProjectTable,
} from "../../frontend/src/features/organise/wizard/read_files.ts";
import {
  isAskable,
  readWayFacts,
  type WayFacts,
} from "../../frontend/src/features/organise/wizard/way_facts.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import {
  deployAttestations,
  type AttestationService,
} from "../../scripts/snapshots/attestations.ts";
import type { WriteClient } from "../../src/chain/client.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { createRegistry, createRound } from "../../src/chain/create_round.ts";
import { deployAll, deployTestToken } from "../../src/chain/deploy.ts";
import { iCheckerAbi } from "../../src/chain/generated/abis.ts";
import { mint } from "../../src/chain/mint.ts";
import { readRoundDocument } from "../../src/chain/documents.ts";
import { readParts, type Parts } from "../../src/chain/parts.ts";
import { addProjects, delistProject, listProjects } from "../../src/chain/projects.ts";
import { isPinned } from "../../src/chain/pin_balances.ts";
import { readConfig, type RoundConfig } from "../../src/chain/provenance.ts";
import { readToken, type TokenFacts } from "../../src/chain/token.ts";
import { devnetAddress, startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";
import { digestDocument } from "../../src/metadata/reference.ts";
import { EAS_SERVICES } from "../../src/gates/eas_services.ts";
import { balancePlace, storageEvidence } from "../../src/gates/erc20_at_block.ts";
import { PRESETS } from "../../src/presets.ts";
import { groupRoot } from "../../src/protocol/group.ts";
import { generateCoordinatorKeyPair } from "../../src/protocol/key.ts";
import { testMember } from "../helpers/membership.ts";
import { listQuestions } from "../../src/votes/outcome.ts";

let chain: DevnetChain;
let organiser: WriteClient;
let site: WholeChain;
let token: TokenFacts;
let now: number;

beforeAll(async () => {
  chain = await startDevnetChain();
  organiser = await chain.as("Organiser");
  await deployAll(organiser);
  token = await readToken(chain.read, await deployTestToken(organiser));
  const { publicKey } = generateCoordinatorKeyPair();
  const key = { x: String(publicKey.x), y: String(publicKey.y) };
  site = {
    id: 31337,
    name: "Devnet",
    rpc: [],
    currency: { name: "Ether", symbol: "ETH", decimals: 18 },
    finality: 0,
    fromBlock: 0,
    contracts: locateContracts(BUILT),
    creationCode: "",
    tokens: [token.address],
    coordinators: [{ name: "Sandbox", address: devnetAddress("coordinator"), key }],
  };
  now = Number(await chain.now());
});
afterAll(async () => chain.close());

const people = () => {
  const names = ["Aiko", "Ben", "Chen"].map((name) => devnetAddress(name));
  const reading = readPeople(names.join("\n"), "");
  if (!("value" in reading)) throw new Error("the list was not read");
  return reading.value;
};
const projects = (isVote: boolean) => {
  const reading = isVote
    ? readOptions("Tea, or coffee\nWater", "")
    : readProjectTable(
        `name,recipient\nTea,${devnetAddress("tea")}\nWater,${devnetAddress("water")}`,
        "projects.csv",
      );
  if (!("value" in reading)) throw new Error("the table was not read");
  return reading.value;
};
const facts = () => ({
  chain: site,
  token,
  poolToken: token,
  organiser: organiser.wallet.account.address,
  wayFacts: new Map<string, WayFacts>(),
  block: 0n,
  now,
});

/** A round as the page knows it. */
const factsFor = async (settings: RoundConfig, parts: Parts) => ({
  chainId: 31337,
  address: zeroAddress,
  settings,
  token: await readToken(chain.read, settings.token),
  poolToken: await readToken(chain.read, settings.poolToken),
  block: 0n,
  parts,
});

/** What an organiser who has chosen this kind still says. */
function complete(id: string): Draft {
  const preset = PRESETS.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`no preset ${id}`);
  const draft = applyPreset(firstDraft(site, now), preset);
  return {
    ...draft,
    name: `A ${id}`,
    remainderTo: draft.leftovers === "share" ? "" : devnetAddress("Town"),
    ways: draft.ways.map((way) => ({ ...way, list: people() })),
    guardian: draft.disputeDays === "0" ? "" : devnetAddress("Guardian"),
    ruleTexts: { ...draft.ruleTexts, ...(draft.rule === "tiers" ? { tiers: "1x50,2x20" } : {}) },
    numbers: draft.numbers.map((number) => ({
      ...number,
      title: "Reading room",
      start: "18",
      step: "0.5",
      min: "15",
      max: "25",
    })),
    projects: asksNumbers(draft) ? [] : projects(draft.pool === "none"),
  };
}

describe("each kind of round", () => {
  test("a field says that it may stay empty where it may, and nowhere else", async () => {
    const { wizard } = JSON.parse(
      await readFile(fromRoot("frontend", "src", "i18n", "organise.en.json"), "utf8"),
    ) as { wizard: { field: Readonly<Record<string, unknown>> } };
    const drafts = PRESETS.flatMap(({ id }): Draft[] => {
      const draft = complete(id);
      return [
        draft,
        { ...draft, listing: "bond" } as Draft,
        { ...draft, who: "gate" } as Draft,
        { ...draft, pool: "other", rule: "quadratic", hasPanel: true } as Draft,
        { ...draft, pool: "other", rule: "other" } as Draft,
      ];
    });
    const wanted = (name: string) =>
      drafts.filter(
        (draft) => parsePlan({ ...draft, [name]: "" }, facts()).problems[name] !== undefined,
      );
    for (const name of Object.keys(wizard.field) as (keyof Draft)[])
      expect([name, wanted(name).filter((draft) => mayStayEmpty(draft, name))]).toEqual([name, []]);
    // Of those that say nothing some draft wants each, but what is chosen from a few.
    const silent = Object.keys(wizard.field).filter(
      (name) =>
        wanted(name).length === 0 &&
        !drafts.some((draft) => mayStayEmpty(draft, name as keyof Draft)),
    );
    expect(silent).toEqual(["size", "freezeAt"]);
  });

  test.each(["return", "pay"] as const)(
    "a pool too large for its rule goes where it was said to go: %s",
    (surplus) => {
      const draft = { ...complete("experiment"), rule: "quadratic", ruleTexts: { surplus } };
      const { plan } = parsePlan(draft as Draft, facts());
      expect(plan?.payout).toBeUndefined(); // one that every chain of this version has
      expect(plan?.settings.payoutRule).toBe(site.contracts.payoutRules[surplus]);
    },
  );

  test.each(PRESETS.map(({ id }) => id))(
    "%s is made as planned, and only once; the next round from it is like it",
    async (id) => {
      const draft = complete(id);
      const { problems, plan } = parsePlan(draft, facts());
      expect(problems).toEqual({});
      if (plan === undefined) throw new Error("no plan");
      const steps: string[] = [];
      const round = await createMissing(organiser, site, plan, (step) => void steps.push(step));
      expect(steps.at(-1)).toBe("round");
      const before = await chain.read.getTransactionCount({
        address: organiser.wallet.account.address,
      });
      expect(await createMissing(organiser, site, plan, () => undefined)).toBe(round);
      expect(
        await chain.read.getTransactionCount({ address: organiser.wallet.account.address }),
      ).toBe(before);

      const config = await readConfig(chain.read, round, site.contracts);
      expect(config).toMatchObject(plan.settings);
      const parts = await readParts(chain.read, config, site.contracts);
      expect([parts.gate.kind, parts.registry.kind, parts.payoutRule.kind]).toEqual([
        draft.who === "open" ? "open" : "clauses",
        "owned",
        draft.pool === "none" ? "none" : "known",
      ]);
      const listed = await listProjects(chain.read, {
        registry: config.registry,
        documents: site.contracts.documents,
        fromBlock: 0n,
      });
      expect(listed.map(({ name }) => name)).toEqual(
        asksNumbers(draft) ? ["Reading room"] : draft.projects.map(({ name }) => name),
      );
      const document = await readRoundDocument(chain.read, site.contracts.documents, {
        salt: config.salt,
        fromBlock: 0n,
      });
      expect(document?.name).toBe(draft.name);
      if (asksNumbers(draft))
        expect(document?.extensions["org.tacit"].vote).toEqual([
          {
            kind: "number",
            title: "Reading room",
            option: 0,
            start: 18,
            step: 0.5,
            min: 15,
            max: 25,
            decimals: 1,
          },
        ]);

      const like = draftLike(await factsFor(config, parts), undefined, {
        chain: site,
        now,
        questions: listQuestions(document, config),
      });
      const withoutIds = ({ numbers }: Draft) => numbers.map(({ id: _, ...number }) => number);
      expect(withoutIds(like)).toEqual(withoutIds(draft));
      const again = parsePlan({ ...like, name: "The next" }, facts());
      expect(again.problems).toEqual({});
      const { start: _, end: __, ...same } = plan.settings;
      expect(again.plan?.settings).toMatchObject(same);
    },
  );
});

describe("what somebody else made in the organiser's name", () => {
  class Stopped extends Error {}
  /** Whatever is there but the round itself. */
  const makeBegun = async (name: string) => {
    const { plan } = parsePlan({ ...complete("experiment"), name }, facts());
    if (plan === undefined) throw new Error("no plan");
    const stop = (step: string) => {
      if (step === "round") throw new Stopped();
    };
    await expect(createMissing(organiser, site, plan, stop)).rejects.toThrow(Stopped);
    return plan;
  };
  const { factory } = locateContracts(BUILT);
  /** As it can be read off the organiser's own transaction before that is mined. */
  const copy = async (
    plan: Awaited<ReturnType<typeof makeBegun>>,
    registry: Address,
  ): Promise<Address> => {
    const settings = { ...plan.settings, registry };
    const salt = digestDocument(plan.about);
    return (await createRound(await chain.as("Stranger"), { factory, salt, settings })).round;
  };

  test.each(["a registry of a stranger's", "an empty registry of the organiser's"])(
    "a round with the same settings and texts over %s is not the one that was begun",
    async (name) => {
      const plan = await makeBegun(name);
      const stranger = await chain.as("Stranger");
      const { registry } = await createRegistry(stranger, {
        factory,
        owner: (name.startsWith("an") ? organiser : stranger).wallet.account.address,
        freezeTime: plan.settings.end,
      });
      if (!name.startsWith("an"))
        await addProjects(stranger, { registry, projects: plan.projects });
      const copied = await copy(plan, registry);
      const before = await readMade(chain.read, site, plan);
      expect([before.round, before.done.has("projects")]).toEqual([undefined, true]);
      const round = await createMissing(organiser, site, plan, () => undefined);
      expect(round).not.toBe(copied);
      expect((await readMade(chain.read, site, plan)).round).toBe(round);
    },
  );

  test("a list that was begun goes on with what it lacks; one of other projects, of one taken off, or of another freeze is left alone", async () => {
    const { plan } = parsePlan({ ...complete("experiment"), name: "Half a list" }, facts());
    if (plan === undefined) throw new Error("no plan");
    const [tea, water] = plan.projects as [(typeof plan.projects)[0], (typeof plan.projects)[0]];
    const begin = async (freezeTime: bigint, ...own: (typeof tea)[]): Promise<Address> => {
      const owner = organiser.wallet.account.address;
      const { registry } = await createRegistry(organiser, { factory, owner, freezeTime });
      if (own.length > 0) await addProjects(organiser, { registry, projects: own });
      return registry;
    };
    const { end } = plan.settings;
    const half = await begin(end, tea);
    await begin(end, water);
    await delistProject(organiser, { registry: await begin(end, tea), project: 0n });
    await begin(end - 1n);
    expect(await readMade(chain.read, site, plan)).toMatchObject({ registry: half, listed: 1 });
    const round = await createMissing(organiser, site, plan, () => undefined);
    const { registry } = await readConfig(chain.read, round, site.contracts);
    expect(registry).toBe(half);
    const { documents } = site.contracts;
    const listed = await listProjects(chain.read, { registry, documents, fromBlock: 0n });
    expect(listed.map(({ name }) => name)).toEqual(["Tea", "Water"]);
  });

  test("while something that the account sent is not mined nothing is made: it may be the very next step", async () => {
    const { plan } = parsePlan({ ...complete("experiment"), name: "Under way" }, facts());
    if (plan === undefined) throw new Error("no plan");
    const ask = (method: string, params: readonly unknown[] = []) =>
      chain.provider.request({ method, params } as never);
    await ask("evm_setAutomine", [false]);
    try {
      const { account } = organiser.wallet;
      await organiser.wallet.sendTransaction({ account, to: account.address, chain: null });
      await expect(createMissing(organiser, site, plan, () => undefined)).rejects.toThrow(
        TransactionUnderWayError,
      );
    } finally {
      await ask("evm_setAutomine", [true]);
      await ask("evm_mine");
    }
    await createMissing(organiser, site, plan, () => undefined);
  });

  test("a project that was taken off the list since leaves the round what it is", async () => {
    const plan = await makeBegun("One goes");
    const round = await createMissing(organiser, site, plan, () => undefined);
    const { registry } = await readConfig(chain.read, round, site.contracts);
    await delistProject(organiser, { registry, project: 0n });
    expect((await readMade(chain.read, site, plan)).round).toBe(round);
  });
});

/** Makes what the draft says, and reads back what the round has. */
async function make(draft: Draft, more: Partial<PlanFacts> = {}) {
  const { problems, plan } = parsePlan(draft, { ...facts(), ...more });
  expect(problems).toEqual({});
  if (plan === undefined) throw new Error("no plan");
  const steps: string[] = [];
  const round = await createMissing(organiser, site, plan, (step) => void steps.push(step));
  expect((await readMade(chain.read, site, plan)).round).toBe(round);
  const config = await readConfig(chain.read, round, site.contracts);
  expect(config).toMatchObject(plan.settings);
  return { round, plan, steps, config, parts: await readParts(chain.read, config, site.contracts) };
}

describe("who takes part, whom a panel finds good, and how projects come in are as the organiser said", () => {
  const MEMBERS = ["ana", "ben", "cleo"].map((name) => testMember(name).commitment);
  const way = (kind: string, fields: Way["fields"], more: Partial<Way> = {}): Way => ({
    ...newWay(),
    kind,
    fields,
    ...more,
  });
  let service: AttestationService;
  let schema: Hex;
  beforeAll(async () => {
    service = await deployAttestations({
      getWalletClients: () => Promise.resolve([organiser.wallet]),
      getPublicClient: () => Promise.resolve(chain.read),
    } as never);
    schema = await service.register("bytes32 person, bool isMember");
    const [to, amount] = [organiser.wallet.account.address, 250n * 10n ** 18n];
    await mint(organiser, { token: token.address, to, amount });
  });
  const attested = (changes: Way["fields"] = {}) =>
    way("eas", {
      eas: service.address,
      schema,
      attester: devnetAddress("Attester"),
      personInData: "true",
      creditsEach: "40",
      ...changes,
    });
  const held = (changes: Way["fields"] = {}) =>
    way("erc20-at-block", {
      token: token.address,
      holder: organiser.wallet.account.address,
      blockNumber: "8999",
      unitsPerCredit: "2.5",
      ...changes,
    });
  const factsOf = async (ways: readonly Way[]) =>
    new Map(
      await Promise.all(
        ways
          .filter(isAskable)
          .map(async (one) => [one.id, await readWayFacts(chain.read, one)] as const),
      ),
    );

  test("GATE-12 GATE-13 GATE-14 members, attested accounts and holders come in by ways of one gate, and what was held is pinned with it", async () => {
    const group = await readGroup(MEMBERS.join("\n"), "members.csv", "semaphore");
    if (!("value" in group)) throw new Error("the group was not read");
    const block = await chain.read.getBlockNumber({ cacheTime: 0 });
    const fromChain = [attested(), held({ blockNumber: String(block) })];
    const ways = [way("semaphore", { creditsEach: "25" }, { group: group.value }), ...fromChain];
    const draft = { ...complete("experiment"), name: "Three ways", who: "ways" as const, ways };
    const { round, steps, parts, plan } = await make(draft, {
      wayFacts: await factsOf(fromChain),
      block,
    });
    expect(steps.slice(0, 2)).toEqual(["gate", "pin"]);
    if (parts.gate.kind !== "clauses") throw new Error("the gate is foreign");
    expect(parts.gate.clauses.map((all) => all.map(({ id, settings }) => [id, settings]))).toEqual([
      [["semaphore", [groupRoot(MEMBERS), 25n]]],
      [["eas", [getAddress(service.address), schema, devnetAddress("Attester"), true, 40n]]],
      [["erc20-at-block", [getAddress(token.address), 0n, block, 25n * 10n ** 17n]]],
    ]);
    const checker = parts.gate.clauses[2]?.[0]?.checker as Address;
    expect(plan.balances).toEqual([{ checker, block, isDue: true }]);
    expect(await isPinned(chain.read, checker)).toBe(true);
    const payer = organiser.wallet.account.address;
    const proof = await chain.read.getProof({
      address: token.address,
      storageKeys: [balancePlace(payer, 0n)],
      blockNumber: block,
    });
    const evidence = storageEvidence(proof.storageProof[0]?.proof ?? []);
    expect(
      await chain.read.readContract({
        address: checker,
        abi: iCheckerAbi,
        functionName: "identify",
        args: [round, payer, 1n, 1n, evidence],
      }),
    ).toEqual([pad(payer, { size: 32 }).toLowerCase(), 100n]);
    expect(listsOf(ways)).toEqual([["commitment", ...MEMBERS].join("\n")]);
  });

  test("a block that lies ahead is not pinned with the round", async () => {
    const ways = [held({ blockNumber: "1000000" })];
    const draft = { ...complete("experiment"), name: "Later", who: "ways" as const, ways };
    const { steps } = await make(draft, { wayFacts: await factsOf(ways), block: 50n });
    expect(steps).not.toContain("pin");
  });

  test.each<[string, () => Way, Record<string, string>]>([
    ["no members", () => way("semaphore", { creditsEach: "1" }), { group: "group" }],
    ["half a schema", () => attested({ schema: "0x12" }), { schema: "digest" }],
    [
      "a schema that nobody registered",
      () => attested({ schema: toHex(7n, { size: 32 }) }),
      { schema: "noSchema" },
    ],
    [
      "a token in place of the service",
      () => attested({ eas: token.address }),
      { eas: "noService" },
    ],
    ["no credits", () => attested({ creditsEach: "0" }), { creditsEach: "number" }],
    [
      "a service in place of the token",
      () => held({ token: service.address }),
      { token: "noToken" },
    ],
    [
      "somebody who holds nothing",
      () => held({ holder: devnetAddress("Nobody") }),
      { holder: "noSlot" },
    ],
    [
      "a block that the chain forgets",
      () => held({ blockNumber: "1" }),
      { blockNumber: "oldBlock" },
    ],
    [
      "less than the token's smallest unit",
      () => held({ blockNumber: "9000", unitsPerCredit: "0.0000000000000000001" }),
      { unitsPerCredit: "amount" },
    ],
  ])("%s: refused beside its field", async (_, of, problems) => {
    const one = of();
    const draft = { ...complete("experiment"), who: "ways" as const, ways: [one] };
    const wayFacts = await factsOf([one]);
    expect(parsePlan(draft, { ...facts(), wayFacts, block: 9_000n }).problems).toEqual(
      Object.fromEntries(
        Object.entries(problems).map(([field, problem]) => [`ways.0.${field}`, `way_${problem}`]),
      ),
    );
  });

  test("what the chain has not answered yet stops nobody for good, and lets nobody on", async () => {
    const ways = [attested(), held({ blockNumber: "8999" })];
    const draft = { ...complete("experiment"), who: "ways" as const, ways };
    expect(parsePlan(draft, { ...facts(), block: undefined }).problems).toEqual({
      "ways.0.schema": "way_asking",
      "ways.1.blockNumber": "way_asking",
      "ways.1.token": "way_asking",
    });
    const wayFacts = await factsOf(ways);
    expect(parsePlan(draft, { ...facts(), wayFacts, block: 9_000n }).problems).toEqual({});
  });

  test("attestations that begin alike cannot tell people apart, and credits for each are not below everybody's", async () => {
    const uid = await service.register("string name, bytes32 person");
    const ways = [attested({ schema: uid })];
    const wayFacts = await factsOf(ways);
    const vote = { ...complete("members-vote"), ways };
    expect(parsePlan(vote, { ...facts(), wayFacts }).problems).toEqual({
      "ways.0.personInData": "way_noPerson",
      "ways.0.creditsEach": "way_less",
    });
    const byAccount = [
      {
        ...ways[0],
        fields: { ...ways[0]?.fields, personInData: "false", creditsEach: "100" },
      } as Way,
    ];
    expect(parsePlan({ ...vote, ways: byAccount }, { ...facts(), wayFacts }).problems).toEqual({});
  });

  test("a list of members is taken whole or not at all, and what is wrong is told by its line", async () => {
    const [first, second] = MEMBERS as [bigint, bigint];
    expect(await readGroup(`${first}\n${toHex(second)}\n`, "", "semaphore")).toEqual({
      lines: 2,
      value: {
        name: "",
        members: [String(first), String(second)],
        derived: { root: String(groupRoot([first, second])) },
      },
    });
    expect(
      await readGroup(`name,commitment\nA,${first}\nB,x\nC,0\nD,${first}`, "", "semaphore"),
    ).toEqual({
      problems: [
        { line: 3, text: "x", problem: "commitment" },
        { line: 4, text: "0", problem: "commitment" },
        { line: 5, text: String(first), problem: "twice" },
      ],
    });
    expect(await readGroup("who\nA", "a.csv", "semaphore")).toHaveProperty("trouble");
    expect(await readGroup("commitment\n", "a.csv", "semaphore")).not.toHaveProperty("value");
  });

  test("PAYOUT-4 REVIEW-1 a panel is made before the rule that asks it; the next round asks a new one of the same people", async () => {
    const draft: Draft = {
      ...complete("community"),
      name: "With a panel",
      hasPanel: true,
      reviewers: people(),
      quorum: "2",
    };
    const { steps, parts, config } = await make(draft);
    expect(steps.indexOf("panel")).toBe(steps.indexOf("rule") - 1);
    expect(steps).toContain("panel");
    const reviewers = people().entries.map(([account]) => account);
    expect(parts.payoutRule).toMatchObject({
      kind: "known",
      id: "capped",
      condition: { kind: "reviews", reviewers, quorum: 2n, freezeTime: config.end },
    });
    const like = draftLike(await factsFor(config, parts), undefined, {
      chain: site,
      now,
      questions: [],
    });
    expect(like).toMatchObject({ hasPanel: true, quorum: "2", reviewUntil: "" });
    const again = parsePlan({ ...like, name: "The next" }, facts());
    expect(again.problems).toEqual({});
    expect(again.plan?.panel?.reviewers).toEqual(reviewers);
    expect(again.plan?.settings.payoutRule).not.toBe(config.payoutRule);
  });

  test("REG-3 whoever leaves a bond comes in: the registry has the organiser's bond, periods and arbiter, and is not made twice", async () => {
    const draft: Draft = {
      ...complete("community"),
      name: "With bonds",
      projects: [],
      hasPanel: true,
      reviewers: people(),
      quorum: "1",
      listing: "bond",
      bond: "0.05",
      arbiter: devnetAddress("Arbiter"),
      challengeDays: "2",
    };
    const begun = parsePlan(draft, facts()).plan;
    if (begun === undefined) throw new Error("no plan");
    const first: string[] = [];
    const stopped = createMissing(organiser, site, begun, (step) => {
      first.push(step);
      if (step === "round") throw new Error("stopped");
    });
    await expect(stopped).rejects.toThrow("stopped");
    expect(first).toEqual(expect.arrayContaining(["panel", "registry"]));
    const { steps, parts, config, plan } = await make(draft);
    expect(steps).toEqual(["round"]);
    expect(parts.registry).toMatchObject({
      kind: "optimistic",
      arbiter: devnetAddress("Arbiter"),
      bond: 5n * 10n ** 16n,
      freezeTime: config.end,
      challengePeriod: 172_800n,
      rulingPeriod: 259_200n,
      acceptPeriod: 86_400n,
      mostOpen: 500n,
      payeeSetter: zeroAddress,
    });
    const before = await chain.read.getTransactionCount({ address: config.organiser });
    await createMissing(organiser, site, plan, () => undefined);
    expect(await chain.read.getTransactionCount({ address: config.organiser })).toBe(before);
    const like = draftLike(await factsFor(config, parts), undefined, {
      chain: site,
      now,
      questions: [],
    });
    expect(like).toMatchObject({
      listing: "bond",
      bond: "0.05",
      challengeDays: "2",
      freezeAt: "end",
    });
  });

  test.each<[string, Partial<Draft>, Record<string, string>]>([
    [
      "a panel of nobody",
      { hasPanel: true, quorum: "1" },
      { reviewers: "reviewers", quorum: "quorum" },
    ],
    [
      "more reviews than reviewers",
      { hasPanel: true, reviewers: people(), quorum: "4" },
      { quorum: "quorum" },
    ],
    [
      "reviews after the end",
      { hasPanel: true, reviewers: people(), quorum: "1", reviewUntil: "2099-01-01T00:00" },
      { reviewUntil: "lateReviews" },
    ],
    [
      "reviews in the past",
      { hasPanel: true, reviewers: people(), quorum: "1", reviewUntil: "2020-01-01T00:00" },
      { reviewUntil: "past" },
    ],
    ["no bond", { listing: "bond", projects: [] }, { bond: "bond" }],
    ["an arbiter by name", { listing: "bond", bond: "1", arbiter: "Emil" }, { arbiter: "address" }],
    [
      "no time to challenge",
      { listing: "bond", bond: "1", challengeDays: "0" },
      { challengeDays: "days" },
    ],
    [
      "no time to apply before the opening",
      { listing: "bond", bond: "1", freezeAt: "start" },
      { freezeAt: "noTimeToApply" },
    ],
  ])("%s: refused beside its field", (_, changes, problems) => {
    expect(parsePlan({ ...complete("community"), ...changes }, facts()).problems).toEqual(problems);
  });

  test("what does not go with a kind of round is not part of it, whatever was chosen before", () => {
    const vote = { ...complete("members-vote"), hasPanel: true, listing: "bond" as const };
    const { problems, plan } = parsePlan(vote, facts());
    expect(problems).toEqual({});
    expect([plan?.panel, plan?.registry, plan?.projects.length]).toEqual([undefined, undefined, 2]);
  });
});

describe("EAS", () => {
  test("the service is where its makers' package says, on every chain that is named", async () => {
    const folder = fromRoot("node_modules/@ethereum-attestation-service/eas-contracts/deployments");
    const shipped = new Map<number, string>();
    for (const name of await readdir(folder)) {
      const [id, file] = await Promise.all([
        readFile(path.join(folder, name, ".chainId"), "utf8"),
        readFile(path.join(folder, name, "EAS.json"), "utf8"),
      ]);
      shipped.set(Number(id), (JSON.parse(file) as { readonly address: string }).address);
    }
    expect(Object.keys(EAS_SERVICES).length).toBeGreaterThan(5);
    for (const [id, address] of Object.entries(EAS_SERVICES))
      expect({ id, address }).toEqual({ id, address: shipped.get(Number(id)) });
  });
});

describe("a draft is refused, beside the field that is wrong", () => {
  const base = () => complete("community");
  test.each<[string, Partial<Draft>, Record<string, string>]>([
    ["no name", { name: " " }, { name: "name" }],
    ["a link without https", { link: "http://example.org" }, { link: "link" }],
    ["a contact of nobody", { contact: "a@b.example" }, { organiserName: "organiserName" }],
    ["no end", { end: "" }, { end: "time" }],
    [
      "an end before its opening",
      { start: "2090-01-02T00:00", end: "2090-01-01T00:00" },
      { end: "order" },
    ],
    ["an end before the opening", { end: "2020-01-01T00:00" }, { end: "past" }],
    ["a count of a minute", { tallyDays: "0.001" }, { tallyDays: "tallyShort" }],
    ["a token that is none", { token: "0x12" }, { token: "address" }],
    ["a gift of nothing", { smallest: "0" }, { smallest: "positive" }],
    ["a gift that cannot be divided", { smallest: "1", fineness: "3" }, { fineness: "tooFine" }],
    ["nobody's list", { ways: [newWay()] }, { "ways.0.list": "way_list" }],
    [
      "an empty list of those kept out",
      {
        ways: [
          {
            ...newWay(),
            kind: "voucher",
            fields: { issuer: zeroAddress },
            excluded: { name: "", entries: [] },
          },
        ],
      },
      { "ways.0.excluded": "way_list" },
    ],
    [
      "a jury larger than its list",
      {
        ways: [
          {
            ...newWay(),
            kind: "sortition",
            list: { name: "", entries: [[devnetAddress("Aiko"), "5"]] },
            fields: { jury: "2", drawTime: "2099-01-01T00:00" },
          },
        ],
      },
      { "ways.0.jury": "way_jury" },
    ],
    ["a ceiling in words", { ruleTexts: { cap: "most" } }, { "ruleTexts.cap": "form_percent" }],
    [
      "a ceiling with a decimal comma, alone",
      { ruleTexts: { cap: "5,5%" } },
      { "ruleTexts.cap": "form_percent" },
    ],
    [
      "prizes that may be six or six thousand",
      { rule: "tiers", ruleTexts: { tiers: "1x6.000, 2x3.000" } },
      { "ruleTexts.tiers": "prizes_ambiguous" },
    ],
    ["no prizes", { rule: "tiers", ruleTexts: {} }, { "ruleTexts.tiers": "prizes_prizes" }],
    [
      "a floor with a rest that returns",
      { ruleTexts: { cap: "10%", floor: "5", surplus: "return" } },
      { rule: "settings" },
    ],
    [
      "a guardian without days",
      { guardian: devnetAddress("Guardian"), disputeDays: "0" },
      { disputeDays: "guardian" },
    ],
    [
      "nobody named for what donors leave",
      { leftovers: "remainder", remainderTo: "" },
      { remainderTo: "remainder" },
    ],
    ["a key that is none", { coordinatorKey: "1,2" }, { coordinatorKey: "key" }],
    [
      "projects that nobody could pay",
      {
        projects: [
          { name: "Tea", recipient: "", description: "", category: "", goals: [], url: "" },
        ],
      },
      { projects: "recipients" },
    ],
  ])("%s", (_, changes, problems) => {
    expect(parsePlan({ ...base(), ...changes }, facts()).problems).toEqual(problems);
  });

  test("a number that starts beyond its bounds, and one without a step", () => {
    const vote = complete("number-vote");
    const [number] = vote.numbers;
    if (number === undefined) throw new Error("no number");
    const numbers = [{ ...number, start: "30", step: "0" }];
    expect(parsePlan({ ...vote, numbers }, facts()).problems).toEqual({
      "numbers.0.start": "bounds",
      "numbers.0.step": "step",
    });
    expect(parsePlan({ ...vote, numbers: [] }, facts()).problems).toEqual({ projects: "numbers" });
  });

  test("a number is read as amounts are: what groups does not end its whole part", () => {
    const vote = complete("number-vote");
    const [number] = vote.numbers;
    if (number === undefined) throw new Error("no number");
    const numbers = [{ ...number, start: "1,500", step: "0.5", min: "-20", max: "2,000" }];
    const { problems, plan } = parsePlan({ ...vote, numbers }, facts());
    expect(problems).toEqual({});
    const text = new TextDecoder().decode(plan?.about);
    for (const told of ['"start":1500', '"step":0.5', '"min":-20', '"max":2000', '"decimals":1'])
      expect(text).toContain(told);
    const odd = [{ ...number, step: "half" }];
    expect(parsePlan({ ...vote, numbers: odd }, facts()).problems).toMatchObject({
      "numbers.0.step": "decimal",
    });
  });

  test("a free vote that is open to everybody, and a list with too few credits", () => {
    const vote = complete("members-vote");
    expect(parsePlan({ ...vote, who: "open" }, facts()).problems).toEqual({ who: "openVote" });
    const few = { name: "", entries: [[devnetAddress("Aiko") as Address, "99"]] } as const;
    expect(parsePlan({ ...vote, ways: [{ ...newWay(), list: few }] }, facts()).problems).toEqual({
      "ways.0.list": "way_credits",
    });
  });
});

test("a guardian that is left out leaves no days to wait", () => {
  const { problems, plan } = parsePlan({ ...complete("city"), guardian: "" }, facts());
  expect(problems).toEqual({});
  expect(plan?.settings).toMatchObject({ guardian: zeroAddress, disputeWindow: 0 });
});

describe("lists", () => {
  const [aiko, ben] = [devnetAddress("Aiko"), devnetAddress("Ben")];

  test("people come bare or as a table, with or without credits; every line that is wrong is told by its number", () => {
    expect(readPeople(`\uFEFF${aiko}\r\n\r\n${ben},\r\n`, "")).toMatchObject({
      lines: 2,
      value: {
        entries: [
          [aiko, "18446744073709551615"],
          [ben, "18446744073709551615"],
        ],
      },
    });
    expect(readPeople(`Name;Wallet\nA;${aiko}`, "a.csv", 100n)).toMatchObject({
      value: { entries: [[aiko, "100"]] },
    });
    expect(readPeople(`account,credits\n${aiko},7\n${ben},`, "a.csv", 5n)).toMatchObject({
      value: {
        entries: [
          [aiko, "7"],
          [ben, "5"],
        ],
      },
    });
    const wrong = aiko.replace(/[a-f]/, (letter) => letter.toUpperCase());
    expect(
      readPeople(`account,credits\n${aiko},x\nnobody,1\n${wrong},1\n${ben},1\n${ben},1`, ""),
    ).toEqual({
      problems: [
        { line: 2, text: "x", problem: "credits" },
        { line: 3, text: "nobody", problem: "address" },
        { line: 4, text: wrong, problem: "checksum" },
        { line: 6, text: ben, problem: "twice" },
      ],
    });
    expect(readPeople("who,what\na,b", "a.csv")).toHaveProperty("trouble");
  });

  test("a list tells which of its columns nothing is taken from, and in which line there is no account", () => {
    expect(readPeople(`Name\tWallet address\tBudget\t\nA\t${aiko}\t5\t`, "")).toMatchObject({
      value: { entries: [[aiko, "18446744073709551615"]] },
      unread: ["Name", "Budget"],
    });
    expect(readPeople(`account,credits\n${aiko},7\n,8`, "")).toEqual({
      problems: [{ line: 3, text: "", problem: "noAddress" }],
    });
    expect(readProjectTable(`name,recipient\nTea,${aiko}\nMate,`, "")).toEqual({
      problems: [{ line: 3, text: "", problem: "noAddress" }],
    });
  });

  test("what follows from a list is computed once, however often the draft is read", () => {
    let reads = 0;
    const entries = [aiko, ben].map((account) =>
      Object.defineProperty([account, "7"] as [Address, string], 0, {
        get: () => (reads++, account),
      }),
    );
    const draft = {
      ...complete("community"),
      ways: [{ ...newWay(), list: { name: "", entries } }],
    };
    const read = () => {
      const before = reads;
      const { plan } = parsePlan(draft, facts());
      return { reads: reads - before, gate: plan?.settings.gate };
    };
    const [first, second] = [read(), read()];
    expect(second.gate).toBe(first.gate);
    expect(second.reads).toBeLessThan(first.reads);
  });

  test("no limit is an empty cell in the file that is saved, and is read as none again", () => {
    const reading = readPeople(`account,credits\n${aiko},7\n${ben},`, "a.csv");
    if (!("value" in reading)) throw new Error("the list was not read");
    const [csv = ""] = listsOf([{ ...newWay(), list: reading.value }]);
    expect(csv).toBe(`account,credits\n${aiko},7\n${ben},`);
    expect(parseAllowList(csv, "a.csv").map(({ credits }) => credits)).toEqual([
      7n,
      2n ** 64n - 1n,
    ]);
  });

  test("a table of projects tells which of its columns nothing is taken from", () => {
    expect(readProjectTable(`Name,Payment address,Budget\nTea,${aiko},5`, "a.csv")).toMatchObject({
      value: [{ name: "Tea", recipient: aiko }],
      unread: ["Budget"],
    });
  });

  test("projects need names and addresses, once each; options of a vote need names alone", () => {
    const row = (name: string, more = "") => `${name},${aiko}${more}`;
    expect(
      readProjectTable(`name,recipient,sdgs,url\n${row("Tea", ",3 13,https://tea.example")}`, ""),
    ).toMatchObject({
      value: [{ name: "Tea", recipient: aiko, goals: [3, 13], url: "https://tea.example" }],
    });
    expect(
      readProjectTable(
        `name,recipient,sdgs,url\n${row("Tea", ",3,")}\n${row("Tea", ",3,")}\nMilk,0x12,3,\n${row("Cocoa", ",18,")}\n${row("Mate", ",1,ftp://mate")}`,
        "",
      ),
    ).toMatchObject({
      problems: [
        { line: 3, problem: "twice" },
        { line: 4, problem: "address" },
        { line: 5, problem: "goal" },
        { line: 6, problem: "link" },
      ],
    });
    expect(readOptions('Tea, or "coffee"\nWater', "")).toMatchObject({
      value: [{ name: 'Tea, or "coffee"', recipient: "" }, { name: "Water" }],
    });
    expect(readOptions("Tea\nTea", "")).toEqual({
      problems: [{ line: 2, text: "Tea", problem: "twice" }],
    });
    expect(readOptions("name,description\nTea,Hot", "")).toMatchObject({
      value: [{ name: "Tea", description: "Hot" }],
    });
  });
});
