import { expect, it } from "vitest";
import { expectRevert } from "../contracts/support/reverts.ts";
import { UNIT } from "../contracts/support/round.ts";
import { atTime } from "../contracts/support/steps.ts";
import {
  asHash,
  attackedRound,
  provedRound,
  readyToClose,
  buildStory,
} from "./support/proved_round.ts";
import type { MessageWords } from "../contracts/support/steps.ts";

/* The attack: everything that stands in the mempool is copied and sent first. */
it("PHASE-1 SEM-6 a donor's message sent first by another is the donor's message", async () => {
  const setup = await attackedRound();
  const built = buildStory(setup);
  const words = built.messages[0]!.words as unknown as MessageWords;
  await setup.round.write.publish([words], { account: setup.stranger.account });
  await setup.round.write.publish([words]); // the donor's own comes second and is a duplicate, by its nonce
  expect(await setup.round.read.items()).toBe(2);
});

it("KEY-7 a donor's contribution sent first by another takes another tag", async () => {
  const setup = await attackedRound();
  await atTime(setup, setup.settings.start);
  const step = buildStory(setup).steps.find((s) => s.kind === "contribution");
  const { x, y } = (step as { key: { x: bigint; y: bigint } }).key;
  await setup.round.write.contribute([x, y, UNIT, "0x"], { account: setup.bob.account });
  await setup.round.write.contribute([x, y, UNIT, "0x"], { account: setup.alice.account });
  await expectRevert(
    setup.round.write.contribute([x, y, UNIT, "0x"], { account: setup.alice.account }),
    "TagTaken",
  );
  expect(await setup.round.read.contributions()).toBe(2);
});

it("CLOSE-4 PHASE-8 the close and claims sent first by another do the same thing", async () => {
  const proved = await provedRound();
  await readyToClose(proved);
  const {
    setup: { round, stranger },
    close,
    transcript,
    tally,
  } = proved;
  await expectRevert(
    round.write.close([close.proof, transcript.acc, asHash(1n)], { account: stranger.account }),
    "ResultsMismatch",
  );
  await round.write.close([close.proof, transcript.acc, asHash(tally.resultsSalt)], {
    account: stranger.account,
  });
  expect(await round.read.status()).toBe(1);
});
