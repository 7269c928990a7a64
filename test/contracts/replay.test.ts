import { concatHex, zeroHash, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import { aliceTag } from "./support/calls.ts";
import {
  P,
  deriveBase,
  hashChain,
  deriveChallenges,
  deriveContext,
  encodeEntry,
  encodeLink,
  computeProduct,
  hashResults,
  type Link,
} from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { roundFixture, UNIT, type Setup } from "./support/round.ts";
import {
  addResults,
  atTime,
  commit,
  contribute,
  encodeLinks,
  fold,
  readLinks,
  makeMessage,
  replayAll,
  SALT,
} from "./support/steps.ts";
import { simulator } from "../../scripts/keys/simulate.ts";

/** Messages before, between and after contributions, and two top-ups: 8 links, 6 items. */
async function busyRound(setup: Setup): Promise<Link[]> {
  const { round, alice } = setup;
  await round.write.publish([makeMessage(1)]);
  await atTime(setup, setup.start);
  await contribute(setup, alice, 1, 10n);
  await round.write.publishBatch([[makeMessage(2), makeMessage(3)]]);
  const tag = await aliceTag(setup);
  await round.write.topUp([tag, 5n * UNIT, "0x"], { account: alice.account });
  await contribute(setup, setup.bob, 2, 4n);
  await round.write.topUp([tag, 1n * UNIT, "0x"], { account: alice.account });
  await round.write.publish([makeMessage(4)]);
  await atTime(setup, setup.end);
  return readLinks(setup);
}

const countItems = (links: readonly Link[]) =>
  BigInt(links.filter(({ kind }) => kind !== "topUp").length);

describe("the chain", () => {
  const load = roundFixture();

  it("LINK-1 LINK-2 LINK-3 EVT-1 hashes every link in order, as its events tell", async () => {
    const setup = await load();
    const { round } = setup;
    expect(await round.read.chainHead()).toBe(zeroHash);
    const links = await busyRound(setup);
    expect(links.map(({ kind }) => kind)).toEqual([
      "message",
      "contribution",
      "message",
      "message",
      "topUp",
      "contribution",
      "topUp",
      "message",
    ]);
    expect(await round.read.chainHead()).toBe(hashChain(links).at(-1));
    expect([
      await round.read.items(),
      await round.read.links(),
      await round.read.contributions(),
    ]).toEqual([6, 8, 2]);
    expect((await round.read.donors([await aliceTag(setup)])).credits).toBe(16n);
    const numbered = (
      await setup.publicClient.getContractEvents({
        address: round.address,
        abi: round.abi,
        fromBlock: 0n,
      })
    ).flatMap((log) => ("t" in log.args ? [log.args.t] : []));
    expect(numbered).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
  });

  it("KEY-6 context", async () => {
    const { round, publicClient } = await load();
    expect(await round.read.context()).toBe(
      deriveContext(BigInt(await publicClient.getChainId()), round.address),
    );
  });
});

describe("commit", () => {
  const load = roundFixture();

  it("TALLY-1 TALLY-2 derives the challenges from all that is fixed", async () => {
    const setup = await load();
    const links = await busyRound(setup);
    const { round, settings } = setup;
    const results = [{ project: 2, votes: 2n, credits: 4n }];
    await commit(setup, results, 777n);
    const head = hashChain(links).at(-1) as Hex;
    const base = deriveBase(
      head,
      6n,
      4n,
      settings.coordinatorKeyX,
      settings.coordinatorKeyY,
      777n,
      hashResults(SALT, results.map(encodeEntry)),
      0n,
      await round.read.context(),
    );
    expect(await round.read.tally()).toMatchObject({
      base,
      rowsDigest: 777n,
      projects: 4,
      foldHead: 0n,
      replayPointer: head,
      replayItems: 6,
      product: 1n,
      resultsCount: 0,
      resultsChain: zeroHash,
    });
    expect(await round.read.challenges()).toEqual(deriveChallenges(base));
  });

  it("CLOSE-5 refuses a D that is no word", async () => {
    const setup = await load();
    await atTime(setup, setup.end);
    await expectRevert(commit(setup, [], P), "NotAWord", [P]);
  });

  it("TALLY-10 a second commit resets fold head, replay and list", async () => {
    const setup = await load();
    const { round } = setup;
    const links = await busyRound(setup);
    await commit(setup, []);
    await replayAll(setup);
    await fold(setup);
    await addResults(setup, [{ project: 0, votes: 1n, credits: 1n }]);
    await commit(setup, [], 778n);
    expect(await round.read.tally()).toMatchObject({
      foldHead: 0n,
      replayPointer: hashChain(links).at(-1),
      replayItems: 6,
      product: 1n,
      resultsCount: 0,
      resultsChain: zeroHash,
    });
    expect(await round.read.payoutState()).toEqual(Array(8).fill(0n));
    expect(await round.read.resultsRoot()).toBe(zeroHash);
  });
});

describe("replay", () => {
  const load = roundFixture();

  it("TALLY-3 TALLY-4 gives the product over all items with final credits, in one chunk", async () => {
    const setup = await load();
    const links = await busyRound(setup);
    const challenges = await commit(setup, []);
    await replayAll(setup);
    expect(await setup.round.read.tally()).toMatchObject({
      replayPointer: zeroHash,
      replayItems: 0,
      product: computeProduct(links, challenges),
    });
  });

  it("TALLY-5 gives the same however it is cut, from the head backwards", async () => {
    const setup = await load();
    const { round } = setup;
    const links = await busyRound(setup);
    const challenges = await commit(setup, []);
    const chain = hashChain(links);
    const committed = await setup.helpers.takeSnapshot();
    for (const size of [1, 3, 5]) {
      await committed.restore();
      for (let until = links.length; until > 0; until -= size) {
        const from = Math.max(0, until - size);
        await round.write.replay([
          chain[from] as Hex,
          countItems(links.slice(0, from)),
          encodeLinks(links.slice(from, until)),
        ]);
      }
      expect(await round.read.tally()).toMatchObject({
        replayPointer: zeroHash,
        replayItems: 0,
        product: computeProduct(links, challenges),
      });
    }
  });

  it("TALLY-5 a wrong chunk, h0 or t0 reverts and changes nothing", async () => {
    const setup = await load();
    const { round } = setup;
    const links = await busyRound(setup);
    await commit(setup, []);
    const chain = hashChain(links);
    const head = chain.at(-1) as Hex;
    const before = await round.read.tally();
    const all = encodeLinks(links);
    const attempt = (h0: Hex, t0: bigint, bytes: Hex) => round.write.replay([h0, t0, bytes]);

    await expectRevert(attempt(`0x${"11".repeat(32)}`, 0n, all), "ChunkHashMismatch");
    await expectRevert(attempt(zeroHash, 1n, all), "ChunkNumberMismatch", [7, 6]);
    await expectRevert(
      attempt(chain[7] as Hex, 4n, encodeLink(links[7] as Link)),
      "ChunkNumberMismatch",
      [5, 6],
    );
    await expectRevert(
      attempt(chain[6] as Hex, 5n, encodeLink(links[6] as Link)),
      "ChunkHashMismatch",
      [chain[7], head],
    );
    await expectRevert(attempt(zeroHash, 0n, encodeLinks(links.slice(1))), "ChunkHashMismatch");
    await expectRevert(
      attempt(zeroHash, 0n, encodeLinks([links[1], links[0], ...links.slice(2)] as Link[])),
      "ChunkHashMismatch",
    );
    const message = { ...links[0], words: makeMessage(9) } as Link;
    await expectRevert(
      attempt(zeroHash, 0n, encodeLinks([message, ...links.slice(1)])),
      "ChunkHashMismatch",
    );
    await expectRevert(attempt(zeroHash, 0n, "0x"), "ChunkHashMismatch", [zeroHash, head]);
    await expectRevert(attempt(zeroHash, 2n ** 256n - 1n, all), "Panic", [17]);
    expect(await round.read.tally()).toEqual(before);
  });

  it("TALLY-5 a chunk stops at the pointer, and does nothing where it begins there", async () => {
    const setup = await load();
    const { round } = setup;
    const links = await busyRound(setup);
    const challenges = await commit(setup, []);
    const chain = hashChain(links);
    const from = (start: number, end: number) =>
      round.write.replay([
        chain[start] as Hex,
        countItems(links.slice(0, start)),
        encodeLinks(links.slice(start, end)),
      ]);
    await from(5, 8);
    const before = await round.read.tally();
    await from(5, 8);
    await expectRevert(
      round.write.replay([chain[5] as Hex, 0n, encodeLinks(links.slice(5))]),
      "ChunkNumberMismatch",
      [0, 4],
    );
    await expectRevert(from(6, 8), "ChunkHashMismatch");
    expect(await round.read.tally()).toEqual(before);
    await from(3, 8);
    await from(0, 8);
    expect(await round.read.tally()).toMatchObject({
      replayPointer: zeroHash,
      replayItems: 0,
      product: computeProduct(links, challenges),
    });
  });

  it("LINK-1 unknown kinds and truncated links revert with their place", async () => {
    const setup = await load();
    const links = await busyRound(setup);
    await commit(setup, []);
    const attempt = (bytes: Hex) => setup.round.write.replay([zeroHash, 0n, bytes]);
    const first = encodeLinks(links.slice(0, 1));
    for (const kind of ["00", "04", "ff"]) {
      await expectRevert(attempt(`0x${kind}`), "UnknownLinkKind", [0, Number(`0x${kind}`)]);
      await expectRevert(
        attempt(concatHex([first, `0x${kind}`, encodeLinks(links.slice(1))])),
        "UnknownLinkKind",
        [353, Number(`0x${kind}`)],
      );
    }
    const offsets = [0, 353, 353 + 81, 2 * 353 + 81, 3 * 353 + 81];
    for (const [i, offset] of offsets.entries()) {
      const complete = encodeLinks(links.slice(0, i + 1));
      await expectRevert(attempt(complete.slice(0, -2) as Hex), "TruncatedLink", [offset]);
      await expectRevert(attempt(complete.slice(0, 2 + 2 * offset + 2) as Hex), "TruncatedLink", [
        offset,
      ]);
    }
  });

  it("LINK-3 the credits of a link itself do not count, though they are hashed", async () => {
    const setup = await load();
    const links = await busyRound(setup);
    const challenges = await commit(setup, []);
    const firstCredits = links.map((link) =>
      link.kind === "topUp" ? { ...link, credits: 10n } : link,
    );
    expect(computeProduct(firstCredits, challenges)).not.toBe(computeProduct(links, challenges));
    await replayAll(setup);
    expect((await setup.round.read.tally()).product).toBe(computeProduct(links, challenges));
  });

  it("FOLD-1 a fold moves the head from 0 through words only, and a wrong proof is refused", async () => {
    const setup = await load();
    const { round } = setup;
    await busyRound(setup);
    await commit(setup, []);
    await fold(setup, 5n);
    await fold(setup, 6n);
    expect((await round.read.tally()).foldHead).toBe(6n);
    const simulate = await simulator("fold_small");
    await expectRevert(round.write.fold([simulate([6n, 7n]), 8n]), "FoldRejected", [6, 8]);
    await expectRevert(round.write.fold([simulate([5n, 7n]), 7n]), "FoldRejected", [6, 7]);
    await expectRevert(round.write.fold([simulate([6n, 7n]), 7n + P]), "NotAWord", [7n + P]);
  });
});
