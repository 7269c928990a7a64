import { beforeAll, describe, expect, it } from "vitest";
import { network } from "hardhat";
import { getAddress, zeroAddress, type Address } from "viem";
import type { ReadClient } from "../../src/chain/client.ts";
import { readEditors } from "../../src/chain/editors.ts";
import { foldHistory, wasEligible } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import { sumResults } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { makeRecipient, roundFixture } from "./support/round.ts";
import {
  addResults,
  atTime,
  balance,
  claim,
  commit,
  finalize,
  funded,
  RESULTS,
  close,
  fold,
  replayAll,
} from "./support/steps.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;

describe("the owner-approved registry", () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
  });

  async function deploy() {
    const [owner, applicant] = (await connection.viem.getWalletClients()) as [Wallet, Wallet];
    const freezeTime = BigInt(await connection.networkHelpers.time.latest()) + 1_000n;
    return {
      owner,
      applicant,
      freezeTime,
      registry: await connection.viem.deployContract("ProjectRegistry", [
        owner.account.address,
        freezeTime,
        0n,
      ]),
    };
  }
  type Wallet = Awaited<ReturnType<Connection["viem"]["getWalletClients"]>>[number];

  it("REG-1 REG-2 gives indices from 0 in the order of approval", async () => {
    const { registry, applicant } = await deploy();
    const { account } = applicant;
    for (const i of [10, 11, 12])
      await registry.write.submit([makeRecipient(i), `application ${i}`], { account });
    await registry.write.approve([[2n, 0n]]);
    await registry.write.addProjects([[makeRecipient(20)], ["added"]]);
    await registry.write.approve([[1n]]);
    expect(await registry.read.projectCount()).toBe(4n);
    const recipients = await Promise.all(
      [0n, 1n, 2n, 3n].map((i) => registry.read.recipientOf([i])),
    );
    expect(recipients.map((address) => address.toLowerCase())).toEqual(
      [12, 10, 20, 11].map(makeRecipient),
    );
    expect(await registry.read.eligibility([0n])).toBe(0b1111n);
  });

  it("REG-2 nobody but the owner and its editors approves, adds and delists; each application once", async () => {
    const {
      registry,
      applicant: { account },
    } = await deploy();
    await registry.write.submit([makeRecipient(1), "a"], { account });
    const refused = ["NotEditor", [account.address]] as const;
    await expectRevert(registry.write.approve([[0n]], { account }), ...refused);
    await expectRevert(
      registry.write.addProjects([[makeRecipient(1)], ["a"]], { account }),
      ...refused,
    );
    await registry.write.approve([[0n]]);
    await expectRevert(registry.write.delist([0n], { account }), ...refused);
    await expectRevert(registry.write.approve([[0n]]), "NotPending", [0]);
    await expectRevert(registry.write.approve([[1n]]), "NotPending", [1]);
  });

  it("REG-1 a delisted project keeps its index and is not eligible", async () => {
    const { registry } = await deploy();
    await registry.write.addProjects([
      Array.from({ length: 300 }, (_, i) => makeRecipient(i)),
      Array.from({ length: 300 }, () => ""),
    ]);
    for (const project of [0n, 255n, 299n]) await registry.write.delist([project]);
    await expectRevert(registry.write.delist([255n]), "NotEligible", [255]);
    await expectRevert(registry.write.delist([300n]), "NotEligible", [300]);
    expect(await registry.read.projectCount()).toBe(300n);
    expect(await registry.read.eligibility([0n])).toBe(2n ** 255n - 2n);
    expect(await registry.read.eligibility([1n])).toBe(2n ** 43n - 1n);
    expect((await registry.read.recipientOf([255n])).toLowerCase()).toBe(makeRecipient(255));
  });

  it("REG-2 PHASE-9 nothing changes from the freeze time on, to the second", async () => {
    const { registry, freezeTime, applicant } = await deploy();
    await registry.write.submit([makeRecipient(1), "a"], { account: applicant.account });
    const { time } = connection.networkHelpers;
    await time.setNextBlockTimestamp(freezeTime - 1n);
    await registry.write.addProjects([[makeRecipient(0)], ["last"]]);
    for (const at of [freezeTime, freezeTime + 1n]) {
      await time.setNextBlockTimestamp(at);
      const args = [at, freezeTime];
      await expectRevert(registry.write.submit([makeRecipient(1), "b"]), "Frozen", args);
      await expectRevert(registry.write.approve([[0n]]), "Frozen", args);
      await expectRevert(registry.write.addProjects([[makeRecipient(1)], ["b"]]), "Frozen", args);
      await expectRevert(registry.write.delist([0n]), "Frozen", args);
      await expectRevert(
        registry.write.setEditor([applicant.account.address, true]),
        "Frozen",
        args,
      );
      await expectRevert(
        registry.write.setMatchRecipients([[0n], [makeRecipient(2)]]),
        "Frozen",
        args,
      );
    }
  });

  it("REG-2 the owner names who is paid a project's match; what it was given goes where it went", async () => {
    const { registry, applicant } = await deploy();
    const { account } = applicant;
    const both = async (project: bigint) =>
      (
        await Promise.all([
          registry.read.recipientOf([project]),
          registry.read.matchRecipientOf([project]),
        ])
      ).map((address) => address.toLowerCase());
    await registry.write.addProjects([[0, 1, 2].map(makeRecipient), ["a", "b", "c"]]);
    expect(await both(1n)).toEqual([makeRecipient(1), makeRecipient(1)]);
    await registry.write.setMatchRecipients([
      [1n, 2n],
      [makeRecipient(11), makeRecipient(12)],
    ]);
    const [event] = await registry.getEvents.MatchRecipientSet();
    expect(event?.args.project).toBe(1n);
    expect(await both(1n)).toEqual([makeRecipient(1), makeRecipient(11)]);
    await registry.write.setMatchRecipients([[1n], [makeRecipient(13)]]);
    expect(await both(1n)).toEqual([makeRecipient(1), makeRecipient(13)]);
    expect(await both(2n)).toEqual([makeRecipient(2), makeRecipient(12)]);
    expect(await both(0n)).toEqual([makeRecipient(0), makeRecipient(0)]);
    await registry.write.delist([0n]);
    const set = (projects: bigint[], recipients: Address[]) =>
      registry.write.setMatchRecipients([projects, recipients]);
    await expectRevert(set([0n], [makeRecipient(9)]), "NotEligible", [0]);
    await expectRevert(set([3n], [makeRecipient(9)]), "NotEligible", [3]);
    await expectRevert(set([1n], [zeroAddress]), "ZeroRecipient");
    await expectRevert(set([1n, 2n], [makeRecipient(9)]), "LengthsDiffer", [2, 1]);
    await expectRevert(
      registry.write.setMatchRecipients([[1n], [makeRecipient(9)]], { account }),
      "OwnableUnauthorizedAccount",
    );
  });

  it("REG-4 an editor approves, adds and delists; the owner alone names editors, owners and payees of matches", async () => {
    const { registry, applicant } = await deploy();
    const { account } = applicant;
    const editor = account.address;
    await registry.write.setEditor([editor, true]);
    expect((await registry.getEvents.EditorSet())[0]?.args).toEqual({
      account: getAddress(editor),
      may: true,
    });
    expect(await registry.read.isEditor([editor])).toBe(true);
    await registry.write.submit([makeRecipient(1), "a"], { account });
    await registry.write.approve([[0n]], { account });
    await registry.write.addProjects([[makeRecipient(2)], ["b"]], { account });
    await registry.write.delist([0n], { account });
    expect(await registry.read.eligibility([0n])).toBe(0b10n);
    const refused = ["OwnableUnauthorizedAccount", [editor]] as const;
    await expectRevert(registry.write.setEditor([makeRecipient(9), true], { account }), ...refused);
    await expectRevert(registry.write.setEditor([editor, false], { account }), ...refused);
    await expectRevert(registry.write.transferOwnership([editor], { account }), ...refused);
    await expectRevert(registry.write.renounceOwnership({ account }), ...refused);
    await expectRevert(
      registry.write.setMatchRecipients([[1n], [makeRecipient(9)]], { account }),
      ...refused,
    );
    await registry.write.setEditor([editor, false]);
    await expectRevert(registry.write.delist([1n], { account }), "NotEditor", [editor]);
    await expectRevert(registry.write.approve([[0n]], { account }), "NotEditor", [editor]);
    await expectRevert(
      registry.write.addProjects([[makeRecipient(2)], ["c"]], { account }),
      "NotEditor",
      [editor],
    );
  });

  it("REG-4 setting an editor twice changes and tells nothing", async () => {
    const { registry, applicant } = await deploy();
    const editor = applicant.account.address;
    const tells = async (may: boolean) => {
      await registry.write.setEditor([editor, may]);
      return (await registry.getEvents.EditorSet()).length;
    };
    expect(await tells(false)).toBe(0);
    expect(await registry.read.everEditors()).toEqual([]);
    expect(await tells(true)).toBe(1);
    expect(await tells(true)).toBe(0);
    expect(await tells(false)).toBe(1);
    expect(await tells(true)).toBe(1);
    expect(await registry.read.everEditors()).toEqual([getAddress(editor)]);
  });

  it("REG-4 remembers who could ever change projects: editors that are none any more, and owners after the first", async () => {
    const { registry, owner, applicant, freezeTime } = await deploy();
    const editor = makeRecipient(5);
    await registry.write.setEditor([editor, true]);
    await registry.write.setEditor([editor, false]);
    await registry.write.transferOwnership([applicant.account.address]);
    const { account } = applicant;
    await expectRevert(registry.write.addProjects([[makeRecipient(1)], ["a"]]), "NotEditor", [
      owner.account.address,
    ]);
    await registry.write.transferOwnership([owner.account.address], { account });
    const ever = [editor, applicant.account.address, owner.account.address].map((address) =>
      getAddress(address),
    );
    expect(await registry.read.everEditors()).toEqual(ever);
    // From the freeze on an owner can change nothing, and is not remembered.
    await connection.networkHelpers.time.setNextBlockTimestamp(freezeTime);
    await registry.write.transferOwnership([makeRecipient(6)]);
    expect(await registry.read.everEditors()).toEqual(ever);
  });

  it("REG-4 without an owner the editors are those that there were", async () => {
    const { registry, applicant } = await deploy();
    const { account } = applicant;
    await registry.write.setEditor([account.address, true]);
    await registry.write.renounceOwnership();
    await registry.write.addProjects([[makeRecipient(1)], ["a"]], { account });
    expect(await registry.read.everEditors()).toEqual([getAddress(account.address)]);
    await expectRevert(
      registry.write.setEditor([account.address, false]),
      "OwnableUnauthorizedAccount",
    );
  });

  it("REG-4 remembers 64 at most, so that all can be read in one bounded call", async () => {
    const { registry } = await deploy();
    for (let i = 0; i < 64; i++) await registry.write.setEditor([makeRecipient(i), true]);
    await expectRevert(registry.write.setEditor([makeRecipient(64), true]), "TooManyEditors", [64]);
    await expectRevert(
      registry.write.transferOwnership([makeRecipient(64)]),
      "TooManyEditors",
      [64],
    );
    await registry.write.setEditor([makeRecipient(0), false]);
    await registry.write.setEditor([makeRecipient(0), true]);
    const client = connection.viem.getPublicClient();
    const { ever } = await readEditors((await client) as unknown as ReadClient, registry.address);
    expect(ever).toHaveLength(65);
  });

  it("REG-2 refuses empty payout addresses and unequal lists", async () => {
    const { registry } = await deploy();
    const zero = `0x${"00".repeat(20)}` as const;
    await expectRevert(registry.write.submit([zero, "a"]), "ZeroRecipient");
    await expectRevert(registry.write.addProjects([[zero], ["a"]]), "ZeroRecipient");
    await expectRevert(
      registry.write.addProjects([[makeRecipient(0)], []]),
      "LengthsDiffer",
      [1, 0],
    );
  });
});

describe("a registry that lies", () => {
  const load = roundFixture({ registry: "HostileRegistry" });

  it("PARAM-5 a commit refuses more than 2^16 projects", async () => {
    const setup = await load();
    const registry = await setup.viem.getContractAt("HostileRegistry", setup.registry.address);
    await atTime(setup, setup.end);
    await registry.write.setProjectCount([65_537n]);
    await expectRevert(commit(setup, []), "TooManyProjects", [65_537]);
    await registry.write.setProjectCount([65_536n]);
    await commit(setup, []);
    await addResults(setup, [{ project: 65_535, votes: 1n, credits: 1n }]);
    expect((await setup.round.read.tally()).projects).toBe(65_536);
  });

  it("MONEY-8 cannot make the round pay more by changing its mind on J or eligibility", async () => {
    const setup = await load();
    const registry = await setup.viem.getContractAt("HostileRegistry", setup.registry.address);
    await registry.write.setProjectCount([3n]);
    for (const project of [0, 1, 2])
      await registry.write.setRecipient([BigInt(project), makeRecipient(project)]);
    await registry.write.setEligibility([0n, 0b001n]);
    await funded(setup, 1_000n, 0n);
    await atTime(setup, setup.end);
    const challenges = await commit(setup, RESULTS);
    await replayAll(setup);
    await fold(setup);
    await addResults(setup, RESULTS);
    await registry.write.setEligibility([0n, 0b111n]);
    await registry.write.setProjectCount([9n]);
    await close(setup, sumResults(RESULTS, challenges));
    await expectRevert(claim(setup, RESULTS, 1), "NotClaimable", [1]);
    await registry.write.setEligibility([0n, 0n]);
    await claim(setup, RESULTS, 0);
    await setup.round.write.claimRemainder();
    expect(await balance(setup, setup.round.address)).toBe(0n);
  });

  it("EVT-1 MONEY-2 that changes its mind between two calls of a list: readers take each project as the round did", async () => {
    const setup = await load();
    const { round } = setup;
    const registry = await setup.viem.getContractAt("HostileRegistry", setup.registry.address);
    await registry.write.setProjectCount([3n]);
    await atTime(setup, setup.end);
    await commit(setup, RESULTS);
    const client = setup.publicClient as unknown as ReadClient;
    const readings = async () => {
      const { tally } = foldHistory(
        await readEvents(client, round.address, { from: 0n, to: await client.getBlockNumber() }),
      );
      return Promise.all(
        [0, 1, 2].map(async (project) => [
          await round.read.isClaimable([BigInt(project)]),
          tally !== undefined && wasEligible(tally, project),
        ]),
      );
    };
    await registry.write.setEligibility([0n, 0b010n]);
    await addResults(setup, RESULTS);
    await round.write.restartResults({ account: setup.coordinator.account });
    await registry.write.setEligibility([0n, 0b001n]);
    await addResults(setup, RESULTS.slice(0, 2));
    await registry.write.setEligibility([0n, 0b110n]);
    await addResults(setup, RESULTS.slice(2));
    expect(await readings()).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ]);
  });

  it("REG-1 CLOSE-1 the result is proved for the J of the commit", async () => {
    const setup = await load();
    await finalize(setup, []);
    expect(await setup.round.read.tally()).toMatchObject({ projects: 0, resultsCount: 0 });
  });
});
