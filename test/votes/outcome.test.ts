import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeRoundDocument } from "../../src/metadata/documents.ts";
import {
  agreementTenths,
  decideVote,
  differsIn,
  listQuestions,
  type VoteQuestion,
} from "../../src/votes/outcome.ts";

const NONE = `0x${"00".repeat(20)}`;
const SOME = `0x${"0a".repeat(20)}`;
const FREE = { token: NONE, poolToken: NONE };
const always = () => true;
const choice = (...options: number[]): VoteQuestion => ({ kind: "choice", title: "", options });

describe("VOTE-1 what is asked", () => {
  const questions = [
    {
      kind: "number" as const,
      title: "How warm?",
      option: 3,
      ...{ start: 20.5, step: 0.1, min: -18, max: 24, decimals: 1 },
    },
  ];
  const document = writeRoundDocument({ name: "A", vote: questions }, "00".repeat(16));

  test("the document's questions, numbers in units of their last decimal", () => {
    const asked = {
      ...{ start: 205n, step: 1n, min: -180n, max: 240n, decimals: 1 },
      ...{ kind: "number", title: "How warm?", option: 3, unit: "" },
    };
    expect(listQuestions(document, FREE)).toEqual([asked]);
    expect(listQuestions(document, { token: NONE, poolToken: SOME })).toEqual([asked]);
  });

  test("without any, which of all, where nothing is paid; nothing where money decides", () => {
    const plain = writeRoundDocument({ name: "A" }, "00".repeat(16));
    for (const one of [plain, undefined]) {
      expect(listQuestions(one, FREE)).toEqual([choice()]);
      expect(listQuestions(one, { token: NONE, poolToken: SOME })).toEqual([]);
    }
    expect(listQuestions(document, { token: SOME, poolToken: SOME })).toEqual([]);
  });
});

describe("VOTE-2 VOTE-3 what is decided", () => {
  const anyResults = fc
    .uniqueArray(
      fc.record({
        project: fc.integer({ min: 0, max: 20 }),
        votes: fc.bigInt({ min: -5n, max: 5n }),
        credits: fc.bigInt({ min: 1n, max: 99n }),
      }),
      { selector: ({ project }) => project },
    )
    .map((list) => list.toSorted((a, b) => a.project - b.project));

  test("a winner beats or equals every other eligible option, and ties only larger numbers", () => {
    fc.assert(
      fc.property(anyResults, fc.integer({ min: 0, max: 20 }), (results, withdrawn) => {
        const isEligible = (project: number) => project !== withdrawn;
        const [answer] = decideVote([choice()], results, isEligible);
        const open = results.filter(({ project, votes }) => isEligible(project) && votes > 0n);
        expect(answer?.isDecided).toBe(open.length > 0);
        for (const { project, votes } of open) {
          expect(answer!.votes >= votes).toBe(true);
          if (answer!.votes === votes) expect(answer!.option <= project).toBe(true);
        }
      }),
    );
  });

  test("only the options of a choice, and the same numbers as totals", () => {
    const results = [
      { project: 1, votes: 9n, credits: 9n },
      { project: 4, votes: 2n, credits: 4n },
    ];
    expect(decideVote([choice(2, 4)], results, always)).toEqual([
      { isDecided: true, option: 4, votes: 2n, credits: 4n, value: 0n },
    ]);
  });

  test("a number is start + step·T wherever that is within its bounds, and a bound elsewhere", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -100n, max: 100n }), (votes) => {
        const question: VoteQuestion = {
          ...{ kind: "number", title: "", option: 0, decimals: 0, unit: "" },
          ...{ start: 10n, step: 3n, min: -50n, max: 90n },
        };
        const results = [{ project: 0, votes, credits: 10_000n }];
        const [answer] = decideVote([question], results, always);
        const wanted = 10n + 3n * votes;
        const bounded = [-50n, wanted, 90n].toSorted((a, b) => (a < b ? -1 : 1))[1];
        expect(answer?.value).toBe(bounded);
        expect(decideVote([question], results, () => false)[0]).toMatchObject({
          isDecided: true,
          value: 10n,
          votes: 0n,
        });
      }),
    );
  });

  test("answers differ by the first field that does", () => {
    const one = { isDecided: true, option: 4, votes: 2n, credits: 4n, value: 0n };
    expect(differsIn(one, { ...one })).toBeUndefined();
    expect(differsIn(one, { ...one, value: 1n })).toBe("value");
    expect(differsIn(one, { ...one, votes: 3n, value: 1n })).toBe("votes");
  });
});

describe("VOTE-5 agreement", () => {
  test("is the number of voters where all vote alike, and near 0 where they pull both ways", () => {
    expect(agreementTenths({ votes: 5n * 7n, credits: 49n * 5n })).toBe(50n);
    expect(agreementTenths({ votes: -5n * 7n, credits: 49n * 5n })).toBe(50n);
    expect(agreementTenths({ votes: 1n, credits: 101n })).toBe(0n);
    expect(agreementTenths({ votes: 0n, credits: 0n })).toBe(0n);
  });

  test("is never more than the number of voters", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -99n, max: 99n }), { minLength: 1, maxLength: 12 }),
        (ballots) => {
          const votes = ballots.reduce((a, b) => a + b, 0n);
          const credits = ballots.reduce((sum, v) => sum + v * v, 0n);
          expect(agreementTenths({ votes, credits }) <= 10n * BigInt(ballots.length)).toBe(true);
        },
      ),
    );
  });
});
