import type { TFunction } from "i18next";
import { PAYOUTS, type PayoutChoice, type TokenFacts } from "../../src/index.ts";
import { amountText, countText } from "./format.ts";

/** What a payout rule of a known kind was made with, a phrase a setting; settings without an effect are left out. */
export function describeSettings(
  t: TFunction,
  { id, args, qualifier }: PayoutChoice,
  token: TokenFacts,
): readonly string[] {
  const kind = PAYOUTS.find((one) => one.id === id);
  const told = kind?.tell(args) ?? [];
  const settings = (kind?.settings ?? []).flatMap(({ name, form, neutral }, i) => {
    const value = told[i];
    if (value === neutral) return [];
    if (form === "surplus")
      return [t(`rules.settings.surplus_${value === true ? "pay" : "return"}`)];
    const text =
      form === "percent"
        ? `${countText(Number(value) / 100)} %`
        : form === "amount"
          ? amountText(value as bigint, token, 6)
          : form === "tiers"
            ? prizesText(value as readonly bigint[], token)
            : countText(value as bigint);
    return [t(`rules.settings.${name}`, { value: text })];
  });
  return qualifier === undefined
    ? settings
    : [...settings, t("rules.settings.qualifier", { value: qualifier })];
}

/** Places and prize in turn. */
function prizesText(told: readonly bigint[], token: TokenFacts): string {
  return told
    .flatMap((size, i) =>
      i % 2 === 0 ? [`${countText(size)} × ${amountText(told[i + 1] as bigint, token, 6)}`] : [],
    )
    .join(", ");
}
