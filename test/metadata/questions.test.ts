import { describe, expect, test } from "vitest";
import {
  decodeRoundDocument,
  DocumentContentError,
  encodeRoundDocument,
  toUnits,
  writeRoundDocument,
  type RoundAbout,
} from "../../src/metadata/documents.ts";

type Question = NonNullable<RoundAbout["vote"]>[number];
const CHOICE: Question = { kind: "choice", title: "Which bench?", options: [0, 2, 7] };
const NUMBER: Question = {
  ...{ kind: "number", title: "How warm?", option: 3, unit: "°C" },
  ...{ start: 20.5, step: 0.1, min: -18, max: 24.3, decimals: 1 },
};
const write = (questions: unknown) =>
  encodeRoundDocument(
    writeRoundDocument({ name: "A vote", vote: questions } as RoundAbout, "00".repeat(16)),
  );

describe("VOTE-1 questions of a round's document", () => {
  test("come back as they were written", () => {
    const questions = [CHOICE, NUMBER, { kind: "choice", title: "And?", options: [8] }];
    expect(decodeRoundDocument(write(questions)).extensions["org.tacit"].vote).toEqual(questions);
    expect(() => write([{ kind: "choice", title: "Which of all?" }])).not.toThrow();
  });

  test.each([
    ["none", []],
    ["31", Array.from({ length: 31 }, (_, i) => ({ ...CHOICE, options: [i] }))],
    ["no title", [{ ...CHOICE, title: "" }]],
    ["another kind", [{ ...CHOICE, kind: "order" }]],
    ["no options named", [{ ...CHOICE, options: [] }]],
    ["options that do not increase", [{ ...CHOICE, options: [2, 1] }]],
    ["an option twice", [{ ...CHOICE, options: [2, 2] }]],
    ["an option that no round can have", [{ ...CHOICE, options: [65_536] }]],
    ["half an option", [{ ...CHOICE, options: [0.5] }]],
    ["an option in two questions", [CHOICE, { ...NUMBER, option: 2 }]],
    ["all options beside another question", [{ kind: "choice", title: "All?" }, NUMBER]],
    ["step 0", [{ ...NUMBER, step: 0 }]],
    ["a negative step", [{ ...NUMBER, step: -0.1 }]],
    ["a step finer than the decimals", [{ ...NUMBER, step: 0.05 }]],
    ["a start below its bounds", [{ ...NUMBER, start: -18.1 }]],
    ["a start above its bounds", [{ ...NUMBER, start: 24.4 }]],
    ["bounds the wrong way round", [{ ...NUMBER, min: 24, max: 18, start: 20 }]],
    ["ten decimals", [{ ...NUMBER, decimals: 10 }]],
    ["a number beyond 2^53", [{ ...NUMBER, max: 2 ** 60 }]],
    ["a field that is none", [{ ...NUMBER, colour: "red" }]],
    ["numbers as text", [{ ...NUMBER, start: "20.5" }]],
  ])("are refused: %s", (_, questions) => {
    expect(() => write(questions)).toThrow(DocumentContentError);
  });

  test("a number in units of its last decimal is exact, or none", () => {
    expect([toUnits(0.1, 1), toUnits(-18.25, 2), toUnits(-0, 0), toUnits(1e-9, 9)]).toEqual([
      1n,
      -1_825n,
      0n,
      1n,
    ]);
    for (const value of [0.1 + 0.2, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(toUnits(value, 1)).toBeUndefined();
  });
});
