import { afterEach, describe, expect, test, vi } from "vitest";
import { missingForPrizes, readPrizes, sumPrizes, wonOf } from "../../frontend/src/prizes.ts";
import { tieredMatch } from "../../src/matching/tiers.ts";

afterEach(() => vi.unstubAllGlobals());

const read = (text: string, ...languages: string[]) => {
  vi.stubGlobal("navigator", { languages });
  const reading = readPrizes(text, 2);
  return "prizes" in reading
    ? reading.prizes.map(({ size, prize }) => `${size}x${prize}`).join(" ")
    : reading.problem;
};

describe("prizes", () => {
  test.each([
    ["6000, 4000, 2000", "1x600000 1x400000 1x200000"],
    ["6000,4000,2000", "1x600000 1x400000 1x200000"],
    ["6000;4000;2000;", "1x600000 1x400000 1x200000"],
    ["6000、4000", "1x600000 1x400000"],
    ["6,000, 4,000", "1x600000 1x400000"],
    ["1x6,000,2x3,000", "1x600000 2x300000"],
    ["1x6,000, 2x3,000", "1x600000 2x300000"],
    ["1 x 50, 3 × 20.5", "1x5000 3x2050"],
    ["１×６０００，２×３０００", "1x600000 2x300000"],
    ["500, 200, 200, 3x200", "1x50000 5x20000"],
    ["1x5000,3x2000,10x500", "1x500000 3x200000 10x50000"],
  ])("%s are %s", (text, prizes) => expect(read(text, "en")).toBe(prizes));

  test.each([
    ["1x6.000, 2x3.000", "ambiguous"],
    ["6.000", "ambiguous"],
    ["600,500", "parted"],
    ["1x6,500", "parted"],
    ["50, 60", "order"],
    ["9,8,7,6,5,4,3,2,1", "kinds"],
    ["", "prizes"],
    ["1x", "prizes"],
    ["0x5", "prizes"],
    ["65536x5", "prizes"],
    ["1x0", "prizes"],
    ["1x2x3", "prizes"],
    ["1x5.123", "ambiguous"],
    ["1x5.1234", "prizes"],
    ["first 5000", "prizes"],
  ])("%s are refused: %s", (text, problem) => expect(read(text, "en")).toBe(problem));

  test("what a comma is depends on who writes: where it may end the whole part, an amount with one is refused", () => {
    expect(read("1x6,000, 2x3,000", "de")).toBe("ambiguous");
    expect(read("1x6.000; 2x3.000", "de")).toBe("ambiguous");
    expect(read("1x6000; 2x3000,5", "de")).toBe("1x600000 2x300050");
  });

  test("their sum is what a pool must hold besides the fee", () => {
    const prizes = [
      { size: 1n, prize: 6_000n },
      { size: 4n, prize: 3_000n },
    ];
    expect(sumPrizes(prizes)).toEqual({ places: 5n, amount: 18_000n });
    const rule = {
      id: "tiers",
      args: [
        [1n, 4n],
        [6_000n, 3_000n],
      ],
    };
    expect(missingForPrizes(rule, { pool: 3_000n, fee: 0n })).toBe(15_000n);
    expect(missingForPrizes(rule, { pool: 18_000n, fee: 10n })).toBe(10n);
    expect(missingForPrizes(rule, { pool: 18_010n, fee: 10n })).toBe(0n);
    expect(missingForPrizes({ id: "quadratic", args: [true] }, { pool: 0n, fee: 5n })).toBe(0n);
  });

  test("which project won which, and why others won none, is as the rule divides", () => {
    const table = [
      { size: 1n, prize: 600n },
      { size: 2n, prize: 200n },
    ];
    const rule = {
      id: "tiers",
      args: [
        [1n, 2n],
        [600n, 200n],
      ],
    };
    // Weights 0, 6, 2, 6, 2 and 2; two supporters or more make one.
    const totals = [
      [4n, 16n],
      [4n, 10n],
      [2n, 2n],
      [4n, 10n],
      [2n, 2n],
      [2n, 2n],
    ] as const;
    const projects = totals.map(([votes, credits], project) => ({ project, votes, credits }));
    const told = (available: bigint) => {
      const { matches } = tieredMatch({ unit: 1n, available, projects }, table);
      const rows = projects.map((one, i) => ({
        ...one,
        eligible: true,
        matched: matches[i] as bigint,
      }));
      return rows.map((row) => ({ matched: row.matched, ...wonOf(rule, row, rows) }));
    };
    const full = told(5_000n);
    expect(full.map(({ why }) => why)).toEqual(["noWeight", "won", "won", "won", "none", "none"]);
    expect(full.map(({ prize }) => prize)).toEqual(full.map(({ matched }) => matched));
    expect(full.map(({ place }) => place)).toEqual([6, 1, 3, 2, 4, 5]);
    expect(told(500n).map(({ why }) => why)).toEqual([
      "noWeight",
      "less",
      "less",
      "less",
      "none",
      "none",
    ]);
    expect(wonOf({ id: "quadratic", args: [true] }, full[0] as never, [])).toBeUndefined();
  });
});
