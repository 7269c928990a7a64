import {
  Bar,
  BarChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  type YAxisTickContentProps,
} from "recharts";
import { useTranslation } from "react-i18next";
import { formatUnits } from "viem";
import type { TokenFacts } from "../../../../src/index.ts";
import { amountText, countText } from "../../format.ts";
import type { ResultRow } from "./use_results.ts";

/** More lines with names than this would fill screens; then every project is a column, and the table under the chart has the names. */
const NAMED_BARS = 40;
const BAR_HEIGHT = 34;
const NAME_WIDTH = 148;
/** Halves of a letter that fit there. */
const NAME_LETTERS = 42;

type Tokens = { readonly token: TokenFacts; readonly poolToken: TokenFacts };

/** A name as far as there is room; a Chinese or Japanese letter takes that of two others. */
function shorten(name: string): string {
  let room = NAME_LETTERS;
  const kept = [...name].findIndex((letter) => (room -= letter > "\u2e80" ? 4 : 2) < 0);
  return kept === -1 ? name : `${[...name].slice(0, kept - 1).join("")}…`;
}

/**
 * The long tail: every project a bar, what was given first, what was matched after it. Two tokens cannot be added up: then each has bars
 * and an axis of its own. The table under it says the same in words.
 */
export function ResultsChart({ rows, token, poolToken }: { rows: readonly ResultRow[] } & Tokens) {
  const { t } = useTranslation();
  const isApart = token.address !== poolToken.address;
  const [stack, matchedAxis] = isApart
    ? ([{}, "matched"] as const)
    : ([{ stackId: "total" }, "given"] as const);
  const isNamed = rows.length <= NAMED_BARS;
  const plain = {
    tickLine: false,
    axisLine: false,
    tick: { fill: "var(--soft)", fontSize: 13 },
  };
  const amounts = { ...plain, tickFormatter: (value: number) => countText(value) };
  const nameOf = (project: number) =>
    rows.find((row) => row.project === project)?.name || t("projects.unnamed", { index: project });
  // Lines have their amounts along the bottom, columns along the side.
  const place = (id: string) => (isNamed ? { xAxisId: id } : { yAxisId: id });
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
      {!isNamed && <p className="mb-3 text-[0.9rem] text-soft">{t("results.chartNames")}</p>}
      <div aria-hidden>
        <ResponsiveContainer
          width="100%"
          height={isNamed ? data.length * BAR_HEIGHT + 44 : 288}
          initialDimension={{ width: 320, height: 288 }}
        >
          <BarChart
            data={data}
            layout={isNamed ? "vertical" : "horizontal"}
            barCategoryGap={data.length > 40 ? 1 : "18%"}
            margin={{ top: 4, right: isNamed ? 20 : 0, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            {isNamed ? (
              <>
                <YAxis
                  type="category"
                  dataKey="row.project"
                  width={NAME_WIDTH}
                  interval={0}
                  {...plain}
                  tick={({ x, y, payload }: YAxisTickContentProps) => (
                    <text x={x} y={y} dy="0.35em" textAnchor="end" fontSize={13} fill="var(--soft)">
                      {shorten(nameOf(Number(payload.value)))}
                    </text>
                  )}
                />
                <XAxis xAxisId="given" type="number" {...amounts} />
                {isApart && (
                  <XAxis xAxisId="matched" type="number" orientation="top" {...amounts} />
                )}
              </>
            ) : (
              <>
                <XAxis dataKey="row.project" hide />
                <YAxis yAxisId="given" width={52} {...amounts} />
                {isApart && <YAxis yAxisId="matched" width={52} orientation="right" {...amounts} />}
              </>
            )}
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
              {...place("given")}
              {...stack}
              fill="var(--edge)"
              maxBarSize={64}
              isAnimationActive={false}
            />
            <Bar
              dataKey="matched"
              {...place(matchedAxis)}
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
