import { useTranslation } from "react-i18next";
import {
  oneDollarOneVote,
  onePersonOneVote,
  PAYOUTS,
  roundTogether,
  type PayoutChoice,
  type TokenFacts,
} from "../../../../src/index.ts";
import { decimalText } from "../../format.ts";
import { describeSettings } from "../../rules.ts";
import type { ResultRow } from "./read_results.ts";

/**
 * What other rules would have made of the same matching money. How many people supported a project is secret; T²/S, rounded up, is
 * the least number that can have, and it is exact where all gave it the same. Every amount is of the pool, so of its token.
 */
export function Compare({
  rows,
  token,
  places,
  unit,
  available,
  own,
}: {
  rows: readonly ResultRow[];
  token: TokenFacts;
  /** Decimals that amounts are shown with. */
  places: number;
  unit: bigint;
  available: bigint;
  /** The round's own payout rule, where it is known. */
  own: PayoutChoice | undefined;
}) {
  const { t } = useTranslation();
  const eligible = rows.filter((row) => row.eligible);
  const pool = eligible.reduce((sum, row) => sum + row.matched, 0n);
  const least = eligible.map(({ votes, credits }) =>
    Number((votes * votes + credits - 1n) / credits),
  );
  const rounded = (amounts: readonly bigint[]) => roundTogether(amounts, token.decimals, places);
  const byPerson = rounded(onePersonOneVote(least, pool));
  const byMoney = rounded(
    oneDollarOneVote(
      eligible.map(({ contributed }) => contributed),
      pool,
    ),
  );
  // Of a rule with a condition also what the same rule would have made without it.
  const others = PAYOUTS.filter(({ id }) => id !== own?.id || own.qualifier !== undefined).map(
    (kind) => {
      const isOwn = kind.id === own?.id;
      const choice = { id: kind.id, args: isOwn ? own.args : kind.usual(available) };
      const rule = kind.rule(choice.args);
      const round = { unit, available, projects: eligible };
      const name = t(`rules.${kind.id}.name`);
      return {
        choice,
        name: isOwn ? t("compare.unconditional", { name }) : name,
        matches: rounded(eligible.map((_, place) => rule.matchOf(round, place))),
      };
    },
  );
  const amount = (value: bigint) => decimalText(value, token.decimals, places, places);
  const head =
    "min-w-20 py-2 align-bottom text-[0.78rem] leading-snug font-medium sm:text-[0.85rem]";
  const cell = "figure py-3 pl-2 text-right text-[0.95rem] whitespace-nowrap sm:px-3 sm:text-base";
  // Many columns are pushed aside on a phone; the names stay.
  const names = "sticky left-0 z-10 bg-paper pr-3 text-left";
  return (
    <>
      <p className="measure mb-4 text-soft">{t("compare.explain")}</p>
      <dl className="measure mb-6 space-y-2 text-[0.93rem] text-soft">
        {others.map(({ choice, name }) => (
          <div key={choice.id}>
            <dt className="inline font-medium">{name}: </dt>
            <dd className="inline">
              {t(`rules.${choice.id}.help`)} {describeSettings(t, choice, token).join(" · ")}
            </dd>
          </div>
        ))}
      </dl>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t("compare.title")}>
        <table className="w-full min-w-[20rem] border-collapse">
          <caption className="pb-2 text-left text-[0.85rem] text-soft">
            {t("compare.amounts", { symbol: token.symbol })}
          </caption>
          <thead>
            <tr className="border-b border-line">
              <th scope="col" className={`${head} ${names} text-soft`}>
                {t("compare.project")}
              </th>
              <th scope="col" className={`${head} pl-2 text-right sm:px-3 text-accent`}>
                {t("compare.quadratic")}
              </th>
              {others.map(({ choice: { id }, name }) => (
                <th key={id} scope="col" className={`${head} pl-2 text-right sm:px-3 text-soft`}>
                  {name}
                </th>
              ))}
              <th scope="col" className={`${head} pl-2 text-right sm:px-3 text-soft`}>
                {t("compare.person")}
              </th>
              <th scope="col" className={`${head} pl-2 text-right sm:px-3 text-soft`}>
                {t("compare.money")}
              </th>
            </tr>
          </thead>
          <tbody>
            {eligible.map((row, i) => (
              <tr key={row.project} className="border-b border-line">
                <th
                  scope="row"
                  className={`${names} min-w-32 max-w-40 py-3 font-display text-[1.05rem] leading-snug font-normal wrap-anywhere sm:max-w-72`}
                >
                  {row.name || t("projects.unnamed", { index: row.project })}
                </th>
                <td className={`${cell} text-accent`}>{amount(row.shown.matched)}</td>
                {others.map(({ choice: { id }, matches }) => (
                  <td key={id} className={cell}>
                    {amount(matches[i] ?? 0n)}
                  </td>
                ))}
                <td className={cell}>{amount(byPerson[i] ?? 0n)}</td>
                <td className={cell}>{amount(byMoney[i] ?? 0n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
