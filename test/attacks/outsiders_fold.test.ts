import { zeroHash } from "viem";
import { expect, it } from "vitest";
import { foldInputs } from "../../src/proofs/inputs.ts";
import {
  completeTranscript,
  prepareTally,
  type FoldStep,
} from "../../src/transcript/transcript.ts";
import { seededCoordinator } from "../helpers/round_builder.ts";
import { seeded } from "../helpers/seeded.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { cachedProof } from "./support/cached_proof.ts";
import { honestTally, provedRound } from "./support/proved_round.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

/*
 * The attack: a fold proves a step between two commitments and says nothing of whose transcript it is; the close does. So a stranger
 * proves a first fold of nothing but padding, with a key and challenges of his own, once for all rounds there will ever be, and sends it
 * after each commit, before the coordinator's own first fold. The round's fold head is then a state that only he can go on from: for one
 * transaction a commit he keeps any round from being finalized.
 */
it("PHASE-5 P4 a stranger cannot put a first fold of his own in front of the coordinator's", async () => {
  const proved = await provedRound();
  const { round, stranger } = proved.setup;
  const { secret, publicKey } = seededCoordinator(seeded("a stranger"));
  const nothing = await prepareTally(
    [],
    {
      ...proved.built.statement,
      chainHead: new Uint8Array(32),
      items: 0,
      coordinatorKey: publicKey,
    },
    localCoordinatorKey(secret),
    11,
  );
  const transcript = await completeTranscript(nothing, localCoordinatorKey(secret));
  const padding = transcript.folds[0] as FoldStep;
  const proof = await cachedProof("fold_small", [0n, padding.after], () =>
    foldInputs(padding, transcript.constants, nothing.rowsSalt),
  );

  const calls = honestTally(proved);
  await calls.commit();
  await expectRevert(
    round.write.fold([proof, padding.after], { account: stranger.account }),
    "NotCoordinator",
    [stranger.account.address],
  );
  await expectRevert(
    round.write.foldWithReplay([proof, padding.after, zeroHash, 0n, proved.links], {
      account: stranger.account,
    }),
    "NotCoordinator",
  );
  await calls.fold();
  await calls.replay();
  await calls.addResults();
  await calls.close();
  expect(await round.read.status()).toBe(1);
});
