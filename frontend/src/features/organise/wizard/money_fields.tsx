import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { TokenFacts } from "../../../../../src/index.ts";
import { AmountField } from "../../../donor/amount_field.tsx";
import { TextField } from "../../../ui/field.tsx";
import { readPrizes } from "../../../prizes.ts";
import { tellPrizes } from "./sentences.ts";
import type { WizardState } from "./state.ts";

type TextProps = Omit<ComponentProps<typeof TextField>, "value"> & { readonly value: string };

/** An amount of a token, told as it was read once the token is known. */
export function Amount({
  token,
  ...field
}: TextProps & { readonly token: Pick<TokenFacts, "symbol" | "decimals"> | undefined }) {
  return token === undefined ? (
    <TextField inputMode="decimal" {...field} />
  ) : (
    <AmountField token={token} {...field} />
  );
}

/** Prizes, with what they come to; an amount that may be two is told at once. */
export function PrizesField({
  state: { draft },
  pool,
  hint,
  error,
  ...field
}: TextProps & { readonly state: WizardState; readonly pool: TokenFacts | undefined }) {
  const { t } = useTranslation();
  const reading = readPrizes(field.value, pool?.decimals ?? 18);
  const told =
    "prizes" in reading && pool !== undefined
      ? tellPrizes(t, reading.prizes, { pool, projects: draft.projects.length })
      : undefined;
  const doubt =
    "readings" in reading
      ? t("amounts.problem.ambiguous", {
          first: `${reading.readings[0]}0`,
          second: reading.readings[1],
        })
      : undefined;
  return (
    <TextField
      autoComplete="off"
      placeholder="5000, 2000, 2000"
      {...field}
      hint={told === undefined ? hint : t("wizard.rule.prizesRead", { prizes: told.join(" ") })}
      error={doubt ?? error}
    />
  );
}
