import type { Command } from "commander";
import { BaseError } from "../../errors.ts";
import { PAYOUT_OPTIONS } from "./payout_rule.ts";

/** A kind of round that an organiser knows: usual settings, what she still has to say, and what the choice means. */
type Preset = {
  readonly id: string;
  readonly title: string;
  readonly means: string;
  /** Options with the texts that they would be given; what the organiser gives herself stands. */
  readonly options: Readonly<Record<string, string>>;
  /** Options that make no sense with it. */
  readonly without: readonly string[];
  /** Of each list one option has to be given, with the reason. */
  readonly needs: readonly { readonly one: readonly string[]; readonly why: string }[];
};

const PEOPLE = ["allow-list", "gate-file", "gate"] as const;
const NO_MONEY = ["token", "min-contribution", "min-top-up"] as const;

export const PRESETS: readonly Preset[] = [
  {
    id: "experiment",
    title: "first small experiment",
    means:
      "Quadratic funding, open to everybody with the token; three days for the tally, a day's notice of a cancellation. One person with many accounts counts as many: for small pools only.",
    options: { "tally-base": "3d", "tally-most": "14d", "cancel-notice": "1d" },
    without: [],
    needs: [{ one: ["token"], why: "donors give in it" }],
  },
  {
    id: "community",
    title: "community round",
    means:
      "Quadratic funding in which no match is above a tenth of the pool; known people only; three days in which a guardian may dispute the result before anything is paid.",
    options: {
      rule: "capped",
      cap: "10%",
      "tally-base": "7d",
      "tally-most": "30d",
      "dispute-window": "3d",
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
    options: {
      rule: "tiers",
      leftovers: "remainder",
      "tally-base": "14d",
      "tally-most": "60d",
      "dispute-window": "7d",
    },
    without: [],
    needs: [
      { one: ["token"], why: "donors give in it" },
      { one: ["tiers"], why: "it names the prizes" },
      { one: PEOPLE, why: "it says who may take part" },
      { one: ["guardian"], why: "it may dispute the result" },
      { one: ["remainder-to"], why: "what is left over goes there" },
    ],
  },
  {
    id: "members-vote",
    title: "members' vote",
    means:
      "Nobody pays: every member has the same 100 credits and votes for and against, the n-th vote costing n squared in all. Nothing is paid out; the result is what the members want, and how strongly.",
    options: { "exact-credits": "100", "allow-signs": "", "tally-base": "3d", "tally-most": "14d" },
    without: [...NO_MONEY, "pool-token", "rule", "payout-rule"],
    needs: [{ one: ["allow-list", "gate-file"], why: "it says who the members are" }],
  },
  {
    id: "democracy-dollars",
    title: "democracy dollars",
    means:
      "Nobody pays: everybody has the same 100 credits, and the pool is divided by quadratic funding as if they were money.",
    options: { "exact-credits": "100", surplus: "pay", "tally-base": "7d", "tally-most": "30d" },
    without: [...NO_MONEY, "allow-signs"],
    needs: [
      { one: ["pool-token"], why: "the pool is in it" },
      { one: ["allow-list", "gate-file"], why: "it says who has the credits" },
    ],
  },
];

export class PresetNeedsError extends BaseError {
  constructor({ title }: Preset, { one, why }: Preset["needs"][number]) {
    const flags = one.map((name) => `--${name}`);
    super(`A ${title} needs ${flags.join(" or ")}: ${why}.`, {
      fix: "Give it, or leave out --preset and choose every setting. Nothing was sent.",
    });
  }
}

export class PresetForeignOptionError extends BaseError {
  constructor({ title }: Preset, name: string) {
    super(`A ${title} has no --${name}.`, {
      fix: "Leave it out, or leave out --preset and choose every setting. Nothing was sent.",
    });
  }
}

/** One line a preset, for a command's help. */
export const presetsText = (): string =>
  PRESETS.map(({ id, title, means }) => `  ${id.padEnd(18)}${title}. ${means}`).join("\n");

/**
 * Gives a command the settings of a preset wherever its user gave none of her own.
 * @returns What was set, as options.
 * @throws PresetNeedsError, PresetForeignOptionError
 */
export function applyPreset(command: Command, id: string): string[] {
  const preset = PRESETS.find((one) => one.id === id);
  if (preset === undefined) return [];
  const isGiven = (name: string): boolean => {
    const option = findOption(command, name);
    return command.getOptionValueSource(option.attributeName()) === "cli";
  };
  const foreign = preset.without.find(isGiven);
  if (foreign !== undefined) throw new PresetForeignOptionError(preset, foreign);
  const missing = preset.needs.find(({ one }) => !one.some(isGiven));
  if (missing !== undefined) throw new PresetNeedsError(preset, missing);
  return Object.entries(preset.options).flatMap(([name, text]) => {
    const option = findOption(command, name);
    // A gate file says itself how many credits each has; and a rule of her own comes with its own settings.
    const isHers =
      isGiven(name) ||
      (name === "exact-credits" && isGiven("gate-file")) ||
      (PAYOUT_OPTIONS.includes(option.attributeName()) &&
        (isGiven("rule") || isGiven("payout-rule")));
    if (isHers) return [];
    const value = text === "" ? true : (option.parseArg?.(text, undefined) ?? text);
    command.setOptionValueWithSource(option.attributeName(), value, "preset");
    return [text === "" ? `--${name}` : `--${name} ${text}`];
  });
}

function findOption(command: Command, name: string) {
  const option = command.options.find(({ long }) => long === `--${name}`);
  if (option === undefined) throw new Error(`no option --${name}`); // every preset is tried by a test
  return option;
}
