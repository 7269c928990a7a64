import { bn254 } from "@noble/curves/bn254.js";
import { expect, it } from "vitest";
import { P } from "../../src/params.ts";
import type { Proof } from "../../src/proofs/proof.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { asHash, honestTally, provedRound, readyToClose } from "./support/proved_round.ts";

/** Order of the field that proofs' coordinates are in. */
const Q = bn254.fields.Fp.ORDER;

/** The same statement's proof with A and B negated: Groth16 is malleable, as everybody knows. */
const negated = ({ a, b, c }: Proof): Proof => {
  const minus = (x: bigint) => (Q - x) % Q;
  return { a: [a[0], minus(a[1])], b: [b[0], [minus(b[1][0]), minus(b[1][1])]], c };
};

/* The attack: a valid proof is changed into another valid one, sent twice, or its signals are written as value + p. */
it("CLOSE-5 FOLD-1 a malleated proof proves the same and nothing more, and counts once", async () => {
  const proved = await provedRound();
  const {
    setup: { round, coordinator },
    fold,
  } = proved;
  const calls = honestTally(proved);
  await calls.commit();
  const by = { account: coordinator.account };
  await expectRevert(round.write.fold([fold.proof, fold.after + P], by), "NotAWord");
  await expectRevert(round.write.fold([fold.proof, fold.after + 1n], by), "FoldRejected");
  const { a, b, c } = fold.proof;
  const others: readonly Proof[] = [
    { a: [a[0] + 1n, a[1]], b, c },
    { a: [0n, 0n], b, c },
    {
      a,
      b: [
        [0n, 0n],
        [0n, 0n],
      ],
      c,
    },
    { a, b, c: [0n, 0n] },
    { a: c, b, c: a },
    {
      a: [0n, 0n],
      b: [
        [0n, 0n],
        [0n, 0n],
      ],
      c: [0n, 0n],
    },
    { a: [a[0] + Q, a[1]], b, c },
    {
      a,
      b: [
        [b[0][1], b[0][0]],
        [b[1][1], b[1][0]],
      ],
      c,
    },
  ];
  for (const other of others)
    await expectRevert(round.write.fold([other, fold.after], by), "FoldRejected");
  await round.write.fold([negated(fold.proof), fold.after], by);
  expect((await round.read.tally()).foldHead).toBe(fold.after);
  for (const again of [fold.proof, negated(fold.proof)])
    await expectRevert(round.write.fold([again, fold.after], by), "FoldRejected", [
      fold.after,
      fold.after,
    ]);
});

it("CLOSE-4 CLOSE-5 the same of the close", async () => {
  const proved = await provedRound();
  const calls = await readyToClose(proved);
  const {
    setup: { round },
    close,
    transcript,
    tally,
  } = proved;
  const salt = asHash(tally.resultsSalt);
  await expectRevert(round.write.close([close.proof, transcript.acc + P, salt]), "NotAWord");
  await expectRevert(
    round.write.close([close.proof, (transcript.acc + 1n) % P, salt]),
    "AccumulatorMismatch",
  );
  await round.write.close([negated(close.proof), transcript.acc, salt]);
  await expectRevert(calls.close(), "NotLive");
});
