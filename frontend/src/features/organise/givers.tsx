import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import type { RoundEvent } from "../../../../src/index.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { amountText, countText, shortAddress } from "../../format.ts";
import { listGifts } from "./export.tsx";

/** Gifts shown; all of them are in the file. */
const SHOWN = 50;

/** Who has given how much, the last first: what everybody can see, and nothing of what for. */
export function Givers({
  facts: { settings, token },
  events,
}: {
  facts: RoundFacts;
  events: readonly RoundEvent[];
}) {
  const { t } = useTranslation();
  const gifts = listGifts(events).toReversed();
  if (gifts.length === 0) return null;
  return (
    <details className="mt-4">
      <summary className="min-h-11 cursor-pointer py-2 text-accent underline underline-offset-4">
        {t("manage.givers", { number: countText(gifts.length) })}
      </summary>
      <p className="mb-2 text-[0.9rem] text-soft">{t("manage.giversHelp")}</p>
      <ul className="divide-y divide-line border-y border-line">
        {gifts.slice(0, SHOWN).map(({ tag, account, credits }) => (
          <li key={String(tag)} className="flex justify-between gap-4 py-2">
            <span>{shortAddress(account as Address)}</span>
            <span className="figure">{amountText(credits * settings.unit, token, 6)}</span>
          </li>
        ))}
      </ul>
      {gifts.length > SHOWN && (
        <p className="mt-2 text-[0.9rem] text-soft">
          {t("manage.giversMore", { count: countText(gifts.length - SHOWN) })}
        </p>
      )}
    </details>
  );
}
