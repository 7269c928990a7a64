import { Option, type Command } from "commander";
import { BaseError } from "../../errors.ts";
import { payoutKind, PAYOUTS } from "../../payouts/index.ts";
import type { PayoutChoice, PayoutSetting } from "../../payouts/rule.ts";
import { parseAmount } from "./amounts.ts";

/** The options of `withPayoutRule`, as commander gives them. */
export type PayoutRuleValues = { readonly rule: string };

export class ForeignSettingError extends BaseError {
  constructor(kind: string, name: string) {
    super(`The payout rule ${kind} has no setting --${name}.`, {
      fix: `Leave it out, or choose with --rule one that has it: ${kindsWith(name).join(", ")}.`,
    });
  }
}

/** By name; settings of several kinds once. */
const SETTINGS: ReadonlyMap<string, PayoutSetting> = new Map(
  PAYOUTS.flatMap(({ settings }) => settings.map((setting) => [setting.name, setting] as const)),
);

const kindsWith = (name: string): string[] =>
  PAYOUTS.filter(({ settings }) => settings.some((one) => one.name === name)).map(({ id }) => id);

/** Names of all that a payout rule can be told by, as commander knows them. */
export const PAYOUT_OPTIONS: readonly string[] = ["rule", ...SETTINGS.keys()].map(toAttribute);

/** Adds --rule and the settings of every kind of payout rule. */
export function withPayoutRule(command: Command): Command {
  command.addOption(
    new Option("--rule <kind>", "payout rule: how the matching pool is divided")
      .choices(PAYOUTS.map(({ id }) => id))
      .default("quadratic"),
  );
  for (const { name, form, help } of SETTINGS.values())
    command.addOption(
      new Option(`--${name} <${form}>`, `with --rule ${kindsWith(name).join(" or ")}: ${help}`),
    );
  return command;
}

/**
 * The payout rule that the options name; amounts are in tokens with this many decimals.
 * @param initial Texts for settings that are not given, in place of the kind's own.
 * @throws ForeignSettingError, PayoutSettingError, AmountFormatError
 */
export function chosenPayoutRule(
  values: PayoutRuleValues,
  decimals: number,
  initial: Readonly<Record<string, string>> = {},
): PayoutChoice {
  const kind = payoutKind(values.rule);
  const given = values as unknown as Readonly<Record<string, string | undefined>>;
  const foreign = [...SETTINGS.keys()].find(
    (name) =>
      given[toAttribute(name)] !== undefined && !kind.settings.some((one) => one.name === name),
  );
  if (foreign !== undefined) throw new ForeignSettingError(kind.id, foreign);
  const texts = Object.fromEntries(
    kind.settings.map(({ name, initial: own }) => [
      name,
      given[toAttribute(name)] ?? initial[name] ?? own,
    ]),
  );
  return { id: kind.id, args: kind.argsFrom(texts, (text) => parseAmount(text, decimals)) };
}

/** min-supporters as minSupporters. */
function toAttribute(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
