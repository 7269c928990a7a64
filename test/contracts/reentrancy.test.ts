import { encodeFunctionData, toFunctionSelector, zeroHash, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { aliceTag, oneContribution } from "./support/calls.ts";
import { describeRevert } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT } from "./support/round.ts";
import {
  atTime,
  balance,
  claim,
  claimsAt,
  contribute,
  finalize,
  funded,
  makeKey,
  makeMessage,
  RESULTS,
} from "./support/steps.ts";

const abi = iRoundAbi;
const { x, y } = makeKey(8);

/** Every call that anybody may make while another is under way. */
const INNER: readonly Hex[] = [
  encodeFunctionData({ abi, functionName: "contribute", args: [x, y, UNIT, "0x"] }),
  encodeFunctionData({ abi, functionName: "topUp", args: [1n, UNIT, "0x"] }),
  encodeFunctionData({ abi, functionName: "publish", args: [makeMessage(1)] }),
  encodeFunctionData({ abi, functionName: "publishBatch", args: [[makeMessage(1)]] }),
  encodeFunctionData({ abi, functionName: "fund", args: [1n] }),
  encodeFunctionData({ abi, functionName: "commit", args: [1n, zeroHash] }),
  encodeFunctionData({ abi, functionName: "replay", args: [zeroHash, 0n, "0x"] }),
  encodeFunctionData({ abi, functionName: "submit", args: [[], zeroHash, 0n, "0x"] }),
  encodeFunctionData({ abi, functionName: "addResults", args: [[1n], "0x"] }),
  encodeFunctionData({ abi, functionName: "abort" }),
  encodeFunctionData({ abi, functionName: "dispute", args: ["why"] }),
  encodeFunctionData({ abi, functionName: "announceCancel" }),
  encodeFunctionData({ abi, functionName: "cancel" }),
  encodeFunctionData({ abi, functionName: "claim", args: [0n, 6n, 20n, []] }),
  encodeFunctionData({ abi, functionName: "claimFee" }),
  encodeFunctionData({ abi, functionName: "claimRemainder" }),
  encodeFunctionData({ abi, functionName: "claimMessageFees" }),
  encodeFunctionData({ abi, functionName: "refund", args: [1n] }),
  encodeFunctionData({ abi, functionName: "refundSponsor", args: [makeRecipient(0)] }),
];
const REFUSED = "ReentrancyGuardReentrantCall()";

describe("MONEY-8 no call comes in through another", () => {
  const loadToken = roundFixture({ token: "ReentrantToken" });
  const loadGate = roundFixture({ gate: "ReentrantGate" });

  it("from the token, while contributing, funding and claiming", async () => {
    const setup = await loadToken();
    const token = await setup.viem.getContractAt("ReentrantToken", setup.token.address);
    await atTime(setup, setup.start);
    for (const [i, data] of INNER.entries()) {
      await token.write.arm([setup.round.address, data]);
      await contribute(setup, setup.alice, i + 1, 5n);
      expect(describeRevert(await token.read.answer())).toBe(REFUSED);
      await token.write.arm([setup.round.address, data]);
      await setup.round.write.fund([1n], { account: setup.sponsor.account });
      expect(describeRevert(await token.read.answer())).toBe(REFUSED);
    }
    expect(await setup.round.read.items()).toBe(INNER.length);
    await finalize(setup, RESULTS);
    await token.write.arm([setup.round.address, INNER[0] as Hex]);
    await claim(setup, RESULTS, 0);
    expect(describeRevert(await token.read.answer())).toBe(REFUSED);
  });

  it("from the token into a batch of claims, which then pays nobody, and out of one", async () => {
    const setup = await loadToken();
    const { round } = setup;
    const token = await setup.viem.getContractAt("ReentrantToken", setup.token.address);
    await funded(setup, 50_000n, 0n);
    await finalize(setup, RESULTS);
    const inner = encodeFunctionData({
      abi,
      functionName: "claimBatch",
      args: [claimsAt(RESULTS, [0, 1, 2])],
    });
    const ready = await setup.helpers.takeSnapshot();
    const gas = 16_000_000n;
    const [first] = claimsAt(RESULTS, [0]) as [ReturnType<typeof claimsAt>[number]];
    const { project, votes, credits, merkleProof } = first;
    // A claim of a batch has less gas than an inner batch wants.
    for (const [outer, enters] of [
      [() => round.write.claim([project, votes, credits, merkleProof], { gas }), true],
      [() => round.write.claimBatch([[first]], { gas }), false],
    ] as const) {
      await ready.restore();
      await token.write.arm([round.address, inner]);
      await outer();
      expect(await Promise.all([0n, 1n, 2n].map((p) => round.read.isClaimable([p])))).toEqual([
        false,
        true,
        true,
      ]);
      expect(await balance(setup, makeRecipient(0))).toBe(20n * UNIT + 16n * UNIT);
      for (const project of [1, 2]) expect(await balance(setup, makeRecipient(project))).toBe(0n);
      const skipped = await setup.publicClient.getContractEvents({
        address: round.address,
        abi,
        eventName: "ClaimSkipped",
        fromBlock: "latest",
      });
      expect(skipped.map(({ args }) => args.reason)).toEqual(
        enters ? [0, 1, 2].map(() => toFunctionSelector(REFUSED)) : [],
      );
      expect(await token.read.succeeded()).toBe(enters);
      if (!enters) expect(describeRevert(await token.read.answer())).toMatch(/^TooLittleGas\(/);
    }
  });

  it("from the gate, while contributing and topping up", async () => {
    const setup = await loadGate();
    const gate = await setup.viem.getContractAt("ReentrantGate", setup.gate.address);
    await oneContribution(setup);
    for (const [i, data] of INNER.entries()) {
      await gate.write.arm([setup.round.address, data]);
      await contribute(setup, setup.bob, i + 1, 5n);
      expect(describeRevert(await gate.read.answer())).toBe(REFUSED);
      await gate.write.arm([setup.round.address, data]);
      await setup.round.write.topUp([await aliceTag(setup), UNIT, "0x"], {
        account: setup.alice.account,
      });
      expect(describeRevert(await gate.read.answer())).toBe(REFUSED);
    }
  });
});
