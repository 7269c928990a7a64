import { network } from "hardhat";
import {
  getAddress,
  keccak256,
  parseEventLogs,
  stringToHex,
  zeroAddress,
  zeroHash,
  type Hex,
} from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { acceptApplications } from "../../src/chain/applications.ts";
import type { WriteClient } from "../../src/chain/client.ts";
import { readReference, toReference } from "../../src/metadata/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { makeRecipient } from "./support/round.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;
type Wallet = Awaited<ReturnType<Connection["viem"]["getWalletClients"]>>[number];

const BOND = 10n ** 16n;
/** Periods of different lengths, so that none can stand for another. */
const [CHALLENGE, RULING, ACCEPT] = [100n, 70n, 40n];
const ALL = CHALLENGE + RULING + ACCEPT;
const digestOf = (name: string): Hex => keccak256(stringToHex(name));
/** By their place in ApplicationStatus. */
const [NONE, OPEN, CHALLENGED, ACCEPTED, REJECTED, LAPSED] = [0, 1, 2, 3, 4, 5];

describe("REG-3 the optimistic registry", () => {
  let connection: Connection;
  let deployer: Wallet, arbiter: Wallet, ana: Wallet, ben: Wallet;
  beforeAll(async () => {
    connection = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
    [deployer, arbiter, ana, ben] = (await connection.viem.getWalletClients()) as [
      Wallet,
      Wallet,
      Wallet,
      Wallet,
    ];
  });
  const by = ({ account }: Wallet) => ({ account });
  const pay = ({ account }: Wallet, value = BOND) => ({ account, value });
  const at = (time: bigint) => connection.networkHelpers.time.setNextBlockTimestamp(time);

  async function deploy(change: object = {}) {
    const now = BigInt(await connection.networkHelpers.time.latest());
    const settings = {
      arbiter: arbiter.account.address,
      bond: BOND,
      freezeTime: now + 1_000n,
      challengePeriod: CHALLENGE,
      rulingPeriod: RULING,
      acceptPeriod: ACCEPT,
      mostOpen: 3n,
      payeeSetter: zeroAddress,
      nonce: zeroHash,
      ...change,
    };
    const registry = await connection.viem.deployContract("OptimisticRegistry", [settings]);
    const status = async (i: bigint) => (await registry.read.applicationOf([i])).status;
    /** Applies with a project at a second, and answers it. */
    const apply = async (name: string, time?: bigint, who = ana): Promise<bigint> => {
      if (time !== undefined) await at(time);
      await registry.write.submit([makeRecipient(1), digestOf(name), 5n], pay(who));
      return BigInt(await connection.networkHelpers.time.latest());
    };
    const owed = async (who: Wallet) => (await registry.read.owedTo([who.account.address])) / BOND;
    /** What it holds is what it owes, and the bonds of what is undecided. */
    const expectBacked = async (greedy = 0n) => {
      const client = await connection.viem.getPublicClient();
      const count = await registry.read.applicationCount();
      let bonds = greedy;
      for (let i = 0n; i < count; i++) bonds += [0n, 1n, 2n, 0n, 0n, 0n][await status(i)] as bigint;
      for (const who of [deployer, arbiter, ana, ben]) bonds += await owed(who);
      expect(await client.getBalance({ address: registry.address })).toBe(bonds * BOND);
    };
    return { registry, settings, now, status, apply, owed, expectBacked };
  }

  it("silence accepts: an application that nobody challenges becomes a project by anybody's call, and its bond is free", async () => {
    const { registry, apply, status, owed, expectBacked } = await deploy();
    expect(await status(0n)).toBe(NONE);
    const applied = await apply("bees");
    expect([await status(0n), await registry.read.openApplications()]).toEqual([OPEN, 1n]);
    await at(applied + CHALLENGE - 1n);
    await expectRevert(registry.write.accept([0n], by(ben)), "TooEarly", [
      applied + CHALLENGE - 1n,
      applied + CHALLENGE,
    ]);
    await at(applied + CHALLENGE);
    await expectRevert(registry.write.challenge([0n, "late"], pay(ben)), "TooLate", [
      applied + CHALLENGE,
      applied + CHALLENGE,
    ]);
    await at(applied + CHALLENGE);
    const hash = await registry.write.accept([0n], by(ben));
    const client = await connection.viem.getPublicClient();
    const { blockNumber } = await client.getTransactionReceipt({ hash });
    const [added] = await client.getContractEvents({
      address: registry.address,
      abi: registry.abi,
      eventName: "ProjectAdded",
      fromBlock: blockNumber,
    });
    expect(added?.args).toMatchObject({ project: 0n, metadataURI: toReference(digestOf("bees")) });
    expect(await registry.read.eligibility([0n])).toBe(1n);
    for (const read of [registry.read.recipientOf, registry.read.matchRecipientOf])
      expect((await read([0n])).toLowerCase()).toBe(makeRecipient(1));
    expect([await owed(ana), await registry.read.openApplications()]).toEqual([1n, 0n]);
    await expectBacked();
    await expectRevert(registry.write.accept([0n]), "WrongStatus", [0, ACCEPTED]);
    await expectRevert(registry.write.rule([0n, false], by(arbiter)), "WrongStatus", [0, ACCEPTED]);
    await expectRevert(registry.write.challenge([0n, "a"], pay(ben)), "WrongStatus", [0, ACCEPTED]);
  });

  it("a match is paid elsewhere where the payee setter says so, until the freeze, and where there is none by nobody", async () => {
    const setter = ben.account.address;
    const { registry, apply, settings } = await deploy({ payeeSetter: setter });
    const applied = await apply("bees");
    const [own, escrow, other] = [1, 7, 8].map((i) => makeRecipient(i)) as [Hex, Hex, Hex];
    const set = (projects: readonly bigint[], payees: readonly Hex[], who = ben) =>
      registry.write.setMatchRecipients([[...projects], [...payees]], by(who));
    await expectRevert(set([0n], [escrow]), "NotEligible", [0]); // an application is no project
    await at(applied + CHALLENGE);
    await registry.write.accept([0n], by(ben));
    for (const who of [ana, arbiter, deployer])
      await expectRevert(set([0n], [escrow], who), "NotPayeeSetter");
    await expectRevert(set([0n], [zeroAddress]), "ZeroRecipient");
    await expectRevert(set([0n, 0n], [escrow]), "LengthsDiffer", [2, 1]);
    await expectRevert(set([0n, 1n], [escrow, escrow]), "NotEligible", [1]);
    const client = await connection.viem.getPublicClient();
    const { blockNumber } = await client.getTransactionReceipt({
      hash: await set([0n, 0n], [other, escrow]),
    });
    const events = await client.getContractEvents({
      ...{ address: registry.address, abi: registry.abi, fromBlock: blockNumber },
      eventName: "MatchRecipientSet",
    });
    expect(events.map(({ args }) => [args.project, args.matchRecipient?.toLowerCase()])).toEqual([
      [0n, other],
      [0n, escrow],
    ]);
    const payees = async () =>
      (
        await Promise.all([registry.read.recipientOf([0n]), registry.read.matchRecipientOf([0n])])
      ).map((one) => one.toLowerCase());
    expect(await payees()).toEqual([own, escrow]);
    await at(settings.freezeTime - 1n);
    await set([0n], [own]);
    expect(await payees()).toEqual([own, own]);
    await at(settings.freezeTime);
    await expectRevert(set([0n], [escrow]), "TooLate", [settings.freezeTime, settings.freezeTime]);
    // With none, the zero address is nobody's.
    const without = await deploy();
    const first = await without.apply("bees");
    await at(first + CHALLENGE);
    await without.registry.write.accept([0n]);
    await expectRevert(
      without.registry.write.setMatchRecipients([[0n], [escrow]], by(deployer)),
      "NotPayeeSetter",
    );
  });

  it("a challenge is the arbiter's to decide, and both bonds go to who is right", async () => {
    const { registry, apply, status, owed, expectBacked } = await deploy();
    for (const name of ["bees", "trees"]) await apply(name);
    for (const i of [0n, 1n]) {
      await registry.write.challenge([i, "not theirs"], pay(ben));
      await expectRevert(registry.write.challenge([i, "again"], pay(ben)), "WrongStatus", [
        i,
        CHALLENGED,
      ]);
    }
    for (const who of [ana, ben, deployer])
      await expectRevert(registry.write.rule([0n, true], by(who)), "NotArbiter");
    await expectRevert(registry.write.rule([2n, true], by(arbiter)), "WrongStatus", [2, NONE]);
    await registry.write.rule([0n, true], by(arbiter));
    expect([await owed(ana), await owed(ben)]).toEqual([2n, 0n]);
    await registry.write.rule([1n, false], by(arbiter));
    expect([await owed(ana), await owed(ben)]).toEqual([2n, 2n]);
    expect([await status(0n), await status(1n)]).toEqual([ACCEPTED, REJECTED]);
    expect(await registry.read.projectCount()).toBe(1n);
    await expectRevert(registry.write.rule([1n, true], by(arbiter)), "WrongStatus", [1, REJECTED]);
    await expectRevert(registry.write.accept([1n]), "WrongStatus", [1, REJECTED]);
    await expectBacked();
  });

  it("who applies and challenges himself keeps others' challenges out and loses no bond, but the arbiter rejects it all the same", async () => {
    const { registry, apply, status, owed, expectBacked } = await deploy();
    await apply("copied");
    await registry.write.challenge([0n, "a letter is missing"], pay(deployer));
    await expectRevert(registry.write.challenge([0n, "it is ours"], pay(ben)), "WrongStatus", [
      0,
      CHALLENGED,
    ]);
    await registry.write.rule([0n, false], by(arbiter));
    expect([await status(0n), await registry.read.projectCount()]).toEqual([REJECTED, 0n]);
    expect([await owed(ana), await owed(deployer)]).toEqual([0n, 2n]);
    await expectBacked();
  });

  it("of several that are accepted together, one that somebody else was quicker with holds up none behind it", async () => {
    const { registry, apply, status } = await deploy();
    let applied = 0n;
    for (const name of ["bees", "trees", "seeds"]) applied = await apply(name);
    await connection.networkHelpers.time.increaseTo(applied + CHALLENGE);
    await registry.write.accept([0n], by(ben));
    const client = {
      read: await connection.viem.getPublicClient(),
      ...{ wallet: ana, chainId: 31337 },
    } as unknown as WriteClient;
    const told: bigint[] = [];
    const place = { registry: registry.address, applications: [0n, 1n, 2n] };
    expect(await acceptApplications(client, place, (one) => told.push(one))).toEqual([1n, 2n]);
    expect(told).toEqual([1n, 2n]);
    expect(await Promise.all([0n, 1n, 2n].map(status))).toEqual([ACCEPTED, ACCEPTED, ACCEPTED]);
    // What is too early or too late is an error as ever.
    await apply("moss");
    for (const [application, why] of [
      [3n, "TooEarly"],
      [9n, "WrongStatus"],
    ] as const)
      await expect(
        acceptApplications(client, { ...place, applications: [application] }),
      ).rejects.toThrow(why);
  });

  it("an arbiter who is silent accepts, to the second, and the challenger loses the bond", async () => {
    const { registry, apply, owed, status, expectBacked } = await deploy();
    const applied = await apply("bees");
    const challenged = applied + CHALLENGE - 1n;
    await at(challenged);
    await registry.write.challenge([0n, "not theirs"], pay(ben));
    await at(challenged + RULING - 1n);
    await expectRevert(registry.write.accept([0n]), "TooEarly", [
      challenged + RULING - 1n,
      challenged + RULING,
    ]);
    await at(challenged + RULING);
    await expectRevert(registry.write.rule([0n, false], by(arbiter)), "TooLate", [
      challenged + RULING,
      challenged + RULING,
    ]);
    await at(challenged + RULING);
    await registry.write.accept([0n]);
    expect([await owed(ana), await owed(ben), await status(0n)]).toEqual([2n, 0n, ACCEPTED]);
    await expectBacked();
  });

  it("every period ends by the freeze, whenever the last application came, and time is left to accept", async () => {
    const { registry, settings, apply, status } = await deploy();
    const until = settings.freezeTime - ALL;
    expect(await registry.read.applicationsUntil()).toBe(until);
    await apply("last", until - 1n);
    await at(until);
    await expectRevert(
      registry.write.submit([makeRecipient(1), digestOf("late"), 0n], pay(ana)),
      "TooLate",
      [until, until],
    );
    // As late as can be: challenged in the last second, and left alone.
    const challenged = until - 1n + CHALLENGE - 1n;
    await at(challenged);
    await registry.write.challenge([0n, "why not"], pay(ben));
    expect(settings.freezeTime - (challenged + RULING)).toBeGreaterThan(ACCEPT);
    await at(settings.freezeTime - 1n);
    await registry.write.accept([0n]);
    expect([await status(0n), await registry.read.projectCount()]).toEqual([ACCEPTED, 1n]);
  });

  it("what is undecided at the freeze never gets an index; the applicant has the bonds back", async () => {
    const { registry, settings, apply, owed, status, expectBacked } = await deploy();
    for (const name of ["bees", "trees"]) await apply(name);
    await registry.write.challenge([1n, "not theirs"], pay(ben));
    for (const time of [settings.freezeTime - 1n]) {
      await at(time);
      await expectRevert(registry.write.lapse([0n]), "TooEarly", [time, settings.freezeTime]);
    }
    for (const i of [0n, 1n]) {
      await at(settings.freezeTime);
      await expectRevert(registry.write.accept([i]), "TooLate", [
        settings.freezeTime,
        settings.freezeTime,
      ]);
      await at(settings.freezeTime);
      await registry.write.lapse([i], by(deployer));
      await expectRevert(registry.write.lapse([i]), "WrongStatus", [i, LAPSED]);
    }
    expect([await owed(ana), await owed(ben)]).toEqual([3n, 0n]);
    expect([await status(0n), await registry.read.openApplications()]).toEqual([LAPSED, 0n]);
    expect([await registry.read.projectCount(), await registry.read.eligibility([0n])]).toEqual([
      0n,
      0n,
    ]);
    await expectBacked();
  });

  it("EVT-1 each step tells of which application it is, who took it, and what came of it", async () => {
    const { registry, settings, apply } = await deploy();
    const client = await connection.viem.getPublicClient();
    const told: unknown[] = [];
    const tell = async () => {
      const logs = await client.getLogs({ address: registry.address });
      for (const { eventName, args } of parseEventLogs({ abi: registry.abi, logs }))
        told.push({ eventName, ...args });
    };
    const of = ({ account }: Wallet) => getAddress(account.address);
    // The application with number 1 becomes project 0, so that neither stands for the other.
    for (const name of ["no", "bees", "trees"]) {
      await apply(name);
      await tell();
    }
    await registry.write.challenge([0n, "not theirs"], pay(ben));
    await tell();
    await registry.write.rule([0n, false], by(arbiter));
    await tell();
    await registry.write.challenge([1n, "why"], pay(ben));
    await tell();
    await registry.write.rule([1n, true], by(arbiter));
    await tell();
    await registry.write.withdraw([ana.account.address], by(deployer));
    await tell();
    await at(settings.freezeTime);
    await registry.write.lapse([2n], by(deployer));
    await tell();
    const recipient = getAddress(makeRecipient(1));
    const applied = ["no", "bees", "trees"].map((name, i) => ({
      ...{ eventName: "Applied", application: BigInt(i), applicant: of(ana), recipient },
      ...{ digest: digestOf(name), sdgMask: 5n },
    }));
    const challenged = { eventName: "Challenged", challenger: of(ben) };
    expect(told).toEqual([
      ...applied,
      { ...challenged, application: 0n, reason: "not theirs" },
      { eventName: "Ruled", application: 0n, accepted: false },
      { ...challenged, application: 1n, reason: "why" },
      { eventName: "Ruled", application: 1n, accepted: true },
      { eventName: "Accepted", application: 1n, project: 0n },
      {
        ...{ eventName: "ProjectAdded", project: 0n, recipient },
        metadataURI: toReference(digestOf("bees")),
      },
      { eventName: "Withdrawn", account: of(ana), amount: 2n * BOND },
      { eventName: "Lapsed", application: 2n },
    ]);
  });

  it("PHASE-9 REG-1 nothing about projects changes from the freeze on", async () => {
    const { registry, settings, apply } = await deploy();
    const applied = await apply("bees");
    for (const name of ["trees", "crows"]) await apply(name);
    await registry.write.challenge([2n, "no birds"], pay(ben));
    await at(applied + CHALLENGE + 10n);
    await registry.write.accept([0n]);
    const shot = async () => [
      await registry.read.projectCount(),
      await registry.read.eligibility([0n]),
      await registry.read.recipientOf([0n]),
      await registry.read.recipientOf([1n]),
    ];
    const before = await shot();
    for (const time of [settings.freezeTime, settings.freezeTime + 1n]) {
      await at(time);
      const digest = digestOf("new");
      for (const call of [
        () => registry.write.submit([makeRecipient(1), digest, 0n], pay(ana)),
        () => registry.write.challenge([1n, "a"], pay(ben)),
        () => registry.write.rule([2n, true], by(arbiter)),
        () => registry.write.accept([1n]),
        () => registry.write.accept([2n]),
      ]) {
        await at(time);
        await expectRevert(call(), "TooLate");
      }
    }
    for (const i of [1n, 2n]) await registry.write.lapse([i]);
    await registry.write.withdraw([ana.account.address]);
    expect(await shot()).toEqual(before);
  });

  it("bad applications are refused: bond, payee, digest, goals, too many at once", async () => {
    const { registry, apply } = await deploy();
    const good = [makeRecipient(1), digestOf("bees"), 0n] as const;
    for (const value of [0n, BOND - 1n, BOND + 1n])
      await expectRevert(registry.write.submit(good, pay(ana, value)), "WrongBond", [value, BOND]);
    const bond = pay(ana);
    await expectRevert(registry.write.submit([zeroAddress, good[1], 0n], bond), "ZeroRecipient");
    await expectRevert(registry.write.submit([good[0], zeroHash, 0n], bond), "ZeroDigest");
    for (const mask of [1n << 17n, 1n << 255n])
      await expectRevert(registry.write.submit([good[0], good[1], mask], bond), "UnknownGoals", [
        mask,
      ]);
    await registry.write.submit([good[0], good[1], (1n << 17n) - 1n], bond);
    expect((await registry.read.applicationOf([0n])).sdgMask).toBe(2 ** 17 - 1);
    await expectRevert(registry.write.submit(good, pay(ben)), "DuplicateDigest", [good[1]]);
    for (const name of ["trees", "crows"]) await apply(name);
    await expectRevert(
      registry.write.submit([good[0], digestOf("one more"), 0n], bond),
      "TooManyOpen",
      [3],
    );
    for (const reason of ["", "x".repeat(1_025)])
      await expectRevert(registry.write.challenge([0n, reason], pay(ben)), "ReasonLength", [
        reason.length,
      ]);
    await expectRevert(registry.write.challenge([0n, "a"], pay(ben, BOND - 1n)), "WrongBond");
    await expectRevert(registry.write.challenge([3n, "a"], pay(ben)), "WrongStatus", [3, NONE]);
    await registry.write.challenge([0n, "x".repeat(1_024)], pay(ben));
    // What is decided makes room, and what was rejected may come again.
    await registry.write.rule([0n, false], by(arbiter));
    await registry.write.submit(good, bond);
    await registry.write.challenge([3n, "a"], pay(ben));
    await registry.write.rule([3n, true], by(arbiter));
    await expectRevert(registry.write.submit(good, bond), "DuplicateDigest", [good[1]]);
  });

  it("who copies an application before it is mined, with a payout address of his own, keeps nobody out, also in the last second", async () => {
    const { registry, settings, status } = await deploy();
    const digest = digestOf("bees");
    const [thief, own] = [makeRecipient(9), makeRecipient(1)];
    const last = settings.freezeTime - ALL - 1n;
    await at(last);
    await registry.write.submit([thief, digest, 0n], pay(ben));
    await at(last);
    await registry.write.submit([own, digest, 0n], pay(ana));
    // The copy is challenged, and goes; the other stays, and is the only one with this payee.
    await registry.write.challenge([0n, "copied"], pay(ana));
    await registry.write.rule([0n, false], by(arbiter));
    expect([await status(0n), await status(1n)]).toEqual([REJECTED, OPEN]);
    await at(settings.freezeTime - 1n);
    await registry.write.accept([1n]);
    expect((await registry.read.recipientOf([0n])).toLowerCase()).toBe(own);
    expect(await registry.read.projectCount()).toBe(1n);
  });

  it("bonds are paid to their owners by anybody's call, once; who refuses money holds up nobody", async () => {
    const { registry, apply, owed, expectBacked } = await deploy();
    const client = await connection.viem.getPublicClient();
    const greedy = await connection.viem.deployContract("GreedyApplicant", [registry.address]);
    await greedy.write.submit([makeRecipient(2), digestOf("greedy")], pay(ana));
    await apply("bees");
    for (const i of [0n, 1n]) {
      await registry.write.challenge([i, "no"], pay(ben));
      await registry.write.rule([i, true], by(arbiter));
    }
    expect(await registry.read.projectCount()).toBe(2n);
    // It calls back in while it is paid: it gets what it is owed, once.
    await registry.write.withdraw([greedy.address]);
    expect(await client.getBalance({ address: greedy.address })).toBe(2n * BOND);
    expect(await greedy.read.wasPaidAgain()).toBe(false);
    await expectRevert(registry.write.withdraw([greedy.address]), "NothingOwed");
    const before = await client.getBalance({ address: ana.account.address });
    await registry.write.withdraw([ana.account.address], by(ben));
    expect((await client.getBalance({ address: ana.account.address })) - before).toBe(2n * BOND);
    await expectRevert(registry.write.withdraw([ana.account.address]), "NothingOwed");
    expect(await owed(ana)).toBe(0n);
    await greedy.write.refuse();
    await greedy.write.submit([makeRecipient(2), digestOf("again")], pay(ana));
    await registry.write.challenge([2n, "no"], pay(ben));
    await registry.write.rule([2n, true], by(arbiter));
    await expectRevert(registry.write.withdraw([greedy.address]), "Refused");
    await expectBacked(2n);
  });

  it("PARAM-5 REG-1 there is no project after the 65,536th, and nobody loses a bond by it", async () => {
    const { registry, apply, owed, settings } = await deploy();
    const layout = await connection.networkHelpers.getStorageAt(registry.address, 0n);
    expect(BigInt(layout)).toBe(BigInt(arbiter.account.address));
    const applied = await apply("bees");
    await apply("trees");
    await registry.write.challenge([1n, "no"], pay(ben));
    // The count stands behind the nine settings.
    await connection.networkHelpers.setStorageAt(registry.address, 9n, 65_536n);
    expect(await registry.read.projectCount()).toBe(65_536n);
    await expectRevert(registry.write.rule([1n, true], by(arbiter)), "TooManyProjects", [65_537]);
    await at(applied + CHALLENGE);
    await expectRevert(registry.write.accept([0n]), "TooManyProjects", [65_537]);
    await at(settings.freezeTime);
    for (const i of [0n, 1n]) await registry.write.lapse([i]);
    expect(await owed(ana)).toBe(3n);
  });

  it("settings that lack something, or leave no time to apply, make no registry", async () => {
    for (const change of [
      { arbiter: zeroAddress },
      { bond: 0n },
      { challengePeriod: 0n },
      { rulingPeriod: 0n },
      { acceptPeriod: 0n },
      { mostOpen: 0n },
      { freezeTime: 1n << 40n },
    ])
      await expectRevert(deploy(change), "WrongSettings");
    await expect(deploy({ freezeTime: ALL - 1n })).rejects.toThrow(/overflow|underflow|0x11/);
    await expect(deploy({ challengePeriod: 2n ** 256n - 1n })).rejects.toThrow();
    const { registry, settings } = await deploy({
      freezeTime: (1n << 40n) - 1n,
      nonce: digestOf("n"),
    });
    expect(await registry.read.settings()).toEqual({
      ...settings,
      arbiter: expect.stringMatching(new RegExp(settings.arbiter, "i")) as string,
    });
  });

  it("META-2 a project's reference is the one that software computes", async () => {
    const { registry, settings } = await deploy({ mostOpen: 100n });
    const digests = [
      `0x${"00".repeat(31)}01`,
      `0x${"ff".repeat(32)}`,
      `0x80${"00".repeat(31)}`,
      ...Array.from({ length: 20 }, (_, i) => digestOf(`d${i}`)),
    ] as Hex[];
    for (const digest of digests)
      await registry.write.submit([makeRecipient(1), digest, 0n], pay(ana));
    await at(settings.freezeTime - 200n);
    for (const i of digests.keys()) await registry.write.accept([BigInt(i)]);
    const client = await connection.viem.getPublicClient();
    const added = await client.getContractEvents({
      address: registry.address,
      abi: registry.abi,
      eventName: "ProjectAdded",
      fromBlock: 0n,
    });
    expect(added.map(({ args }) => readReference(args.metadataURI ?? ""))).toEqual(digests);
  });
});
