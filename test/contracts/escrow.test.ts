import fc from "fast-check";
import { network } from "hardhat";
import {
  encodeFunctionData,
  getAddress,
  toFunctionSelector,
  zeroAddress,
  type Address,
} from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { deployEscrowFactory } from "../../src/chain/deploy.ts";
import {
  escrowAddress,
  makeEscrows,
  readEscrow,
  releaseEscrow,
  type InstalmentTerms,
} from "../../src/chain/escrow.ts";
import { instalmentEscrowAbi } from "../../src/chain/generated/abis.ts";
import { expectRevert } from "./support/reverts.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;
let connection: Connection;
beforeAll(async () => {
  connection = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
});

const [PAYEE, BACK] = ["aa", "bb"].map((byte): Address => `0x${byte.repeat(20)}`) as [
  Address,
  Address,
];
const FREEZE = 1_000n;
const DEADLINE = 2_000n;

async function prepare(
  change: Partial<InstalmentTerms> = {},
  tokenName: "TestToken" | "OddToken" | "ReentrantToken" = "TestToken",
) {
  const { viem, networkHelpers } = connection;
  const [wallet] = await viem.getWalletClients();
  const publicClient = await viem.getPublicClient();
  const client = { read: publicClient, wallet, chainId: 31337 } as unknown as WriteClient;
  const now = BigInt(await networkHelpers.time.latest());
  const milestones = await viem.deployContract("ToyQualifier", [now + FREEZE]);
  const terms: InstalmentTerms = {
    payee: PAYEE,
    milestones: milestones.address,
    project: 300n,
    firstBps: 4_000n,
    deadline: now + DEADLINE,
    fallbackTo: BACK,
    ...change,
  };
  const factory = await deployEscrowFactory(client);
  const [address] = (await makeEscrows(client, { factory, terms: [terms] })) as [Address];
  const token = await viem.deployContract(tokenName as "TestToken");
  const escrow = await viem.getContractAt("InstalmentEscrow", address);
  const held = (account: Address) => token.read.balanceOf([account]);
  return {
    client,
    factory,
    terms,
    token,
    escrow,
    milestones,
    now,
    pass: () => milestones.write.setQualified([1n, 1n << 44n]),
    pay: (amount: bigint) => token.write.mint([address, amount]),
    until: (seconds: bigint) => networkHelpers.time.increaseTo(now + seconds),
    next: (seconds: bigint) => networkHelpers.time.setNextBlockTimestamp(now + seconds),
    release: () => escrow.write.release([token.address]),
    giveBack: () => escrow.write.giveBack([token.address]),
    balances: async () => [await held(PAYEE), await held(BACK), await held(address)],
    // Balances of earlier tests are other tokens'.
    read: () => readEscrow(client.read, { factory, address, token: token.address }),
  };
}

describe("ESCROW-1 instalments", () => {
  it("pays the first at once, the rest when the project has passed, and what comes later in the same way", async () => {
    const { pay, release, giveBack, pass, balances, read } = await prepare();
    await expectRevert(release(), "NothingToRelease");
    await pay(1_001n);
    expect(await read()).toMatchObject({
      duePayee: 400n,
      dueBack: 0n,
      held: 1_001n,
      passed: false,
    });
    await release();
    await expectRevert(release(), "NothingToRelease");
    await expectRevert(giveBack(), "NothingToRelease");
    await pay(999n);
    await release();
    expect(await balances()).toEqual([800n, 0n, 1_200n]);
    await pass();
    await release();
    await pay(7n);
    await release();
    expect(await balances()).toEqual([2_007n, 0n, 0n]);
    expect(await read()).toMatchObject({ paid: 2_007n, back: 0n, duePayee: 0n, passed: true });
  });

  it("gives the rest back from the deadline on, and splits what comes later", async () => {
    const { pay, release, giveBack, balances, next, read } = await prepare();
    await pay(1_000n);
    await next(DEADLINE - 1n);
    await expectRevert(giveBack(), "NothingToRelease");
    await next(DEADLINE);
    await giveBack();
    expect(await balances()).toEqual([0n, 600n, 400n]);
    await pay(500n);
    await release();
    await giveBack();
    expect(await balances()).toEqual([600n, 900n, 0n]);
    expect(await read()).toMatchObject({ paid: 600n, back: 900n });
  });

  it("all or nothing, and all at once", async () => {
    const nothing = await prepare({ firstBps: 0n });
    await nothing.pay(10n);
    await expectRevert(nothing.release(), "NothingToRelease");
    await nothing.pass();
    await nothing.release();
    const all = await prepare({ firstBps: 10_000n });
    await all.pay(10n);
    await all.release();
    await all.until(DEADLINE);
    await expectRevert(all.giveBack(), "NothingToRelease");
    expect(await all.balances()).toEqual([10n, 0n, 0n]);
  });

  it("never pays more than came in, in whatever order it is paid and asked", async () => {
    const { restore } = await connection.networkHelpers.takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(0n, 10_000n),
        fc.array(
          fc.oneof(fc.bigInt(1n, 1n << 70n), fc.constantFrom("release", "giveBack", "deadline")),
          { maxLength: 12 },
        ),
        fc.boolean(),
        async (firstBps, steps, passes) => {
          await restore();
          const made = await prepare({ firstBps });
          let received = 0n;
          for (const step of steps) {
            if (typeof step === "bigint") {
              received += step;
              await made.pay(step);
            } else if (step === "deadline")
              await made.until(DEADLINE + (received % 7n)).catch(() => undefined);
            else await made[step as "release" | "giveBack"]().catch(() => undefined);
          }
          if (passes && (await made.balances())[1] === 0n) await made.pass();
          else await made.until(DEADLINE * 2n);
          await made.release().catch(() => undefined);
          await made.giveBack().catch(() => undefined);
          const [payee, back, held] = (await made.balances()) as [bigint, bigint, bigint];
          expect([payee + back, held]).toEqual([received, 0n]);
          const first = (received * firstBps) / 10_000n;
          if (back > 0n) expect(payee).toBe(first);
          else expect(payee).toBe(received);
        },
      ),
      { numRuns: 12 },
    );
  });

  it("a payee that a token refuses does not hold back what goes back; a token that takes balances away is no debt", async () => {
    const { escrow, token, until, giveBack, release, balances, pay } = await prepare(
      {},
      "OddToken",
    );
    const odd = await connection.viem.getContractAt("OddToken", token.address);
    await pay(1_000n);
    await odd.write.refusePayee([PAYEE, true]);
    await until(DEADLINE);
    await expect(release()).rejects.toThrow();
    await giveBack();
    expect(await balances()).toEqual([0n, 600n, 400n]);
    await odd.write.refusePayee([PAYEE, false]);
    await odd.write.rebase([escrow.address, 100n]);
    await release();
    await expectRevert(giveBack(), "NothingToRelease");
    expect(await balances()).toEqual([100n, 600n, 0n]);
  });

  it("of each token it keeps its own account, and tells each payment", async () => {
    const { escrow, token, pay, until, release, giveBack, balances } = await prepare();
    const other = await connection.viem.deployContract("TestToken");
    await pay(1_000n);
    await other.write.mint([escrow.address, 10n]);
    await release();
    expect(await escrow.read.account([other.address])).toEqual([0n, 0n, 4n, 0n]);
    const [released] = await escrow.getEvents.Released();
    expect(released?.args).toEqual({
      token: getAddress(token.address),
      payee: getAddress(PAYEE),
      amount: 400n,
    });
    await until(DEADLINE);
    await giveBack();
    const [back] = await escrow.getEvents.GivenBack();
    expect(back?.args).toEqual({
      token: getAddress(token.address),
      fallbackTo: getAddress(BACK),
      amount: 600n,
    });
    expect(await escrow.read.account([other.address])).toEqual([0n, 0n, 4n, 6n]);
    await escrow.write.giveBack([other.address]);
    await escrow.write.release([other.address]);
    expect(await other.read.balanceOf([PAYEE])).toBe(4n);
    expect(await balances()).toEqual([400n, 600n, 0n]);
  });

  it("lets nobody in while it pays", async () => {
    const { escrow, token, pay, until, release, balances } = await prepare({}, "ReentrantToken");
    const hostile = await connection.viem.getContractAt("ReentrantToken", token.address);
    await pay(1_000n);
    await until(DEADLINE);
    for (const functionName of ["release", "giveBack"] as const) {
      const call = encodeFunctionData({
        abi: instalmentEscrowAbi,
        functionName,
        args: [token.address],
      });
      await hostile.write.arm([escrow.address, call]);
      if (functionName === "release") await release();
      else await escrow.write.giveBack([token.address]);
      expect(await hostile.read.succeeded()).toBe(false);
      expect(await hostile.read.answer()).toBe(
        toFunctionSelector("ReentrancyGuardReentrantCall()"),
      );
    }
    expect(await balances()).toEqual([400n, 600n, 0n]);
  });
});

describe("ESCROW-1 where escrows come from", () => {
  it("an address tells the terms; making one again changes nothing", async () => {
    const { client, factory, terms, escrow, read } = await prepare();
    expect(escrow.address.toLowerCase()).toBe(escrowAddress(factory, terms).toLowerCase());
    const made = await connection.viem.getContractAt("InstalmentEscrowFactory", factory);
    const [event] = await made.getEvents.EscrowMade({ escrow: escrow.address }, { fromBlock: 0n });
    expect(event?.args).toEqual({
      escrow: getAddress(escrow.address),
      project: 300n,
      payee: getAddress(PAYEE),
    });
    const before = await client.read.getBlockNumber({ cacheTime: 0 });
    const [again] = await makeEscrows(client, { factory, terms: [terms] });
    expect(again?.toLowerCase()).toBe(escrow.address.toLowerCase());
    expect(await client.read.getBlockNumber({ cacheTime: 0 })).toBe(before + 1n);
    expect((await read())?.terms).toEqual({
      ...terms,
      milestones: expect.stringMatching(new RegExp(terms.milestones, "i")) as string,
      payee: expect.stringMatching(new RegExp(PAYEE, "i")) as string,
      fallbackTo: expect.stringMatching(new RegExp(BACK, "i")) as string,
    });
    const other = escrowAddress(factory, { ...terms, firstBps: 4_001n });
    expect(other).not.toBe(escrowAddress(factory, terms));
  });

  it("of the same code made by somebody else, and of anything else, nothing is believed", async () => {
    const { client, factory, terms, token, escrow } = await prepare();
    const stranger = await connection.viem.deployContract("InstalmentEscrowFactory");
    const copied = escrowAddress(stranger.address, terms);
    await stranger.write.make([[terms]]);
    const found = async (address: Address) =>
      readEscrow(client.read, { factory, address, token: token.address });
    expect(await found(escrow.address)).toBeDefined();
    for (const address of [copied, token.address, PAYEE])
      expect(await found(address)).toBeUndefined();
  });

  it("terms that could not work are refused, whoever makes them", async () => {
    const { client, factory, terms, now } = await prepare();
    const neverFrozen = await connection.viem.deployContract("ToyQualifier", [0n]);
    const wrong: readonly Partial<InstalmentTerms>[] = [
      { payee: zeroAddress },
      { fallbackTo: zeroAddress },
      { firstBps: 10_001n },
      { project: 65_536n },
      { deadline: now + FREEZE - 1n },
      { milestones: neverFrozen.address },
    ];
    for (const change of wrong)
      await expect(
        makeEscrows(client, { factory, terms: [terms, { ...terms, ...change }] }),
      ).rejects.toThrow("WrongTerms(1)");
    await makeEscrows(client, { factory, terms: [{ ...terms, deadline: now + FREEZE }] });
  });

  it("many are made together, each for itself, and anyone pays", async () => {
    const { client, factory, terms, token } = await prepare();
    const all = Array.from({ length: 51 }, (_, i) => ({ ...terms, project: BigInt(i) }));
    const made = await makeEscrows(client, { factory, terms: all });
    expect(new Set(made).size).toBe(51);
    await token.write.mint([made[50] as Address, 10n]);
    await releaseEscrow(client, {
      address: made[50] as Address,
      token: token.address,
      to: "payee",
    });
    const read = client.read as ReadClient;
    expect(
      await readEscrow(read, { factory, address: made[50] as Address, token: token.address }),
    ).toMatchObject({ paid: 4n, held: 6n });
  });
});
