import { describe, expect, test } from "vitest";
import {
  EMPTY,
  findProblem,
  writeApplication,
  type Form,
  type FormProblem,
} from "../../frontend/src/features/apply/form.ts";
import { decodeProjectDocument } from "../../src/metadata/documents.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";
import { makePng } from "../helpers/pictures.ts";

// What an applicant types, and what becomes of it; how it is handed in is for `applying`.

const QUESTIONS = ["Who keeps it?", "Since when?"];
const picture = new Uint8Array(makePng({ width: 8, height: 5 }));
const GOOD: Form = {
  name: " Tide Pool School ",
  description: "Children learn\r\nthe **shore**.",
  category: "Nature",
  goals: [14, 4],
  url: " https://tide.example/school ",
  contact: "@tide",
  recipient: " 0x976EA74026E726554dB657fA54763abd0C3a0aa9 ",
  alt: "A pool between rocks",
  picture,
  milestones: [
    { title: " First class ", due: "2027-03-01", share: "33,5" },
    { title: "Second class", due: "", share: "66.05" },
    { title: "Third class", due: "", share: " " },
  ],
  answers: ["Two teachers. ", "2019"],
};
const milestone = (change: Partial<Form["milestones"][number]>) => ({
  milestones: [{ title: "Class", due: "", share: "", ...change }],
});

describe("the document of an application", () => {
  test("has everything that was typed, trimmed, goals in order, shares to the hundredth of a per cent", () => {
    expect(findProblem(GOOD, QUESTIONS)).toBeUndefined();
    expect(decodeProjectDocument(writeApplication(GOOD, QUESTIONS))).toMatchObject({
      name: "Tide Pool School",
      description: "Children learn\nthe **shore**.",
      contentURI: "https://tide.example/school",
      image: toReference(digestDocument(picture)),
      extensions: {
        "org.tacit": {
          category: "Nature",
          sdgs: [4, 14],
          contact: "@tide",
          alt: "A pool between rocks",
          milestones: [
            { title: "First class", due: "2027-03-01", shareBps: 3_350 },
            { title: "Second class", shareBps: 6_605 },
            { title: "Third class" },
          ],
          answers: [
            { question: "Who keeps it?", answer: "Two teachers." },
            { question: "Since when?", answer: "2019" },
          ],
        },
      },
    });
  });

  test("of a name alone says nothing else; without a picture nothing of what it shows", () => {
    const form = { ...EMPTY, name: "Trees", recipient: GOOD.recipient };
    expect(findProblem(form, [])).toBeUndefined();
    const bare = decodeProjectDocument(writeApplication(form, []));
    expect(bare).toEqual({ ...bare, name: "Trees" });
    for (const field of ["description", "contentURI", "image", "extensions"])
      expect(bare).not.toHaveProperty(field);
    const blind = writeApplication({ ...form, category: "Nature", alt: "a pool" }, []);
    expect(decodeProjectDocument(blind)?.extensions?.["org.tacit"]).toEqual({ category: "Nature" });
  });

  test.each<[FormProblem | undefined, Partial<Form>]>([
    ["name", { name: "  " }],
    ["name", { name: "x".repeat(101) }],
    [undefined, { name: "x".repeat(100) }],
    ["recipient", { recipient: "" }],
    ["recipient", { recipient: "0x976EA74026E726554dB657fA54763abd0C3a0aa8" }],
    ["url", { url: "http://tide.example" }],
    ["url", { url: "https://tide.example/a b" }],
    ["url", { url: "https://user@tide.example" }],
    ["milestones", milestone({ title: " " })],
    ["milestones", milestone({ share: "100.01" })],
    ["milestones", milestone({ share: "-1" })],
    ["milestones", milestone({ share: "1.005" })],
    ["milestones", milestone({ share: "half" })],
    [undefined, milestone({ share: "100" })],
    [
      "milestones",
      {
        milestones: ["60", "40.01"].map((share) => ({ title: "Class", due: "", share })),
      },
    ],
    [
      undefined,
      {
        milestones: ["60", "40"].map((share) => ({ title: "Class", due: "", share })),
      },
    ],
    ["answers", { answers: ["Two teachers.", " "] }],
    ["answers", { answers: [] }],
    ["long", { description: "x".repeat(20_000) }],
  ])("%s is told of %j", (problem, change) => {
    expect(findProblem({ ...GOOD, ...change }, QUESTIONS)).toBe(problem);
  });
});
