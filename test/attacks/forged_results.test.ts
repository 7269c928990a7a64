import { expect, it } from "vitest";
import { P } from "../../src/params.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import {
  decodeResult,
  encodeResult,
  ResultEntryError,
  resultsHash,
} from "../../src/transcript/results.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { asHash, honestTally, provedRound } from "./support/proved_round.ts";

/*
 * The attack: the coordinator lists results that agree with the proved sum modulo p but say something else, or a list in which one
 * project stands twice, out of order, or with what does not fit its fields.
 */
it("TALLY-8 CLOSE-4 refuses lists that are no result, before any proof is asked for", async () => {
  const proved = await provedRound();
  const {
    setup: { round, coordinator },
    tally,
  } = proved;
  await honestTally(proved).commit();
  const by = { account: coordinator.account };
  const [first, second] = tally.entries as [bigint, bigint];
  const { project, votes, credits } = decodeResult(first);
  const list = (...entries: bigint[]) => round.write.addResults([entries, "0x"], by);
  const raw = (j: bigint, t: bigint, sign: bigint, s: bigint) =>
    j | (t << 16n) | (sign << 80n) | (s << 81n);
  await expectRevert(list(second, first), "EntriesNotIncreasing");
  await expectRevert(list(first, first), "EntriesNotIncreasing");
  expect(() => encodeResult({ project, votes: votes + P, credits })).toThrow(ResultEntryError); // no room for T + p, nor for S + p
  expect(() => encodeResult({ project, votes, credits: credits + P })).toThrow(ResultEntryError);
  await expectRevert(list(raw(BigInt(project), votes, 0n, credits + (1n << 128n))), "EntryTooLong");
  await expectRevert(list(raw(8n, 1n, 0n, 1n)), "ProjectOutOfRange", [8, 8]);
  await expectRevert(list(raw(0n, 0n, 0n, 0n)), "EntryWithoutCredits");
  await expectRevert(list(raw(0n, 3n, 1n, 9n)), "SignNotAllowed");
  await expectRevert(list(raw(0n, 0n, 1n, 9n)), "SignNotAllowed");
});

it.each([
  ["a vote more", (result: ProjectResult) => ({ ...result, votes: result.votes + 1n })],
  ["a credit less", (result: ProjectResult) => ({ ...result, credits: result.credits - 1n })],
  [
    "the first project's votes for another one",
    (result: ProjectResult) => ({ ...result, project: 0 }),
  ],
] as const)("CLOSE-4 a committed list with %s is not what was proved", async (_name, change) => {
  const proved = await provedRound();
  const {
    setup: { round, coordinator },
    tally,
    transcript,
    close,
  } = proved;
  const by = { account: coordinator.account };
  const forged = tally.entries.map((entry, i) =>
    i === 0 ? encodeResult(change(decodeResult(entry))) : entry,
  );
  await round.write.commit(
    [tally.commitment.D, asHash(resultsHash(tally.resultsSalt, forged))],
    by,
  );
  await round.write.fold([proved.fold.proof, proved.fold.after], by);
  await honestTally(proved).replay();
  await round.write.addResults([forged, "0x"], by);
  // Another list is another commit, with challenges of its own: no sum of the old transcript fits it.
  await expectRevert(
    round.write.close([close.proof, transcript.acc, asHash(tally.resultsSalt)]),
    "AccumulatorMismatch",
  );
  expect(await round.read.status()).toBe(0);
});
