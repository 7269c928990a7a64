import type { RoundAbout } from "../../../src/metadata/documents.ts";

/** What the sandbox's round says of itself. */
export const SANDBOX_ROUND: RoundAbout = {
  name: "Neighbourhood Round",
  description:
    "A round to play with: nothing here has value. Give to what you would like to see in your street, change your mind, and watch how a shared pool follows many small gifts.",
  organiser: { name: "The sandbox" },
  language: "en",
  translations: {
    ja: {
      name: "ご近所ラウンド",
      description:
        "遊びながら試すための回です。ここにあるものに価値はありません。近所に欲しいものに寄付し、気が変わったら変え、たくさんの小さな寄付に共同の資金がどう従うかを見てください。",
    },
    "zh-Hant": {
      name: "鄰里輪",
      description:
        "這是用來試玩的一輪，這裡的一切都沒有價值。捐給你希望街上出現的事物，隨時改變主意，看看共同資金如何跟著許多小額捐款走。",
    },
  },
};

/** [name, what it does, Sustainable Development Goals, topics] */
export type SandboxProject = readonly [
  name: string,
  summary: string,
  goals: readonly number[],
  topics: readonly string[],
];

/** What the sandbox's round gives to. */
export const SANDBOX_PROJECTS: readonly SandboxProject[] = [
  [
    "Rain Gardens",
    "Neighbourhood gardens that hold back storm water and cool the street.",
    [6, 11, 13],
    ["Cities"],
  ],
  [
    "Open Textbooks",
    "School books that every teacher may copy, change and print.",
    [4, 10],
    ["Education"],
  ],
  [
    "Repair Café Network",
    "Evenings where people mend things together instead of throwing them away.",
    [12],
    ["Community"],
  ],
  [
    "Night School for Coders",
    "Free evening classes with child care, for people who work by day.",
    [4, 5, 8],
    ["Education"],
  ],
  [
    "Mangrove Watch",
    "Fishers count and replant mangroves along their own coast.",
    [13, 14],
    ["Nature"],
  ],
  [
    "Village Radio",
    "A station on the air in four languages that had none.",
    [9, 10, 16],
    ["Media"],
  ],
  ["Clinic on Wheels", "A bus with a doctor and a midwife for nine valleys.", [3], ["Health"]],
  [
    "Seed Library",
    "Old varieties of grain and beans, lent in spring and returned in autumn.",
    [2, 15],
    ["Nature", "Community"],
  ],
  [
    "Solar for Schools",
    "Panels on school roofs; what they earn pays for lunches.",
    [7, 4, 2],
    ["Energy"],
  ],
  [
    "Legal Aid Desk",
    "An hour of a lawyer's time for anyone who gets a letter they cannot read.",
    [16, 10],
    ["Rights"],
  ],
  ["Women's Cycling Club", "Bicycles, lessons and safe routes home.", [5, 3, 11], ["Community"]],
  [
    "Privacy Tools Lab",
    "Audits and small fixes for free software that keeps people safe.",
    [9, 16],
    ["Software"],
  ],
  [
    "Peat Restoration",
    "Ditches closed by hand so that a bog can grow again.",
    [13, 15],
    ["Nature"],
  ],
  [
    "Community Kitchen",
    "Two hundred meals a day from what shops would throw away.",
    [1, 2, 12],
    ["Community"],
  ],
  [
    "Memory Archive",
    "Letters and photographs of a harbour town, scanned and told by those who wrote them.",
    [11],
    ["Culture"],
  ],
  ["Bridge Tournament", "A small league that nobody has heard of yet.", [17], ["Culture"]],
];
