import { parseEventLogs, zeroHash, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import { simulator } from "../../scripts/keys/simulate.ts";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { P } from "../../src/params.ts";
import { oneContribution, RESULT } from "./support/calls.ts";
import { hashChain, type Link } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture, type Setup } from "./support/round.ts";
import { atTime, commit, encodeLinks, readLinks, makeMessage } from "./support/steps.ts";

describe("several folds and a chunk of the replay in one call", () => {
  const load = roundFixture();

  async function ready() {
    const setup = await load();
    await setup.round.write.publishBatch([[1, 2, 3].map(makeMessage)]);
    await oneContribution(setup);
    await atTime(setup, setup.end);
    await commit(setup, RESULT);
    const simulate = await simulator("fold_small");
    const makeFold = (before: bigint, afterState: bigint) => ({
      proof: simulate([before, afterState]),
      afterState,
    });
    const links = await readLinks(setup);
    const send = (
      folds: readonly ReturnType<typeof makeFold>[],
      chunk: readonly [Hex, bigint, Hex] = [zeroHash, 0n, "0x"],
      by = setup.coordinator,
    ) => setup.round.write.submit([folds, ...chunk], { account: by.account });
    return { setup, makeFold, links, send };
  }
  const makeChunk = (links: readonly Link[], from: number, until = links.length) =>
    [
      hashChain(links)[from] as Hex,
      BigInt(links.slice(0, from).filter(({ kind }) => kind !== "topUp").length),
      encodeLinks(links.slice(from, until)),
    ] as const;
  const readTally = async ({ round }: Setup) => round.read.tally();

  it("TALLY-13 is the same as the folds and the replay by themselves, with the same events in that order", async () => {
    const { setup, makeFold, links, send } = await ready();
    const committed = await setup.helpers.takeSnapshot();
    const by = { account: setup.coordinator.account };
    const folds = [makeFold(0n, 5n), makeFold(5n, 6n), makeFold(6n, 7n)];
    for (const { proof, afterState } of folds)
      await setup.round.write.fold([proof, afterState], by);
    await setup.round.write.replay(makeChunk(links, 1));
    const alone = await readTally(setup);
    await committed.restore();
    const hash = await send(folds, makeChunk(links, 1));
    expect(await readTally(setup)).toEqual(alone);
    expect(alone).toMatchObject({ foldHead: 7n, replayItems: 1 });
    const { logs } = await setup.publicClient.getTransactionReceipt({ hash });
    expect(
      parseEventLogs({ abi: iRoundAbi, logs }).map(({ eventName, args }) => [
        eventName,
        "afterState" in args ? args.afterState : undefined,
      ]),
    ).toEqual([
      ["Folded", 5n],
      ["Folded", 6n],
      ["Folded", 7n],
      ["Replayed", undefined],
    ]);
    // The rest of the replay with one more fold, and folds alone after it.
    await send([makeFold(7n, 8n)], makeChunk(links, 0, 1));
    await send([makeFold(8n, 9n), makeFold(9n, 10n)], [`0x${"11".repeat(32)}`, 77n, "0x"]);
    expect(await readTally(setup)).toMatchObject({
      foldHead: 10n,
      replayPointer: zeroHash,
      replayItems: 0,
    });
  });

  it("TALLY-13 one fold that is not as it must be undoes all: a wrong proof in the middle, twice the same, out of order, a gap", async () => {
    const { setup, makeFold, links, send } = await ready();
    const before = await readTally(setup);
    const chunk = makeChunk(links, 0);
    const [a, b, c] = [makeFold(0n, 5n), makeFold(5n, 6n), makeFold(6n, 7n)];
    const wrong = { ...b, proof: a.proof };
    const other = { ...b, afterState: 60n };
    for (const [folds, refused] of [
      [
        [a, wrong, c],
        [5, 6],
      ],
      [
        [a, other, c],
        [5, 60],
      ],
      [
        [a, a],
        [5, 5],
      ],
      [
        [a, b, b],
        [6, 6],
      ],
      [
        [b, a],
        [0, 6],
      ],
      [
        [a, c],
        [5, 7],
      ],
      [
        [a, b, c, makeFold(8n, 9n)],
        [7, 9],
      ],
    ] as const)
      await expectRevert(send(folds, chunk), "FoldRejected", refused);
    await expectRevert(send([a, { ...b, afterState: 6n + P }], chunk), "NotAWord", [6n + P]);
    expect(await readTally(setup)).toEqual(before);
    await send([a, b, c], chunk);
    // The same call again, by its sender or by somebody who copied it: refused, nothing is undone.
    const after = await readTally(setup);
    for (const by of [setup.coordinator, setup.stranger])
      await expectRevert(send([a, b, c], chunk, by), "FoldRejected", [7, 5]);
    expect(await readTally(setup)).toEqual(after);
  });

  it("TALLY-13 TALLY-5 a chunk that does not fit undoes the folds", async () => {
    const { setup, makeFold, links, send } = await ready();
    const before = await readTally(setup);
    const [h0, t0, bytes] = makeChunk(links, 1);
    const folds = [makeFold(0n, 5n), makeFold(5n, 6n)];
    await expectRevert(send(folds, [zeroHash, t0, bytes]), "ChunkHashMismatch");
    await expectRevert(send(folds, [h0, t0 + 1n, bytes]), "ChunkNumberMismatch");
    await expectRevert(send(folds, [h0, t0, bytes.slice(0, -2) as Hex]), "TruncatedLink");
    expect(await readTally(setup)).toEqual(before);
    // Bytes behind the pointer are not looked at, as where somebody else has replayed meanwhile.
    await send(folds, [h0, t0, `${bytes}ff`]);
    expect(await readTally(setup)).toMatchObject({ foldHead: 6n, replayItems: 1 });
  });

  it("TALLY-13 PHASE-5 nothing goes without a fold, and the first fold is the coordinator's", async () => {
    const { setup, makeFold, links, send } = await ready();
    await expectRevert(send([]), "NothingFolded");
    await expectRevert(send([], makeChunk(links, 0)), "NothingFolded");
    const folds = [makeFold(0n, 5n), makeFold(5n, 6n)];
    await expectRevert(send(folds, makeChunk(links, 0), setup.stranger), "NotCoordinator", [
      setup.stranger.account.address,
    ]);
    await send(folds.slice(0, 1));
    await send(folds.slice(1), makeChunk(links, 0), setup.stranger);
    expect(await readTally(setup)).toMatchObject({ foldHead: 6n, replayItems: 0 });
  });
});
