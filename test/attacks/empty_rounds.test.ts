import { expect, it } from "vitest";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { roundFixture, UNIT } from "../contracts/support/round.ts";
import { atTime, balance, contribute, finalize, makeMessage } from "../contracts/support/steps.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

/* The attack: a round in which nothing can be divided, multiplied or proved, so that the pool stays locked. */
it.each([
  ["nothing at all", 0, 0],
  ["only messages", 0, 3],
  ["only a silent donor", 1, 0],
] as const)(
  "CLOSE-4 MONEY-5 %s: finalizes, and all money finds its way",
  async (_name, donors, messages) => {
    const setup = await roundFixture()();
    await setup.round.write.fund([1_000n], { account: setup.sponsor.account });
    await atTime(setup, setup.start);
    for (let i = 0; i < donors; i++) await contribute(setup, setup.alice, i + 1, 7n);
    for (let i = 0; i < messages; i++) await setup.round.write.publish([makeMessage(i)]);
    await finalize(setup, []);
    await setup.round.write.refundSponsor([setup.sponsor.account.address]);
    if (donors > 0) await setup.round.write.claimRemainder();
    expect(await balance(setup, setup.round.address)).toBe(0n);
    expect(await balance(setup, setup.remainder.account.address)).toBe(7n * UNIT * BigInt(donors));
  },
);

it("TALLY-12 FOLD-2 an empty round has a transcript of one fold of padding", async () => {
  const round = new RoundBuilder({ seed: "empty", projects: 3 }).finish();
  const tally = await prepareTally(
    [],
    round.statement,
    localCoordinatorKey(round.coordinator.secret),
    11,
  );
  const { folds, acc } = await completeTranscript(
    tally,
    localCoordinatorKey(round.coordinator.secret),
  );
  expect([folds.length, acc, folds[0]?.end.PM, tally.entries]).toEqual([1, 0n, 1n, []]);
  expect(folds[0]?.after).not.toBe(0n);
});
