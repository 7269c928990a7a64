import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_VOTES } from "../../src/params.ts";
import {
  BallotProjectError,
  BallotOrderError,
  BallotVotesError,
  ballotCost,
  packBallot,
  packPage,
  unpackPage,
  type Ballot,
  type BallotPage,
} from "../../src/protocol/ballot.ts";
import * as arbitrary from "../helpers/arbitraries.ts";

function readBack(
  pages: readonly BallotPage[],
  start = 0,
): { readonly ballot: Ballot; readonly pos: number } {
  const ballot = new Map<number, bigint>();
  let pos = start;
  for (const page of pages) {
    const read = unpackPage(page, pos);
    for (const { project, sign, magnitude } of read.entries)
      if (magnitude > 0n) ballot.set(project, sign ? -magnitude : magnitude);
    pos = read.pos;
  }
  return { ballot, pos };
}
const sorted = (ballot: Ballot) => [...ballot].sort(([a], [b]) => a - b);

describe("ballot pages by hand", () => {
  test("BAL-1: gap, sign and magnitude stand at their bits", () => {
    // Project 5 with 3 votes: gap 5, sign 0, magnitude 3 at bit 13. Project 7 with -2: gap 1, sign at bit 12, magnitude 2, all 42 bits up.
    const first = 5n + 3n * 2n ** 13n;
    const second = 1n + 2n ** 12n + 2n * 2n ** 13n;
    expect(
      packBallot(
        new Map([
          [7, -2n],
          [5, 3n],
        ]),
      ),
    ).toEqual([[first + second * 2n ** 42n, 0n, 0n, 0n]]);
  });

  test("BAL-1, PARAM-4: the seventh entry opens the second word, the last reaches bit 251 of the fourth", () => {
    const [page] = packBallot(new Map(Array.from({ length: 24 }, (_, i) => [i, MAX_VOTES]))) as [
      BallotPage,
    ];
    const entry = (2n ** 29n - 1n) * 2n ** 13n;
    const word = [0n, 42n, 84n, 126n, 168n, 210n].reduce(
      (sum, shift) => sum + entry * 2n ** shift,
      0n,
    );
    expect(page).toEqual([word, word, word, word]);
    expect(word >> 251n).toBe(1n);
  });

  test("BAL-2: an entry without votes only skips; pos counts it", () => {
    const page = packPage([
      { gap: 4095, sign: false, magnitude: 0n },
      { gap: 10, sign: false, magnitude: 1n },
      { gap: 2, sign: true, magnitude: 0n },
    ]);
    const { entries, pos } = unpackPage(page, 100);
    expect(entries.slice(0, 3).map(({ project }) => project)).toEqual([4194, 4205, 4207]);
    expect(pos).toBe(4208);
    expect(entries[2]?.sign).toBe(true);
  });

  test("BAL-2, PARAM-4: gaps beyond 4,095 take extra entries, the 25th entry a second page", () => {
    expect(
      unpackPage(packBallot(new Map([[4095, 1n]]))[0] as BallotPage, 0).entries.filter(
        ({ gap }) => gap > 0,
      ).length,
    ).toBe(1);
    expect(
      unpackPage(packBallot(new Map([[4096, 1n]]))[0] as BallotPage, 0)
        .entries.filter(({ gap }) => gap > 0)
        .map(({ gap }) => gap),
    ).toEqual([4095, 1]);
    const ballot = (n: number) => new Map(Array.from({ length: n }, (_, i) => [i, 1n] as const));
    expect([24, 25, 48, 49].map((n) => packBallot(ballot(n)).length)).toEqual([1, 2, 2, 3]);
    expect(packBallot(new Map())).toEqual([[0n, 0n, 0n, 0n]]);
    expect(packBallot(new Map([[3, 0n]]))).toEqual([[0n, 0n, 0n, 0n]]);
  });

  test("BAL-3: a vote costs its square", () => {
    expect(
      ballotCost(
        new Map([
          [1, 3n],
          [2, -4n],
          [9, 1n],
        ]),
      ),
    ).toBe(26n);
  });

  test("PARAM-5: projects and votes out of range are refused by name", () => {
    for (const project of [-1, 65_536, 1.5, Number.NaN])
      expect(() => packBallot(new Map([[project, 1n]]))).toThrow(BallotProjectError);
    for (const votes of [MAX_VOTES + 1n, -MAX_VOTES - 1n])
      expect(() => packBallot(new Map([[0, votes]]))).toThrow(BallotVotesError);
  });
});

describe("ballot pages, any ballot", () => {
  test("BAL-1, BAL-2: what is packed is read back, in words below 2^252 and as few pages as entries need", () => {
    fc.assert(
      fc.property(arbitrary.ballot, (ballot) => {
        const pages = packBallot(ballot);
        expect(sorted(readBack(pages).ballot)).toEqual(sorted(ballot));
        expect(pages.flat().every((word) => word >> 252n === 0n)).toBe(true);
        const projects = sorted(ballot).map(([project]) => project);
        const skips = projects.reduce(
          (sum, project, i) =>
            sum +
            Math.floor(
              Math.max(0, project - (i === 0 ? 0 : (projects[i - 1] as number) + 1) - 1) / 4095,
            ),
          0,
        );
        expect(pages.length).toBe(Math.max(1, Math.ceil((ballot.size + skips) / 24)));
      }),
      { numRuns: 300 },
    );
  });

  test("BAL-2: pages to be appended are read from where the others ended; a project before that is refused", () => {
    fc.assert(
      fc.property(arbitrary.ballot, fc.nat({ max: 65_535 }), (ballot, start) => {
        const least = Math.min(...ballot.keys());
        if (least < start) expect(() => packBallot(ballot, start)).toThrow(BallotOrderError);
        else
          expect(sorted(readBack(packBallot(ballot, start), start).ballot)).toEqual(sorted(ballot));
      }),
    );
  });

  test("BAL-2: any words below 2^252 give strictly increasing projects, so none is named twice", () => {
    const page = fc.array(arbitrary.uint(252), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(page, fc.nat({ max: 70_000 }), (words, start) => {
        const { entries, pos } = unpackPage(words, start);
        const used = entries
          .filter(({ magnitude }) => magnitude > 0n)
          .map(({ project }) => project);
        expect(used).toEqual([...new Set(used)].sort((a, b) => a - b));
        expect((used[0] ?? start) >= start && (used.at(-1) ?? -1) < pos).toBe(true);
        expect(packPage(entries)).toEqual(words);
      }),
    );
  });
});
