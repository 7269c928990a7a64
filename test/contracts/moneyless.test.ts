import { zeroAddress } from "viem";
import { describe, expect, it } from "vitest";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture } from "./support/round.ts";
import { atTime, claim, contribute, finalize, makeKey } from "./support/steps.ts";

describe("rounds without money", () => {
  const load = roundFixture({ token: "none", settings: { allowSigns: true, unit: 1n } });

  it("MONEY-9 credits come from the gate alone, signs count, and there is nothing to pay", async () => {
    const setup = await load();
    const { round, alice, sponsor } = setup;
    expect((await round.read.config()).token).toBe(zeroAddress);
    await expectRevert(round.write.fund([1n], { account: sponsor.account }), "RoundWithoutMoney");
    await atTime(setup, setup.start);
    const { x, y } = makeKey(1);
    await expectRevert(
      round.write.contribute([x, y, 9n, "0x"], { account: alice.account, value: 9n }),
      "WrongValue",
      [9, 0],
    );
    const tag = await contribute(setup, alice, 1, 9n);
    const results = [{ project: 2, votes: -3n, credits: 9n }];
    await finalize(setup, results);
    expect(await round.read.settlement()).toMatchObject({
      fee: 0n,
      budget: 0n,
      remainder: 0n,
      claimsLeft: 0,
    });
    await expectRevert(claim(setup, results, 0), "RoundWithoutMoney");
    await expectRevert(round.write.claimFee(), "NothingToPay");
    await expectRevert(round.write.claimRemainder(), "NothingToPay");
    await expectRevert(round.write.refund([tag]), "NotRefunding");
  });

  it("MONEY-9 a cancelled one has nothing to refund", async () => {
    const setup = await load();
    await setup.round.write.cancel({ account: setup.organiser.account });
    await expectRevert(setup.round.write.refund([1n]), "RoundWithoutMoney");
  });
});
