import type { Command, Option } from "commander";
import { BaseError } from "../../errors.ts";
import { PRESETS, type Preset, type PresetQuestion } from "../../presets.ts";
import { PAYOUT_OPTIONS } from "./payout_rule.ts";

export class PresetNeedsError extends BaseError {
  constructor({ title }: Preset, { one, why }: Preset["needs"][number]) {
    super(`A ${title} needs ${one.map(toFlag).join(" or ")}: ${why}.`, {
      fix: "Give it, or leave out --preset and choose every setting. Nothing was sent.",
    });
  }
}

export class PresetForeignOptionError extends BaseError {
  constructor({ title }: Preset, name: PresetQuestion) {
    super(`A ${title} has no ${toFlag(name)}.`, {
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
  const isGiven = (name: string): boolean =>
    command.getOptionValueSource(findOption(command, name).attributeName()) === "cli";
  const foreign = preset.without.find(isGiven);
  if (foreign !== undefined) throw new PresetForeignOptionError(preset, foreign);
  const missing = preset.needs.find(({ one }) => !one.some(isGiven));
  if (missing !== undefined) throw new PresetNeedsError(preset, missing);
  return Object.entries(preset.settings).flatMap(([name, value]) => {
    // A gate file says itself how many credits each has; and a rule of her own comes with its own settings.
    const isHers =
      isGiven(name) ||
      (name === "exactCredits" && isGiven("gateFile")) ||
      (PAYOUT_OPTIONS.includes(name) && (isGiven("rule") || isGiven("payoutRule")));
    if (isHers) return [];
    command.setOptionValueWithSource(name, value, "preset");
    return [`${toFlag(name)}${showValue(value)}`];
  });
}

/** minTopUp as --min-top-up. */
function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** As it would be typed: numbers are seconds, and all of whole days. */
function showValue(value: string | number | bigint | true): string {
  if (value === true) return "";
  return typeof value === "number" ? ` ${value / 86_400}d` : ` ${value}`;
}

function findOption(command: Command, name: string): Option {
  const option = command.options.find((one) => one.attributeName() === name);
  if (option === undefined) throw new Error(`no option ${toFlag(name)}`); // every preset is tried by a test
  return option;
}
