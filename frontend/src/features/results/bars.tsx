import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { giftsOf, isApart, moneyText, type Outcome } from "./outcome.ts";
import type { ResultRow } from "./read_results.ts";

/** More lines than this come when they are asked for. */
const SHOWN = 40;

/** Every project a line with its name: what was given first, what is matched after it. Two tokens cannot be added up: then each is a bar of its own. */
export function Bars({
  outcome,
  nameRow,
  shown: first = SHOWN,
}: {
  outcome: Outcome;
  nameRow: (row: ResultRow) => string;
  shown?: number;
}) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const { rows, token, poolToken } = outcome;
  const apart = isApart(outcome);
  const most = (of: (row: ResultRow) => bigint) =>
    rows.reduce((longest, row) => (of(row) > longest ? of(row) : longest), 0n);
  const longest = {
    gifts: most(giftsOf),
    match: most(({ matched }) => matched),
    both: most((row) => giftsOf(row) + row.matched),
  };
  if (longest.both === 0n) return null;
  const widthOf = (amount: bigint, whole: bigint) =>
    `${whole === 0n ? 0 : Number((amount * 10_000n) / whole) / 100}%`;
  const shown = all ? rows : rows.slice(0, first);
  return (
    <figure
      aria-label={t("results.chart")}
      className="rounded-card border border-line bg-raise p-4 sm:p-6"
    >
      <figcaption className="mb-4 flex flex-wrap gap-x-6 gap-y-1 text-[0.9rem]">
        {outcome.hasGifts && (
          <Key className="bg-edge">
            {t("results.given")}
            {apart && ` (${token.symbol})`}
          </Key>
        )}
        <Key className="bg-accent">
          {t("results.matched")}
          {apart && ` (${poolToken.symbol})`}
        </Key>
      </figcaption>
      <ol className="space-y-3">
        {shown.map((row) => {
          const given = widthOf(giftsOf(row), apart ? longest.gifts : longest.both);
          const matched = widthOf(row.matched, apart ? longest.match : longest.both);
          return (
            <li key={row.project} className="break-inside-avoid">
              <div className="flex items-baseline justify-between gap-4 text-[0.93rem]">
                <span className="min-w-0 wrap-anywhere">{nameRow(row)}</span>
                <span className="figure shrink-0">{moneyText(outcome, row)}</span>
              </div>
              <div aria-hidden className={`mt-1 flex h-2.5 ${apart ? "flex-col gap-px" : ""}`}>
                <Bar width={given} className="bg-edge" />
                <Bar width={matched} className="bg-accent" />
              </div>
            </li>
          );
        })}
      </ol>
      {shown.length < rows.length && (
        <Button look="quiet" className="mt-3 print:hidden" onClick={() => setAll(true)}>
          {t("results.showAll", { number: rows.length })}
        </Button>
      )}
    </figure>
  );
}

function Bar({ width, className }: { width: string; className: string }) {
  return (
    <span
      className={`min-h-1 flex-none first:rounded-l-sm last:rounded-r-sm print:[print-color-adjust:exact] ${className}`}
      style={{ width }}
    />
  );
}

function Key({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <span className="flex items-center gap-2">
      <span
        aria-hidden
        className={`size-3.5 rounded-sm print:[print-color-adjust:exact] ${className}`}
      />
      {children}
    </span>
  );
}
