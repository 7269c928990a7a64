import { zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import { readyToClose, RESULT } from "./support/calls.ts";
import {
  sumResults,
  encodeEntry,
  P,
  computeProduct,
  hashResults,
  type Entry,
} from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture } from "./support/round.ts";
import {
  addResults,
  atTime,
  close,
  closeSignals,
  commit,
  contribute,
  finalize,
  fold,
  readLinks,
  replayAll,
  SALT,
} from "./support/steps.ts";
import { simulator } from "../../scripts/keys/simulate.ts";

describe("close", () => {
  const load = roundFixture();

  it("CLOSE-4 finalizes once everything fits, and tells all of it (EVT-1)", async () => {
    const setup = await load();
    await readyToClose(setup);
    const { round, publicClient } = setup;
    const acc = sumResults(RESULT, await round.read.challenges());
    await close(setup, acc);
    expect(await round.read.status()).toBe(1);
    const [event] = await publicClient.getContractEvents({
      address: round.address,
      abi: round.abi,
      eventName: "Finalized",
      fromBlock: "latest",
    });
    expect(event?.args).toMatchObject({
      acc,
      resultsSalt: SALT,
      fee: 0n,
      budget: 0n,
      surplus: 0n,
      resultsRoot: await round.read.resultsRoot(),
    });
  });

  it("CLOSE-4 needs the replay to be complete", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 10n);
    await atTime(setup, setup.end);
    const challenges = await commit(setup, RESULT);
    await fold(setup);
    await addResults(setup, RESULT);
    await expectRevert(close(setup, sumResults(RESULT, challenges)), "ReplayIncomplete", [
      await setup.round.read.chainHead(),
      1,
    ]);
  });

  it("CLOSE-4 needs a fold", async () => {
    const setup = await load();
    await atTime(setup, setup.end);
    const challenges = await commit(setup, RESULT);
    await addResults(setup, RESULT);
    await expectRevert(close(setup, sumResults(RESULT, challenges)), "NothingFolded");
  });

  it("CLOSE-4 needs the list and salt to open resultsHash: too few, too many, other, other salt", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 100n);
    await atTime(setup, setup.end);
    const committedTo: Entry[] = [
      { project: 0, votes: 2n, credits: 4n },
      { project: 2, votes: 3n, credits: 9n },
    ];
    const challenges = await commit(setup, committedTo);
    await replayAll(setup);
    await fold(setup);
    const ready = await setup.helpers.takeSnapshot();
    const expected = hashResults(SALT, committedTo.map(encodeEntry));
    for (const list of [
      committedTo.slice(0, 1),
      [...committedTo, { project: 3, votes: 1n, credits: 1n }],
      [{ project: 0, votes: 3n, credits: 4n }, committedTo[1] as Entry],
      [],
    ]) {
      await ready.restore();
      await addResults(setup, list);
      await expectRevert(close(setup, sumResults(list, challenges)), "ResultsMismatch", [
        hashResults(SALT, list.map(encodeEntry)),
        expected,
      ]);
    }
    await ready.restore();
    await addResults(setup, committedTo);
    const acc = sumResults(committedTo, challenges);
    const proof = (await simulator("close"))(await closeSignals(setup, acc));
    await expectRevert(setup.round.write.close([proof, acc, zeroHash]), "ResultsMismatch");
    await setup.round.write.close([proof, acc, SALT]);
  });

  it("CLOSE-4 CLOSE-5 needs acc·Den = Num, acc a word", async () => {
    const setup = await load();
    await readyToClose(setup);
    const acc = sumResults(RESULT, await setup.round.read.challenges());
    await expectRevert(close(setup, acc + 1n), "AccumulatorMismatch");
    await expectRevert(close(setup, 0n), "AccumulatorMismatch");
    await expectRevert(close(setup, acc + P), "NotAWord", [acc + P]);
    await close(setup, acc);
  });

  it("CLOSE-1 CLOSE-4 refuses a proof of any other public signal", async () => {
    const setup = await load();
    await readyToClose(setup);
    const acc = sumResults(RESULT, await setup.round.read.challenges());
    const signals = await closeSignals(setup, acc);
    const simulate = await simulator("close");
    for (let i = 0; i < signals.length; i++) {
      const changed = signals.map((signal, k) => (k === i ? (signal + 1n) % P : signal));
      await expectRevert(
        setup.round.write.close([simulate(changed), acc, SALT]),
        "CloseRejected",
        [],
      );
    }
    await setup.round.write.close([simulate(signals), acc, SALT]);
  });

  it("CLOSE-1 the product that the proof must show is the one over the chain", async () => {
    const setup = await load();
    await readyToClose(setup);
    const challenges = await setup.round.read.challenges();
    expect((await closeSignals(setup, 0n))[10]).toBe(
      computeProduct(await readLinks(setup), challenges),
    );
  });

  it("CLOSE-4 a round in which nothing happened finalizes with N = 0 and an empty list", async () => {
    const setup = await load();
    await finalize(setup, []);
    expect(await setup.round.read.status()).toBe(1);
    expect(await setup.round.read.resultsRoot()).toBe(zeroHash);
    expect(await setup.round.read.tally()).toMatchObject({ product: 1n, resultsCount: 0 });
  });

  it("MONEY-8 refuses a list with more credits than donors paid, which no true proof can show", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 8n);
    await expectRevert(finalize(setup, RESULT), "OverspentResult", [9, 8]);
    expect(await setup.round.read.status()).toBe(0);
  });

  it("TALLY-10 PHASE-5 the coordinator may commit again until the close, not after it", async () => {
    const setup = await load();
    await readyToClose(setup);
    const challenges = await commit(setup, RESULT, 4n);
    await replayAll(setup);
    await fold(setup);
    await addResults(setup, RESULT);
    await close(setup, sumResults(RESULT, challenges));
    await expectRevert(commit(setup, RESULT, 5n), "NotLive", [1]);
  });
});
