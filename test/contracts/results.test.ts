import { keccak256, zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import {
  sumResults,
  encodeEntry,
  hashLeaf,
  hashResults,
  computeRoot,
  type Entry,
} from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture, type Setup } from "./support/round.ts";
import {
  addResults,
  atTime,
  close,
  commit,
  contribute,
  fold,
  replayAll,
  SALT,
} from "./support/steps.ts";

const makeEntries = (count: number, every = 1): Entry[] =>
  Array.from({ length: count }, (_, i) => ({
    project: i * every,
    votes: BigInt(3 * i + 2),
    credits: BigInt(5 * i + 1),
  }));

async function begin(setup: Setup, results: readonly Entry[]) {
  await atTime(setup, setup.end);
  return commit(setup, results);
}

const addRaw = ({ round, coordinator }: Setup, entries: readonly bigint[]) =>
  round.write.addResults([entries, "0x"], { account: coordinator.account });

describe("entries", () => {
  const load = roundFixture({ projects: 4 });
  const ONE = encodeEntry({ project: 1, votes: 3n, credits: 9n });

  it("TALLY-6 TALLY-8 refuses what is out of range", async () => {
    const setup = await load();
    await begin(setup, []);
    for (const bit of [209n, 210n, 255n])
      await expectRevert(addRaw(setup, [ONE | (1n << bit)]), "EntryTooLong", [ONE | (1n << bit)]);
    await expectRevert(
      addRaw(setup, [encodeEntry({ project: 4, votes: 1n, credits: 1n })]),
      "ProjectOutOfRange",
      [4, 4],
    );
    await expectRevert(
      addRaw(setup, [encodeEntry({ project: 65535, votes: 1n, credits: 1n })]),
      "ProjectOutOfRange",
      [65535, 4],
    );
    await expectRevert(
      addRaw(setup, [encodeEntry({ project: 1, votes: 3n, credits: 0n })]),
      "EntryWithoutCredits",
      [1],
    );
    await expectRevert(
      addRaw(setup, [encodeEntry({ project: 1, votes: -3n, credits: 9n })]),
      "SignNotAllowed",
      [1],
    );
    await expectRevert(
      addRaw(setup, [encodeEntry({ project: 1, votes: 0n, credits: 9n }) | (1n << 80n)]),
      "SignNotAllowed",
      [1],
    );
    expect((await setup.round.read.tally()).resultsCount).toBe(0);
  });

  it("TALLY-8 projects increase strictly, also from one call to the next", async () => {
    const setup = await load();
    await begin(setup, []);
    const entry = (project: number) => encodeEntry({ project, votes: 1n, credits: 1n });
    await expectRevert(addRaw(setup, [entry(2), entry(1)]), "EntriesNotIncreasing", [1, 2]);
    await expectRevert(addRaw(setup, [entry(0), entry(0)]), "EntriesNotIncreasing", [0, 0]);
    await addRaw(setup, [entry(0), entry(2)]);
    for (const project of [0, 1, 2])
      await expectRevert(addRaw(setup, [entry(project)]), "EntriesNotIncreasing", [project, 2]);
    await addRaw(setup, []);
    await addRaw(setup, [entry(3)]);
    expect((await setup.round.read.tally()).resultsCount).toBe(3);
  });

  it("TALLY-8 with signs allowed, votes may be negative but not negative zero", async () => {
    const setup = await signed();
    const results = [
      { project: 0, votes: -(2n ** 64n - 1n), credits: 2n ** 128n - 1n },
      { project: 1, votes: 0n, credits: 2n },
      { project: 3, votes: 5n, credits: 25n },
    ];
    const challenges = await begin(setup, results);
    await expectRevert(
      addRaw(setup, [encodeEntry({ project: 1, votes: 0n, credits: 9n }) | (1n << 80n)]),
      "SignNotAllowed",
      [1],
    );
    await replayAll(setup);
    await fold(setup);
    await addResults(setup, results);
    await close(setup, sumResults(results, challenges));
    expect(await setup.round.read.resultsRoot()).toBe(computeRoot(results.map(hashLeaf)));
  });
  const signed = roundFixture({ token: "none", settings: { allowSigns: true } });
});

describe("lists", () => {
  const load = roundFixture({ projects: 600 });

  it("TALLY-7 TALLY-9 MONEY-10 hash, fraction and root are the same however the list is cut", async () => {
    const setup = await load();
    const { round } = setup;
    const results = makeEntries(70, 8);
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 100_000n);
    const challenges = await begin(setup, results);
    await replayAll(setup);
    await fold(setup);
    const ready = await setup.helpers.takeSnapshot();
    for (const cut of [70, 1, 7, 64]) {
      await ready.restore();
      for (let from = 0; from < results.length; from += cut)
        await addResults(setup, results.slice(from, from + cut));
      expect(await round.read.resultsRoot(), `cut ${cut}`).toBe(computeRoot(results.map(hashLeaf)));
      expect(
        keccak256(`0x${SALT.slice(2)}${(await round.read.tally()).resultsChain.slice(2)}`),
      ).toBe(hashResults(SALT, results.map(encodeEntry)));
      expect((await round.read.payoutState())[0]).toBe(
        results.reduce((sum, { votes, credits }) => sum + votes * votes - credits, 0n),
      );
      for (const project of [0, 8, 256, 552])
        expect(await round.read.isClaimable([BigInt(project)])).toBe(true);
      for (const project of [1, 255, 560])
        expect(await round.read.isClaimable([BigInt(project)])).toBe(false);
      await close(setup, sumResults(results, challenges));
      expect(await round.read.settlement()).toMatchObject({ claimsLeft: 70 });
    }
  });

  it("MONEY-10 the root of every length", async () => {
    const setup = await load();
    await begin(setup, []);
    expect(await setup.round.read.resultsRoot()).toBe(zeroHash);
    const results = makeEntries(40);
    for (let length = 1; length <= results.length; length++) {
      await addResults(setup, results.slice(length - 1, length));
      expect(await setup.round.read.resultsRoot()).toBe(
        computeRoot(results.slice(0, length).map(hashLeaf)),
      );
    }
  });

  it("TALLY-10 what an earlier list marked is not claimable through a later one", async () => {
    const setup = await load();
    const { round } = setup;
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 10n);
    await begin(setup, []);
    await addResults(setup, [
      { project: 5, votes: 2n, credits: 2n },
      { project: 300, votes: 2n, credits: 2n },
    ]);
    const results = [{ project: 7, votes: 1n, credits: 1n }];
    const challenges = await commit(setup, results, 5n);
    await replayAll(setup);
    await fold(setup);
    await addResults(setup, results);
    await close(setup, sumResults(results, challenges));
    expect(await round.read.isClaimable([5n])).toBe(false);
    expect(await round.read.isClaimable([7n])).toBe(true);
    await expectRevert(round.write.claim([5n, 2n, 2n, []]), "NotInResult", [5, 2, 2]);
    await expectRevert(round.write.claim([300n, 2n, 2n, []]), "NotInResult", [300, 2, 2]);
    await round.write.claim([7n, 1n, 1n, []]);
    expect(await round.read.settlement()).toMatchObject({ claimsLeft: 0 });
  });

  it("TALLY-8 PARAM-5 a list over all of many projects", async () => {
    const setup = await load();
    await begin(setup, []);
    const results = makeEntries(600);
    for (let from = 0; from < 600; from += 200)
      await addResults(setup, results.slice(from, from + 200));
    expect(await setup.round.read.resultsRoot()).toBe(computeRoot(results.map(hashLeaf)));
  });

  it("EVT-1 entries and eligibility are in the events", async () => {
    const setup = await load();
    const { round, publicClient } = setup;
    await begin(setup, []);
    const results = makeEntries(3, 256);
    await addResults(setup, results);
    const events = await publicClient.getContractEvents({
      address: round.address,
      abi: round.abi,
      fromBlock: "latest",
    });
    expect(events.map(({ eventName, args }) => [eventName, args])).toEqual([
      ["EligibilityRead", { wordIndex: 0n, bitmap: 2n ** 256n - 1n }],
      ["EligibilityRead", { wordIndex: 1n, bitmap: 2n ** 256n - 1n }],
      ["EligibilityRead", { wordIndex: 2n, bitmap: 2n ** 88n - 1n }],
      ["ResultsAdded", { entries: results.map(encodeEntry) }],
    ]);
  });
});
