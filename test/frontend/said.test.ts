import { readFile } from "node:fs/promises";
import i18next, { createInstance, type TFunction } from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { linesOf } from "../../frontend/src/features/results/lines.ts";
import { halfOf, makeOutcome, type Outcome } from "../../frontend/src/features/results/outcome.ts";
import { matchByWeight } from "../../frontend/src/features/results/match_by_weight.ts";
import { sayResult } from "../../frontend/src/features/results/say.ts";
import { amountText, columnText, shareText, symbolText } from "../../frontend/src/format.ts";
import { roundForReading, type ReadableLine } from "../../src/chain/readable_results.ts";
import type { TokenFacts } from "../../src/chain/token.ts";
import { accountFor } from "../../src/matching/accounts.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

const LANGUAGES = ["en", "ja", "zh-Hant"] as const;
const inLanguage = new Map<string, TFunction>();
beforeAll(async () => {
  for (const language of LANGUAGES) {
    const file = fromRoot("frontend", "src", "i18n", `result.${language}.json`);
    const i18n = createInstance();
    await i18n.init({
      lng: language,
      resources: {
        [language]: { translation: JSON.parse(await readFile(file, "utf8")) as object },
      },
      interpolation: { escapeValue: false },
    });
    inLanguage.set(language, i18n.t);
  }
});
const t = (language = "en") => inLanguage.get(language) as TFunction;

const ZERO = "0x0000000000000000000000000000000000000000";
const token = {
  address: "0x0000000000000000000000000000000000000001",
  symbol: "AAA",
  decimals: 2,
} as const;
const other = {
  address: "0x0000000000000000000000000000000000000002",
  symbol: "BBB",
  decimals: 2,
} as const;

type Given = {
  readonly votes?: bigint;
  readonly contributed?: bigint;
  readonly matched?: bigint;
  readonly eligible?: boolean;
};

/** A round of these projects; a credit is a smallest unit of its token. */
function outcomeOf(
  given: readonly Given[],
  {
    gifts = 3,
    totalCredits = 1_000n,
    pool = 10_000n,
    tokens = [token, token],
  }: {
    readonly gifts?: number;
    readonly totalCredits?: bigint;
    readonly pool?: bigint;
    readonly tokens?: readonly [contributions: TokenFacts, pool: TokenFacts];
  } = {},
): Outcome {
  const [token, poolToken] = tokens;
  const unit = token.address === ZERO ? 0n : 1n;
  const lines = given.map(
    ({ votes = 1n, contributed = 0n, matched = 0n, eligible = true }, project) => ({
      project,
      place: project,
      votes,
      credits: contributed === 0n ? votes * votes : contributed,
      eligible,
      contributed: eligible ? contributed : 0n,
      matched,
      shared: 0n,
      claimed: false,
    }),
  );
  const budget = lines.reduce((sum, { matched }) => sum + matched, 0n);
  const accounts = accountFor({
    unit,
    totalCredits,
    pool,
    fee: 0n,
    budget,
    sponsors: [pool],
    // What carries no money here has credits all the same.
    projects: lines.map((line) => ({ ...line, credits: line.contributed })),
  });
  const shown = roundForReading(lines, accounts, { token, poolToken });
  return makeOutcome(
    { settings: { token: token.address, poolToken: poolToken.address }, token, poolToken } as never,
    { contributions: gifts },
    {
      rows: lines.map((line, i) => ({
        ...line,
        name: `P${line.project}`,
        shown: shown.lines[i] as ReadableLine,
      })),
      list: [],
      budget,
      available: pool,
      fee: 0n,
      totalWeight: 0n,
      accounts,
      shown: shown.accounts,
    },
  );
}
const say = (outcome: Outcome, language?: string) =>
  sayResult(t(language), outcome, ({ name }) => name);
const none = { address: ZERO, symbol: "", decimals: 0 } as const;

describe("what is said of a result", () => {
  test("one gift, one project: nothing is in the plural", () => {
    expect(
      say(outcomeOf([{ contributed: 900n, matched: 100n }], { gifts: 1, totalCredits: 900n })),
    ).toEqual([
      "One gift brought in 9 AAA.",
      "One project gets 9 AAA from gifts and 1 AAA from the matching pool of 100 AAA.",
      "That project is P0.",
    ]);
  });

  test("several projects: sums, and who gets most with its share of all", () => {
    expect(
      say(
        outcomeOf([
          { contributed: 600n, matched: 1_400n },
          { contributed: 400n, matched: 600n },
        ]),
      ),
    ).toEqual([
      "3 gifts brought in 10 AAA together.",
      "2 projects get 10 AAA from gifts and 20 AAA from the matching pool of 100 AAA.",
      "P0 gets the most: 20 AAA, which is 66.7% of what all projects get.",
    ]);
  });

  test("where several get the most, none is named alone", () => {
    expect(
      say(outcomeOf([{ contributed: 500n }, { contributed: 500n }, { contributed: 100n }])).at(-1),
    ).toBe("2 projects get the most, 5 AAA each.");
    expect(say(outcomeOf([{ contributed: 500n }, { contributed: 500n }])).at(-1)).toBe(
      "Each of the 2 projects gets the same: 5 AAA.",
    );
  });

  test("what is off the list gets nothing, and is not counted", () => {
    const said = say(outcomeOf([{ votes: 9n, eligible: false }, { contributed: 100n }]));
    expect(said[1]).toMatch(/^One project gets 1 AAA/);
    expect(say(outcomeOf([{ votes: 9n, eligible: false }]))).toEqual([
      "3 gifts brought in 10 AAA together.",
      "No project gets anything: none that is on the list got a vote.",
      "100 AAA of the matching pool goes back to those who filled it.",
    ]);
  });

  test("who has no match is not counted among those who have one", () => {
    const some = [{ contributed: 600n, matched: 1_400n }, { contributed: 400n }];
    expect(say(outcomeOf(some))[1]).toBe(
      "2 projects get 10 AAA from gifts; 14 AAA of the matching pool of 100 AAA goes to 1 of them.",
    );
    expect(say(outcomeOf([{ contributed: 600n }, { contributed: 400n }]))[1]).toBe(
      "2 projects get 10 AAA from gifts, and nothing from the matching pool of 100 AAA.",
    );
    const free = { tokens: [none, token] } as const;
    expect(
      say(
        outcomeOf(
          [
            { votes: 7n, matched: 500n },
            { votes: 2n, matched: 1n },
          ],
          free,
        ),
      )[1],
    ).toBe("2 projects get 5.01 AAA from the matching pool of 100 AAA.");
    expect(say(outcomeOf([{ votes: 7n }, { votes: 2n }], free)).slice(1)).toEqual([
      "No project gets anything from the matching pool of 100 AAA.",
      "P0 has the most votes: 7.",
    ]);
  });

  test("without gifts, without pool, without money at all, and in two tokens", () => {
    expect(say(outcomeOf([{ contributed: 100n }], { pool: 0n }))[1]).toBe(
      "One project gets 1 AAA from gifts; there was no matching pool.",
    );
    const votes = say(
      outcomeOf([{ votes: 7n, matched: 500n }, { votes: 2n }], { tokens: [none, token] }),
    );
    expect(votes).toEqual([
      "3 accounts took part and gave no money: the gate gave them their votes.",
      "5 AAA of the matching pool of 100 AAA goes to 1 of 2 projects with votes.",
      "P0 gets the most: 5 AAA, which is 100% of what all projects get.",
    ]);
    expect(
      say(outcomeOf([{ votes: 7n }, { votes: 7n }], { tokens: [none, none], pool: 0n })),
    ).toEqual([
      "3 accounts took part and gave no money: the gate gave them their votes.",
      "2 projects got votes; the round pays no money.",
      "Each of the 2 projects has the same number of votes: 7.",
    ]);
    // What was given most to is not what gets the largest match: the sentence is of one token.
    expect(
      say(
        outcomeOf(
          [
            { contributed: 900n, matched: 100n },
            { contributed: 100n, matched: 300n },
          ],
          { tokens: [token, other] },
        ),
      ),
    ).toEqual([
      "3 gifts brought in 10 AAA together.",
      "2 projects get 10 AAA from gifts and 4 BBB from the matching pool of 100 BBB.",
      "P1 gets the largest match: 3 BBB, which is 75% of all matches.",
    ]);
    expect(say(outcomeOf([], { gifts: 0, totalCredits: 0n, pool: 0n }))).toEqual([
      "Nobody gave.",
      "No project gets anything: none that is on the list got a vote.",
    ]);
  });

  test("what is there is not told as nothing: an amount too small for the table's decimals has more", () => {
    const fine = { ...token, decimals: 18 };
    const told = say(
      outcomeOf([{ contributed: 1n }], {
        tokens: [fine, fine],
        totalCredits: 10n ** 21n,
        pool: 10n ** 21n,
      }),
    );
    expect(told[1]).toBe(
      "One project gets 0.000000000000000001 AAA from gifts, and nothing from the matching pool of 1,000 AAA.",
    );
  });

  test.each(LANGUAGES)(
    "%s: every sentence has its words, and every number of the outcome",
    (language) => {
      const outcomes = [
        outcomeOf([{ contributed: 900n, matched: 100n }], { gifts: 1 }),
        outcomeOf([{ contributed: 600n, matched: 1_400n }, { contributed: 400n }]),
        outcomeOf([{ contributed: 500n }, { contributed: 500n }]),
        outcomeOf([{ votes: 7n }, { votes: 2n }], { tokens: [none, none], pool: 0n }),
        outcomeOf([{ matched: 100n }, { matched: 100n }], { tokens: [token, other] }),
        outcomeOf([{ contributed: 1n }, { contributed: 2n }], { tokens: [token, other] }),
        outcomeOf([]),
      ];
      for (const outcome of outcomes)
        for (const sentence of say(outcome, language))
          expect(sentence).not.toMatch(/results\.|\{\{|undefined/);
    },
  );
});

describe("amounts", () => {
  test("what is there is never shown as nothing, a part never as all, and no part as more than it is", () => {
    expect(amountText(4n, { decimals: 3, symbol: "A" })).toBe("0.004 A");
    expect(amountText(1n, { decimals: 18, symbol: "A" })).toBe("0.000000000000000001 A");
    expect(amountText(0n, { decimals: 18, symbol: "A" })).toBe("0 A");
    expect(amountText(5n, { decimals: 3, symbol: "A" })).toBe("0.01 A");
    expect([shareText(1n, 1_000_000n), shareText(999_999n, 1_000_000n), shareText(1n, 1n)]).toEqual(
      ["<0.1%", ">99.9%", "100%"],
    );
  });

  test("a single credit is one credit, and where no number stands they are many", async () => {
    const file = fromRoot("frontend", "src", "i18n", "vote.en.json");
    await i18next.init({
      lng: "en",
      resources: { en: { vote: JSON.parse(await readFile(file, "utf8")) as object } },
    });
    const credits = { address: ZERO, decimals: 0, symbol: "" };
    expect([0n, 1n, 2n].map((amount) => amountText(amount, credits))).toEqual([
      "0 credits",
      "1 credit",
      "2 credits",
    ]);
    expect(columnText(1n, credits, 0)).toBe("1 credit");
    expect(symbolText(credits)).toBe("credits");
  });

  test("half of the match is counted from the largest on", () => {
    expect(halfOf(outcomeOf([{ matched: 10n }, { matched: 50n }, { matched: 40n }]))).toBe(1);
    expect(halfOf(outcomeOf([{ matched: 10n }, { matched: 10n }, { matched: 10n }]))).toBe(2);
    expect(halfOf(outcomeOf([{ contributed: 10n }]))).toBeUndefined();
  });
});

describe("how a match came about", () => {
  const round = { totalWeight: 6n, budget: 100n, available: 100n, rows: [1, 2, 3] };
  const row = (votes: bigint, credits: bigint, matched: bigint) => ({ votes, credits, matched });

  test("every equation is one: what rounding left stands beside it", () => {
    // Weight 4² - 10 = 6 of 6; of three projects less than three units are left.
    expect(matchByWeight(row(4n, 10n, 100n), round, 1n)).toEqual({
      ...{ how: "share", match: 100n, left: 0n },
    });
    expect(matchByWeight(row(3n, 9n, 2n), round, 1n)).toEqual({
      how: "share",
      match: 0n,
      left: 2n,
    });
    expect(matchByWeight(row(4n, 10n, 60n), { ...round, budget: 60n }, 10n)).toEqual({
      ...{ how: "inFull", match: 60n, left: 0n },
    });
  });

  test("without any weight nothing is divided by 0; what is no match by weight is not told as one", () => {
    expect(matchByWeight(row(3n, 9n, 0n), { ...round, totalWeight: 0n, budget: 0n }, 1n)).toEqual({
      how: "none",
    });
    expect(matchByWeight(row(4n, 10n, 0n), round, 1n)).toBeUndefined();
    expect(matchByWeight(row(3n, 9n, 3n), round, 1n)).toBeUndefined();
  });
});

describe("the picture", () => {
  test("text keeps its lines, whatever is in it; what is cut ends in a sign of it", () => {
    expect(linesOf("one two three", { size: 10, width: 40, most: 3 })).toEqual([
      "one two",
      "three",
    ]);
    expect(linesOf("one two three four", { size: 10, width: 40, most: 2 })).toEqual([
      "one two",
      "three…",
    ]);
    expect(linesOf("漢字漢字漢字", { size: 10, width: 40, most: 2 })).toEqual(["漢字漢字", "漢字"]);
    const long = linesOf("a".repeat(500), { size: 10, width: 40, most: 2 });
    expect(long).toHaveLength(2);
    expect(long[1]).toMatch(/…$/);
    expect(linesOf("", { size: 10, width: 40, most: 2 })).toEqual([]);
  });
});
