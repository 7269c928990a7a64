import { zeroHash, type Hex } from "viem";
import { expect, it } from "vitest";
import { LinkList } from "../../src/coordinator/planning/link_list.ts";
import { ReplayPlan, type ReplayChunk } from "../../src/coordinator/planning/replay_plan.ts";
import { expectRevert } from "../contracts/support/reverts.ts";
import { honestTally, provedRound } from "./support/proved_round.ts";

/*
 * The attack: anybody may replay. A stranger feeds the replay wrong chunks, or right ones in sizes of his own while the coordinator's
 * are under way, so that the product is wrong or the coordinator's chunks never fit.
 */
it("TALLY-5 T4 wrong chunks revert, and right ones only do the coordinator's work", async () => {
  const proved = await provedRound();
  const { round, stranger } = proved.setup;
  const calls = honestTally(proved);
  await calls.commit();
  const plan = new ReplayPlan(LinkList.from(proved.built.links));
  const all = proved.built.links.length;
  const last = plan.chunk(all, 1);
  const bytes = (links: Hex, at: number, to: string): Hex =>
    `0x${links.slice(2, 2 + 2 * at)}${to}${links.slice(2 + 2 * at + to.length)}`;
  const send = (h0: Hex, t0: bigint, links: Hex) =>
    round.write.replay([h0, t0, links], { account: stranger.account });
  await expectRevert(send(last.h0, last.t0, bytes(last.links, 40, "ff")), "ChunkHashMismatch"); // another word
  await expectRevert(send(zeroHash, 0n, last.links), "ChunkHashMismatch"); // another beginning
  await expectRevert(send(last.h0, last.t0 + 1n, last.links), "ChunkNumberMismatch");
  await expectRevert(send(last.h0, last.t0, "0x"), "ChunkHashMismatch");
  await expectRevert(send(last.h0, last.t0, bytes(last.links, 0, "04")), "UnknownLinkKind");
  await expectRevert(send(last.h0, last.t0, last.links.slice(0, -2) as Hex), "TruncatedLink");

  const chunks: ReplayChunk[] = []; // what the coordinator sends, made before the stranger comes
  for (let left = all; left > 0; left = (chunks.at(-1) as ReplayChunk).start)
    chunks.push(plan.chunk(left, 3));
  const single = (left: number) => plan.chunk(left, 1);
  let left = all;
  for (const { h0, t0, links, start } of chunks) {
    for (const end = start === 0 ? 0 : left - 1; left > end; left--)
      await send(single(left).h0, single(left).t0, single(left).links); // in front of each, and of the last all of it
    await round.write.replay([h0, t0, links]);
    expect(plan.linksBefore((await round.read.tally()).replayPointer)).toBe((left = start));
  }
  await expectRevert(send(last.h0, last.t0, last.links), "ChunkHashMismatch"); // one that is behind the pointer
  await calls.fold();
  await calls.addResults();
  await calls.close();
  expect(await round.read.status()).toBe(1);
});
