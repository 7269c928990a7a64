/** Settings that a preset gives, by the names that they have in a round's settings or as options of `tacit create-round`. */
export type PresetSettings = {
  /** Seconds. */
  readonly tallyBase?: number;
  readonly tallyMost?: number;
  readonly cancelNotice?: number;
  readonly disputeWindow?: number;
  /** A kind of payout rule, and texts of its settings. */
  readonly rule?: string;
  readonly cap?: string;
  readonly surplus?: "return" | "pay";
  /** Whether what donors leave over is shared among the projects, or goes to one address. */
  readonly leftovers?: "share" | "remainder";
  /** Credits that everybody has, no more and no fewer. */
  readonly exactCredits?: bigint;
  /** Votes against are allowed. */
  readonly allowSigns?: true;
};

/** What only the organiser knows of a round, or what a kind of round has none of. */
export type PresetQuestion =
  | "token"
  | "poolToken"
  | "minContribution"
  | "minTopUp"
  | "rule"
  | "payoutRule"
  | "tiers"
  | "allowList"
  | "gateFile"
  | "gate"
  | "guardian"
  | "remainderTo"
  | "about"
  | "allowSigns";

/** A kind of round that an organiser knows: usual settings, what she still has to say, and what the choice means. */
export type Preset = {
  readonly id: string;
  /** Both in English; the page has its own words in each language. */
  readonly title: string;
  readonly means: string;
  /** In place of each that she does not choose herself. */
  readonly settings: PresetSettings;
  /** What makes no sense with it. */
  readonly without: readonly PresetQuestion[];
  /** Of each list one has to be answered, with the reason. */
  readonly needs: readonly { readonly one: readonly PresetQuestion[]; readonly why: string }[];
};

const DAY = 86_400;
const PEOPLE = ["allowList", "gateFile", "gate"] as const;
const NO_MONEY = ["token", "minContribution", "minTopUp"] as const;
/** Gates that give everybody the same credits. */
const MEMBERS = ["allowList", "gateFile"] as const;

/** The kinds of rounds that organisers choose from, on the command line and on the page. */
export const PRESETS: readonly Preset[] = [
  {
    id: "experiment",
    title: "first small experiment",
    means:
      "Quadratic funding, open to everybody with the token; three days for the tally, a day's notice of a cancellation. One person with many accounts counts as many: for small pools only.",
    settings: { tallyBase: 3 * DAY, tallyMost: 14 * DAY, cancelNotice: DAY },
    without: [],
    needs: [{ one: ["token"], why: "donors give in it" }],
  },
  {
    id: "community",
    title: "community round",
    means:
      "Quadratic funding in which no match is above a tenth of the pool; known people only; three days in which a guardian may dispute the result before anything is paid.",
    settings: {
      rule: "capped",
      cap: "10%",
      tallyBase: 7 * DAY,
      tallyMost: 30 * DAY,
      disputeWindow: 3 * DAY,
    },
    without: [],
    needs: [
      { one: ["token"], why: "donors give in it" },
      { one: PEOPLE, why: "it says who may take part" },
      { one: ["guardian"], why: "it may dispute the result" },
    ],
  },
  {
    id: "city",
    title: "city round with prizes",
    means:
      "Prizes that were fixed before the round go to the projects with the most support; they never change, so what is left over goes to one address; seven days in which a guardian may dispute the result.",
    settings: {
      rule: "tiers",
      leftovers: "remainder",
      tallyBase: 14 * DAY,
      tallyMost: 60 * DAY,
      disputeWindow: 7 * DAY,
    },
    without: [],
    needs: [
      { one: ["token"], why: "donors give in it" },
      { one: ["tiers"], why: "it names the prizes" },
      { one: PEOPLE, why: "it says who may take part" },
      { one: ["guardian"], why: "it may dispute the result" },
      { one: ["remainderTo"], why: "what is left over goes there" },
    ],
  },
  {
    id: "members-vote",
    title: "members' vote",
    means:
      "Nobody pays: every member has the same 100 credits and votes for and against, the n-th vote costing n squared in all. Nothing is paid out; the result is what the members want, and how strongly.",
    settings: { exactCredits: 100n, allowSigns: true, tallyBase: 3 * DAY, tallyMost: 14 * DAY },
    without: [...NO_MONEY, "poolToken", "rule", "payoutRule"],
    needs: [{ one: MEMBERS, why: "it says who the members are" }],
  },
  {
    id: "number-vote",
    title: "number vote",
    means:
      "Nobody pays: every member has the same 100 credits and pushes numbers up or down, by a fixed step for each vote and never beyond fixed bounds. Nothing is paid out; the result is where each number comes to stand.",
    settings: { exactCredits: 100n, allowSigns: true, tallyBase: 3 * DAY, tallyMost: 14 * DAY },
    without: [...NO_MONEY, "poolToken", "rule", "payoutRule"],
    needs: [
      { one: MEMBERS, why: "it says who the members are" },
      {
        one: ["about"],
        why: "its questions say where each number starts, its step and its bounds",
      },
    ],
  },
  {
    id: "democracy-dollars",
    title: "democracy dollars",
    means:
      "Nobody pays: everybody has the same 100 credits, and the pool is divided by quadratic funding as if they were money.",
    settings: { exactCredits: 100n, surplus: "pay", tallyBase: 7 * DAY, tallyMost: 30 * DAY },
    without: [...NO_MONEY, "allowSigns"],
    needs: [
      { one: ["poolToken"], why: "the pool is in it" },
      { one: MEMBERS, why: "it says who has the credits" },
    ],
  },
];
