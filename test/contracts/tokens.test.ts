import { describe, expect, it } from "vitest";
import { aliceTag } from "./support/calls.ts";
import type { Entry } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { makeRecipient, roundFixture, UNIT } from "./support/round.ts";
import { atTime, balance, claim, contribute, finalize, makeKey } from "./support/steps.ts";

describe("what a round accepts as money", () => {
  const loadPlain = roundFixture();
  const loadFee = roundFixture({ token: "FeeToken" });
  const loadWrapped = roundFixture({ token: "TestWrappedNative" });

  it("MONEY-1 refuses a token that takes a fee", async () => {
    const setup = await loadFee();
    const { round, sponsor, alice } = setup;
    await expectRevert(
      round.write.fund([500n], { account: sponsor.account }),
      "InexactTransfer",
      [500, 0, 499],
    );
    await atTime(setup, setup.start);
    await expectRevert(contribute(setup, alice, 1, 3n), "InexactTransfer", [
      3n * UNIT,
      0,
      3n * UNIT - 1n,
    ]);
    expect([await round.read.items(), await round.read.pool()]).toEqual([0, 0n]);
  });

  it("MONEY-1 refuses what was not approved, and value where the token is no wrapper", async () => {
    const setup = await loadPlain();
    const { round, stranger, sponsor } = setup;
    await expectRevert(
      round.write.fund([500n], { account: stranger.account }),
      "ERC20InsufficientAllowance",
    );
    await expectRevert(
      round.write.fund([500n], { account: sponsor.account, value: 499n }),
      "WrongValue",
      [499, 500],
    );
    await expect(
      round.write.fund([500n], { account: sponsor.account, value: 500n }),
    ).rejects.toThrow();
    await expectRevert(round.write.fund([0n], { account: sponsor.account }), "FundingZero");
  });

  it("MONEY-1 wraps native coin, exactly", async () => {
    const setup = await loadWrapped();
    const { round, alice, sponsor, publicClient } = setup;
    await round.write.fund([500n], { account: sponsor.account, value: 500n });
    await atTime(setup, setup.start);
    const { x, y } = makeKey(1);
    await expectRevert(
      round.write.contribute([x, y, 3n * UNIT, "0x"], {
        account: alice.account,
        value: 3n * UNIT + 1n,
      }),
      "WrongValue",
      [3n * UNIT + 1n, 3n * UNIT],
    );
    await round.write.contribute([x, y, 3n * UNIT, "0x"], {
      account: alice.account,
      value: 3n * UNIT,
    });
    await round.write.topUp([await aliceTag(setup), UNIT, "0x"], {
      account: alice.account,
      value: UNIT,
    });
    expect(await balance(setup, round.address)).toBe(4n * UNIT + 500n);
    expect(await publicClient.getBalance({ address: round.address })).toBe(0n);
    const result: Entry[] = [{ project: 0, votes: 1n, credits: 1n }];
    await finalize(setup, result);
    await claim(setup, result, 0);
    expect(await balance(setup, makeRecipient(0))).toBe(UNIT);
  });
});
