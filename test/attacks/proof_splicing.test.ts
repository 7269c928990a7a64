import { expect, it } from "vitest";
import { computeOutcome } from "../../src/round/semantics.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { simulator } from "../../scripts/keys/simulate.ts";
import { atTime } from "../contracts/support/steps.ts";
import {
  asHash,
  honestTally,
  provedRound,
  readyToClose,
  buildStory,
} from "./support/proved_round.ts";
import { openBySecret } from "../helpers/open.ts";

/* The attack: proofs of one round are used in another one with the same settings and donors, in which other things were said. */
it("KEY-6 CLOSE-4 a transcript does not finalize another round", async () => {
  const proved = await provedRound();
  const { setup, tally, fold, close, transcript } = proved;
  const { factory, viem } = setup;
  const salt = asHash(1n);
  const config = { ...setup.settings, end: setup.settings.end + 1_000n };
  const address = await factory.read.predictRound([config, salt]);
  await factory.write.createRound([config, salt]);
  const other = await viem.getContractAt("IRound", address);
  expect(await other.read.context()).not.toBe(await setup.round.read.context());
  const coordinator = { account: setup.coordinator.account };
  await atTime(setup, config.end);
  await other.write.commit([tally.commitment.D, asHash(tally.commitment.resultsHash)], coordinator);
  await other.write.fold([fold.proof, fold.after], coordinator);
  await other.write.addResults([tally.entries, "0x"], coordinator);
  await expectRevert(
    other.write.close([close.proof, transcript.acc, asHash(tally.resultsSalt)]),
    "AccumulatorMismatch",
  );
  expect(await other.read.status()).toBe(0);
});

/* Messages of one round are published in another one: keystream and signature are of the other context (KEY-6). */
it("KEY-6 MSG-3 messages copied from another round are noise", async () => {
  const proved = await provedRound();
  const elsewhere = buildStory(proved.setup, "0x00000000000000000000000000000000000000aa");
  const items = proved.built.items.filter((item) => item.kind === "contribution");
  const copied = elsewhere.messages.map(({ words }, i) => ({
    kind: "message" as const,
    t: items.length + i + 1,
    words,
  }));
  const { verdicts } = computeOutcome(
    [...items, ...copied],
    openBySecret(copied, proved.built.coordinator.secret, proved.built.rules.ctx),
    proved.built.rules,
  );
  expect(new Set(verdicts.values())).toEqual(new Set(["malformed (CMD-3)"]));
});

/* The fold of a transcript is used where a close of another transcript is tried, and the other way round. */
it("CLOSE-2 a close proof opens no other fold head", async () => {
  const proved = await provedRound();
  const calls = honestTally(proved);
  await calls.commit();
  await calls.replay();
  await calls.addResults();
  await expectRevert(calls.close(), "NothingFolded");
  const head = proved.fold.after + 1n; // a state that nobody can open
  await proved.setup.round.write.fold([(await simulator("fold_small"))([0n, head]), head], {
    account: proved.setup.coordinator.account,
  });
  await expectRevert(calls.close(), "CloseRejected");
});

it("the honest transcript, for comparison, finalizes", async () => {
  const proved = await provedRound();
  const calls = await readyToClose(proved);
  await calls.close();
  expect(await proved.setup.round.read.status()).toBe(1);
});
