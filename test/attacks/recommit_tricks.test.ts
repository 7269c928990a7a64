import { expect, it } from "vitest";
import { P } from "../../src/params.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { asHash, honestTally, provedRound, readyToClose } from "./support/proved_round.ts";

/*
 * The attack: a coordinator commits several times, to keep the folds, the replay or the list of one transcript and the challenges of
 * another, or to list results after having seen the challenges.
 */
it("TALLY-10 TALLY-1 a second commit keeps nothing of the first, and the first's proofs do not close it", async () => {
  const proved = await provedRound();
  const { setup, tally } = proved;
  const calls = await readyToClose(proved);
  const before = await setup.round.read.challenges();
  const { D, resultsHash } = tally.commitment;
  const commit = (digest: bigint, hash: bigint) =>
    setup.round.write.commit([digest, asHash(hash)], { account: setup.coordinator.account });

  await commit((D + 1n) % P, resultsHash); // the same results under another D: other challenges
  expect(await setup.round.read.challenges()).not.toEqual(before);
  const progress = await setup.round.read.tally();
  expect([progress.foldHead, progress.product, progress.resultsCount]).toEqual([0n, 1n, 0]);
  await calls.fold(); // an old proof still moves the head, as a fold says nothing of whose transcript it is,
  await calls.replay();
  await calls.addResults();
  await expectRevert(calls.close(), "AccumulatorMismatch"); // but the close compares everything with this commit
  expect(await setup.round.read.status()).toBe(0);

  await commit(D, resultsHash ^ 1n);
  await calls.fold();
  await calls.replay();
  await calls.addResults();
  await expectRevert(calls.close(), "ResultsMismatch");

  await calls.commit(); // back to the first: the same challenges, so its proofs are good again
  expect(await setup.round.read.challenges()).toEqual(before);
  const again = honestTally(proved);
  for (const call of [again.fold, again.replay, again.addResults, again.close]) await call();
  expect(await setup.round.read.status()).toBe(1);
});
