import { describe, expect, test } from "vitest";
import {
  EMPTY,
  findProblem,
  recipientOf,
  writeApplication,
  type Form,
} from "../../frontend/src/features/apply/form.ts";
import { decodeProjectDocument } from "../../src/metadata/documents.ts";

const PAYEE = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const QUESTIONS = ["Who keeps it?"];
const form: Form = {
  ...EMPTY,
  name: " Tide Pool School ",
  recipient: `\t${PAYEE} `,
  goals: [14, 4],
  milestones: [{ title: " First class ", due: "", share: "33,5" }],
  answers: ["Two\r\nteachers. "],
};

describe("an application", () => {
  test("is published as it was meant: without spaces around words, goals in order, shares in hundredths of a per cent", () => {
    expect(findProblem(form, QUESTIONS)).toBeUndefined();
    expect(decodeProjectDocument(writeApplication(form, QUESTIONS))).toMatchObject({
      name: "Tide Pool School",
      extensions: {
        "org.tacit": {
          sdgs: [4, 14],
          milestones: [{ title: "First class", shareBps: 3_350 }],
          answers: [{ question: "Who keeps it?", answer: "Two\nteachers." }],
        },
      },
    });
  });

  test("names who is paid, whatever stands around the address", () => {
    expect(recipientOf(form)).toBe(PAYEE);
    expect(recipientOf({ ...form, recipient: PAYEE.toLowerCase() })).toBe(PAYEE);
  });

  const share = (...shares: string[]) => ({
    milestones: shares.map((one) => ({ title: "x", due: "", share: one })),
  });
  test.each([
    ["no name", { name: " " }, "name"],
    ["a name of more than 100 letters", { name: "x".repeat(101) }, "name"],
    ["an address with a typo", { recipient: PAYEE.replace("5aAe", "5AAe") }, "recipient"],
    ["a link that is not https", { url: "http://example.org" }, "url"],
    [
      "a milestone without a title",
      { milestones: [{ title: "", due: "", share: "" }] },
      "milestones",
    ],
    ["a share that is no number", share("half"), "milestones"],
    ["shares of more than the whole", share("60", "40.01"), "milestones"],
    ["a question without an answer", { answers: ["\n"] }, "answers"],
    ["more text than a document holds", { description: "水".repeat(8_001) }, "long"],
  ] as const)(
    "with %s is not sent, and the first thing that is wrong is told",
    (_, wrong, problem) => {
      expect(findProblem({ ...form, ...wrong }, QUESTIONS)).toBe(problem);
    },
  );

  test("with shares of the whole, or none, can be sent", () => {
    for (const shares of [["60", "40"], ["", "100"], []])
      expect(findProblem({ ...form, ...share(...shares) }, QUESTIONS)).toBeUndefined();
  });
});
