import { describe, expect, it } from "vitest";
import { aliceTag } from "../contracts/support/calls.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { makeRecipient, roundFixture, UNIT, type Setup } from "../contracts/support/round.ts";
import { atTime, balance, claim, finalize, funded, RESULTS } from "../contracts/support/steps.ts";

const odd = ({ viem, token }: Setup) => viem.getContractAt("OddToken", token.address);

/* The attack: the organiser or a token's issuer chooses a token that does not do what it is told. */
describe("odd tokens", () => {
  it("MONEY-1 one that takes a fee is refused at once", async () => {
    const setup = await roundFixture({ token: "FeeToken" })();
    await expectRevert(
      setup.round.write.fund([500n], { account: setup.sponsor.account }),
      "InexactTransfer",
    );
  });

  it("MONEY-1 one that returns false without moving anything is refused", async () => {
    const setup = await roundFixture({ token: "OddToken" })();
    await (await odd(setup)).write.refuseSilently([true]);
    await expect(
      setup.round.write.fund([500n], { account: setup.sponsor.account }),
    ).rejects.toThrow();
    expect(await setup.round.read.pool()).toBe(0n);
  });

  it("MONEY-8 one that shrinks pays until it is empty, and is not paid from anywhere else", async () => {
    const setup = await roundFixture({ token: "OddToken" })();
    await funded(setup, 1_000n, 0n);
    await (await odd(setup)).write.rebase([setup.round.address, 30n * UNIT]); // 20,000 + 1,000 vanish
    await finalize(setup, RESULTS);
    await claim(setup, RESULTS, 0);
    expect(await balance(setup, makeRecipient(0))).toBeGreaterThanOrEqual(20n * UNIT);
    await expect(claim(setup, RESULTS, 2)).resolves.toBeDefined();
    await expectRevert(setup.round.write.claimRemainder(), "ERC20InsufficientBalance");
  });

  it("PHASE-8 one that refuses a payee holds back that payment alone, until it does not", async () => {
    const setup = await roundFixture({ token: "OddToken" })();
    const token = await odd(setup);
    await funded(setup, 1_000n, 0n);
    const tag = await aliceTag(setup);
    await atTime(setup, await setup.round.read.tallyDeadline());
    await setup.round.write.abort();
    await token.write.refusePayee([setup.alice.account.address, true]);
    await expect(setup.round.write.refund([tag])).rejects.toThrow();
    await setup.round.write.refundSponsor([setup.sponsor.account.address]);
    await token.write.refusePayee([setup.alice.account.address, false]);
    await setup.round.write.refund([tag]);
    expect(await balance(setup, setup.round.address)).toBe(20n * UNIT); // Bob's, who has not asked
  });
});
