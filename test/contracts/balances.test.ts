import { concatHex, numberToHex, slice, type Address, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import { findBalanceSlot } from "../../src/chain/balance_slot.ts";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { readClauses, readGateData } from "../../src/chain/gate.ts";
import { readHeader } from "../../src/chain/header.ts";
import { pinBalances } from "../../src/chain/pin_balances.ts";
import { balancePlace, storageEvidence } from "../../src/gates/erc20_at_block.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { awaitOutcome, expectRevert } from "./support/reverts.ts";
import { roundFixture, UNIT, type Setup, type Wallet } from "./support/round.ts";
import { atTime, makeKey } from "./support/steps.ts";

const [ALICE, BOB, CAROL, STRANGER] = [
  "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
  "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
  "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
  "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
] as const;
const read = ({ publicClient }: Setup) => publicClient as unknown as ReadClient;
const writer = ({ publicClient, deployer }: Setup) =>
  ({ read: publicClient, wallet: deployer, chainId: 31337 }) as unknown as WriteClient;
const send = ({ round }: Setup, { account }: Wallet, key: number, data: Hex, credits = 2n) =>
  round.write.contribute([makeKey(key).x, makeKey(key).y, credits * UNIT, data], { account });

describe("GATE-14 balances at a block", () => {
  let token: Address;
  let block = 0n;
  const load = roundFixture({
    gate: {
      plan: async (viem, client) => {
        const coins = await viem.deployContract("TestToken");
        token = coins.address;
        await coins.write.mint([ALICE, 1_000n]);
        await coins.write.mint([BOB, 2n ** 100n]);
        await coins.write.mint([CAROL, 99n]);
        block = await client.read.getBlockNumber();
        const settings = (slot: bigint, unitsPerCredit: bigint, at = block) => ({
          id: "erc20-at-block",
          settings: [token, slot, at, unitsPerCredit],
        });
        return {
          clauses: [
            [settings(0n, 100n)],
            [settings(0n, 1n)],
            [settings(7n, 1n)],
            [settings(0n, 1n, 10n ** 9n)],
          ],
        };
      },
    },
  });
  /** The checkers, all whose block there is pinned unless told otherwise. */
  const prepare = async ({ pinned = true } = {}) => {
    const setup = await load();
    const clauses = await readClauses(read(setup), setup.gate.address);
    const checkers = (clauses ?? []).flat().map(({ checker }) => checker);
    if (pinned) for (const one of checkers.slice(0, 3)) await pinBalances(writer(setup), one);
    await atTime(setup, setup.start);
    const dataOf = (payer: Address, given: Readonly<Record<string, string>> = {}) =>
      readGateData(read(setup), setup.gate.address, {
        round: setup.round.address,
        payer,
        tag: 0n,
        credits: 2n,
        given,
      });
    const at = (address: Address) => setup.viem.getContractAt("BalanceChecker", address);
    return { setup, checkers, dataOf, at };
  };
  const nodesOf = async (setup: Setup, account: Address, slot = 0n, of = token) => {
    const { storageProof } = await setup.publicClient.getProof({
      address: of,
      storageKeys: [balancePlace(account, slot)],
      blockNumber: block,
    });
    return storageProof[0]?.proof as readonly Hex[];
  };

  it("GATE-14 counts what an account held at the end of the block, whatever moved since; once an account", async () => {
    const { setup, dataOf } = await prepare();
    const coins = await setup.viem.getContractAt("TestToken", token);
    await coins.write.transfer([STRANGER, 1_000n], { account: setup.alice.account });
    const data = await dataOf(ALICE);
    expect(data).toBe(encodeGateData(0, [storageEvidence(await nodesOf(setup, ALICE))]));
    await expectRevert(send(setup, setup.alice, 1, data, 11n), "AboveLimit", [11, 10]);
    await send(setup, setup.alice, 1, data, 10n);
    await expectRevert(send(setup, setup.alice, 2, data), "AlreadyAdmitted");
    await expectRevert(send(setup, setup.stranger, 1, await dataOf(STRANGER)), "NoBalanceShown", [
      STRANGER,
    ]);
    await expectRevert(send(setup, setup.carol, 1, await dataOf(CAROL)), "BalanceTooSmall", [
      CAROL,
      99,
      100,
    ]);
    const rich = encodeGateData(1, [storageEvidence(await nodesOf(setup, BOB))]);
    await send(setup, setup.bob, 1, rich, 10n ** 15n);
    // A donor whose node keeps no old states pastes another node's answer.
    const answer = {
      jsonrpc: "2.0",
      result: { storageProof: [{ proof: await nodesOf(setup, CAROL) }] },
    };
    expect(await dataOf(CAROL, { "erc20-at-block": JSON.stringify(answer) })).toBe(
      await dataOf(CAROL),
    );
    for (const text of ["{", "5", "{}", '{"storageProof":[{"proof":["x"]}]}'])
      await expect(dataOf(CAROL, { "erc20-at-block": text })).rejects.toThrow(
        "no proof of a balance",
      );
  });

  it("GATE-14 another account's proof, another place, token or block, a part of it, or one that is changed shows nothing", async () => {
    const { setup } = await prepare();
    const own = await nodesOf(setup, ALICE);
    const whole = storageEvidence(own);
    const refused = async (evidence: Hex, wallet = setup.bob, clause = 0) =>
      expectRevert(send(setup, wallet, 1, encodeGateData(clause, [evidence])), "NoBalanceShown");
    await refused(whole);
    await refused(whole, setup.alice, 2);
    const coins = await setup.viem.deployContract("TestToken");
    await coins.write.mint([ALICE, 10n ** 9n]);
    const later = await setup.publicClient.getProof({
      address: coins.address,
      storageKeys: [balancePlace(ALICE, 0n)],
    });
    await refused(storageEvidence(later.storageProof[0]?.proof ?? []), setup.alice);
    await refused("0x", setup.alice);
    await refused(storageEvidence(own.slice(0, -1)), setup.alice);
    await refused(storageEvidence(own.slice(1)), setup.alice);
    await refused(storageEvidence([...own, own[0] as Hex]), setup.alice);
    await refused(storageEvidence([...own, "0x80"]), setup.alice);
    const bytes = (whole.length - 2) / 2;
    for (const cut of [1, 2, 33, bytes - 1]) await refused(slice(whole, 0, cut), setup.alice);
    await refused(concatHex([whole, "0x00"]), setup.alice);
    for (let place = 0; place < bytes; place += 7)
      await refused(
        numberToHex(BigInt(whole) ^ (1n << BigInt(8 * (bytes - 1 - place))), { size: bytes }),
        setup.alice,
      );
    const none = await setup.viem.deployContract("BalanceChecker", [token, 0n, block, 0n]);
    await pinBalances(writer(setup), none.address);
    await expectRevert(none.read.identify([ALICE, ALICE, 5n, 1n, whole]), "BalanceTooSmall", [
      ALICE,
      1000,
      0,
    ]);
    await send(setup, setup.alice, 1, encodeGateData(0, [whole]));
  });

  it("GATE-14 a word that holds more than a balance gives nobody credits: neither a blocked account, nor any other amount that none can be", async () => {
    const { setup } = await prepare();
    const coins = await setup.viem.deployContract("FlaggedToken");
    const most = 2n ** 128n - 1n;
    for (const [account, amount] of [
      [ALICE, 1_000n],
      [BOB, 1_000n],
      [CAROL, most],
      [STRANGER, most + 1n],
    ] as const)
      await coins.write.mint([account, amount]);
    await coins.write.setBlocked([BOB]);
    const at = await setup.publicClient.getBlockNumber();
    expect(await findBalanceSlot(read(setup), coins.address, ALICE)).toBe(0n);
    const checker = await setup.viem.deployContract("BalanceChecker", [
      coins.address,
      0n,
      at,
      100n,
    ]);
    await pinBalances(writer(setup), checker.address);
    const identify = async (account: Address) => {
      const { storageProof } = await setup.publicClient.getProof({
        address: coins.address,
        storageKeys: [balancePlace(account, 0n)],
        blockNumber: at,
      });
      const evidence = storageEvidence(storageProof[0]?.proof as readonly Hex[]);
      return checker.read.identify([account, account, 5n, 1n, evidence]);
    };
    expect((await identify(ALICE))[1]).toBe(10n);
    expect((await identify(CAROL))[1]).toBe(2n ** 64n - 1n);
    await expectRevert(identify(BOB), "NotABalance", [BOB, 2n ** 255n + 1_000n]);
    await expectRevert(identify(STRANGER), "NotABalance", [STRANGER, most + 1n]);
  });

  it("GATE-14 only that block's header and the token's own account pin it, whoever does and however often", async () => {
    const { setup, checkers, dataOf, at } = await prepare({ pinned: false });
    const [own, , , ahead] = checkers as [Address, Address, Address, Address];
    await expectRevert(send(setup, setup.alice, 1, await dataOf(ALICE)), "NotPinnedYet", [block]);
    await expect(pinBalances(writer(setup), ahead)).rejects.toThrow("is not there yet");
    const checker = await at(own);
    const accountOf = async (address: Address, blockNumber = block) =>
      (await setup.publicClient.getProof({ address, storageKeys: [], blockNumber })).accountProof;
    const header = await readHeader(read(setup), block);
    const account = await accountOf(token);
    const pin = (...args: readonly [Hex, readonly Hex[]]) =>
      awaitOutcome(checker.write.pin([args[0], [...args[1]]], { account: setup.stranger.account }));
    const other = await readHeader(read(setup), block + 1n);
    const refused = `NotTheBlock(${block})`;
    expect(await pin(other, await accountOf(token, block + 1n))).toBe(refused);
    expect(await pin(header, await accountOf(setup.round.address, block + 1n))).toBe(refused);
    expect(await pin(header, await accountOf(setup.gate.address, block + 1n))).toBe(refused);
    expect(await pin(header, account.slice(0, -1))).toBe(refused);
    expect(await pin(header, [])).toBe(refused);
    // The right number, and a state root of one's own.
    const forged = concatHex([slice(header, 0, 100), "0x00", slice(header, 101)]);
    expect(await pin(forged, account)).toBe(refused);
    for (const bad of ["0x", "0xc0", slice(header, 0, 100)] as const)
      await expect(
        checker.write.pin([bad, [...account]], { account: setup.stranger.account }),
      ).rejects.toThrow();
    const root = await pinBalances(writer(setup), own);
    expect(await pin(header, account)).toBe("success");
    expect(await checker.read.storageRoot()).toBe(root);
    expect(await pinBalances(writer(setup), own)).toBe(root);
    await send(setup, setup.alice, 1, await dataOf(ALICE));
  });
});
