import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEventLogs, type EIP1193Provider, type Log } from "viem";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { connectRead, type ReadClient } from "../../src/chain/client.ts";
import { publish } from "../../src/chain/publish.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { readBalance } from "../../src/chain/token.ts";
import { sumBallots } from "../../src/devnet/donors.ts";
import { devnetAddress, startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";
import { checkRun } from "../../src/devnet/checks.ts";
import { claimAll, tallyDevnet } from "../../src/devnet/finish.ts";
import {
  contributeAs,
  createDevnet,
  fundAs,
  devnetRecipient,
  topUpAs,
  type Devnet,
} from "../../src/devnet/devnet.ts";
import { trustedKeys } from "../../src/verify/trusted_keys.ts";
import { openTallyStore } from "../../src/coordinator/store/tally_store.ts";
import { openArtifacts, type Artifacts } from "../../src/proofs/artifacts.ts";
import { trustedContracts } from "../../src/proofs/trusted_contracts.ts";
import type { Ballot } from "../../src/protocol/ballot.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { generateKeyPair, type KeyPair } from "../../src/protocol/key.ts";
import { createMessages } from "../../src/protocol/message.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import { verifyRound } from "../../src/verify/verify_round.ts";
import { BUILD } from "../../scripts/pipeline/paths.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

// A small round with real contracts and proofs: sums to the unit (MONEY-8), and verification that notices every tampering (EVT-1).

const UNIT = 10n ** 16n;
const ONE = 10n ** 18n;
const PROJECTS = ["Birds", "Trees", "Water", "Bought"];
let chain: DevnetChain;
let devnet: Devnet;
let artifacts: Artifacts;
let folder: string;
let results: readonly ProjectResult[];

type Person = {
  readonly name: string;
  readonly first: KeyPair;
  readonly lasting: KeyPair;
  readonly tag: bigint;
};
const person = (name: string): Person => {
  const [first, lasting] = [generateKeyPair(), generateKeyPair()];
  return { name, first, lasting, tag: deriveTag(devnetAddress(name), first.publicKey) };
};
const [ana, ben, eve] = ["ana", "ben", "eve"].map(person) as [Person, Person, Person];
const meant: Ballot[] = [
  new Map([
    [0, 30n],
    [2, 10n],
  ]),
  new Map([
    [0, 20n],
    [1, 60n],
  ]),
];

async function vote(
  { tag }: Person,
  signer: KeyPair,
  newKey: KeyPair,
  ballot: Ballot,
): Promise<void> {
  const { round, config, coordinator } = devnet;
  const itemsSeen = await chain.read.readContract({
    address: round,
    abi: iRoundAbi,
    functionName: "items",
  });
  const messages = createMessages({
    ctx: config.context,
    coordinatorKey: coordinator.publicKey,
    tag,
    signer,
    newKey: newKey.publicKey,
    ballot,
    itemsSeen,
  });
  for (const message of messages)
    await publish(await chain.as("relayer"), { round, message, messageFee: 0n });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-story-"));
  artifacts = await openArtifacts(BUILD);
  chain = await startDevnetChain();
  devnet = await createDevnet(chain, {
    projects: PROJECTS,
    unit: UNIT,
    size: "small",
    rule: quadraticChoice("return"),
  });
});
afterAll(async () => {
  await chain.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a small round", () => {
  test("is played", async () => {
    await vote(ana, ana.first, ana.lasting, new Map([[1, 5n]]));
    await vote(ben, ben.first, ben.lasting, meant[1] as Ballot);
    await chain.warpTo(devnet.config.start);
    await contributeAs(devnet, "ana", ana.first.publicKey, 10n * ONE);
    await contributeAs(devnet, "ben", ben.first.publicKey, 30n * ONE);
    await contributeAs(devnet, "eve", eve.first.publicKey, 5n * ONE);
    await vote(ana, ana.lasting, ana.lasting, meant[0] as Ballot); // changes her mind
    await vote(ben, ben.first, generateKeyPair(), new Map([[3, 50n]])); // whoever bought ben's first key
    await vote(eve, eve.first, eve.lasting, new Map([[3, 23n]])); // costs 529 of her 500 credits
    await topUpAs(devnet, "ben", ben.tag, 10n * ONE); // now his 4,000 credits are paid for
    await fundAs(devnet, "sponsor", 20n * ONE);
  });

  test("comes to what was meant", async () => {
    ({ results } = await tallyDevnet(devnet, {
      artifacts,
      store: await openTallyStore(folder),
      onProgress: () => undefined,
    }));
    expect(results).toEqual(sumBallots(meant));
  });

  test("MONEY-3, MONEY-4, MONEY-5: every payment to the unit", async () => {
    const payments = await claimAll(devnet, results, ["sponsor"]);
    // Birds: T = 50, S = 1300, w = 1200. Trees and Water have one donor each: w = 0. unit·W = 12 of the 20 in the pool; 8 go back.
    expect(payments).toEqual([
      { project: 0, payout: 25n * ONE, matched: 12n * ONE },
      { project: 1, payout: 36n * ONE, matched: 0n },
      { project: 2, payout: 1n * ONE, matched: 0n },
    ]);
    const held = async (address: `0x${string}`) =>
      readBalance(chain.read, devnet.token.address, address);
    expect(await held(devnetRecipient("Birds"))).toBe(25n * ONE);
    expect(await held(devnetRecipient("Bought"))).toBe(0n);
    expect(await held(devnetAddress("sponsor"))).toBe(8n * ONE);
    expect(await held(devnetAddress("remainder"))).toBe(55n * ONE - 50n * ONE);
    expect(await held(devnet.round)).toBe(0n);
    const played = {
      projects: PROJECTS,
      expected: sumBallots(meant),
      results,
      payments,
      contributed: 55n * ONE,
      pool: 20n * ONE,
      rule: quadraticChoice("return"),
      sponsor: "sponsor",
    };
    expect((await checkRun(devnet, played)).checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});

type Tamper = (log: Log, index: number) => Log | undefined;

/** A node that lies in its logs. */
function lyingNode(tamper: Tamper): ReadClient {
  const request = async (args: { method: string; params?: unknown }) => {
    const answer: unknown = await chain.provider.request(args as never);
    return args.method === "eth_getLogs"
      ? (answer as Log[]).flatMap((log, i) => tamper(log, i) ?? [])
      : answer;
  };
  return connectRead({ request } as unknown as EIP1193Provider);
}

const decodeName = (log: Log): string | undefined =>
  parseEventLogs({ abi: iRoundAbi, logs: [log] })[0]?.eventName;
/** Flips the lowest bit of the word at `word` of the event's data. */
const flip =
  (event: string, word: number): Tamper =>
  (log) => {
    if (decodeName(log) !== event) return log;
    const at = 2 + 64 * (word + 1) - 1;
    return {
      ...log,
      data: `${log.data.slice(0, at)}${(Number.parseInt(log.data[at] as string, 16) ^ 1).toString(16)}${log.data.slice(at + 1)}` as `0x${string}`,
    };
  };

describe("verification (EVT-1)", () => {
  const verify = async (client: ReadClient) =>
    verifyRound({
      client,
      round: devnet.round,
      contracts: await trustedContracts(artifacts),
      keys: async (size) => trustedKeys(artifacts, size),
    });

  test("an honest node: everything holds", async () => {
    const { ok, checks } = await verify(chain.read);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
  });

  test.each<[string, Tamper, string]>([
    ["a message changed", flip("MessagePublished", 5), "LINK-1"],
    [
      "a message left out",
      (log) => (decodeName(log) === "MessagePublished" ? undefined : log),
      "LINK-1",
    ],
    ["a contribution's credits changed", flip("Contributed", 3), "LINK-1"],
    ["a top-up changed", flip("ToppedUp", 0), "LINK-1"],
    ["the committed digest changed", flip("Committed", 0), "TALLY-1"],
    ["a fold's proof changed", flip("Folded", 0), "FOLD-1"],
    ["a result changed", flip("ResultsAdded", 2), "TALLY-8"],
    ["the closing proof changed", flip("Finalized", 0), "CLOSE-4"],
    ["the proved sum changed", flip("Finalized", 8), "CLOSE-4"],
    ["a payment changed", flip("Claimed", 0), "MONEY-8"],
  ])("%s is noticed", async (_, tamper, id) => {
    const { ok, checks } = await verify(lyingNode(tamper));
    expect(ok).toBe(false);
    expect(checks.find((check) => check.id === id)).toMatchObject({ ok: false });
  });

  test("foreign verifying keys are noticed", async () => {
    // As a ceremony would give them: other verifiers, so another factory.
    const contracts = locateContracts({ ...BUILT, close: BUILT.small });
    const {
      ok,
      checks,
      results: none,
    } = await verifyRound({
      client: chain.read,
      round: devnet.round,
      contracts,
      keys: (size) => trustedKeys(artifacts, size),
    });
    expect(ok).toBe(false);
    expect(checks).toMatchObject([
      { id: "PROV-2", ok: false, detail: expect.stringContaining(contracts.factory) },
    ]);
    expect(none).toEqual([]);
  });
});
