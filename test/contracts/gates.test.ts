import {
  concatHex,
  encodeAbiParameters,
  keccak256,
  numberToHex,
  pad,
  sliceHex,
  type Address,
  type Hex,
} from "viem";
import { describe, expect, it } from "vitest";
import { encodeGateData, encodeKnownIdentity } from "../../src/gates/index.ts";
import { expectRevert, awaitOutcome } from "./support/reverts.ts";
import { roundFixture, UNIT, type Setup, type Wallet } from "./support/round.ts";
import { deriveTag } from "./support/reference.ts";
import { atTime, makeKey } from "./support/steps.ts";

const hashLeaf = (account: Address, most: bigint): Hex =>
  keccak256(
    keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint64" }], [account, most])),
  );
const pair = (a: Hex, b: Hex): Hex => keccak256(concatHex(BigInt(a) < BigInt(b) ? [a, b] : [b, a]));
const encodeData = (most: bigint, proof: Hex[]): Hex =>
  encodeGateData(0, [concatHex([numberToHex(most, { size: 8 }), ...proof])]);
const padIdentity = (account: Address): Hex => pad(account.toLowerCase() as Address, { size: 32 });

// Accounts 6 and 7 of the devnet: alice and bob. The fixture needs the root before it knows them.
const ALICE = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";
const BOB = "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955";
const [aliceLeaf, bobLeaf] = [hashLeaf(ALICE, 10n), hashLeaf(BOB, 3n)];
const DATA = { alice: encodeData(10n, [bobLeaf]), bob: encodeData(3n, [aliceLeaf]) };

describe("the allow-list gate", () => {
  const load = roundFixture({ gate: { allowList: pair(aliceLeaf, bobLeaf) } });

  const readChecker = async ({ viem, gate }: Setup): Promise<Address> =>
    (await (await viem.getContractAt("Gate", gate.address)).read.clauses())[0]?.[0] as Address;
  const contribute = (
    { round }: Setup,
    { account }: Wallet,
    key: number,
    credits: bigint,
    data: Hex,
  ) => round.write.contribute([makeKey(key).x, makeKey(key).y, credits * UNIT, data], { account });

  it("GATE-1 GATE-4 admits an account of the tree up to its credits, once a round, bound to the tag", async () => {
    const setup = await load();
    const { round, alice, bob } = setup;
    const checker = await readChecker(setup);
    expect([alice.account.address, bob.account.address]).toEqual([
      ALICE.toLowerCase(),
      BOB.toLowerCase(),
    ]);
    await atTime(setup, setup.start);
    await expectRevert(contribute(setup, bob, 1, 4n, DATA.bob), "AboveLimit", [4, 3]);
    await contribute(setup, bob, 1, 3n, DATA.bob);
    await expectRevert(contribute(setup, bob, 2, 1n, DATA.bob), "AlreadyAdmitted", [
      checker,
      padIdentity(BOB),
      deriveTag(BOB, makeKey(1).x, makeKey(1).y),
    ]);
    const gate = await setup.viem.getContractAt("Gate", setup.gate.address);
    expect(await gate.read.admissions([round.address, checker, padIdentity(BOB)])).toEqual([
      deriveTag(BOB, makeKey(1).x, makeKey(1).y),
      3n,
    ]);
  });

  it("GATE-1 a copied transaction admits nobody", async () => {
    const setup = await load();
    const { stranger, carol, alice } = setup;
    await atTime(setup, setup.start);
    for (const thief of [stranger, carol])
      await expectRevert(contribute(setup, thief, 1, 3n, DATA.alice), "NotOnList", [
        thief.account.address,
        10,
      ]);
    await contribute(setup, alice, 1, 3n, DATA.alice);
  });

  it("GATE-4 refuses another limit than the leaf's", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    await expectRevert(
      contribute(setup, setup.alice, 1, 11n, encodeData(11n, [bobLeaf])),
      "NotOnList",
      [ALICE, 11],
    );
    await expect(contribute(setup, setup.alice, 1, 1n, "0x")).rejects.toThrow();
  });

  it("GATE-4 evidence that is no leaf and path within its own bytes is as good as none", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const evidence = sliceHex(DATA.alice, 3);
    for (const wrong of [
      ...[0, 1, 7, 8, 9, 39].map((length) => (length === 0 ? "0x" : sliceHex(evidence, 0, length))),
      concatHex([evidence, "0x00"]),
      concatHex([evidence, "0x".padEnd(64, "0") as Hex]),
    ] as Hex[])
      await expectRevert(
        contribute(setup, setup.alice, 1, 3n, encodeGateData(0, [wrong])),
        "NotOnList",
        [ALICE, (wrong.length - 2) / 2 === 8 ? 10 : 0],
      );
    await contribute(setup, setup.alice, 1, 3n, DATA.alice);
  });

  it("GATE-1 PHASE-3 is asked again for a top-up, with the credits in all", async () => {
    const setup = await load();
    const {
      round,
      alice: { account },
    } = setup;
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 6n, DATA.alice);
    const tag = deriveTag(ALICE, makeKey(1).x, makeKey(1).y);
    await expectRevert(
      round.write.topUp([tag, 5n * UNIT, DATA.alice], { account }),
      "AboveLimit",
      [11, 10],
    );
    await round.write.topUp([tag, 4n * UNIT, DATA.alice], { account });
    expect((await round.read.donors([tag])).credits).toBe(10n);
  });

  it("GATE-5 knows whom it admitted: up to its credits an identity tops up without evidence, under its own tag only", async () => {
    const setup = await load();
    const { round, alice, bob } = setup;
    const checker = await readChecker(setup);
    const tags = [
      deriveTag(ALICE, makeKey(1).x, makeKey(1).y),
      deriveTag(BOB, makeKey(2).x, makeKey(2).y),
    ] as const;
    const topUp = (tag: bigint, { account }: Wallet, credits: bigint, data: Hex) =>
      round.write.topUp([tag, credits * UNIT, data], { account });
    const known = (account: Address, clause = 0, place = 0) =>
      encodeKnownIdentity(clause, place, padIdentity(account));
    await atTime(setup, setup.start);
    // Nobody is admitted by it.
    await expectRevert(contribute(setup, alice, 1, 6n, known(ALICE)), "UnknownClause", [128]);
    await contribute(setup, alice, 1, 6n, DATA.alice);
    await expectRevert(topUp(tags[0], alice, 1n, known(BOB)), "NotAdmitted", [
      checker,
      padIdentity(BOB),
      tags[0],
    ]);
    await contribute(setup, bob, 2, 1n, DATA.bob);
    for (const [tag, donor, other] of [
      [tags[0], alice, BOB],
      [tags[1], bob, ALICE],
    ] as const)
      await expectRevert(topUp(tag, donor, 1n, known(other)), "NotAdmitted", [
        checker,
        padIdentity(other),
        tag,
      ]);
    // Of places where there is no checker nothing is known.
    for (const place of [1, 2, 3, 4, 15, 127])
      expect(
        await awaitOutcome(topUp(tags[0], alice, 1n, known(ALICE, place >> 2, place & 3))),
      ).toContain("NotAdmitted(");
    await expectRevert(topUp(tags[0], bob, 1n, known(ALICE)), "NotPayer");
    await expectRevert(topUp(tags[0], alice, 5n, known(ALICE)), "AboveLimit", [11, 10]);
    await topUp(tags[0], alice, 4n, known(ALICE));
    await expectRevert(topUp(tags[0], alice, 1n, known(ALICE)), "AboveLimit", [11, 10]);
    await topUp(tags[1], bob, 2n, known(BOB));
    await expectRevert(topUp(tags[1], bob, 1n, known(BOB)), "AboveLimit", [4, 3]);
    for (const wrong of [
      concatHex([known(BOB), "0x00"]),
      sliceHex(known(BOB), 0, 32),
      "0x80",
    ] as const)
      expect(await awaitOutcome(topUp(tags[1], bob, 1n, wrong))).toContain("UnknownClause(128)");
  });

  it("GATE-1 keeps its records by caller: a stranger's call uses up nobody's place", async () => {
    const setup = await load();
    const gate = await setup.viem.getContractAt("Gate", setup.gate.address);
    const checker = await readChecker(setup);
    await gate.write.admit([ALICE, 5n, 1n, DATA.alice], { account: setup.stranger.account });
    await expectRevert(
      gate.read.admitTopUp([BOB, 5n, 1n, DATA.bob], { account: setup.stranger.account }),
      "NotAdmitted",
      [checker, padIdentity(BOB), 5],
    );
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 6n, DATA.alice);
  });
});

describe("the open gate", () => {
  it("GATE-2 admits everybody, as often as they come, with whatever data", async () => {
    const setup = await roundFixture()();
    const { round, alice } = setup;
    await atTime(setup, setup.start);
    for (const [key, data] of [
      [1, "0x"],
      [2, "0xabcdef"],
    ] as const)
      await round.write.contribute([makeKey(key).x, makeKey(key).y, UNIT, data], {
        account: alice.account,
      });
    expect(await round.read.contributions()).toBe(2);
  });
});
