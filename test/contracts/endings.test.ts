import { zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import {
  aliceTag,
  CALLS,
  deadline,
  oneContribution,
  readyToClose,
  RESULT,
} from "./support/calls.ts";
import { sumResults, encodeEntry } from "./support/reference.ts";
import { expectRevert, awaitOutcome } from "./support/reverts.ts";
import { roundFixture, TIMES, type Setup } from "./support/round.ts";
import {
  addResults,
  atTime,
  close,
  commit,
  finalize,
  makeKey,
  makeMessage,
} from "./support/steps.ts";
import { simulator } from "../../scripts/keys/simulate.ts";

describe("nothing but payments goes on after the end of a round", () => {
  const load = roundFixture({ settings: { disputeWindow: 1_000 } });
  const ENDINGS = [
    ["Finalized", 1, (setup: Setup) => oneContribution(setup).then(() => finalize(setup, RESULT))],
    [
      "Aborted",
      2,
      async (setup: Setup) => {
        await oneContribution(setup);
        await atTime(setup, deadline(setup));
        await setup.round.write.abort();
      },
    ],
    [
      "Disputed",
      2,
      async (setup: Setup) => {
        await oneContribution(setup);
        await finalize(setup, RESULT);
        await setup.round.write.dispute([""], { account: setup.guardian.account });
      },
    ],
    [
      "Cancelled",
      3,
      (setup: Setup) => setup.round.write.cancel({ account: setup.organiser.account }),
    ],
  ] as const;

  for (const [name, status, ending] of ENDINGS) {
    it(`PHASE-1 to PHASE-7 every call needs a live round: ${name}`, async () => {
      const setup = await load();
      await ending(setup);
      expect(await setup.round.read.status()).toBe(status);
      for (const call of CALLS.filter(({ name }) => name !== "close"))
        expect(await awaitOutcome(call.send(setup)), call.name).toBe(`NotLive(${status})`);
      const proof = (await simulator("close"))([]);
      await expectRevert(setup.round.write.close([proof, 1n, zeroHash]), "NotLive", [status]);
    });
  }

  it("PHASE-8 payments of a finished round are refused while it is live", async () => {
    const setup = await load();
    const { round } = setup;
    await oneContribution(setup);
    await round.write.fund([5n], { account: setup.sponsor.account });
    await expectRevert(round.write.claim([1n, 3n, 9n, []]), "NotFinalized", [0]);
    await expectRevert(round.write.claimBatch([[]]), "NotFinalized", [0]);
    await expectRevert(round.write.claimFee(), "NotFinalized", [0]);
    await expectRevert(round.write.claimRemainder(), "NotFinalized", [0]);
    await expectRevert(round.write.claimMessageFees(), "NotFinalized", [0]);
    await expectRevert(round.write.refund([await aliceTag(setup)]), "NotRefunding", [0]);
    await expectRevert(
      round.write.refundSponsor([setup.sponsor.account.address]),
      "NotRefunding",
      [0],
    );
  });

  it("PHASE-8 a finalized round refunds no donor, an aborted one pays no project", async () => {
    const setup = await load();
    await oneContribution(setup);
    await finalize(setup, RESULT);
    await expectRevert(setup.round.write.refund([await aliceTag(setup)]), "NotRefunding", [1]);

    await load();
    await setup.round.write.cancel({ account: setup.organiser.account });
    await expectRevert(setup.round.write.claim([1n, 3n, 9n, []]), "NotFinalized", [3]);
    await expectRevert(setup.round.write.claimBatch([[]]), "NotFinalized", [3]);
    await expectRevert(setup.round.write.claimFee(), "NotFinalized", [3]);
    await expectRevert(setup.round.write.claimRemainder(), "NotFinalized", [3]);
  });
});

describe("who may call", () => {
  const load = roundFixture();

  it("PHASE-5 only the coordinator commits and lists results", async () => {
    const setup = await load();
    await atTime(setup, setup.end);
    const others = [setup.organiser, setup.stranger];
    for (const { account } of others)
      await expectRevert(setup.round.write.commit([1n, zeroHash], { account }), "NotCoordinator", [
        account.address,
      ]);
    await commit(setup, RESULT);
    for (const { account } of others)
      await expectRevert(
        setup.round.write.addResults([RESULT.map(encodeEntry), "0x"], { account }),
        "NotCoordinator",
        [account.address],
      );
  });

  it("PHASE-5 replay, fold, results and close need a commit", async () => {
    const setup = await load();
    await atTime(setup, setup.end);
    const proof = (await simulator("fold_small"))([0n, 99n]);
    await expectRevert(setup.round.write.replay([zeroHash, 0n, "0x"]), "NotCommitted");
    await expectRevert(setup.round.write.fold([proof, 99n]), "NotCommitted");
    await expectRevert(
      setup.round.write.foldWithReplay([proof, 99n, zeroHash, 0n, "0x"]),
      "NotCommitted",
    );
    await expectRevert(
      setup.round.write.submit([[{ proof, afterState: 99n }], zeroHash, 0n, "0x"]),
      "NotCommitted",
    );
    await expectRevert(addResults(setup, RESULT), "NotCommitted");
    await expectRevert(setup.round.write.close([proof, 1n, zeroHash]), "NotCommitted");
    await expectRevert(setup.round.read.challenges(), "NotCommitted");
  });

  it("PHASE-5 the first fold after each commit is the coordinator's", async () => {
    const setup = await load();
    const {
      round,
      stranger: { account },
    } = setup;
    await atTime(setup, setup.end);
    const first = [(await simulator("fold_small"))([0n, 98n]), 98n] as const;
    for (const D of [1n, 2n]) {
      await commit(setup, RESULT, D);
      await expectRevert(round.write.fold(first, { account }), "NotCoordinator", [account.address]);
      await expectRevert(
        round.write.foldWithReplay([...first, zeroHash, 0n, "0x"], { account }),
        "NotCoordinator",
        [account.address],
      );
      const submitted = [{ proof: first[0], afterState: first[1] }];
      await expectRevert(
        round.write.submit([submitted, zeroHash, 0n, "0x"], { account }),
        "NotCoordinator",
        [account.address],
      );
      await round.write.fold(first, { account: setup.coordinator.account });
    }
  });

  it("PHASE-5 anybody replays, closes, and folds from the second fold on", async () => {
    // The helpers replay and close from the first account, which has no part in the round.
    const setup = await load();
    await readyToClose(setup);
    const simulate = await simulator("fold_small");
    await setup.round.write.fold([simulate([99n, 100n]), 100n], {
      account: setup.stranger.account,
    });
    await close(setup, sumResults(RESULT, await setup.round.read.challenges()));
    expect(await setup.round.read.status()).toBe(1);
  });

  it("PHASE-7 PHASE-9 only the organiser cancels, and not after end", async () => {
    const setup = await load();
    for (const { account } of [setup.coordinator, setup.stranger]) {
      await expectRevert(setup.round.write.announceCancel({ account }), "NotOrganiser", [
        account.address,
      ]);
      await expectRevert(setup.round.write.cancel({ account }), "NotOrganiser", [account.address]);
    }
  });

  it("PHASE-7 with contributions, cancelling needs the notice to have run out, to the second", async () => {
    const setup = await load();
    const {
      round,
      organiser: { account },
    } = setup;
    await oneContribution(setup);
    await expectRevert(round.write.cancel({ account }), "CancelTooEarly");
    await atTime(setup, setup.start + 100n);
    await round.write.announceCancel({ account });
    const from = setup.start + 100n + BigInt(TIMES.cancelNotice);
    expect(await round.read.cancelFrom()).toBe(from);
    await expectRevert(round.write.announceCancel({ account }), "CancelAlreadyAnnounced", [from]);
    await atTime(setup, from - 1n);
    await expectRevert(round.write.cancel({ account }), "CancelTooEarly", [from - 1n, from]);
    await atTime(setup, from);
    await round.write.cancel({ account });
    expect(await round.read.status()).toBe(3);
  });

  it("PHASE-1 the implementation itself is not a round", async () => {
    const { implementation } = await load();
    await expectRevert(implementation.write.publish([makeMessage(1)]), "NotARound");
    await expectRevert(
      implementation.write.contribute([makeKey(1).x, makeKey(1).y, 1n, "0x"]),
      "NotARound",
    );
    await expectRevert(implementation.write.abort(), "NotARound");
  });
});
