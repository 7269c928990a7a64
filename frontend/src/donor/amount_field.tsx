import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { TokenFacts } from "../../../src/index.ts";
import { amountText, readTyped, symbolText } from "../format.ts";
import { TextField } from "../ui/field.tsx";

/** A field for an amount. What may be read in more than one way is shown as it was read; what is no amount is told with the reason. */
export function AmountField({
  token,
  value,
  error,
  ...rest
}: Omit<ComponentProps<typeof TextField>, "value"> & {
  readonly token: Pick<TokenFacts, "symbol" | "decimals">;
  readonly value: string;
}) {
  const { t } = useTranslation();
  const reading = readTyped(value, token.decimals);
  const isPlain = /^\s*\d*([.]\d{1,2})?\s*$/.test(value);
  const own = () => {
    if (!("problem" in reading) || value.trim() === "") return undefined;
    const [first = "", second = ""] = reading.readings ?? [];
    if (reading.problem === "ambiguous")
      return t("amounts.problem.ambiguous", { first: `${first}0`, second });
    if (reading.problem === "decimals")
      return t("amounts.problem.decimals", { symbol: symbolText(token), most: token.decimals });
    return t("amounts.problem.amount");
  };
  const hint =
    isPlain || "problem" in reading
      ? {}
      : { hint: t("amounts.readAs", { amount: amountText(reading.units, token, token.decimals) }) };
  return (
    <TextField
      inputMode="decimal"
      autoComplete="off"
      {...rest}
      {...hint}
      value={value}
      error={own() ?? error}
    />
  );
}
