import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { zeroAddress } from "viem";
import type { TokenFacts } from "../../../../src/index.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { columnText } from "../../format.ts";
import type { Results } from "./read_results.ts";

/** Where all the money went: two sums that add up as they are shown. Lines without money are left out. */
export function RoundAccounts({
  facts: { settings, token, poolToken },
  results: { accounts, shown },
}: {
  facts: RoundFacts;
  results: Results;
}) {
  const { t } = useTranslation();
  const { contributions, pool } = shown;
  const of = accounts.contributions;
  const left = of.ineligible + of.unspent;
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
      {settings.token !== zeroAddress && (
        <Sum
          title={t("accounts.gifts")}
          token={token}
          places={shown.places.token}
          lines={[
            [t("accounts.projects"), of.projects, contributions.projects],
            [t("accounts.unspent"), of.unspent, contributions.unspent],
            [t("accounts.ineligible"), of.ineligible, contributions.ineligible],
          ]}
          whole={contributions.all}
          note={
            left === 0n
              ? undefined
              : accounts.shared === left
                ? t("accounts.shared")
                : accounts.shared === 0n
                  ? t("accounts.toRemainder", { account: settings.remainderTo })
                  : t("accounts.partly", {
                      amount: columnText(shown.shared, token, shown.places.token),
                      account: settings.remainderTo,
                    })
          }
        />
      )}
      {settings.poolToken !== zeroAddress && (
        <Sum
          title={t("accounts.pool")}
          token={poolToken}
          places={shown.places.poolToken}
          lines={[
            [t("accounts.matches"), accounts.pool.projects, pool.projects],
            [t("accounts.fee"), accounts.pool.fee, pool.fee],
            [t("accounts.sponsors"), accounts.pool.sponsors, pool.sponsors],
            [t("accounts.rest"), accounts.pool.rest, pool.rest],
          ]}
          whole={pool.all}
          note={
            accounts.pool.rest === 0n
              ? undefined
              : t("accounts.restTo", { account: settings.remainderTo })
          }
        />
      )}
    </div>
  );
}

function Sum({
  title,
  token,
  places,
  lines,
  whole,
  note,
}: {
  title: string;
  token: TokenFacts;
  places: number;
  lines: readonly (readonly [label: string, exact: bigint, shown: bigint])[];
  whole: bigint;
  note: string | undefined;
}) {
  const { t } = useTranslation();
  const smallest = 10n ** BigInt(Math.max(0, token.decimals - places));
  return (
    <section>
      <h3 className="mb-2 text-[1.2rem]">{title}</h3>
      <dl className="divide-y divide-line border-y border-line">
        {lines.map(
          ([label, exact, shown]) =>
            exact !== 0n && (
              <Line key={label} label={label}>
                {shown === 0n
                  ? t("accounts.less", { amount: columnText(smallest, token, places) })
                  : columnText(shown, token, places)}
              </Line>
            ),
        )}
        <Line label={<span className="font-medium text-ink">{t("accounts.all")}</span>}>
          {columnText(whole, token, places)}
        </Line>
      </dl>
      {note !== undefined && <p className="mt-2 text-[0.87rem] text-soft wrap-anywhere">{note}</p>}
    </section>
  );
}

function Line({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 py-2">
      <dt className="min-w-0 text-[0.95rem] text-soft">{label}</dt>
      <dd className="figure shrink-0 text-[1.05rem]">{children}</dd>
    </div>
  );
}
