import { useTranslation } from "react-i18next";
import { columnText, shareText } from "../../format.ts";
import { descending, type Outcome } from "./outcome.ts";
import type { ResultRow } from "./read_results.ts";

/** Projects with a ribbon of their own; the others share one. */
const OWN = 8;
const ROW = 48;
/** How thick a ribbon may be in its row, in pixels. */
const THICKEST = 40;

type End = {
  readonly id: string;
  readonly label: string;
  readonly amount: bigint;
  readonly shown: bigint;
  readonly toProject: boolean;
};

const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n);

/** Where the pool goes, each way as thick as its part: to projects, back to sponsors, and to others. The table beside it says the same. */
export function Flow({
  outcome,
  nameRow,
}: {
  outcome: Outcome;
  nameRow: (row: ResultRow) => string;
}) {
  const { t } = useTranslation();
  const { eligible, poolToken, results } = outcome;
  const { accounts, shown } = results;
  const matched = eligible
    .filter((row) => row.matched > 0n)
    .toSorted((a, b) => descending(a.matched, b.matched));
  const own = matched.length > OWN + 1 ? matched.slice(0, OWN) : matched;
  const others = matched.slice(own.length);
  const ends: readonly End[] = [
    ...own.map((row) => ({
      id: String(row.project),
      label: nameRow(row),
      amount: row.matched,
      shown: row.shown.matched,
      toProject: true,
    })),
    {
      id: "others",
      label: t("flow.others", { count: others.length }),
      amount: sum(others.map((row) => row.matched)),
      shown: sum(others.map((row) => row.shown.matched)),
      toProject: true,
    },
    ...(["sponsors", "fee", "rest"] as const).map((id) => ({
      id,
      label: t(`accounts.${id}`),
      amount: accounts.pool[id],
      shown: shown.pool[id],
      toProject: false,
    })),
  ].filter(({ amount }) => amount > 0n);
  if (!outcome.hasPool) return null;
  const pool = accounts.pool.all;
  const tell = (amount: bigint) => columnText(amount, poolToken, shown.places.poolToken);
  const smallest = 10n ** BigInt(Math.max(0, poolToken.decimals - shown.places.poolToken));
  return (
    <figure
      aria-label={t("flow.title")}
      className="rounded-card border border-line bg-raise p-4 sm:p-6"
    >
      <p className="mb-4 text-[0.95rem]">
        {t("flow.from")} <span className="figure">{tell(shown.pool.all)}</span>
      </p>
      <div className="grid grid-cols-[3rem_minmax(0,1fr)] gap-3 sm:grid-cols-2">
        <Ribbons ends={ends} pool={pool} />
        <table className="w-full border-collapse text-[0.93rem]">
          <caption className="sr-only">{t("flow.title")}</caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">{t("flow.to")}</th>
              <th scope="col">{t("flow.amount")}</th>
            </tr>
          </thead>
          <tbody>
            {ends.map(({ id, label, amount, shown }) => (
              // As high as the ribbon beside it has room, whatever stands in it.
              <tr key={id}>
                <th scope="row" className="p-0 pr-3 text-left font-normal">
                  <span className="flex h-12 items-center">
                    <span className="line-clamp-2 leading-tight wrap-anywhere">{label}</span>
                  </span>
                </th>
                <td className="w-px p-0 text-right whitespace-nowrap">
                  <span className="flex h-12 flex-col justify-center leading-tight">
                    <span className="figure">
                      {shown === 0n ? t("accounts.less", { amount: tell(smallest) }) : tell(shown)}
                    </span>
                    <span className="text-[0.8rem] text-soft">{shareText(amount, pool)}</span>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** Ribbons from one bar to the rows beside it, all of one scale: as thick as the part of the pool that they carry. */
function Ribbons({ ends, pool }: { ends: readonly End[]; pool: bigint }) {
  const height = ends.length * ROW;
  const shares = ends.map(({ amount }) => Number((amount * 1_000_000n) / pool) / 1_000_000);
  const whole = Math.min(height, THICKEST / Math.max(...shares));
  const sizes = shares.map((share) => Math.max(0.75, share * whole));
  let from = (height - whole) / 2;
  return (
    <svg
      aria-hidden
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      className="w-full print:[print-color-adjust:exact]"
      height={height}
    >
      {ends.map(({ id, toProject }, i) => {
        const size = sizes[i] as number;
        const [top, end] = [from, i * ROW + (ROW - size) / 2];
        from += (shares[i] as number) * whole;
        return (
          <path
            key={id}
            d={`M4 ${top}C55 ${top} 45 ${end} 100 ${end}V${end + size}C45 ${end + size} 55 ${top + size} 4 ${top + size}Z`}
            fill={toProject ? "var(--accent)" : "var(--edge)"}
            opacity={toProject ? 0.75 : 0.55}
          />
        );
      })}
      <rect x="0" y={(height - whole) / 2} width="4" height={whole} fill="var(--ink)" />
    </svg>
  );
}
