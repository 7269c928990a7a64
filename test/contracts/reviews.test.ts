import fc from "fast-check";
import { network } from "hardhat";
import { getAddress, sha256, zeroAddress, zeroHash, type Address } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { lowerMedian, readReviews } from "../../src/chain/reviews.ts";
import { expectRevert } from "./support/reverts.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;

let connection: Connection;
beforeAll(async () => {
  connection = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
});

async function makePanel(size: number, quorum: bigint, seconds = 100_000n) {
  const { viem, networkHelpers } = connection;
  const wallets = await viem.getWalletClients();
  const reviewers = wallets.slice(1, size + 1);
  const freezeTime = BigInt(await networkHelpers.time.latest()) + seconds;
  const reviews = await viem.deployContract("Reviews", [
    reviewers.map(({ account }) => account.address),
    quorum,
    freezeTime,
    zeroHash,
  ]);
  const say = (place: number, project: bigint, sroiMilli: number) =>
    reviews.write.review([[{ project, sroiMilli, reportDigest: zeroHash }]], {
      account: reviewers[place]?.account as never,
    });
  const read = async (count: number) =>
    readReviews(
      (await viem.getPublicClient()) as unknown as ReadClient,
      reviews.address,
      { reviewers: reviewers.map(({ account }) => account.address) },
      count,
    );
  return { reviews, reviewers, freezeTime, say, read, stranger: wallets[size + 1] };
}

/** By its definition: sorted, the one in the middle, the smaller of two. */
function isGood(values: readonly number[], quorum: number): boolean {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.ceil(sorted.length / 2) - 1];
  return values.length >= quorum && median !== undefined && median >= 1000;
}

describe("REVIEW-1 a panel of reviewers", () => {
  it("qualifies by quorum and lower median, with the last word of each", async () => {
    const { reviews, say, read } = await makePanel(3, 2n);
    const steps: readonly (readonly [place: number, sroi: number, qualified: boolean])[] = [
      [0, 5_000, false], // one is no quorum
      [1, 999, false], // the lower of two decides
      [1, 1_000, true],
      [2, 0, true],
      [0, 999, false],
      [2, 4_294_967_295, true],
    ];
    for (const [place, sroi, qualified] of steps) {
      await say(place, 300n, sroi);
      expect(await reviews.read.qualified([1n]), String(sroi)).toBe(qualified ? 1n << 44n : 0n);
    }
    const [project] = (await read(301)).slice(300);
    expect(project).toEqual({
      project: 300,
      ratios: [999n, 1_000n, 4_294_967_295n],
      median: 1_000n,
      qualified: true,
    });
    expect((await read(1))[0]).toEqual({
      project: 0,
      ratios: [undefined, undefined, undefined],
      median: undefined,
      qualified: false,
    });
  });

  it("agrees with the definition whatever fifteen reviewers say, in whatever order", async () => {
    const word = fc.tuple(
      fc.nat(14),
      fc.constantFrom(0n, 1n, 255n),
      fc.constantFrom(0, 998, 999, 1_000, 1_001, 4_294_967_295),
    );
    const { networkHelpers } = connection;
    const { reviews, say, read } = await makePanel(15, 3n);
    const { restore } = await networkHelpers.takeSnapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 24 }), async (words) => {
        await restore();
        const said = new Map<bigint, Map<number, number>>();
        for (const [place, project, sroi] of words) {
          await say(place, project, sroi);
          said.set(project, (said.get(project) ?? new Map<number, number>()).set(place, sroi));
        }
        let bitmap = 0n;
        for (const [project, all] of said)
          if (isGood([...all.values()], 3)) bitmap |= 1n << project;
        expect(await reviews.read.qualified([0n])).toBe(bitmap);
        const [first] = await read(1);
        const values = [...(said.get(0n)?.values() ?? [])].map(BigInt);
        expect(first?.median).toBe(lowerMedian(values));
      }),
      { numRuns: 15 },
    );
  });

  it("hears of many projects at once, all of them or none, and of a project twice the last", async () => {
    const { reviews, reviewers, read } = await makePanel(1, 1n);
    const account = reviewers[0]?.account as never;
    const say = (...all: readonly (readonly [project: bigint, sroiMilli: number])[]) =>
      reviews.write.review(
        [all.map(([project, sroiMilli]) => ({ project, sroiMilli, reportDigest: zeroHash }))],
        { account },
      );
    await expectRevert(say([0n, 2_000], [65_536n, 2_000]), "NoSuchProject", [65_536]);
    expect(await reviews.read.qualified([0n])).toBe(0n);
    await say([0n, 2_000], [3n, 1_000], [0n, 999], [300n, 1_500]);
    expect((await read(301)).filter(({ median }) => median !== undefined)).toEqual([
      { project: 0, ratios: [999n], median: 999n, qualified: false },
      { project: 3, ratios: [1_000n], median: 1_000n, qualified: true },
      { project: 300, ratios: [1_500n], median: 1_500n, qualified: true },
    ]);
  });

  it("listens to its reviewers alone, to real projects, and until the freeze", async () => {
    const { reviews, say, stranger, freezeTime } = await makePanel(2, 1n);
    const account = stranger?.account as never;
    await expectRevert(
      reviews.write.review([[{ project: 0n, sroiMilli: 1_000, reportDigest: zeroHash }]], {
        account,
      }),
      "NotReviewer",
    );
    await expectRevert(say(0, 65_536n, 1_000), "NoSuchProject", [65_536]);
    await say(0, 65_535n, 1_000);
    await connection.networkHelpers.time.setNextBlockTimestamp(freezeTime - 1n);
    await say(1, 0n, 1_000);
    expect(await reviews.read.passed([0n])).toBe(false); // it may still be taken back
    await connection.networkHelpers.time.setNextBlockTimestamp(freezeTime);
    await expectRevert(say(1, 0n, 0), "ReviewsFrozen", [freezeTime, freezeTime]);
    await connection.networkHelpers.mine();
    expect(await Promise.all([0n, 1n, 65_535n].map((j) => reviews.read.passed([j])))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("EVT-1 tells each review with its report's digest", async () => {
    const { reviews, reviewers } = await makePanel(1, 1n);
    const digest = sha256("0x1234");
    const account = reviewers[0]?.account as never;
    await reviews.write.review([[{ project: 7n, sroiMilli: 1_250, reportDigest: digest }]], {
      account,
    });
    const [event] = await reviews.getEvents.Reviewed();
    expect(event?.args).toEqual({
      project: 7n,
      reviewer: getAddress(reviewers[0]?.account.address as Address),
      sroiMilli: 1_250,
      reportDigest: digest,
    });
  });

  it("is refused where it could not work", async () => {
    const { viem, networkHelpers } = connection;
    const now = BigInt(await networkHelpers.time.latest());
    const [one, two] = ["11", "22"].map((byte): Address => `0x${byte.repeat(20)}`) as [
      Address,
      Address,
    ];
    const sixteen = Array.from({ length: 16 }, (_, i): Address => `0x${String(i + 10).repeat(20)}`);
    const later = now + 1_000n;
    for (const [reviewers, quorum, freezeTime] of [
      [[], 1n, later],
      [[one], 0n, later],
      [[one, two], 3n, later],
      [[one, one], 1n, later],
      [[one, zeroAddress], 1n, later],
      [sixteen, 1n, later],
      [[one], 1n, now],
    ] as const)
      await expectRevert(
        viem.deployContract("Reviews", [reviewers, quorum, freezeTime, zeroHash]),
        "WrongSettings",
      );
    const salt = sha256("0x01");
    const panel = await viem.deployContract("Reviews", [sixteen.slice(1), 15n, later, salt]);
    expect(await panel.read.reviewers()).toHaveLength(15);
    expect([await panel.read.quorum(), await panel.read.freezeTime()]).toEqual([15n, later]);
    expect(await panel.read.salt()).toBe(salt);
    // In the second of the freeze itself nobody could speak any more.
    for (const [made, ok] of [
      [later, false],
      [later + 1n, true],
    ] as const) {
      await networkHelpers.time.setNextBlockTimestamp(later);
      const deployed = viem.deployContract("Reviews", [[one], 1n, made, zeroHash]);
      if (ok) await deployed;
      else await expectRevert(deployed, "WrongSettings");
    }
  });
});
