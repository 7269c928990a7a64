import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useTranslation } from "react-i18next";
import { formatUnits } from "viem";
import type { TokenFacts } from "../../../../src/index.ts";
import { amountText, countText } from "../../format.ts";
import type { ResultRow } from "./use_results.ts";

/** Names under more bars than this would not be read; the table under the chart has them all. */
const NAMED_BARS = 8;

type Tokens = { readonly token: TokenFacts; readonly poolToken: TokenFacts };

/**
 * The long tail: every project a bar, what was given below, what was matched above. Two tokens cannot stand on each other: then each has
 * bars and an axis of its own. The table under it says the same in words.
 */
export function ResultsChart({ rows, token, poolToken }: { rows: readonly ResultRow[] } & Tokens) {
  const { t } = useTranslation();
  const isApart = token.address !== poolToken.address;
  const [stack, matchedAxis] = isApart
    ? ([{}, "matched"] as const)
    : ([{ stackId: "total" }, "given"] as const);
  const axis = {
    width: 52,
    tickLine: false,
    axisLine: false,
    tick: { fill: "var(--soft)", fontSize: 13 },
    tickFormatter: (value: number) => countText(value),
  };
  const nameRow = (row: ResultRow | undefined) =>
    row?.name || t("projects.unnamed", { index: row?.project });
  const data = rows.map((row) => ({
    row,
    given: Number(formatUnits(row.contributed, token.decimals)),
    matched: Number(formatUnits(row.matched, poolToken.decimals)),
  }));
  return (
    <figure
      aria-label={t("results.chart")}
      className="rounded-card border border-line bg-raise p-4 sm:p-6"
    >
      <figcaption className="mb-4 flex flex-wrap gap-x-6 gap-y-1 text-[0.9rem]">
        <span className="flex items-center gap-2">
          <span aria-hidden className="size-3.5 rounded-sm bg-edge" />
          {t("results.given")}
          {isApart && ` (${token.symbol})`}
        </span>
        <span className="flex items-center gap-2">
          <span aria-hidden className="size-3.5 rounded-sm bg-accent" />
          {t("results.matched")}
          {isApart && ` (${poolToken.symbol})`}
        </span>
      </figcaption>
      <div aria-hidden className="h-72">
        <ResponsiveContainer
          width="100%"
          height="100%"
          initialDimension={{ width: 320, height: 288 }}
        >
          <BarChart
            data={data}
            barCategoryGap={data.length > 40 ? 1 : "18%"}
            margin={{ top: 4, right: 0, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <XAxis
              dataKey="row.project"
              hide={data.length > NAMED_BARS}
              tickLine={false}
              axisLine={false}
              tick={{ fill: "var(--soft)", fontSize: 13 }}
              tickFormatter={(project: number) =>
                nameRow(rows.find((row) => row.project === project))
              }
            />
            <YAxis yAxisId="given" {...axis} />
            {isApart && <YAxis yAxisId="matched" orientation="right" {...axis} />}
            <Tooltip
              cursor={{ fill: "var(--wash)" }}
              content={({ payload }) => (
                <Told
                  row={(payload?.[0]?.payload as { row: ResultRow } | undefined)?.row}
                  token={token}
                  poolToken={poolToken}
                />
              )}
              isAnimationActive={false}
            />
            <Bar
              dataKey="given"
              yAxisId="given"
              {...stack}
              fill="var(--edge)"
              maxBarSize={64}
              isAnimationActive={false}
            />
            <Bar
              dataKey="matched"
              yAxisId={matchedAxis}
              {...stack}
              fill="var(--accent)"
              maxBarSize={64}
              isAnimationActive={false}
            />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

function Told({ row, token, poolToken }: { row: ResultRow | undefined } & Tokens) {
  const { t } = useTranslation();
  if (row === undefined) return null;
  return (
    <div className="rounded-lg border border-line bg-raise px-4 py-3 text-[0.87rem] shadow-lg">
      <p className="font-display text-[1.05rem]">
        {row.name || t("projects.unnamed", { index: row.project })}
      </p>
      <p>
        {t("results.given")}: {amountText(row.contributed, token)}
      </p>
      <p>
        {t("results.matched")}: {amountText(row.matched, poolToken)}
      </p>
    </div>
  );
}
