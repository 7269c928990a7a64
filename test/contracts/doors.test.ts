import { describe, expect, it } from "vitest";
import { UNACCEPTABLE, mixedOrder } from "../helpers/points.ts";
import { P, deriveTag } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture, UNIT } from "./support/round.ts";
import { aliceTag, oneContribution } from "./support/calls.ts";
import { atTime, contribute, makeKey, makeMessage, type MessageWords } from "./support/steps.ts";

const replaced = (words: MessageWords, index: number, value: bigint) =>
  words.with(index, value) as unknown as MessageWords;
const point = makeKey(5);
const MAX = 2n ** 256n - 1n;

/** Pairs of integers that name no acceptable point: those of helpers/points.ts, and a good one's other names. */
const REFUSED = [
  ...UNACCEPTABLE,
  { name: "x + p", point: { x: point.x + P, y: point.y } },
  { name: "y + p", point: { x: point.x, y: point.y + P } },
  { name: "p", point: { x: P, y: point.y } },
  { name: "2^256 - 1", point: { x: MAX, y: MAX } },
];

describe("the door for keys and messages", () => {
  const load = roundFixture();

  it("KEY-1 PHASE-2 refuses every unacceptable key", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    for (const {
      name,
      point: { x, y },
    } of REFUSED) {
      await expectRevert(
        setup.round.write.contribute([x, y, UNIT, "0x"], { account: setup.alice.account }),
        "UnacceptablePoint",
        [x, y],
      ).catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`);
      });
    }
  });

  it("KEY-1 MSG-1 refuses every unacceptable R, alone and in a batch", async () => {
    const { round } = await load();
    for (const {
      point: { x, y },
    } of REFUSED) {
      const words = replaced(replaced(makeMessage(1), 0, x), 1, y);
      await expectRevert(round.write.publish([words]), "UnacceptablePoint", [x, y]);
      await expectRevert(round.write.publishBatch([[makeMessage(1), words]]), "UnacceptablePoint", [
        x,
        y,
      ]);
    }
    expect(await round.read.items()).toBe(0);
  });

  it("KEY-1 KEY-2 accepts a point with a torsion component", async () => {
    const setup = await load();
    const { x, y } = mixedOrder(9n);
    await setup.round.write.publish([replaced(replaced(makeMessage(1), 0, x), 1, y)]);
    await atTime(setup, setup.start);
    await setup.round.write.contribute([x, y, UNIT, "0x"], { account: setup.alice.account });
  });

  it("MSG-1 refuses p, p + value and 2^256 - 1 in each word of ciphertext, and takes p - 1", async () => {
    const { round } = await load();
    const words = makeMessage(1);
    for (let i = 2; i < 11; i++) {
      for (const value of [P, P + (words[i] as bigint), MAX])
        await expectRevert(round.write.publish([replaced(words, i, value)]), "NotAWord", [value]);
      await round.write.publish([replaced(words, i, P - 1n)]);
    }
  });

  it("PHASE-1 takes exactly the fee of each message", async () => {
    const setup = await feeRound();
    const { round } = setup;
    await expectRevert(round.write.publish([makeMessage(1)]), "WrongMessageFee", [0, 7]);
    await expectRevert(
      round.write.publish([makeMessage(1)], { value: 8n }),
      "WrongMessageFee",
      [8, 7],
    );
    await round.write.publish([makeMessage(1)], { value: 7n });
    await expectRevert(
      round.write.publishBatch([[makeMessage(1), makeMessage(2)]], { value: 7n }),
      "WrongMessageFee",
      [7, 14],
    );
    await round.write.publishBatch([[makeMessage(1), makeMessage(2)]], { value: 14n });
    expect(await round.read.messageFees()).toBe(21n);
  });
  const feeRound = roundFixture({ settings: { messageFee: 7n } });
});

describe("contributions and top-ups", () => {
  const load = roundFixture({ settings: { minContribution: 3n, minTopUp: 2n } });

  it("KEY-7 the tag is the low 64 bits over payer and key", async () => {
    const setup = await load();
    const { round, alice, bob } = setup;
    await atTime(setup, setup.start);
    const { x, y } = makeKey(1);
    for (const { account } of [alice, bob]) {
      await round.write.contribute([x, y, 3n * UNIT, "0x"], { account });
      const donor = await round.read.donors([deriveTag(account.address, x, y)]);
      expect(donor).toMatchObject({ credits: 3n, refunded: false });
      expect(donor.payer.toLowerCase()).toBe(account.address);
    }
  });

  it("KEY-7 a key contributes once for a payer", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const tag = await contribute(setup, setup.alice, 1, 3n);
    await expectRevert(contribute(setup, setup.alice, 1, 3n), "TagTaken", [tag]);
    await contribute(setup, setup.alice, 2, 3n);
  });

  it("PHASE-2 the amount is a whole number of credits, at least minContribution", async () => {
    const setup = await load();
    const {
      round,
      alice: { account },
    } = setup;
    await atTime(setup, setup.start);
    const { x, y } = makeKey(1);
    for (const amount of [1n, 3n * UNIT - 1n, 3n * UNIT + 1n])
      await expectRevert(
        round.write.contribute([x, y, amount, "0x"], { account }),
        "AmountNotMultipleOfUnit",
        [amount, UNIT],
      );
    for (const credits of [0n, 2n])
      await expectRevert(contribute(setup, setup.alice, 1, credits), "TooFewCredits", [credits, 3]);
    await contribute(setup, setup.alice, 1, 3n);
    expect(await round.read.totalCredits()).toBe(3n);
    expect(await setup.token.read.balanceOf([round.address])).toBe(3n * UNIT);
  });

  it("PARAM-5 the credits of all donors stay below 2^64", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    const most = 2n ** 64n - 1n;
    await expectRevert(contribute(setup, setup.alice, 1, most + 1n), "TooManyCredits", [
      0,
      most + 1n,
    ]);
    await expectRevert(contribute(setup, setup.alice, 1, 2n ** 128n), "TooManyCredits");
    const tag = await contribute(setup, setup.alice, 1, most - 3n);
    await expectRevert(contribute(setup, setup.bob, 2, 4n), "TooManyCredits", [most - 3n, 4]);
    await contribute(setup, setup.bob, 2, 3n);
    await expectRevert(
      setup.round.write.topUp([tag, 2n * UNIT, "0x"], { account: setup.alice.account }),
      "TooManyCredits",
    );
    expect(await setup.round.read.totalCredits()).toBe(most);
  });

  it("PHASE-3 only the payer tops up, by at least minTopUp", async () => {
    const setup = await load();
    const { round, alice, bob } = setup;
    await oneContribution(setup);
    const tag = await aliceTag(setup);
    await expectRevert(
      round.write.topUp([tag, 2n * UNIT, "0x"], { account: bob.account }),
      "NotPayer",
      [tag, bob.account.address],
    );
    await expectRevert(
      round.write.topUp([tag + 1n, 2n * UNIT, "0x"], { account: alice.account }),
      "NotPayer",
      [tag + 1n, alice.account.address],
    );
    await expectRevert(
      round.write.topUp([tag, UNIT, "0x"], { account: alice.account }),
      "TooFewCredits",
      [1, 2],
    );
    await expectRevert(
      round.write.topUp([tag, 2n * UNIT + 1n, "0x"], { account: alice.account }),
      "AmountNotMultipleOfUnit",
      [2n * UNIT + 1n, UNIT],
    );
    await round.write.topUp([tag, 2n * UNIT, "0x"], { account: alice.account });
    expect((await round.read.donors([tag])).credits).toBe(12n);
    expect(await round.read.totalCredits()).toBe(12n);
  });
});
