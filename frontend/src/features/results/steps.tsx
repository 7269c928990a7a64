import { useTranslation } from "react-i18next";
import { zeroAddress } from "viem";
import type { Parts, TokenFacts } from "../../../../src/index.ts";
import { quadraticWeight } from "../../../../src/index.ts";
import { amountText, countText, sumText } from "../../format.ts";
import { wonOf } from "../../prizes.ts";
import { describeSettings } from "../../rules.ts";
import { matchByWeight } from "./match_by_weight.ts";
import type { Results, ResultRow } from "./read_results.ts";

/** How one match came about, with this round's numbers (MONEY-3). */
export function Steps({
  row,
  results,
  rule,
  unit,
  token,
  poolToken,
}: {
  row: ResultRow;
  results: Results;
  rule: Parts["payoutRule"];
  unit: bigint;
  token: TokenFacts;
  poolToken: TokenFacts;
}) {
  const { t } = useTranslation();
  const { totalWeight, available, rows } = results;
  const isQuadratic = rule.kind === "known" && rule.id === "quadratic";
  const isPaid = token.address !== zeroAddress;
  const weight = quadraticWeight(row);
  const won = rule.kind === "known" ? wonOf(rule, row, rows) : undefined;
  const byWeight = isQuadratic ? matchByWeight(row, results, unit) : undefined;
  return (
    <details className="mt-1.5 text-[0.93rem]">
      <summary className="min-h-11 cursor-pointer py-2.5 text-accent underline-offset-4 hover:underline">
        {t("steps.show")}
      </summary>
      <ol className="measure list-decimal space-y-1.5 pl-6 text-soft">
        <li>
          {t("steps.votes", { votes: countText(row.votes), credits: countText(row.credits) })}
        </li>
        {isPaid && (
          <li>
            {t("steps.given", {
              credits: countText(row.credits),
              unit: amountText(unit, token, 6),
              amount: amountText(row.contributed, token, 6),
            })}
          </li>
        )}
        {byWeight !== undefined ? (
          <>
            <li>
              {t("steps.weight", {
                votes: countText(row.votes),
                credits: countText(row.credits),
                weight: countText(weight),
              })}
            </li>
            {byWeight.how === "none" ? (
              <li>{t("steps.none")}</li>
            ) : (
              <>
                <li>
                  {byWeight.how === "inFull"
                    ? t("steps.inFull", {
                        weight: countText(weight),
                        unit: amountText(unit, poolToken, 6),
                        match: amountText(byWeight.match, poolToken, 6),
                      })
                    : t("steps.share", {
                        weight: countText(weight),
                        all: countText(totalWeight),
                        pool: amountText(available, poolToken, 6),
                        match: amountText(byWeight.match, poolToken, 6),
                      })}
                </li>
                {byWeight.left > 0n && (
                  <li>{t("steps.left", { amount: amountText(byWeight.left, poolToken, 6) })}</li>
                )}
              </>
            )}
          </>
        ) : (
          <>
            {rule.kind === "known" && (
              <li>
                {t(`rules.${rule.id}.help`)} {describeSettings(t, rule, poolToken).join(" · ")}
              </li>
            )}
            {won !== undefined && (
              <li>
                {t("steps.weight", {
                  votes: countText(row.votes),
                  credits: countText(row.credits),
                  weight: countText(weight),
                })}{" "}
                {t(`steps.prize.${won.why}`, {
                  place: countText(won.place),
                  places: countText(won.places),
                  prize: amountText(won.prize, poolToken, 6),
                })}
              </li>
            )}
            <li>
              {won === undefined && weight === 0n && row.matched === 0n && t("steps.noWeight")}{" "}
              {t("steps.otherRule", { match: amountText(row.matched, poolToken, 6) })}
            </li>
          </>
        )}
        {row.shared > 0n && (
          <li>{t("steps.shared", { amount: amountText(row.shared, token, 6) })}</li>
        )}
        {isPaid && (
          <li>
            {t("steps.total", {
              total: sumText(row.contributed + row.shared, token, row.matched, poolToken, 6),
            })}
          </li>
        )}
      </ol>
    </details>
  );
}
