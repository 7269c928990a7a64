import {
  encodeAbiParameters,
  getAddress,
  keccak256,
  numberToHex,
  size,
  toFunctionSelector,
  toHex,
  zeroAddress,
  type Address,
  type Hex,
} from "viem";
import { beforeEach, describe, expect, it } from "vitest";
import {
  adCost,
  adId,
  extendAd,
  postAd,
  readBillboard,
  readSchedule,
} from "../../src/chain/billboard.ts";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { deployBillboard, deployGate } from "../../src/chain/deploy.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { ForeignRoundError } from "../../src/chain/provenance.ts";
import { expectRevert } from "./support/reverts.ts";
import { CONTRACTS, roundFixture, type Setup, type Wallet } from "./support/round.ts";
import { atTime, contribute, finalize } from "./support/steps.ts";

const PRICE = 10n;
const MINUTE = 60n;
const DIGEST = keccak256("0x01");
const URI = "https://example.org/a poster?größe=1";
const AD = adId(DIGEST, URI);
const OTHER = adId(DIGEST, "https://example.org/b");

const asWriter = ({ publicClient }: Setup, wallet: Wallet) =>
  ({ read: publicClient, wallet, chainId: 31337 }) as unknown as WriteClient;
const asReader = ({ publicClient }: Setup) => publicClient as unknown as ReadClient;

const load = roundFixture();
let setup: Setup;
beforeEach(async () => {
  setup = await load();
});

/** A board for the setup's round with two advertisements made known; whoever buys has allowed it all. */
async function makeBoard(gate: Address = CONTRACTS.openGate, of: Setup = setup) {
  const address = await deployBillboard(asWriter(of, of.deployer), {
    token: of.token.address,
    price: PRICE,
    gate,
    round: of.round.address,
  });
  const board = await of.viem.getContractAt("Billboard", address);
  for (const { account } of [of.alice, of.bob, of.carol])
    await of.token.write.approve([address, 10n ** 30n], { account });
  await board.write.post([DIGEST, URI]);
  await board.write.post([DIGEST, "https://example.org/b"]);
  const buy = (wallet: Wallet, ad: Hex, minutes: bigint, data: Hex = "0x") =>
    board.write.extend([ad, minutes, data], { account: wallet.account });
  return { address, board, buy };
}

describe("what a minute costs", () => {
  it("BOARD-2 somebody's n-th minute costs n, for each advertisement anew, whoever made it; all of it is in the round's pool", async () => {
    const { address, board, buy } = await makeBoard();
    await buy(setup.alice, AD, 3n); // 1 + 2 + 3
    await buy(setup.alice, AD, 2n); // 4 + 5
    await buy(setup.bob, AD, 1n); // 1
    await buy(setup.alice, OTHER, 1n); // 1
    expect(await setup.round.read.pool()).toBe(17n * PRICE);
    expect(await setup.round.read.sponsors([address])).toBe(17n * PRICE);
    expect(await setup.token.read.balanceOf([address])).toBe(0n);
    expect(await board.read.boughtBy([AD, setup.alice.account.address])).toBe(5n);
    expect(await board.read.costOf([AD, setup.alice.account.address, 2n])).toBe(13n * PRICE);
  });

  it("BOARD-2 EVT-1 each call tells what it did: who bought how much of what, until when, and what the gate was asked", async () => {
    const { address, board, buy } = await makeBoard();
    const [posted] = await board.getEvents.Posted();
    expect(posted?.args).toEqual({ ad: OTHER, digest: DIGEST, uri: "https://example.org/b" });
    await atTime(setup, setup.start);
    await buy(setup.alice, AD, 3n);
    const [bought] = await board.getEvents.Extended();
    expect(bought?.args).toEqual({
      ad: AD,
      payer: getAddress(setup.alice.account.address),
      bought: 3n,
      cost: 6n * PRICE,
      end: setup.start + 3n * MINUTE,
    });
    await setup.round.write.cancel({ account: setup.organiser.account });
    await setup.round.write.refundSponsor([address]);
    await board.write.passOn();
    const [passed] = await board.getEvents.PassedOn();
    expect(passed?.args).toEqual({
      to: getAddress(setup.remainder.account.address),
      amount: 6n * PRICE,
    });
  });

  it("BOARD-2 the software reckons the same", async () => {
    const { address, board, buy } = await makeBoard();
    let before = 0n;
    for (const minutes of [1n, 7n, 10_000n, 2n]) {
      const cost = adCost(PRICE, before, minutes);
      expect(await board.read.costOf([AD, setup.alice.account.address, minutes])).toBe(cost);
      expect(adCost(1n, 0n, before + minutes) - adCost(1n, 0n, before)).toBe(cost / PRICE);
      await buy(setup.alice, AD, minutes);
      before += minutes;
    }
    const writer = asWriter(setup, setup.bob);
    const { cost } = await extendAd(writer, { billboard: address, ad: AD, minutes: 4n });
    expect(cost).toBe(10n * PRICE);
    const ad = await postAd(writer, { billboard: address, digest: DIGEST, uri: "https://c" });
    expect(ad.ad).toBe(adId(DIGEST, "https://c"));
    expect(await readBillboard(asReader(setup), address, CONTRACTS)).toEqual({
      token: getAddress(setup.token.address),
      price: PRICE,
      gate: CONTRACTS.openGate,
      round: setup.round.address,
    });
  });
});

describe("what is shown", () => {
  it("BOARD-3 advertisements come in the order of their first purchase, each for what was bought for it, and again behind the others", async () => {
    const { address, board, buy } = await makeBoard();
    const none = [toHex(0n, { size: 32 }), toHex(0n, { size: 32 }), "", 0n];
    expect(await board.read.current()).toEqual(none);
    const began = setup.start;
    await atTime(setup, began);
    await buy(setup.alice, AD, 2n);
    await buy(setup.bob, OTHER, 1n);
    expect(await readSchedule(asReader(setup), address)).toEqual([
      { ad: AD, end: began + 2n * MINUTE },
      { ad: OTHER, end: began + 3n * MINUTE },
    ]);
    expect(await board.read.current()).toEqual([AD, DIGEST, URI, began + 2n * MINUTE]);
    // Longer while it is shown: what waits comes later.
    await atTime(setup, began + 2n * MINUTE - 1n);
    await buy(setup.carol, AD, 1n);
    expect(await board.read.endOf([OTHER])).toBe(began + 4n * MINUTE);
    await setup.helpers.time.increaseTo(began + 3n * MINUTE - 1n);
    expect((await board.read.current())[0]).toBe(AD);
    await setup.helpers.time.increaseTo(began + 3n * MINUTE);
    expect((await board.read.current())[0]).toBe(OTHER);
    expect(await board.read.endOf([AD])).toBe(0n);
    // It is over: bought again it comes behind the other.
    await buy(setup.alice, AD, 1n);
    expect(await readSchedule(asReader(setup), address)).toEqual([
      { ad: OTHER, end: began + 4n * MINUTE },
      { ad: AD, end: began + 5n * MINUTE },
    ]);
    // Everything is over: what comes then begins at once.
    await atTime(setup, began + 100n * MINUTE);
    await buy(setup.bob, OTHER, 1n);
    expect(await readSchedule(asReader(setup), address)).toEqual([
      { ad: OTHER, end: began + 101n * MINUTE },
    ]);
    await setup.helpers.time.increaseTo(began + 101n * MINUTE);
    expect(await board.read.current()).toEqual(none);
  });

  it("BOARD-3 256 advertisements may wait; those can be extended, and room comes as time passes", async () => {
    const { board, buy } = await makeBoard();
    const ads = Array.from({ length: 257 }, (_, i) => `https://example.org/${i}`);
    for (const uri of ads) await board.write.post([DIGEST, uri]);
    for (const uri of ads.slice(0, 256)) await buy(setup.alice, adId(DIGEST, uri), 1n);
    const last = adId(DIGEST, ads[256] as string);
    await expectRevert(buy(setup.alice, last, 1n), "BoardFull", [256]);
    await buy(setup.alice, adId(DIGEST, ads[255] as string), 1n);
    await setup.helpers.time.increase(Number(MINUTE));
    await buy(setup.alice, last, 1n);
    expect((await board.read.schedule())[0].at(-1)).toBe(last);
  }, 120_000);
});

describe("what a billboard refuses", () => {
  it("BOARD-1 no price, no token, or another token than the round's pool has", async () => {
    const other = await setup.viem.deployContract("TestToken");
    const make = (token: Address, price: bigint) =>
      setup.viem.deployContract("Billboard", [
        token,
        price,
        CONTRACTS.openGate,
        setup.round.address,
      ]);
    await expectRevert(make(setup.token.address, 0n), "WrongBoard");
    await expectRevert(make(zeroAddress, 1n), "WrongBoard");
    await expectRevert(make(other.address, 1n), "WrongBoard");
    const { address } = await make(setup.token.address, 1n);
    // Made otherwise than by the deployer, it may be anything.
    await expect(readBillboard(asReader(setup), address, CONTRACTS)).rejects.toThrow(
      "no billboard of this version",
    );
    await expect(readBillboard(asReader(setup), other.address, CONTRACTS)).rejects.toThrow(
      "no billboard of this version",
    );
  });

  it("BOARD-1 PROV-2 of a board for what only looks like a round nothing is believed, as it would be paid all", async () => {
    const code = (await setup.publicClient.getCode({ address: setup.round.address })) as Hex;
    // The round's own code, put there by somebody else: it tells the same settings, and its storage may hold anything.
    const hash = await setup.deployer.deployContract({
      abi: [],
      bytecode: `0x61${numberToHex(size(code), { size: 2 }).slice(2)}80600a5f395ff3${code.slice(2)}`,
    });
    const { contractAddress } = await setup.publicClient.getTransactionReceipt({ hash });
    const address = await deployBillboard(asWriter(setup, setup.deployer), {
      token: setup.token.address,
      price: PRICE,
      gate: CONTRACTS.openGate,
      round: contractAddress as Address,
    });
    await expect(readBillboard(asReader(setup), address, CONTRACTS)).rejects.toThrow(
      ForeignRoundError,
    );
  });

  it("BOARD-3 content without digest, from elsewhere than https, or with too long an address", async () => {
    const { board } = await makeBoard();
    const long = `https://${"a".repeat(248)}`;
    await board.write.post([DIGEST, long]);
    for (const [digest, uri] of [
      [toHex(0n, { size: 32 }), URI],
      [DIGEST, "http://example.org"],
      [DIGEST, "https:/"],
      [DIGEST, ""],
      [DIGEST, "javascript:alert(1)"],
      [DIGEST, `${long}a`],
    ] as const)
      await expectRevert(board.write.post([digest, uri]), "WrongContent");
    const before = await setup.publicClient.getBlockNumber();
    await board.write.post([DIGEST, URI]); // known already: nothing is told twice
    expect(
      await setup.publicClient.getLogs({ address: board.address, fromBlock: before + 1n }),
    ).toEqual([]);
  });

  it("BOARD-2 no minutes, too many, or for what nobody has made known", async () => {
    const { buy } = await makeBoard();
    await expectRevert(buy(setup.alice, AD, 0n), "WrongMinutes", [0, 10_000]);
    await expectRevert(buy(setup.alice, AD, 10_001n), "WrongMinutes", [10_001, 10_000]);
    const unknown = keccak256("0x02");
    await expectRevert(buy(setup.alice, unknown, 1n), "UnknownAd", [unknown]);
  });

  it("BOARD-1 whom the gate does not admit; a person is asked once, and counts once whatever the account", async () => {
    const token = await setup.viem.deployContract("TestMembership");
    await token.write.mint([setup.alice.account.address, 1n]);
    // Each is asked for with one credit.
    const plan = { exactCredits: 1n, clauses: [[{ id: "erc721", settings: [token.address, 1n] }]] };
    const gate = await deployGate(asWriter(setup, setup.deployer), plan);
    const { address, buy } = await makeBoard(gate);
    const member = encodeGateData(0, [toHex(1n, { size: 32 })]);
    await expectRevert(buy(setup.bob, AD, 1n, member), "NotTokenHolder");
    await buy(setup.alice, AD, 1n, member);
    // Under a tag of the payer's own.
    const asked = await (await setup.viem.getContractAt("Gate", gate)).getEvents.Admitted();
    const alice = setup.alice.account.address;
    const own = keccak256(
      encodeAbiParameters([{ type: "address" }, { type: "address" }], [alice, address]),
    );
    expect(asked.map(({ args }) => [args.round, args.tag])).toEqual([
      [getAddress(address), BigInt.asUintN(64, BigInt(own)) | 1n],
    ]);
    await buy(setup.alice, AD, 1n); // known
    await token.write.transferFrom([setup.alice.account.address, setup.bob.account.address, 1n], {
      account: setup.alice.account,
    });
    await expectRevert(buy(setup.bob, AD, 1n, member), "AlreadyAdmitted");
  });

  it("BOARD-4 to take money that the round does not: after its end, and of a token that moves less", async () => {
    const { buy } = await makeBoard();
    await atTime(setup, setup.end);
    const held = await setup.token.read.balanceOf([setup.alice.account.address]);
    await expectRevert(buy(setup.alice, AD, 1n), "OutsideInterval");
    expect(await setup.token.read.balanceOf([setup.alice.account.address])).toBe(held);
    const odd = await roundFixture({ token: "FeeToken" })();
    const dear = await makeBoard(CONTRACTS.openGate, odd);
    await expect(dear.buy(odd.alice, AD, 100n)).rejects.toThrow();
  });

  it("BOARD-4 to be called again out of the token or the gate", async () => {
    const odd = await roundFixture({ token: "ReentrantToken", gate: "ReentrantGate" })();
    const gate = await odd.viem.getContractAt("ReentrantGate", odd.gate.address);
    const token = await odd.viem.getContractAt("ReentrantToken", odd.token.address);
    const { address, buy } = await makeBoard(odd.gate.address, odd);
    // passOn(), the one call that pays somebody else.
    const again = [address, toFunctionSelector("passOn()")] as const;
    await gate.write.arm(again);
    await token.write.arm(again);
    await buy(odd.alice, AD, 1n);
    const refused = toFunctionSelector("ReentrancyGuardReentrantCall()");
    expect(await gate.read.answer()).toBe(refused);
    expect(await token.read.answer()).toBe(refused);
  });
});

describe("what a round gives back", () => {
  it("BOARD-4 goes to where the round's remainder goes: everything of a cancelled round, the surplus of another", async () => {
    const { address, board, buy } = await makeBoard();
    await expectRevert(board.write.passOn(), "NothingToPassOn");
    await buy(setup.alice, AD, 4n);
    const bought = 10n * PRICE;
    const { account } = setup.remainder;
    const before = await setup.helpers.takeSnapshot();
    await setup.round.write.cancel({ account: setup.organiser.account });
    await setup.round.write.refundSponsor([address]);
    await board.write.passOn();
    expect(await setup.token.read.balanceOf([account.address])).toBe(bought);
    await expectRevert(board.write.passOn(), "NothingToPassOn");

    await before.restore();
    await atTime(setup, setup.start);
    await contribute(setup, setup.bob, 1, 30n);
    await finalize(setup, [{ project: 0, votes: 3n, credits: 9n }]); // one donor: no match
    await setup.round.write.refundSponsor([address]);
    await board.write.passOn();
    expect(await setup.token.read.balanceOf([account.address])).toBe(bought);
  });
});
