import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { RoundHistory } from "../../../../src/index.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useSiteChain } from "../../config/site.ts";
import { countText, durationText, timeText } from "../../format.ts";
import { Progress } from "../../ui/bits.tsx";

/** What a coordinator's API tells of itself and of a round; all of it is its own word. */
type Told = {
  readonly isWell: boolean;
  readonly state: string | undefined;
  readonly block: number | undefined;
  readonly tally:
    | { readonly done: number; readonly total: number; readonly secondsLeft: number | undefined }
    | undefined;
};

const ANSWER_MS = 10_000;

async function ask(api: string, round: string): Promise<Told> {
  const at = new URL(`${api.replace(/\/$/, "")}/`, location.href);
  const get = (path: string) =>
    fetch(new URL(path, at), { credentials: "omit", signal: AbortSignal.timeout(ANSWER_MS) });
  const [health, status] = await Promise.all([get("health"), get(`rounds/${round}`)]);
  const told = status.ok ? ((await status.json()) as Record<string, unknown>) : {};
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  const tally = told["tally"] as Record<string, unknown> | undefined;
  const [done, total] = [number(tally?.["done"]), number(tally?.["total"])];
  return {
    isWell: health.ok,
    state: typeof told["state"] === "string" ? told["state"] : undefined,
    block: number(told["block"]),
    tally:
      done === undefined || total === undefined || total === 0
        ? undefined
        : { done, total, secondsLeft: number(tally?.["secondsLeft"]) },
  };
}

/** States that the page has words for. */
const STATES: ReadonlySet<string> = new Set([
  "following",
  "tallying",
  "finalized",
  "ended",
  "waiting",
]);

/** Whether coordinator and relay are at work, as far as anybody can tell, and how far a count has come. */
export function Health({
  view: { facts, progress, stage, now },
  history,
}: {
  view: RoundView;
  history: RoundHistory | undefined;
}) {
  const { t } = useTranslation();
  const api = useSiteChain(facts.chainId)?.relay;
  const told = useQuery({
    queryKey: ["coordinator", api, facts.address],
    enabled: api !== undefined,
    refetchInterval: 15_000,
    retry: false,
    queryFn: () => ask(api as string, facts.address),
  });
  const { tally } = progress;
  const committed = history?.tally !== undefined;
  const replayed =
    committed && progress.items > 0 ? (progress.items - tally.replayItems) / progress.items : 0;
  const messages = history?.links.filter(({ kind }) => kind === "message").length ?? 0;
  const rows: readonly (readonly [string, string])[] = [
    [
      t("manage.health.relay"),
      api === undefined
        ? t("manage.health.noRelay")
        : told.isPending
          ? t("manage.health.asking")
          : told.data?.isWell === true
            ? t("manage.health.relayWell")
            : t("manage.health.relayIll"),
    ],
    [
      t("manage.coordinator"),
      told.data?.state === undefined
        ? t("manage.health.unknown")
        : STATES.has(told.data.state)
          ? t(`manage.health.state.${told.data.state}`, { block: countText(told.data.block ?? 0) })
          : told.data.state,
    ],
    [
      t("manage.health.cover"),
      progress.contributions === 0
        ? t("manage.health.coverNone", { messages: countText(messages) })
        : t("manage.health.coverIs", {
            count: progress.contributions,
            messages: countText(messages),
            gifts: countText(progress.contributions),
          }),
    ],
  ];
  return (
    <>
      <dl className="divide-y divide-line border-y border-line">
        {rows.map(([name, value]) => (
          <div key={name} className="grid gap-1 py-2.5 sm:grid-cols-[14rem_1fr]">
            <dt className="text-soft">{name}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      {stage === "counting" && (
        <div className="mt-5 space-y-3">
          <Progress
            value={committed ? 0.1 + replayed * 0.85 : 0}
            label={t("manage.health.count")}
          />
          <p role="status">
            {committed
              ? t("manage.health.counting", { percent: countText(Math.round(replayed * 100)) })
              : t("manage.health.waiting")}{" "}
            {told.data?.tally?.secondsLeft !== undefined &&
              t("manage.health.left", { time: durationText(told.data.tally.secondsLeft) })}{" "}
            {t("manage.health.due", {
              time: timeText(progress.deadline),
              left: durationText(Number(progress.deadline) - now),
            })}
          </p>
        </div>
      )}
    </>
  );
}
